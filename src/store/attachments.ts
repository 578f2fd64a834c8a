import type { Attachment } from '../ticket/ticket.ts'
import type { Db, Tx } from './database.ts'
import { insertEffect } from './outbox.ts'

export interface WaitingFile {
  id: number
  name: string
  slackFile: { id: string; url: string }
}

/** A comment's files that are still only in Slack. */
export async function filesToFetch(db: Db, commentId: number): Promise<WaitingFile[]> {
  const { rows } = await db.query(
    `select id, name, slack_file from attachments
     where comment_id = $1 and slack_file is not null and sha256 is null and refused is null and removed_at is null order by id`,
    [commentId],
  )
  return rows.map((row) => ({ id: row.id, name: row.name, slackFile: row.slack_file }))
}

export async function keepFile(tx: Tx, id: number, file: { sha256: string; size: number }): Promise<void> {
  await tx.query('update attachments set sha256 = $2, size = $3 where id = $1', [
    id,
    Buffer.from(file.sha256, 'hex'),
    file.size,
  ])
}

export async function refuseFile(tx: Tx, id: number, reason: NonNullable<Attachment['refused']>): Promise<void> {
  await tx.query('update attachments set refused = $2 where id = $1', [id, reason])
}

/**
 * Has the message that shows this comment's files drawn again and the files put into its thread, once for each state of the
 * files, and the mails that wait for them tried again; answers with the lanes. What is held back stays so until then.
 */
export async function redrawFiles(tx: Tx, commentId: number): Promise<string[]> {
  const { rows } = await tx.query(
    `select o.ticket_id, o.event_id, o.lane, o.effect,
       coalesce(greatest(0, extract(epoch from o.not_before - now()) * 1000), 0)::float as held_ms,
       (select count(*) from attachments f where f.comment_id = $1 and (f.sha256 is not null or f.refused is not null)) as settled
     from comments m join outbox o on o.ticket_id = m.ticket_id join events e on e.id = o.event_id
     where m.id = $1 and e.comment_id = m.id and o.kind in ('post', 'upload')
       and o.effect->'slot'->>'place' in ('card-thread', 'request-thread', 'card-files', 'request-files')`,
    [commentId],
  )
  for (const row of rows) {
    const redraw = {
      key: `${row.event_id}/files/${row.settled}/${JSON.stringify(row.effect.slot)}${row.effect.whenSent ? '/sent' : ''}`,
      ticketId: row.ticket_id,
      eventId: row.event_id,
      lane: row.lane,
      effect: row.effect,
      messageId: null,
    }
    // A moment later than what it draws again, whatever is lost in rounding.
    await insertEffect(tx, redraw, row.held_ms > 0 ? row.held_ms + 1 : 0)
  }
  const mails = await tx.query<{ lane: string }>(
    `update outbox o set next_at = now() from events e
     where e.comment_id = $1 and o.event_id = e.id and o.kind = 'mail' and o.state = 'waiting' and o.attempts > 0
     returning o.lane`,
    [commentId],
  )
  return [...new Set([...rows, ...mails.rows].map((row) => row.lane as string))]
}

/** The files of a comment that only staff read, to be given to somebody else; none of another ticket's. */
export async function filesOfNote(db: Db, ticketId: number, commentId: number): Promise<Attachment[]> {
  const { rows } = await db.query(
    `select f.* from attachments f join comments m on m.id = f.comment_id
     where m.id = $2 and m.ticket_id = $1 and not m.is_public and m.removed_at is null and f.removed_at is null and f.refused is null order by f.id`,
    [ticketId, commentId],
  )
  return rows.map((row) => ({
    name: row.name,
    contentType: row.content_type,
    size: row.size,
    sha256: row.sha256 ? (row.sha256 as Buffer).toString('hex') : null,
    slackFile: row.slack_file,
    refused: null,
  }))
}

/** A stored file by its id, for the page that hands it out; null when it is not stored, or went with its message. */
export async function storedFile(
  db: Db,
  id: number,
): Promise<{ name: string; contentType: string; sha256: string } | null> {
  const { rows } = await db.query(
    `select f.name, f.content_type, f.sha256 from attachments f join comments m on m.id = f.comment_id
     where f.id = $1 and m.removed_at is null and f.removed_at is null`,
    [id],
  )
  const row = rows[0]
  return row?.sha256
    ? { name: row.name, contentType: row.content_type, sha256: (row.sha256 as Buffer).toString('hex') }
    : null
}
