import { importArticles } from '../../src/articles/import.ts'
import type { ReadArticles } from '../../src/articles/problem.ts'
import { readFolder } from '../../src/articles/read.ts'
import { prepareTypoIndex } from '../../src/store/articles/typo-index.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import type { WrittenArticle } from '../../src/ticket/article.ts'
import { freshDatabase } from '../support/database.ts'

/** A database with the sample articles in it. */
export async function startShelf(): Promise<{ database: Database; end(): Promise<void> }> {
  const fresh = await freshDatabase()
  const database = openDatabase(fresh.url)
  if ((await prepareTypoIndex(database)) !== true) throw new Error('no pg_trgm')
  await bring(database, await readFolder('templates/articles'))
  return {
    database,
    end: async () => {
      await database.close()
      await fresh.drop()
    },
  }
}

/** Imports articles, or changes of them, as the source `test` unless said. */
export function bring(
  database: Database,
  what: Partial<ReadArticles<WrittenArticle>>,
  options: { source?: string; removesMissing?: boolean; at?: Date } = {},
) {
  const read = { articles: [], unpublished: [], problems: [], ...what }
  const { source = 'test', removesMissing = false, at = new Date('2026-11-28T09:00:00Z') } = options
  return importArticles(database, read, { source, removesMissing }, at)
}

/** An article as a test writes it. */
export function written(changes: Partial<WrittenArticle> & { text?: string } = {}): WrittenArticle {
  const { text = 'Turn the printer off and on again.', ...rest } = changes
  return {
    key: 'printer',
    locale: 'en',
    title: 'The printer eats invoices',
    section: null,
    labels: [],
    url: null,
    audience: 'everyone',
    parts: [{ kind: 'paragraph', spans: [{ text }] }],
    updatedAt: null,
    ...rest,
  }
}
