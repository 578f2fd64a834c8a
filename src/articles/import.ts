import {
  articlesOfSource,
  contentHashOf,
  type KnownArticle,
  moveArticle,
  removeArticles,
  saveArticle,
  settleIndexes,
  writtenHashOf,
} from '../store/articles/articles.ts'
import { drawFollowersHomes, tellFollowers } from '../store/articles/news.ts'
import { WordCounts } from '../store/articles/word-counts.ts'
import type { Database, Tx } from '../store/database.ts'
import type { WrittenArticle } from '../ticket/article.ts'
import { movesOf } from './moves.ts'
import type { ReadArticles } from './problem.ts'

/** What an import found, in articles. */
export interface Imported {
  added: number
  changed: number
  unchanged: number
  removed: number
}

const IMPORT_LOCK = 7_303_016 // any number that is ours: one import at a time, whichever process it runs in

/**
 * Brings the articles of a source up to date, in one transaction; the same again changes nothing. Followers of an article
 * whose title or text is another now are told. With `removesMissing`, what is not in `read` any more goes, or has moved, unless
 * something could not be read: what is broken is not missing.
 */
export async function importArticles(
  database: Database,
  read: ReadArticles<WrittenArticle>,
  { source, removesMissing }: { source: string; removesMissing: boolean },
  now: Date,
): Promise<Imported> {
  const imported = await database.transaction(async (tx) => {
    // 100,000 of them take a while, and nobody waits for it.
    await tx.query(`set local statement_timeout = '10min'`)
    await tx.query('select pg_advisory_xact_lock($1)', [IMPORT_LOCK])
    const known = new Map((await articlesOfSource(tx, source)).map((one) => [nameOf(one), one]))
    const isWhole = removesMissing && read.problems.length === 0
    if (isWhole) await move(tx, read.articles, known)
    const imported: Imported = { added: 0, changed: 0, unchanged: 0, removed: 0 }
    const news: { id: number; version: number }[] = []
    const counts = new WordCounts()
    const seen = new Set<string>()
    for (const article of read.articles) {
      const name = nameOf(article)
      // The same article twice, as pages of an export that was taken while somebody wrote: the first is the newest.
      if (seen.has(name)) continue
      seen.add(name)
      const before = known.get(name) ?? null
      await take(tx, source, article, before, { imported, news, counts }, now)
    }
    const isGone = (one: KnownArticle) => (isWhole ? !seen.has(nameOf(one)) : drafts.has(nameOf(one)))
    const drafts = new Set(read.unpublished.map(nameOf))
    const gone = [...known.values()].filter((one) => !one.isRemoved && !seen.has(nameOf(one)) && isGone(one))
    await removeArticles(tx, gone, counts, now)
    await drawFollowersHomes(tx, gone, now)
    await counts.save(tx)
    imported.removed = gone.length
    await tellFollowers(tx, source, news, now)
    return imported
  })
  // Only the indexes' owner may; without it the next vacuum does.
  if (imported.added + imported.changed > 0) await settleIndexes(database).catch(() => {})
  return imported
}

/** What has another name now and is the same article keeps its place in `known`, under the name it has now. */
async function move(tx: Tx, articles: WrittenArticle[], known: Map<string, KnownArticle>): Promise<void> {
  const names = new Set(articles.map(nameOf))
  const went = [...known.values()].filter((one) => !one.isRemoved && !names.has(nameOf(one)))
  const came = articles.filter((one) => !known.has(nameOf(one)))
  for (const { from, to } of movesOf(came, went)) {
    await moveArticle(tx, from.id, to)
    known.delete(nameOf(from))
    known.set(nameOf(to), { ...from, key: to.key, locale: to.locale })
  }
}

async function take(
  tx: Tx,
  source: string,
  article: WrittenArticle,
  before: KnownArticle | null,
  into: { imported: Imported; news: { id: number; version: number }[]; counts: WordCounts },
  now: Date,
): Promise<void> {
  const { imported, news, counts } = into
  if (!before || before.isRemoved) {
    const isOther = before !== null && !before.contentHash.equals(contentHashOf(article))
    const version = (before?.version ?? 1) + (isOther ? 1 : 0)
    const id = await saveArticle(tx, source, article, before, version, counts, now)
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
  const id = await saveArticle(tx, source, article, before, version, counts, now)
  imported.changed++
  if (isOther) news.push({ id, version })
}

function nameOf({ key, locale }: { key: string; locale: string }): string {
  return `${locale} ${key}`
}
