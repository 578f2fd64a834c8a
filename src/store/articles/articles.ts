import { createHash } from 'node:crypto'
import {
  type Article,
  type ArticleLine,
  folded,
  languageOf,
  plainOf,
  snippetOf,
  type WrittenArticle,
  wordsIn,
} from '../../ticket/article.ts'
import type { Db, Tx } from '../database.ts'
import { storableIn } from '../storable.ts'
import { configOf } from './language.ts'
import type { WordCounts } from './word-counts.ts'

/** An article as the last import left it. */
export interface KnownArticle {
  id: number
  key: string
  locale: string
  title: string
  contentHash: Buffer
  writtenHash: Buffer
  version: number
  isRemoved: boolean
  language: string
  words: string[]
}

/** All articles of a source, removed ones too. */
export async function articlesOfSource(db: Db, source: string): Promise<KnownArticle[]> {
  const { rows } = await db.query(
    'select id, key, locale, title, language, content_hash, written_hash, version, removed_at, words from articles where source = $1',
    [source],
  )
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    locale: row.locale,
    title: row.title,
    language: row.language,
    contentHash: row.content_hash,
    writtenHash: row.written_hash,
    version: row.version,
    isRemoved: row.removed_at !== null,
    words: row.words,
  }))
}

/** What readers read of an article, as a hash: other words make another one, another section does not. */
export function contentHashOf({ title, parts }: WrittenArticle): Buffer {
  return hashOf([title, parts])
}

/** All that its source says of an article, as a hash. */
export function writtenHashOf(article: WrittenArticle): Buffer {
  const { key, locale, title, section, labels, url, audience, parts, updatedAt } = article
  return hashOf([key, locale, title, section, labels, url, audience, parts, updatedAt])
}

function hashOf(value: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(value)).digest()
}

// Postgres keeps the places of words in at most 1 MB, and nobody searches for what comes after a book's first half.
const LONGEST_SEARCHED = 100_000

/**
 * Puts an article there, new or in place of `known`, with all that finds it. `version` is what it is from now on.
 * Answers with its id.
 */
export async function saveArticle(
  tx: Tx,
  source: string,
  written: WrittenArticle,
  known: KnownArticle | null,
  version: number,
  counts: WordCounts,
  now: Date,
): Promise<number> {
  const article = storableIn(written)
  const language = languageOf(article.locale)
  const text = plainOf(article.parts)
  const searched = [article.section ?? '', text].join('\n').slice(0, LONGEST_SEARCHED)
  // What it is about, in the words of whoever wrote it.
  const titled = [article.title, ...article.labels].join('\n').slice(0, LONGEST_SEARCHED)
  const words = wordsIn(`${titled}\n${searched}`)
  const { rows } = await tx.query<{ id: number }>(
    `insert into articles (source, key, locale, language, title, section, labels, url, audience, parts, text,
       content_hash, version, updated_at, changed_at, words, written_hash, title_search, search)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
       to_tsvector($18::regconfig, $19) || to_tsvector($18::regconfig, $20),
       to_tsvector($18::regconfig, $19 || ' ' || $21) || to_tsvector($18::regconfig, $20 || ' ' || $22))
     on conflict (source, key, locale) do update set language = excluded.language, title = excluded.title,
       section = excluded.section, labels = excluded.labels, url = excluded.url, audience = excluded.audience,
       parts = excluded.parts, text = excluded.text, content_hash = excluded.content_hash,
       written_hash = excluded.written_hash, version = excluded.version,
       updated_at = excluded.updated_at, words = excluded.words, title_search = excluded.title_search,
       search = excluded.search, removed_at = null,
       changed_at = case when articles.version = excluded.version then articles.changed_at else excluded.changed_at end
     returning id`,
    [
      ...[source, article.key, article.locale, language, article.title, article.section, article.labels, article.url],
      ...[
        article.audience,
        JSON.stringify(article.parts),
        text,
        contentHashOf(written),
        version,
        article.updatedAt,
        now,
      ],
      ...[words, writtenHashOf(written), configOf(language), titled, folded(titled), searched, folded(searched)],
    ],
  )
  if (known && !known.isRemoved) counts.add(known.language, known.words, -1)
  counts.add(language, words, 1)
  return rows[0]!.id
}

/** Puts what an import left into the indexes' pending lists where it belongs, so that no search works through it. */
export async function settleIndexes(db: Db): Promise<void> {
  await db.query(
    `select gin_clean_pending_list(index) from unnest(array['articles_title_search', 'articles_search']::regclass[]) i (index)`,
  )
}

/** Gives an article another key and locale. Nothing else of it changes: what was counted and followed stays its own. */
export async function moveArticle(tx: Tx, id: number, { key, locale }: { key: string; locale: string }): Promise<void> {
  await tx.query('update articles set key = $2, locale = $3 where id = $1', [id, key, locale])
}

/** Takes articles out of every search and list; what was counted of them stays. */
export async function removeArticles(tx: Tx, articles: KnownArticle[], counts: WordCounts, now: Date): Promise<void> {
  await tx.query('update articles set removed_at = $2 where id = any($1)', [articles.map(({ id }) => id), now])
  for (const { language, words } of articles) counts.add(language, words, -1)
}

/** The article with this id as somebody outside may read it, or null: ids in buttons are hints. */
export async function readableArticle(db: Db, id: number): Promise<Article | null> {
  const { rows } = await db.query(
    `select * from articles where id = $1 and removed_at is null and audience = 'everyone'`,
    [id],
  )
  const row = rows[0]
  return row ? { ...lineOf(row), parts: row.parts } : null
}

export interface ListedArticle {
  id: number
  key: string
  locale: string
  title: string
  section: string | null
  audience: string
  source: string
  updatedAt: Date | null
}

/** Articles that are there, in the order of their sources, for the operator's eyes. */
export async function listArticles(db: Db, locale: string | null): Promise<ListedArticle[]> {
  const { rows } = await db.query(
    `select id, key, locale, title, section, audience, source, updated_at from articles
     where removed_at is null and ($1::text is null or language = $1) order by source, key, locale`,
    [locale === null ? null : languageOf(locale)],
  )
  return rows.map(({ updated_at, ...row }) => ({ ...row, updatedAt: updated_at }) as ListedArticle)
}

export function lineOf(row: Record<string, unknown>): ArticleLine {
  return {
    id: row.id as number,
    title: row.title as string,
    language: row.language as string,
    section: row.section as string | null,
    url: row.url as string | null,
    changedAt: row.changed_at as Date,
    snippet: snippetOf(String(row.text ?? ''), []),
  }
}
