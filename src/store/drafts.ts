import type { Answers } from '../ticket/form.ts'
import type { Person } from '../ticket/in-full.ts'
import { resume } from './articles/uses.ts'
import type { Db, Tx } from './database.ts'
import { people, type SlackUser } from './people.ts'
import { storableIn } from './storable.ts'
import { type Talk, talkOf } from './talks.ts'

/** A questionnaire that is being filled in. `ticketId` is set once it was sent. */
export interface Draft {
  id: string
  page: string
  answers: Answers
  /** The form its answers were given to; null in a draft from before forms were kept. */
  formVersion: string | null
  ticketId: number | null
  /** Whom an agent fills it in for; null for one's own. */
  requester: Person | null
  /** What was said in Slack and comes along. */
  talk: Talk | null
}

/** What of a draft its questions change. */
export type DraftContent = Pick<Draft, 'id' | 'page' | 'answers' | 'formVersion'>

/** The person's unfinished draft of their own, or for `requesterId`, or a new one with `fresh`. Two openings at once share one. */
export async function unfinishedDraft(
  db: Db,
  user: SlackUser,
  fresh: DraftContent,
  now: Date,
  requesterId: number | null = null,
): Promise<Draft> {
  await forgetOldDrafts(db, now)
  const { rows } = await db.query(
    `insert into drafts (id, team_id, user_id, page, answers, form_version, updated_at, requester_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (team_id, user_id, coalesce(requester_id, 0)) where ticket_id is null do update set updated_at = excluded.updated_at
     returning *`,
    [
      fresh.id,
      user.teamId,
      user.userId,
      fresh.page,
      JSON.stringify(storableIn(fresh.answers)),
      fresh.formVersion,
      now,
      requesterId,
    ],
  )
  return toDraft(db, user, rows[0]!)
}

/** Deletes what nobody touched for a month and nobody sent: half said then, it is no longer what is asked. */
export async function forgetOldDrafts(db: Db, now: Date): Promise<void> {
  await db.query(`delete from drafts where ticket_id is null and updated_at < $1::timestamptz - interval '30 days'`, [
    now,
  ])
}

/** The draft with this id if it is this person's, sent or not; else null. */
export async function draftOf(db: Db, user: SlackUser, id: string): Promise<Draft | null> {
  // What a modal carries is a hint, and Postgres refuses what is no UUID; cast the other way round, it reads every draft.
  if (!uuid.test(id)) return null
  const { rows } = await db.query('select * from drafts where id = $1 and team_id = $2 and user_id = $3', [
    id,
    user.teamId,
    user.userId,
  ])
  return rows[0] ? toDraft(db, user, rows[0]) : null
}

/** Keeps the page shown and the answers so far, with the form they were given to, unless the draft was sent meanwhile. */
export async function saveDraft(db: Db, draft: DraftContent, now: Date): Promise<void> {
  await db.query(
    `update drafts set page = $2, answers = $3, form_version = $4, updated_at = $5
     where id = $1 and ticket_id is null`,
    [draft.id, draft.page, JSON.stringify(storableIn(draft.answers)), draft.formVersion, now],
  )
}

/** What was said in Slack comes along with this draft, in place of what was to before; with null, nothing does. */
export async function bringTalk(db: Db, id: string, talkId: string | null): Promise<void> {
  await db.query('update drafts set talk_id = $2 where id = $1 and ticket_id is null', [id, talkId])
}

/**
 * Marks the draft as sent: what it opened is the ticket, and the answers live there. One that an article settled at this
 * very moment, on another device, was not settled after all: a ticket is what they asked for.
 */
export async function finishDraft(tx: Tx, id: string, ticketId: number, now: Date): Promise<void> {
  const { rowCount } = await tx.query(`update drafts set ticket_id = $2, answers = '{}' where id = $1`, [id, ticketId])
  if (rowCount === 0) await resume(tx, id, now)
}

async function toDraft(db: Db, user: SlackUser, row: Record<string, unknown>): Promise<Draft> {
  const requesterId = row.requester_id as number | null
  const talkId = row.talk_id as string | null
  return {
    id: row.id as string,
    page: row.page as string,
    answers: row.answers as Answers,
    formVersion: row.form_version as string | null,
    ticketId: row.ticket_id as number | null,
    requester: requesterId === null ? null : ((await people(db, [requesterId]))[0] ?? null),
    talk: talkId === null ? null : await talkOf(db, user, talkId),
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
