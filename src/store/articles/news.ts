import type { ArticleLine } from '../../ticket/article.ts'
import { type Effect, slotKey } from '../../ticket/policies/effect.ts'
import type { Db, Tx } from '../database.ts'
import { insertEffect } from '../outbox.ts'
import { lineOf } from './articles.ts'

/**
 * Writes down that followers of these articles have to be told, one message a person for all of them together, in the
 * transaction that changed them. Who was told of the same article within the hour gets no other message. The running
 * product finds it at its next sweep.
 */
export async function tellFollowers(
  tx: Tx,
  source: string,
  changed: { id: number; version: number }[],
  now: Date,
): Promise<void> {
  const versions = new Map(changed.map(({ id, version }) => [id, version]))
  const ids = [...versions.keys()]
  const told = await toldLately(tx, ids, now)
  const toTell = (await followersOf(tx, ids)).map(({ contactId, articleId: id }) => {
    return { contactId, id, version: versions.get(id)!, toldBy: told.get(`${contactId} ${id}`) ?? null }
  })
  if (toTell.length === 0) return
  const { rows } = await tx.query<{ id: number }>(
    'insert into article_imports (source, at) values ($1, $2) returning id',
    [source, now],
  )
  const importId = rows[0]!.id
  await tx.query(
    `insert into article_news (import_id, contact_id, article_id, version)
     select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::int[]) on conflict do nothing`,
    [
      toTell.map(({ toldBy }) => toldBy ?? importId),
      toTell.map(({ contactId }) => contactId),
      toTell.map(({ id }) => id),
      toTell.map(({ version }) => version),
    ],
  )
  const messages = new Map(
    toTell.map(({ contactId, toldBy }) => [`${contactId} ${toldBy}`, { contactId, of: toldBy ?? importId }]),
  )
  for (const { contactId, of } of messages.values()) {
    const news: Effect = { kind: 'post', slot: { place: 'article-news', contactId, importId: of } }
    // A message that is there is edited, once for each import.
    const key = `${slotKey(null, news.slot)}${of === importId ? '' : `/again/${importId}`}`
    await insertEffect(tx, {
      key,
      ticketId: null,
      eventId: null,
      lane: `dm:${contactId}`,
      effect: news,
      messageId: null,
    })
  }
  await drawHomes(tx, [...new Set(toTell.map(({ contactId }) => contactId))], `import/${importId}`)
}

/** Draws the App Home of everybody who follows these articles again: they are gone from their lists. */
export async function drawFollowersHomes(tx: Tx, gone: { id: number }[], now: Date): Promise<void> {
  const ids = gone.map(({ id }) => id)
  const followers = new Set((await followersOf(tx, ids)).map(({ contactId }) => contactId))
  await drawHomes(tx, [...followers], `gone/${ids[0]}/${now.toISOString()}`)
}

async function drawHomes(tx: Tx, contactIds: number[], cause: string): Promise<void> {
  for (const contactId of contactIds) {
    const home: Effect = { kind: 'post', slot: { place: 'home', contactId } }
    const key = `${slotKey(null, home.slot)}/articles/${cause}`
    await insertEffect(tx, {
      key,
      ticketId: null,
      eventId: null,
      lane: `home:${contactId}`,
      effect: home,
      messageId: null,
    })
  }
}

async function followersOf(tx: Tx, articleIds: number[]): Promise<{ contactId: number; articleId: number }[]> {
  const { rows } = await tx.query<{ contact_id: number; article_id: number }>(
    'select contact_id, article_id from article_follows where article_id = any($1) order by contact_id, article_id',
    [articleIds],
  )
  return rows.map((row) => ({ contactId: row.contact_id, articleId: row.article_id }))
}

// An author who corrects what they have just written tells it once.
const LATELY = '1 hour'

/** Of these articles the last import whose message told a follower that they changed, by contact and article. */
async function toldLately(tx: Tx, articleIds: number[], now: Date): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ contact_id: number; article_id: number; import_id: number }>(
    `select n.contact_id, n.article_id, max(n.import_id) as import_id
     from article_follows f join article_news n using (contact_id, article_id) join article_imports i on i.id = n.import_id
     where f.article_id = any($1) and i.at > $2::timestamptz - $3::interval
     group by n.contact_id, n.article_id`,
    [articleIds, now, LATELY],
  )
  return new Map(rows.map((row) => [`${row.contact_id} ${row.article_id}`, row.import_id]))
}

/** What one message of news is about: the articles that changed then, each with whether it is still followed. */
export async function newsOf(
  db: Db,
  importId: number,
  contactId: number,
): Promise<(ArticleLine & { isFollowed: boolean })[]> {
  const { rows } = await db.query(
    `select a.id, a.title, a.language, a.section, a.url, a.changed_at, left(a.text, 500) as text, f.at is not null as followed
     from (select distinct import_id, contact_id, article_id from article_news) n join articles a on a.id = n.article_id
     left join article_follows f on f.contact_id = n.contact_id and f.article_id = n.article_id
     where n.import_id = $1 and n.contact_id = $2 and a.removed_at is null and a.audience = 'everyone' order by a.title, a.id`,
    [importId, contactId],
  )
  return rows.map((row) => ({ ...lineOf(row), isFollowed: row.followed }))
}
