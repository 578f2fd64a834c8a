import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { type Answered, corpus, locales, questions, relevanceOf, suggestedFor } from './relevance.ts'
import { bring, startShelf } from './shelf.ts'

let shelf: { database: Database; end(): Promise<void> }
const samples = new Set<string>()
let few: Answered[]
let many: Answered[]

/** The same questions on a shelf with the eight sample articles, then with forty more. */
beforeAll(async () => {
  shelf = await startShelf()
  const { rows } = await shelf.database.query<{ key: string }>('select key from articles')
  for (const { key } of rows) samples.add(key)
  const asked = await questions()
  const onShelf = asked.map((one) => ({ ...one, finds: one.finds.filter((key) => samples.has(key)) }))
  few = await suggestedFor(shelf.database, onShelf)
  await bring(shelf.database, { articles: await corpus() }, { source: 'corpus' })
  many = await suggestedFor(shelf.database, asked)
}, 120_000)
afterAll(() => shelf?.end())

/** Those that went wrong, to be read when a floor is not reached. */
const wrong = (answered: Answered[]) =>
  answered
    .filter(({ finds, shown }) => (finds.length > 0 ? !shown.some((key) => finds.includes(key)) : shown.length > 0))
    .map(({ locale, asks, shown, finds }) => `${locale} ${asks} -> ${shown.join() || 'nothing'} (${finds.join()})`)
    .join('\n')

test('every question names articles that are there, and each language asks enough of both kinds', async () => {
  const keys = new Set([...samples, ...(await corpus()).map(({ key }) => key)])
  for (const { asks, finds } of many) for (const key of finds) expect(keys, asks).toContain(key)
  for (const locale of locales) {
    const asked = many.filter((one) => one.locale === locale)
    expect(asked.filter(({ finds }) => finds.length > 0).length).toBeGreaterThanOrEqual(40)
    expect(asked.filter(({ finds }) => finds.length === 0).length).toBeGreaterThanOrEqual(10)
  }
})

describe('TEC-03: what is suggested for what clients really type', () => {
  test('with some fifty articles: nine of ten are offered the right one, and hardly anybody a wrong one', () => {
    const { found, first, precision, misled } = relevanceOf(many)
    expect(found, wrong(many)).toBeGreaterThanOrEqual(0.9)
    expect(first, wrong(many)).toBeGreaterThanOrEqual(0.9)
    expect(precision, wrong(many)).toBeGreaterThanOrEqual(0.9)
    expect(misled, wrong(many)).toBeLessThanOrEqual(0.1)
  })

  test.each(locales)('in each language about as well: %s', (locale) => {
    const own = many.filter((one) => one.locale === locale)
    expect(relevanceOf(own).found, wrong(own)).toBeGreaterThanOrEqual(0.85)
    expect(relevanceOf(own).misled, wrong(own)).toBeLessThanOrEqual(0.15)
  })

  test('with eight articles, of which most questions need none: nine of ten are left alone', () => {
    const { found, misled } = relevanceOf(few)
    expect(found, wrong(few)).toBeGreaterThanOrEqual(0.85)
    expect(misled, wrong(few)).toBeLessThanOrEqual(0.1)
  })
})
