import type { ArticleLine } from '../../ticket/article.ts'
import { type Effect, slotKey } from '../../ticket/policies/effect.ts'
import type { Db, Tx } from '../database.ts'
import { insertEffect } from '../outbox.ts'
import { lineOf } from './articles.ts'

/**
 * Writes down that followers of these articles have to be told, one message a person for all of them together, in the
 * transaction that changed them. The running product finds it at its next sweep.
 */
export async function tellFollowers(
  tx: Tx,
  source: string,
  changed: { id: number; version: number }[],
  now: Date,
): Promise<void> {
  const { rows: followers } = await tx.query<{ contact_id: number }>(
    'select distinct contact_id from article_follows where article_id = any($1) order by contact_id',
    [changed.map(({ id }) => id)],
  )
  if (followers.length === 0) return
  const { rows } = await tx.query<{ id: number }>(
    'insert into article_imports (source, at) values ($1, $2) returning id',
    [source, now],
  )
  const importId = rows[0]!.id
  await tx.query(
    `insert into article_news (import_id, contact_id, article_id, version)
     select $1, f.contact_id, c.id, c.version from unnest($2::bigint[], $3::int[]) c (id, version)
       join article_follows f on f.article_id = c.id
     on conflict do nothing`,
    [importId, changed.map(({ id }) => id), changed.map(({ version }) => version)],
  )
  for (const { contact_id: contactId } of followers) {
    const news: Effect = { kind: 'post', slot: { place: 'article-news', contactId, importId } }
    const home: Effect = { kind: 'post', slot: { place: 'home', contactId } }
    const name = slotKey(null, news.slot)
    for (const [key, lane, effect] of [
      [name, `dm:${contactId}`, news],
      [`${name}/home`, `home:${contactId}`, home],
    ] as const)
      await insertEffect(tx, { key, ticketId: null, eventId: null, lane, effect, messageId: null })
  }
}

/** What one message of news is about: the articles that changed then, each with whether it is still followed. */
export async function newsOf(
  db: Db,
  importId: number,
  contactId: number,
): Promise<(ArticleLine & { isFollowed: boolean })[]> {
  const { rows } = await db.query(
    `select a.id, a.title, a.language, a.section, a.url, a.changed_at, left(a.text, 500) as text, f.at is not null as followed
     from article_news n join articles a on a.id = n.article_id
     left join article_follows f on f.contact_id = n.contact_id and f.article_id = n.article_id
     where n.import_id = $1 and n.contact_id = $2 and a.removed_at is null and a.audience = 'everyone' order by a.title, a.id`,
    [importId, contactId],
  )
  return rows.map((row) => ({ ...lineOf(row), isFollowed: row.followed }))
}
