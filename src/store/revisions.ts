import type { Actor } from '../ticket/ticket.ts'
import type { Db, Tx } from './database.ts'
import { storable } from './storable.ts'

/** What a Slack message became, by the source it was handled under. */
export interface SaidInSlack {
  ticketId: number
  eventId: number
  actor: Actor
  text: string
  /** Slack's ids of its files, null for one that did not come from there. */
  files: (string | null)[]
}

/** Makes whoever handles this message, or a change of it, at the same time wait until this transaction ends. */
export async function lockMessage(tx: Tx, channel: string, ts: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [`${channel}/${ts}`])
}

/** The comment that this source led to, also as the first one of a follow-up; null when it led to none. */
export async function saidUnder(db: Db, source: string): Promise<SaidInSlack | null> {
  const { rows } = await db.query(
    `select e.ticket_id, e.id, e.actor_kind, e.actor_id, m.text,
       array(select f.slack_file->>'id' from attachments f where f.comment_id = m.id and f.removed_at is null) as files
     from handled_sources h
     join events e on e.ticket_id = h.ticket_id and e.source in (h.source, h.source || '/follow-up')
     join comments m on m.id = e.comment_id
     where h.source = $1 order by e.id limit 1`,
    [source],
  )
  const row = rows[0]
  if (!row) return null
  return {
    ticketId: row.ticket_id,
    eventId: row.id,
    actor: row.actor_kind === 'system' ? { kind: 'system' } : { kind: row.actor_kind, id: row.actor_id },
    text: row.text,
    files: row.files,
  }
}

/** Keeps a change that came before its message; the latest counts, and nothing comes after a deletion. */
export async function keepEarlyChange(
  tx: Tx,
  message: { channel: string; ts: string },
  change: { text: string | null; at: Date },
): Promise<void> {
  await tx.query(
    `insert into early_changes (channel, ts, text, at) values ($1, $2, $3, $4)
     on conflict (channel, ts) do update set text = excluded.text, at = excluded.at
       where early_changes.text is not null and (excluded.text is null or excluded.at > early_changes.at)`,
    [message.channel, message.ts, change.text === null ? null : storable(change.text), change.at],
  )
  // What is so old is of a message that never came: Slack sends an event again for hours at most.
  await tx.query(`delete from early_changes where at < $1::timestamptz - interval '7 days'`, [change.at])
}

/** What a message that arrives only now was changed to meanwhile; null when it was not. */
export async function takeEarlyChange(tx: Tx, channel: string, ts: string): Promise<{ text: string | null } | null> {
  const { rows } = await tx.query<{ text: string | null }>(
    'delete from early_changes where channel = $1 and ts = $2 returning text',
    [channel, ts],
  )
  return rows[0] ?? null
}

/** Gives the comment of an event other words. */
export async function rewriteComment(tx: Tx, eventId: number, text: string, at: Date): Promise<void> {
  await tx.query(
    'update comments set text = $2, edited_at = $3 where id = (select comment_id from events where id = $1)',
    [eventId, text, at],
  )
}

/** Takes files of an event's comment, by Slack's id, away from everybody; the rest of it stays. */
export async function removeFiles(tx: Tx, eventId: number, slackFiles: string[], at: Date): Promise<void> {
  await tx.query(
    `update attachments set removed_at = $3
     where comment_id = (select comment_id from events where id = $1) and slack_file->>'id' = any($2)`,
    [eventId, slackFiles, at],
  )
}

/**
 * Takes the words of an event's comment away from everybody, with its files, and the mails that would have told of them, as
 * far as they have not left. The log keeps the words.
 */
export async function removeComment(tx: Tx, eventId: number, at: Date): Promise<void> {
  await tx.query(
    `update comments set text = '', full_text = null, is_public = false, removed_at = $2
     where id = (select comment_id from events where id = $1)`,
    [eventId, at],
  )
  await tx.query(
    `update outbox set state = 'withdrawn', done_at = now()
     where event_id = $1 and kind = 'mail' and state = 'waiting' and attempts = 0`,
    [eventId],
  )
}
