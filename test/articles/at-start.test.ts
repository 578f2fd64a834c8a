import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { MovableClock } from '../../src/clock.ts'
import { readDeskFile } from '../../src/desk-file.ts'
import { shelveArticles } from '../../src/product/shelve-articles.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'

let fresh: FreshDatabase
let database: Database
let templatesDir: string
let said: { level: string; fields: Record<string, unknown>; message: string }[]

beforeAll(async () => {
  fresh = await freshDatabase()
  database = openDatabase(fresh.url)
})
afterAll(async () => {
  await database?.close()
  await fresh?.drop()
})
beforeEach(async () => {
  templatesDir = await mkdtemp(join(tmpdir(), 'templates-'))
  await desk('articles')
  await database.query('delete from articles')
  await database.query('delete from article_words')
  return () => rm(templatesDir, { recursive: true, force: true })
})

/** Writes desk.yaml with this value of `articles`; null takes the line out. */
async function desk(articles: string | null): Promise<void> {
  const shipped = await readFile('templates/desk.yaml', 'utf8')
  expect(shipped).toMatch(/^articles: articles$/m)
  const text = shipped.replace(/^articles: articles$/m, articles === null ? '' : `articles: ${articles}`)
  await writeFile(join(templatesDir, 'desk.yaml'), text)
}

async function put(path: string, text: string | Buffer = '---\ntitle: Printers\n---\nTurn it off.\n'): Promise<void> {
  await mkdir(join(templatesDir, path, '..'), { recursive: true })
  await writeFile(join(templatesDir, path), text)
}

/** Starts, as far as articles go; answers with the keys that are on the shelf then. */
async function start(): Promise<string[]> {
  said = []
  const say = (level: string) => (fields: object, message: string) =>
    void said.push({ level, fields: { ...fields }, message })
  const log = { info: say('info'), warn: say('warn') }
  const deskFile = await readDeskFile(templatesDir)
  await shelveArticles({ database, settings: { templatesDir }, deskFile, clock: new MovableClock(), log })
  const { rows } = await database.query('select key from articles where removed_at is null order by key')
  return rows.map(({ key }) => key)
}
/** Root may read everything: as somebody else. */
async function withoutRights<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work()
  await chmod(templatesDir, 0o755)
  process.seteuid!('nobody')
  try {
    return await work()
  } finally {
    process.seteuid!(0)
  }
}

const warnings = () => said.filter(({ level }) => level === 'warn')

describe('KBS-01: the folder that desk.yaml names under articles', () => {
  test.each([
    ['articles', 'articles'],
    ['a line taken out', null],
    ['another name', 'help/pages'],
    ['a place anywhere', '/'],
  ])('is read at the start: %s', async (_, named) => {
    const folder = join(templatesDir, named === '/' ? 'elsewhere' : (named ?? 'articles'))
    await desk(named === '/' ? folder : named)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'printers.md'), '---\ntitle: Printers\n---\nTurn it off.\n')
    expect(await start()).toEqual(['printers'])
    expect(said).toEqual([{ level: 'info', fields: { added: 1, changed: 0, removed: 0 }, message: 'help articles' }])
    expect(await start()).toEqual(['printers'])
    expect(said).toEqual([])
  })

  test('false takes its articles away, and none that were brought by hand', async () => {
    await put('articles/printers.md')
    await start()
    await database.query(`update articles set source = 'folder' where key = 'printers'`)
    await put('articles/scanners.md')
    await rm(join(templatesDir, 'articles/printers.md'))
    expect(await start()).toEqual(['printers', 'scanners'])
    await desk('false')
    expect(await start()).toEqual(['printers'])
    expect(warnings()).toEqual([])
  })

  test.each([
    ['true', 'write a folder such as articles, or false'],
    ['12', 'write a folder such as articles, or false'],
    ['""', 'write a folder such as articles, or false'],
    ['[a, b]', 'write a folder such as articles, or false'],
  ])('%s is refused with file and line', async (value, why) => {
    await desk(value)
    await expect(start()).rejects.toThrow(new RegExp(`desk\\.yaml:\\d+ articles.*${why}`))
  })

  test('that is not there is named with what to do, and what it brought stays until it is back', async () => {
    await put('articles/printers.md')
    await start()
    await rm(join(templatesDir, 'articles'), { recursive: true })
    expect(await start()).toEqual(['printers'])
    expect(warnings()).toEqual([
      {
        level: 'warn',
        fields: { folder: join(templatesDir, 'articles') },
        message:
          'there is no folder of help articles: make it, name another folder under articles in desk.yaml, or write articles: false there',
      },
    ])
  })

  test('that is a file is named with what to do', async () => {
    await put('articles', 'words')
    expect(await start()).toEqual([])
    expect(warnings()).toMatchObject([
      {
        fields: { folder: join(templatesDir, 'articles') },
        message: expect.stringContaining('is a file: name another'),
      },
    ])
  })

  test('that may not be read is named with what to do', async () => {
    await put('articles/printers.md')
    await chmod(join(templatesDir, 'articles'), 0o000)
    expect(await withoutRights(start)).toEqual([])
    expect(warnings()).toMatchObject([
      { message: expect.stringContaining('let the user that Deskhand runs as read it') },
    ])
  })

  test('that is empty is no mistake', async () => {
    await mkdir(join(templatesDir, 'articles'))
    expect(await start()).toEqual([])
    expect(said).toEqual([])
  })
})

describe('KBS-01: a file in it that cannot be read', () => {
  test.each([
    ['no front matter', 'Just words', /begin with front matter: a line ---, then title: …/],
    ['a front matter that is no YAML', '---\ntitle: [x\n---\nWords', /no YAML/],
    ['no title', '---\nlocale: en\n---\nWords', /title is missing/],
    ['a date that is none', '---\ntitle: T\nupdated: soon\n---\nWords', /write 2026-11-28/],
    ['another script than UTF-8', Buffer.from('---\ntitle: n\xfamero\n---\nx', 'latin1'), /save it as UTF-8/],
  ])('%s: it is named with the reason, stops nothing, and nothing is taken away for it', async (_, text, why) => {
    await put('articles/good.md')
    await put('articles/old.md')
    await start()
    await rm(join(templatesDir, 'articles/old.md'))
    await put('articles/bad.md', text)
    expect(await start()).toEqual(['good', 'old'])
    expect(warnings()).toEqual([
      {
        level: 'warn',
        fields: { file: join(templatesDir, 'articles/bad.md'), problem: expect.stringMatching(why) },
        message: 'a help article cannot be read',
      },
      {
        level: 'warn',
        fields: { articles: 1 },
        message: expect.stringContaining('put right the help articles named above'),
      },
    ])
    await put('articles/bad.md')
    expect(await start()).toEqual(['bad', 'good'])
    expect(warnings()).toEqual([])
  })

  test('may not be read: likewise', async () => {
    await put('articles/secret.md')
    await chmod(join(templatesDir, 'articles/secret.md'), 0o000)
    expect(await withoutRights(start)).toEqual([])
    expect(warnings()[0]!.fields).toMatchObject({ problem: expect.stringContaining('it may not be read') })
  })
})
