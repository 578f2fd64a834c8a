import type { Answers } from '../../ticket/form.ts'
import type { Db, Tx } from '../database.ts'
import { storable, storableIn } from '../storable.ts'

/** Writes down that articles were offered to somebody or read by them, once for each occasion. */
export async function recordUse(
  db: Db,
  kind: 'offered' | 'read',
  use: { articleIds: number[]; occasion: string; contactId: number },
  now: Date,
): Promise<void> {
  await db.query(
    `insert into article_uses (article_id, kind, occasion, contact_id, at)
     select id, $2, $3, $4, $5 from unnest($1::bigint[]) a (id) on conflict do nothing`,
    [use.articleIds, kind, use.occasion, use.contactId, now],
  )
}

/** A wish that an article settled, and the draft that ended with it. */
export interface Deflection {
  draftId: string
  articleId: number
  contactId: number
  /** What was typed and searched. */
  words: string
  locale: string | null
  page: string
  answers: Answers
  formVersion: string | null
  /** Whom an agent filled it in for; null for one's own. */
  requesterId: number | null
  /** What came along from Slack. */
  talkId: string | null
}

/** Ends the draft without a ticket, because an article settled the wish. Answers false when it had ended before. */
export async function deflect(tx: Tx, deflection: Deflection, now: Date): Promise<boolean> {
  const { draftId, articleId, contactId, words, locale, page, answers, formVersion, requesterId, talkId } = deflection
  const ended = await tx.query('delete from drafts where id = $1 and ticket_id is null', [draftId])
  if (ended.rowCount !== 1) return false
  await tx.query(
    `insert into deflections (draft_id, article_id, contact_id, words, locale, page, answers, at, form_version, requester_id, talk_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (draft_id) do update set article_id = $2, words = $4, page = $6, answers = $7, at = $8, form_version = $9,
       requester_id = $10, talk_id = $11, resumed_at = null`,
    [
      draftId,
      articleId,
      contactId,
      storable(words),
      locale,
      page,
      JSON.stringify(storableIn(answers)),
      now,
      formVersion,
      requesterId,
      talkId,
    ],
  )
  return true
}

/** What this person's draft ended with, if an article settled it; null when none did, or they went on after all. */
export async function deflectionOf(db: Db, contactId: number, draftId: string): Promise<Deflection | null> {
  if (!uuid.test(draftId)) return null
  const { rows } = await db.query(
    'select * from deflections where draft_id = $1 and contact_id = $2 and resumed_at is null for update',
    [draftId, contactId],
  )
  const row = rows[0]
  return row
    ? {
        draftId: row.draft_id,
        articleId: row.article_id,
        contactId: row.contact_id,
        words: row.words,
        locale: row.locale,
        page: row.page,
        answers: row.answers,
        formVersion: row.form_version,
        requesterId: row.requester_id,
        talkId: row.talk_id,
      }
    : null
}

/** It was not settled after all: its author goes on with the draft. */
export async function resume(tx: Tx, draftId: string, now: Date): Promise<void> {
  await tx.query(`update deflections set resumed_at = $2, answers = '{}' where draft_id = $1`, [draftId, now])
}

/** How an article did since a moment. */
export interface ArticleCounts {
  id: number
  key: string
  locale: string
  title: string
  offered: number
  read: number
  solved: number
}

/** Every article that was offered, read or settled something since `since`, the one that settled most first. */
export async function articleCounts(db: Db, since: Date): Promise<ArticleCounts[]> {
  const { rows } = await db.query<ArticleCounts>(
    `with used as (
       select article_id, count(*) filter (where kind = 'offered') as offered, count(*) filter (where kind = 'read') as read
       from article_uses where at >= $1 group by article_id
     ), settled as (
       select article_id, count(*) as solved from deflections where at >= $1 and resumed_at is null group by article_id
     )
     select a.id, a.key, a.locale, a.title, coalesce(u.offered, 0) as offered, coalesce(u.read, 0) as read,
       coalesce(s.solved, 0) as solved
     from used u full join settled s using (article_id) join articles a on a.id = article_id
     order by solved desc, offered desc, a.id`,
    [since],
  )
  return rows
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
