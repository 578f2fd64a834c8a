import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readExport } from '../../src/articles/read.ts'
import { articlesCommand } from '../../src/cli/articles.ts'
import { plainOf } from '../../src/ticket/article.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'

let fresh: FreshDatabase
let folder: string
beforeAll(async () => {
  fresh = await freshDatabase()
  folder = await mkdtemp(join(tmpdir(), 'export-'))
  await cp(fixtures, folder, { recursive: true })
})
afterAll(async () => {
  await fresh?.drop()
  await rm(folder, { recursive: true, force: true })
})

/** Files as the Help Center API gives them: two pages of articles, sections and translations fetched beside them. */
const fixtures = new URL('zendesk/', import.meta.url).pathname
const file = (name: string) => join(fixtures, `${name}.json`)
const whole = ['articles-1', 'articles-2', 'sections', 'translations'].map(file)
const fixture = async (name: string) => JSON.parse(await readFile(file(name), 'utf8'))
const save = async (name: string, json: unknown) => {
  await writeFile(join(folder, name), JSON.stringify(json))
  return join(folder, name)
}

describe('KBS-01: all files of a Zendesk export together', () => {
  test('are its published articles in every language, each with its section in that language', async () => {
    const read = await readExport(whole)
    expect(read.problems).toEqual([])
    const facts = read.articles.map((one) => [one.key.slice(-1), one.locale, one.title, one.section, one.audience])
    expect(facts).toEqual([
      ['1', 'es', 'Cuándo se registran los pagos', 'Facturación', 'everyone'],
      ['1', 'en-us', 'When payments are booked', 'Billing', 'everyone'],
      ['2', 'es', 'Enviar un comprobante', 'Facturación', 'everyone'],
      ['2', 'en-us', 'Sending a receipt', 'Billing', 'everyone'],
      ['3', 'en-us', 'Margins for partners', 'First steps', 'staff'],
      ['5', 'en-us', 'A video about the first steps', 'First steps', 'everyone'],
    ])
    expect(read.unpublished.map(({ key, locale }) => [key.slice(-1), locale])).toEqual([
      ['1', 'pt-br'],
      ['4', 'en-us'],
    ])
    expect(read.articles[1]).toMatchObject({
      url: 'https://acme.zendesk.com/hc/en-us/articles/360000000001-When-payments-are-booked',
      labels: ['payment', 'receipt'],
      updatedAt: new Date('2026-10-01T09:30:00Z'),
    })
  })

  test('keep tables readable, row by row, and leave out pictures, empty lines and frames', async () => {
    const { articles } = await readExport(whole)
    expect(plainOf(articles[1]!.parts).split('\n')).toEqual([
      'When a payment is booked',
      'It depends on how it was paid:',
      'Way | Booked after',
      'Card | 1 business day',
      'Boleto |',
      '3 business days',
      '5 over a holiday',
      'Keep in mind',
      'A receipt is no payment.',
      'Download the bank details (PDF) or see how to send a receipt.',
    ])
    expect(articles[5]!.parts).toEqual([])
  })

  test('keep code to the letter, steps and what is folded away, and make links to attachments whole', async () => {
    const { articles } = await readExport(whole)
    const [booked, receipt] = [articles[1]!, articles[3]!]
    expect(receipt.parts.find(({ kind }) => kind === 'code')).toEqual({
      kind: 'code',
      text: 'curl -X POST \\\n  -H "Authorization: Bearer $TOKEN" \\\n  https://api.example/receipts?a=1&b=2',
    })
    expect(plainOf(receipt.parts)).toContain('Wait for 201 Created.\nNote the id.\nYou need it later.\nfor refunds')
    expect(plainOf(receipt.parts)).toContain('It answers 403\nThe key lacks a right.')
    expect(plainOf(receipt.parts)).not.toMatch(/track|youtube/)
    const linked = JSON.stringify(booked.parts)
    expect(linked).toContain('https://acme.zendesk.com/hc/article_attachments/360007654321/bank-details.pdf')
    expect(linked).toContain('https://acme.zendesk.com/hc/en-us/articles/360000000002#h_02')
  })

  test.each([
    ['a page by its number', ['articles-1'], 'page 2 of 2 of the list of articles is missing'],
    ['articles, when there are none', ['sections', 'translations'], 'there are no articles in it'],
  ])('name what is missing: %s', async (_, names, why) => {
    expect((await readExport(names.map(file))).problems[0]?.why).toContain(why)
  })

  test('name the page that is missing where pages have no numbers', async () => {
    const { articles } = await fixture('articles-2')
    const page = (has_more: boolean) => ({ articles, meta: { has_more }, links: { next: null } })
    const [first, last] = [await save('first.json', page(true)), await save('last.json', page(false))]
    const why = expect.stringContaining('the page after this one')
    expect((await readExport([first])).problems).toMatchObject([{ file: first, why }])
    expect((await readExport([first, last])).problems).toEqual([])
  })

  test('may be one article alone', async () => {
    const { articles } = await fixture('articles-1')
    const one = await save('one.json', { article: articles[1] })
    expect((await readExport([one])).articles.map(({ title }) => title)).toEqual(['Sending a receipt'])
  })
})

describe('KBS-01: npm run -s articles -- import of an export', () => {
  async function run(...args: string[]) {
    let [out, err] = ['', '']
    const code = await articlesCommand(args, {
      env: { DATABASE_URL: fresh.url },
      out: { write: (text) => (out += text) },
      err: { write: (text) => (err += text) },
    })
    return { code, out, err }
  }

  test('takes all of it, the same again changes nothing, and half of it removes nothing', async () => {
    expect(await run('import', ...whole)).toEqual({
      code: 0,
      out: '6 new, 0 changed, 0 unchanged, 0 removed.\n2 are drafts and shown to nobody.\n',
      err: '',
    })
    expect((await run('import', ...whole)).out).toContain('0 new, 0 changed, 6 unchanged, 0 removed.')
    const half = await run('import', '--remove-missing', file('articles-2'), file('sections'))
    expect(half).toMatchObject({ code: 1, out: expect.stringContaining('0 removed') })
    expect(half.err).toContain('page 1 of 2 of the list of articles is missing: fetch it and name it as well')
    expect(half.err).toContain('Nothing was removed')
  })

  test('finds them by words of their text and labels, in the reader’s language; partners’ margins nobody', async () => {
    const { out } = await run('search', 'receipt')
    for (const title of ['Sending a receipt', 'When payments are booked']) expect(out).toContain(`100%  ${title}`)
    expect((await run('search', 'comprobante', '--locale', 'es')).out).toContain('Enviar un comprobante')
    expect((await run('search', 'margins')).out).toContain('Nothing fits.')
    expect((await run('list')).out).toContain('Margins for partners  (First steps, staff only)')
  })

  test('one that was archived meanwhile goes, when all the others are there', async () => {
    const page = await fixture('articles-2')
    page.articles.pop()
    const others = ['articles-1', 'sections', 'translations'].map(file)
    const { out } = await run('import', '--remove-missing', await save('articles-2.json', page), ...others)
    expect(out).toContain('0 new, 0 changed, 5 unchanged, 1 removed.')
  })
})
