import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { partsOf } from '../../src/articles/html.ts'
import { readMarkdown } from '../../src/articles/markdown.ts'
import { readExport, readFolder } from '../../src/articles/read.ts'
import { readZendesk } from '../../src/articles/zendesk.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { plainOf } from '../../src/ticket/article.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { bring, written } from './shelf.ts'

const front = (head: string, body = 'Turn it off and on.') => `---\n${head}\n---\n${body}\n`

describe('KBS-01: a file of Markdown with front matter', () => {
  test('is an article with title, language, key, section, labels, address, audience and date', () => {
    const head =
      'title: Printers\nlocale: es-MX\nid: p1\nsection: Office\nlabels: [a, b]\nurl: https://help.example/p\naudience: staff\nupdated: 2026-11-02'
    expect(readMarkdown('x.md', front(head))).toEqual({
      key: 'p1',
      locale: 'es-MX',
      title: 'Printers',
      section: 'Office',
      labels: ['a', 'b'],
      url: 'https://help.example/p',
      audience: 'staff',
      parts: [{ kind: 'paragraph', spans: [{ text: 'Turn it off and on.' }] }],
      updatedAt: new Date('2026-11-02'),
      isDraft: false,
    })
  })

  test.each([
    ['es/printer.md', 'printer', 'es'],
    ['office/pt-BR/printer.md', 'office/printer', 'pt-BR'],
    ['printer.es.md', 'printer', 'es'],
    ['office/printer.md', 'office/printer', 'en'],
  ])('%s says its key and its language by its name', (path, key, locale) => {
    expect(readMarkdown(path, front('title: P'))).toMatchObject({ key, locale })
  })

  test('keeps headings, lists, emphasis, code, quotes and links, and does not repeat its title', () => {
    const body =
      '# Printers\n\nGo to [the page](https://help.example/x?a=1&b=2), **now**.\n\n1. One\n   - deeper `x`\n2. Two\n\n> Careful\n\n```\nrm -rf\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |'
    const { parts } = readMarkdown('x.md', front('title: Printers', body))
    expect(parts.slice(0, 5)).toEqual([
      {
        kind: 'paragraph',
        spans: [
          { text: 'Go to ' },
          { text: 'the page', url: 'https://help.example/x?a=1&b=2' },
          { text: ', ' },
          { text: 'now', bold: true },
          { text: '.' },
        ],
      },
      { kind: 'item', isOrdered: true, level: 0, number: 1, spans: [{ text: 'One' }] },
      { kind: 'item', isOrdered: false, level: 1, number: 1, spans: [{ text: 'deeper ' }, { text: 'x', code: true }] },
      { kind: 'item', isOrdered: true, level: 0, number: 2, spans: [{ text: 'Two' }] },
      { kind: 'quote', spans: [{ text: 'Careful' }] },
    ])
    expect(parts[5]).toEqual({ kind: 'code', text: 'rm -rf' })
    expect(plainOf(parts)).toMatch(/a \| b\n1 \| 2$/)
  })

  test.each([
    ['no front matter', 'Just words', 'begin with front matter'],
    ['no title', front('locale: en'), 'title is missing'],
    ['an empty title', front('title: ""'), 'title is empty'],
    ['a broken front matter', front('title: [x'), 'no YAML'],
    ['a front matter of words', front('nothing here'), 'no lines such as title'],
    ['no text', front('title: P', '   '), 'no text below'],
    ['nothing but a picture', front('title: P', '![x](y.png)'), 'no text below'],
    ['a script as address', front('title: P\nurl: "javascript:alert(1)"'), 'url is no address'],
    ['no language', front('title: P\nlocale: Klingon!'), 'write a language'],
    ['an audience that is none', front('title: P\naudience: vips'), 'everyone or staff'],
    ['a date that is none', front('title: P\nupdated: soon'), 'updated is no date'],
    [
      'aliases that grow without end',
      front('title: &a [x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b]'),
      'front matter',
    ],
  ])('with %s is refused with the reason', (_, text, why) => {
    expect(() => readMarkdown('x.md', text)).toThrow(why)
  })
})

describe('what somebody wrote into an article', () => {
  test.each([
    ['<script>alert(1)</script>Words', 'Words'],
    ['<style>b{}</style><p>Words</p>', 'Words'],
    ['<p onclick="x()">Words<img src=x onerror=alert(1)></p>', 'Words'],
    ['<a href="javascript:alert(1)">Words</a>', 'Words'],
    ['<a href="data:text/html,x">Words</a>', 'Words'],
    ['<a href="https://user:pw@evil.example/">Words</a>', 'Words'],
    ['<iframe src=x>no</iframe><svg><text>no</text></svg>Words<textarea>no</textarea>', 'Words'],
    ['<p hidden>no</p>Words', 'Words'],
    ['<!-- no -->Words', 'Words'],
  ])('%s is only words', (html, words) => {
    const parts = partsOf(html, 'https://help.example/')
    expect(plainOf(parts)).toBe(words)
    expect(JSON.stringify(parts)).not.toContain('url')
  })

  test('nested without end, or never closed, it is read in time and without a stack overflow', () => {
    const began = performance.now()
    for (const html of ['<div>'.repeat(50_000), '<b>x'.repeat(50_000), '<ul><li>x'.repeat(20_000), '<'.repeat(100_000)])
      partsOf(html, null)
    expect(performance.now() - began).toBeLessThan(20_000)
  })

  test('links are made whole by the address of the article', () => {
    const [part] = partsOf('<p><a href="/hc/es/articles/2">x</a></p>', 'https://help.example/hc/es/articles/1')
    expect(part).toMatchObject({ spans: [{ url: 'https://help.example/hc/es/articles/2' }] })
  })
})

const exported = {
  count: 3,
  next_page: null,
  sections: [{ id: 7, name: 'Billing' }],
  articles: [
    {
      id: 3601,
      title: 'Invoices',
      body: '<h2>Where</h2><p>In the <b>portal</b>.</p>',
      locale: 'en-us',
      html_url: 'https://acme.zendesk.com/hc/en-us/articles/3601',
      section_id: 7,
      label_names: ['billing'],
      draft: false,
      user_segment_id: null,
      updated_at: '2026-10-01T10:00:00Z',
      translations: [
        { locale: 'en-us', title: 'Invoices', body: '<p>other</p>', draft: false },
        {
          locale: 'es',
          title: 'Facturas',
          body: '<p>En el portal.</p>',
          draft: false,
          html_url: 'https://acme.zendesk.com/hc/es/articles/3601',
        },
        { locale: 'pt-br', title: 'Faturas', body: '<p>No portal.</p>', draft: true },
      ],
    },
    { id: 3602, title: 'For partners', body: '<p>x</p>', locale: 'en-us', user_segment_id: 9, draft: false },
    { id: 3603, title: 'Not yet', body: '<p>x</p>', locale: 'en-us', draft: true },
    { id: 3604, body: '<p>x</p>', locale: 'en-us' },
    { title: 'no id' },
  ],
}

describe('KBS-01: a Zendesk Help Center export', () => {
  test('has each article in each published language; drafts, segments and broken ones are told apart', () => {
    const read = readZendesk([{ file: 'page1.json', json: exported }])
    expect(
      read.articles.map(({ key, locale, title, section, audience }) => ({ key, locale, title, section, audience })),
    ).toEqual([
      { key: '3601', locale: 'es', title: 'Facturas', section: 'Billing', audience: 'everyone' },
      { key: '3601', locale: 'en-us', title: 'Invoices', section: 'Billing', audience: 'everyone' },
      { key: '3602', locale: 'en-us', title: 'For partners', section: null, audience: 'staff' },
    ])
    expect(plainOf(read.articles[1]!.parts)).toBe('Where\nIn the portal.')
    expect(read.unpublished).toEqual([
      { key: '3601', locale: 'pt-br' },
      { key: '3603', locale: 'en-us' },
    ])
    expect(read.problems).toEqual([
      { file: 'page1.json', why: 'article 3604: its title in en-us is empty' },
      { file: 'page1.json', why: expect.stringMatching(/^article number 5: id /) },
    ])
  })

  test('may be a list of pages or of articles, with translations beside them', () => {
    const [first] = exported.articles
    const { translations, ...bare } = first!
    const loose = translations!.map((one) => ({ ...one, source_id: 3601 }))
    const inPages = readZendesk([{ file: 'x', json: [{ articles: [bare], translations: loose }] }])
    expect(inPages.articles.map(({ locale }) => locale).sort()).toEqual(['en-us', 'es'])
    expect(readZendesk([{ file: 'x', json: [bare] }]).articles).toHaveLength(1)
    for (const other of [{}, [], 'x', null, { tickets: [] }, [{ x: 1 }]].filter((one) => JSON.stringify(one) !== '[]'))
      expect(readZendesk([{ file: 'x', json: other }]).problems).toMatchObject([
        { file: 'x', why: expect.stringContaining('no export of a Zendesk Help Center') },
      ])
  })
})

describe('a folder', () => {
  let folder: string
  let outside: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'articles-'))
    const files: Record<string, string | Buffer> = {
      'en/a.md': front('title: A'),
      'es/a.md': front('title: A en español'),
      'en/twice.md': front('title: Twice\nid: a'),
      'broken.md': 'no front matter',
      'latin.md': Buffer.from('---\ntitle: Factura n\xfamero\n---\nx', 'latin1'),
      'huge.md': front('title: Huge', 'x '.repeat(600_000)),
      'draft.md': front('title: Draft\ndraft: true'),
      'README.md': 'how this folder works',
      '.git/x.md': 'no',
      'notes.txt': 'no',
    }
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), text)
    }
    outside = await mkdtemp(join(tmpdir(), 'outside-'))
    await writeFile(join(outside, 'secret.md'), front('title: Secret'))
    await symlink(join(outside, 'secret.md'), join(folder, 'en/secret.md'))
    // As Kubernetes mounts a ConfigMap.
    await mkdir(join(folder, '..2026'))
    await writeFile(join(folder, '..2026/mounted.md'), front('title: Mounted'))
    await symlink('..2026', join(folder, '..data'))
    await symlink('..data/mounted.md', join(folder, 'mounted.md'))
    await symlink('nowhere.md', join(folder, 'dangling.md'))
  })
  afterAll(async () => {
    for (const one of [folder, outside]) await rm(one, { recursive: true, force: true })
  })

  test('is read file by file: each that cannot be is named with its reason and stops no other', async () => {
    const read = await readFolder(folder)
    expect(read.articles.map(({ key, locale }) => `${key} ${locale}`)).toEqual(['a en', 'a es', 'mounted en'])
    expect(read.unpublished).toEqual([{ key: 'draft', locale: 'en' }])
    expect(Object.fromEntries(read.problems.map(({ file, why }) => [file.slice(folder.length + 1), why]))).toEqual({
      'broken.md': expect.stringContaining('front matter'),
      'en/twice.md': expect.stringContaining('another id'),
      'huge.md': 'it is larger than 1 MB',
      'latin.md': expect.stringContaining('UTF-8'),
    })
  })

  test('and an export that is no JSON, or not there, likewise', async () => {
    expect((await readExport([join(folder, 'notes.txt')])).problems).toMatchObject([
      { why: expect.stringContaining('no JSON') },
    ])
    expect((await readExport([join(folder, 'nothing.json')])).problems).toMatchObject([
      { why: 'there is no such file' },
    ])
  })
})

describe('an import', () => {
  let fresh: FreshDatabase
  let database: Database
  beforeAll(async () => {
    fresh = await freshDatabase()
    database = openDatabase(fresh.url)
  })
  afterAll(async () => {
    await database.close()
    await fresh.drop()
  })
  const versions = async () =>
    (await database.query('select key, version, removed_at is not null as gone from articles order by key')).rows
  const a = written({ key: 'a', title: 'Apples' })
  const b = written({ key: 'b', title: 'Pears' })

  test('says what is new, changed and unchanged; the same again changes nothing', async () => {
    expect(await bring(database, { articles: [a, b] })).toMatchObject({ added: 2, changed: 0, unchanged: 0 })
    expect(await bring(database, { articles: [a, b] })).toEqual({ added: 0, changed: 0, unchanged: 2, removed: 0 })
    expect(await bring(database, { articles: [{ ...a, section: 'Fruit' }, b] })).toMatchObject({
      changed: 1,
      unchanged: 1,
    })
    expect(await bring(database, { articles: [{ ...a, title: 'Red apples' }, b] })).toMatchObject({ changed: 1 })
    expect(await versions()).toEqual([
      { key: 'a', version: 2, gone: false },
      { key: 'b', version: 1, gone: false },
    ])
  })

  test('removes what is missing only when told to, only of its own source, and not when something was broken', async () => {
    await bring(database, { articles: [written({ key: 'c' })] }, { source: 'other' })
    expect(await bring(database, { articles: [b] })).toMatchObject({ removed: 0 })
    const broken = { articles: [b], problems: [{ file: 'a.md', why: 'broken' }] }
    expect(await bring(database, broken, { removesMissing: true })).toMatchObject({ removed: 0 })
    expect(await bring(database, { articles: [b] }, { removesMissing: true })).toMatchObject({ removed: 1 })
    expect(await versions()).toMatchObject([{ key: 'a', gone: true }, { gone: false }, { key: 'c', gone: false }])
    expect(await bring(database, { articles: [a, b] })).toMatchObject({ added: 1 })
    expect(await versions()).toMatchObject([{ key: 'a', gone: false, version: 3 }, {}, {}])
  })

  test('takes away what became a draft, told to or not', async () => {
    expect(await bring(database, { articles: [a], unpublished: [{ key: 'b', locale: 'en' }] })).toMatchObject({
      removed: 1,
    })
    expect(await versions()).toMatchObject([{ gone: false }, { key: 'b', gone: true }, {}])
  })

  test('counts in how many articles each word is, through every change', async () => {
    const count = async (word: string) =>
      (await database.query('select articles from article_words where language = $1 and word = $2', ['en', word]))
        .rows[0]?.articles ?? 0
    expect([await count('printer'), await count('pears')]).toEqual([2, 0])
    await bring(database, { articles: [written({ key: 'a', title: 'Fruit', text: 'Pears and pears' })] })
    expect([await count('printer'), await count('pears')]).toEqual([1, 1])
    await bring(database, {}, { removesMissing: true })
    expect([await count('printer'), await count('pears')]).toEqual([1, 0])
  })

  test('twice at the same time is once', async () => {
    const many = Array.from({ length: 20 }, (_, n) => written({ key: `m${n}` }))
    const both = await Promise.all([bring(database, { articles: many }), bring(database, { articles: many })])
    expect(both.map(({ added }) => added).sort()).toEqual([0, 20])
  })

  test('takes 100 KB, one endless word, NUL, lone surrogates and every script', async () => {
    const texts = [
      'x'.repeat(100_000),
      'word '.repeat(20_000),
      'a\u0000b \ud800',
      'שלום עולם مرحبا',
      '😀'.repeat(5000),
      '漢字かな',
    ]
    const articles = texts.map((text, n) => written({ key: `odd${n}`, text, title: text.slice(0, 300) }))
    expect(await bring(database, { articles })).toMatchObject({ added: texts.length })
  })
})
