import {
  articlesOfSource,
  contentHashOf,
  type KnownArticle,
  removeArticles,
  saveArticle,
  writtenHashOf,
} from '../store/articles/articles.ts'
import { tellFollowers } from '../store/articles/news.ts'
import type { Database, Tx } from '../store/database.ts'
import type { WrittenArticle } from '../ticket/article.ts'
import type { ReadArticles } from './problem.ts'

/** What an import found, in articles. `lanes`: where something waits to be told to followers. */
export interface Imported {
  added: number
  changed: number
  unchanged: number
  removed: number
  lanes: string[]
}

const IMPORT_LOCK = 7_303_016 // any number that is ours: one import at a time, whichever process it runs in

/**
 * Brings the articles of a source up to date, in one transaction; the same again changes nothing. Followers of an article
 * whose title or text is another now are told. With `removesMissing`, what is not in `read` any more goes, unless
 * something could not be read: what is broken is not missing.
 */
export async function importArticles(
  database: Database,
  read: ReadArticles<WrittenArticle>,
  options: { source: string; removesMissing: boolean; wakeLane?: (tx: Tx, lane: string) => Promise<void> },
  now: Date,
): Promise<Imported> {
  const { source, removesMissing, wakeLane } = options
  return database.transaction(async (tx) => {
    // 100,000 of them take a while, and nobody waits for it.
    await tx.query(`set local statement_timeout = '10min'`)
    await tx.query('select pg_advisory_xact_lock($1)', [IMPORT_LOCK])
    const known = new Map((await articlesOfSource(tx, source)).map((one) => [nameOf(one), one]))
    const imported: Imported = { added: 0, changed: 0, unchanged: 0, removed: 0, lanes: [] }
    const news: { id: number; version: number }[] = []
    const seen = new Set<string>()
    for (const article of read.articles) {
      const name = nameOf(article)
      // The same article twice, as pages of an export that was taken while somebody wrote: the first is the newest.
      if (seen.has(name)) continue
      seen.add(name)
      const before = known.get(name) ?? null
      await take(tx, source, article, before, { imported, news }, now)
    }
    const isGone = (one: KnownArticle) =>
      removesMissing && read.problems.length === 0 ? !seen.has(nameOf(one)) : drafts.has(nameOf(one))
    const drafts = new Set(read.unpublished.map(nameOf))
    const gone = [...known.values()].filter((one) => !one.isRemoved && !seen.has(nameOf(one)) && isGone(one))
    await removeArticles(tx, gone, now)
    imported.removed = gone.length
    imported.lanes = await tellFollowers(tx, source, news, now)
    for (const lane of imported.lanes) await wakeLane?.(tx, lane)
    return imported
  })
}

async function take(
  tx: Tx,
  source: string,
  article: WrittenArticle,
  before: KnownArticle | null,
  into: { imported: Imported; news: { id: number; version: number }[] },
  now: Date,
): Promise<void> {
  const { imported, news } = into
  if (!before || before.isRemoved) {
    const isOther = before !== null && !before.contentHash.equals(contentHashOf(article))
    const version = (before?.version ?? 1) + (isOther ? 1 : 0)
    const id = await saveArticle(tx, source, article, before, version, now)
    imported.added++
    if (isOther) news.push({ id, version })
    return
  }
  const isOther = !before.contentHash.equals(contentHashOf(article))
  if (!isOther && before.writtenHash.equals(writtenHashOf(article))) {
    imported.unchanged++
    return
  }
  const version = before.version + (isOther ? 1 : 0)
  const id = await saveArticle(tx, source, article, before, version, now)
  imported.changed++
  if (isOther) news.push({ id, version })
}

function nameOf({ key, locale }: { key: string; locale: string }): string {
  return `${locale} ${key}`
}
