import { afterAll, beforeAll, expect, test } from 'vitest'
import { createArticleDesk } from '../../src/articles/article-desk.ts'
import { MovableClock } from '../../src/clock.ts'
import { readableArticle } from '../../src/store/articles/articles.ts'
import { followedArticles } from '../../src/store/articles/follows.ts'
import { newsOf } from '../../src/store/articles/news.ts'
import { searchArticles } from '../../src/store/articles/search.ts'
import { deflectionOf } from '../../src/store/articles/uses.ts'
import type { Database, Db } from '../../src/store/database.ts'
import { explain } from '../support/explain.ts'
import { startShelf } from './shelf.ts'

let shelf: Awaited<ReturnType<typeof startShelf>>

/** 5,000 articles, all about printers, and 10,000 words. */
beforeAll(async () => {
  shelf = await startShelf()
  for (const statement of [
    `insert into articles (source, key, locale, language, title, labels, audience, parts, text, content_hash, written_hash,
       changed_at, words, title_search, search)
     select 'old', n::text, 'en', 'en', 'Printer ' || n, '{}', 'everyone', '[]', 'Old', '', '', now(), '{}',
       to_tsvector('english', 'printer rare' || n % 5000), to_tsvector('english', 'printer paper rare' || n % 5000)
     from generate_series(1, 5000) n`,
    `insert into article_words (language, word, stem, articles) select 'en', 'rare' || md5(n::text), 'rare' || md5(n::text), 4 from generate_series(1, 10000) n`,
    `insert into article_words (language, word, stem, articles)
       values ('en', '', '', 5000), ('en', 'printer', 'printer', 5000), ('en', 'paper', 'paper', 5000)
     on conflict (language, word) do update set articles = excluded.articles`,
    'analyze',
  ])
    await shelf.database.query(statement)
}, 120_000)
afterAll(() => shelf?.end())

test('TEC-04: no table is read through to find articles, however common the words or how many there are', async () => {
  const plans = await plansOf(shelf.database, (database) =>
    searchArticles(database, { text: 'printer paper rare77 chekout', locale: 'en', limit: 3, timeoutMs: 30_000 }),
  )
  expect(plans).toMatch(/articles_search/)
  expect(plans).toMatch(/articles_title_search/)
  expect(plans).toMatch(/article_words_like/)
  expect(plans).not.toContain('Seq Scan')
})

test('nor to read one, to list those followed, to tell of news, or to find what a draft ended with', async () => {
  const questions: ((db: Db) => Promise<unknown>)[] = [
    (db) => readableArticle(db, 1),
    (db) => followedArticles(db, 1, 8),
    (db) => newsOf(db, 1, 1),
    (db) => deflectionOf(db, 1, '00000000-0000-4000-8000-000000000000'),
  ]
  for (const ask of questions) {
    const plan = await explain(shelf.database, ask)
    expect(plan).not.toMatch(/Seq Scan on (?!deflections|article_follows|article_news)/)
  }
})

test('TEC-04: a database that does not answer suggests nothing, and soon', async () => {
  const said: unknown[] = []
  const queue = { wakeLane: async () => {} }
  const log = { warn: (fields: object) => void said.push(fields) }
  const desk = createArticleDesk({ database: shelf.database, clock: new MovableClock(), queue, log })
  const reader = { id: 1, locale: 'en' }
  const client = await shelf.database.pool.connect()
  try {
    await client.query('begin')
    await client.query('lock table articles, article_words in access exclusive mode')
    const began = performance.now()
    expect(await desk.suggest(reader, '00000000-0000-4000-8000-000000000000', 'printer')).toEqual([])
    // 250 ms, and room for a busy machine: without the limit it would wait for ever.
    expect(performance.now() - began).toBeLessThan(2_000)
  } finally {
    await client.query('rollback')
    client.release()
  }
})

/** The plans of every statement that `ask` sends, each of which is run as well. */
async function plansOf(database: Database, ask: (database: Database) => Promise<unknown>): Promise<string> {
  const plans: string[] = []
  await ask({
    ...database,
    transaction: (work) =>
      database.transaction((tx) =>
        work({
          query: async (text, values) => {
            if (!text.includes('set_config')) {
              const { rows } = await tx.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values)
              plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
            }
            return tx.query(text, values)
          },
        }),
      ),
  })
  return plans.join('\n')
}
