import type { StoredEvent, TicketEvent } from '../ticket/events.ts'
import type { Attachment, CommentDraft, Standing } from '../ticket/ticket.ts'
import type { Db, Tx } from './database.ts'

/** Marks an outside cause as handled and answers true, or false when it was handled before. Waits for a twin in flight. */
export async function claimSource(tx: Tx, source: string, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    'insert into handled_sources (source, at) values ($1, $2) on conflict do nothing',
    [source, at],
  )
  return rowCount === 1
}

/** Whether an outside cause was handled before. */
export async function isHandled(db: Db, source: string): Promise<boolean> {
  const { rowCount } = await db.query('select from handled_sources where source = $1', [source])
  return rowCount === 1
}

/** Remembers which ticket the cause led to. */
export async function settleSource(tx: Tx, source: string, ticketId: number): Promise<void> {
  await tx.query('update handled_sources set ticket_id = $2 where source = $1', [source, ticketId])
}

/** The ticket an already handled cause led to. */
export async function ticketOfSource(db: Db, source: string): Promise<number | null> {
  const { rows } = await db.query<{ ticket_id: number | null }>(
    'select ticket_id from handled_sources where source = $1',
    [source],
  )
  return rows[0]?.ticket_id ?? null
}

/** Appends one event, with its comment if it has one, and answers with it as stored. */
export async function appendEvent(tx: Tx, ticketId: number, event: TicketEvent, source: string): Promise<StoredEvent> {
  const commentId =
    'comment' in event && typeof event.comment === 'object' && event.comment
      ? await insertComment(tx, ticketId, event, event.comment)
      : null
  const { type, actor, via, at, ...data } = event
  // The comment's words live in one place; the log keeps the rest.
  const { comment: _, ...kept } = data as Record<string, unknown>
  const stored = type === 'rated' ? data : kept
  const { rows } = await tx.query<{ id: number }>(
    `insert into events (ticket_id, type, data, actor_kind, actor_id, via, source, comment_id, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
    [
      ticketId,
      type,
      JSON.stringify(stored),
      actor.kind,
      actor.kind === 'system' ? null : actor.id,
      via,
      source,
      commentId,
      at,
    ],
  )
  return { ...event, id: rows[0]!.id, ticketId, commentId }
}

/** A ticket's events, oldest first. Comments' words are not in them: read the comments. */
export async function eventsOf(db: Db, ticketId: number): Promise<StoredEvent[]> {
  const { rows } = await db.query('select * from events where ticket_id = $1 order by id', [ticketId])
  return rows.map(toEvent)
}

/** Until when a reply reopened this ticket, as people were told last; null for one that was never solved. */
export async function promisedUntil(db: Db, ticketId: number): Promise<Date | null> {
  const { rows } = await db.query<{ until: string }>(
    `select data->>'reopenUntil' as until from events where ticket_id = $1 and type = 'solved' order by id desc limit 1`,
    [ticketId],
  )
  return rows[0] ? new Date(rows[0].until) : null
}

function toEvent(row: Record<string, unknown>): StoredEvent {
  const actor = row.actor_kind === 'system' ? { kind: 'system' } : { kind: row.actor_kind, id: row.actor_id }
  const data = row.data as Record<string, unknown>
  const reopenUntil = typeof data.reopenUntil === 'string' ? { reopenUntil: new Date(data.reopenUntil) } : {}
  const receivedAt = typeof data.receivedAt === 'string' ? { receivedAt: new Date(data.receivedAt) } : {}
  const remindAt = typeof data.remindAt === 'string' ? { remindAt: new Date(data.remindAt) } : {}
  const revisedAt = typeof data.revisedAt === 'string' ? { revisedAt: new Date(data.revisedAt) } : {}
  return {
    ...data,
    ...reopenUntil,
    ...receivedAt,
    ...remindAt,
    ...revisedAt,
    ...(data.standing ? { standing: toStanding(data.standing as Record<string, unknown>) } : {}),
    type: row.type,
    actor,
    via: row.via,
    at: row.at,
    id: row.id,
    ticketId: row.ticket_id,
    commentId: row.comment_id,
  } as StoredEvent
}

function toStanding(standing: Record<string, unknown>): Standing {
  const dates = Object.entries(standing).map(([key, value]) => [
    key,
    key === 'status' ? value : new Date(String(value)),
  ])
  return Object.fromEntries(dates) as Standing
}

/** The events whose messages show how the ticket stands: when it was last called solved, and the last thanks since. */
export async function lastShown(
  tx: Tx,
  ticketId: number,
): Promise<{ surveyEventId: number | null; reminderEventId: number | null; thanksEventId: number | null }> {
  const { rows } = await tx.query<{ solved: number | null; reminded: number | null; thanks: number | null }>(
    `select max(id) filter (where type = 'solved') as solved,
       max(id) filter (where type = 'reminded' and data->'asks' = 'true') as reminded,
       max(id) filter (where type = 'replied' and data->'isThanks' = 'true') as thanks
     from events where ticket_id = $1`,
    [ticketId],
  )
  const { solved = null, reminded = null } = rows[0] ?? {}
  // A reminder from before it was solved again is about a rating of then.
  const reminderEventId = (reminded ?? 0) > (solved ?? 0) ? reminded : null
  return { surveyEventId: solved, reminderEventId, thanksEventId: rows[0]?.thanks ?? null }
}

/** The id of the mail that wrote this event's comment, or null: its source begins with it (mail/intake.ts, mail/held.ts). */
export async function mailOfEvent(db: Db, ticketId: number, eventId: number): Promise<number | null> {
  const { rows } = await db.query<{ source: string }>(
    `select e.source from events e join comments c on c.id = e.comment_id
     where e.id = $1 and e.ticket_id = $2 and e.via = 'mail' and c.removed_at is null`,
    [eventId, ticketId],
  )
  const found = /^mail\/(\d+)(?:\/|$)/.exec(rows[0]?.source ?? '')
  return found ? Number(found[1]) : null
}

/** Hides the words of a withdrawn answer from everybody outside: they stay with the ticket, as a note does. */
export async function hideComment(tx: Tx, eventId: number): Promise<void> {
  await tx.query('update comments set is_public = false where id = (select comment_id from events where id = $1)', [
    eventId,
  ])
}

async function insertComment(tx: Tx, ticketId: number, event: TicketEvent, comment: CommentDraft): Promise<number> {
  const { actor } = event
  const { rows } = await tx.query<{ id: number }>(
    `insert into comments (ticket_id, author_kind, author_id, is_public, via, text, full_text, at, sender_proof, sealed)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`,
    [
      ticketId,
      actor.kind,
      actor.kind === 'system' ? null : actor.id,
      event.type !== 'noted',
      event.via,
      comment.text,
      comment.fullText,
      event.type === 'replied' ? event.receivedAt : event.at,
      comment.proof ?? null,
      comment.sealed ?? null,
    ],
  )
  for (const attachment of comment.attachments) await insertAttachment(tx, rows[0]!.id, attachment)
  return rows[0]!.id
}

async function insertAttachment(tx: Tx, commentId: number, attachment: Attachment): Promise<void> {
  await tx.query(
    `insert into attachments (comment_id, name, content_type, size, sha256, slack_file, refused)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      commentId,
      attachment.name,
      attachment.contentType,
      attachment.size,
      attachment.sha256 ? Buffer.from(attachment.sha256, 'hex') : null,
      attachment.slackFile && JSON.stringify(attachment.slackFile),
      attachment.refused,
    ],
  )
}
