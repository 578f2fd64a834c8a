import type { Answers } from '../ticket/form.ts'
import type { Db, Tx } from './database.ts'
import type { SlackUser } from './people.ts'
import { storableIn } from './storable.ts'

/** A questionnaire that is being filled in. `ticketId` is set once it was sent. */
export interface Draft {
  id: string
  page: string
  answers: Answers
  /** The form its answers were given to; null in a draft from before forms were kept. */
  formVersion: string | null
  ticketId: number | null
}

/** The person's unfinished draft, or a new one with `fresh`. Two openings at once share one. */
export async function unfinishedDraft(
  db: Db,
  user: SlackUser,
  fresh: Omit<Draft, 'ticketId'>,
  now: Date,
): Promise<Draft> {
  const { rows } = await db.query(
    `insert into drafts (id, team_id, user_id, page, answers, form_version, updated_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (team_id, user_id) where ticket_id is null do update set updated_at = excluded.updated_at
     returning *`,
    [fresh.id, user.teamId, user.userId, fresh.page, JSON.stringify(storableIn(fresh.answers)), fresh.formVersion, now],
  )
  return toDraft(rows[0]!)
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
  return rows[0] ? toDraft(rows[0]) : null
}

/** Keeps the page shown and the answers so far, with the form they were given to, unless the draft was sent meanwhile. */
export async function saveDraft(db: Db, draft: Omit<Draft, 'ticketId'>, now: Date): Promise<void> {
  await db.query(
    `update drafts set page = $2, answers = $3, form_version = $4, updated_at = $5
     where id = $1 and ticket_id is null`,
    [draft.id, draft.page, JSON.stringify(storableIn(draft.answers)), draft.formVersion, now],
  )
}

/** Marks the draft as sent: what it opened is the ticket, and the answers live there. */
export async function finishDraft(tx: Tx, id: string, ticketId: number): Promise<void> {
  await tx.query(`update drafts set ticket_id = $2, answers = '{}' where id = $1`, [id, ticketId])
}

function toDraft(row: Record<string, unknown>): Draft {
  return {
    id: row.id as string,
    page: row.page as string,
    answers: row.answers as Answers,
    formVersion: row.form_version as string | null,
    ticketId: row.ticket_id as number | null,
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
