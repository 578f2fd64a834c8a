import type { UploadPlace, UploadSlot } from '../ticket/policies/effect.ts'
import type { Unshared } from '../ticket/ticket.ts'
import type { Db, Tx } from './database.ts'
import { insertEffect } from './outbox.ts'

/** What became of a file in a channel. `slackFile`: our copy in Slack; null for one that is only linked. */
export interface Upload {
  attachmentId: number
  state: 'sent' | 'shared' | 'linked' | 'deleted'
  slackFile: string | null
}

/** What became of a comment's files: in this channel, or in every one. */
export async function uploadsOf(db: Db, commentId: number, channel: string | null): Promise<Upload[]> {
  const { rows } = await db.query(
    `select u.* from slack_uploads u join attachments f on f.id = u.attachment_id
     where f.comment_id = $1 and ($2::text is null or u.channel = $2) order by f.id`,
    [commentId, channel],
  )
  return rows.map((row) => ({ attachmentId: row.attachment_id, state: row.state, slackFile: row.slack_file }))
}

/** Slack has the bytes under this id: known before they are shared. */
export async function saveSent(
  db: Db,
  attachmentId: number,
  where: { channel: string; place: UploadPlace },
  slackFile: string,
): Promise<void> {
  await db.query(
    `insert into slack_uploads (attachment_id, channel, place, state, slack_file) values ($1, $2, $3, 'sent', $4)
     on conflict (attachment_id, channel) do update set state = 'sent', slack_file = $4, reason = null`,
    [attachmentId, where.channel, where.place, slackFile],
  )
}

export async function markUploads(db: Db, slackFiles: string[], state: 'shared' | 'deleted'): Promise<void> {
  await db.query('update slack_uploads set state = $2 where slack_file = any($1)', [slackFiles, state])
}

/** Slack does not know these any more, and nobody has seen them: they are sent anew. */
export async function forgetSent(db: Db, slackFiles: string[]): Promise<void> {
  await db.query(`delete from slack_uploads where slack_file = any($1) and state = 'sent'`, [slackFiles])
}

/** Of these only the link is shown, and why; the message that lists them is drawn again, in this lane. */
export async function linkOnly(
  tx: Tx,
  row: { ticketId: number | null; lane: string },
  where: { channel: string; slot: UploadSlot },
  reasons: Map<number, Unshared>,
): Promise<void> {
  const { channel, slot } = where
  for (const [attachmentId, reason] of reasons)
    await tx.query(
      `insert into slack_uploads (attachment_id, channel, place, state, reason) values ($1, $2, $3, 'linked', $4)
       on conflict (attachment_id, channel) do update set state = 'linked', reason = $4`,
      [attachmentId, channel, slot.place, reason],
    )
  const { eventId } = slot
  const listing =
    slot.place === 'card-files'
      ? ({ place: 'card-thread', eventId } as const)
      : ({ place: 'request-thread', contactId: slot.contactId, eventId } as const)
  const key = `${eventId}/linked/${channel}/${[...reasons.keys()].join(',')}`
  const effect = { kind: 'post', slot: listing } as const
  await insertEffect(tx, { ...row, key, eventId, effect, messageId: null })
}

/** Has the files of an event put under the card in the channel it stands in now. Once for each channel. */
export async function uploadUnderCard(tx: Tx, ticketId: number, eventId: number, channel: string): Promise<string> {
  const lane = `slack:${channel}`
  const effect = { kind: 'upload', slot: { place: 'card-files', eventId } } as const
  await insertEffect(tx, { key: `${eventId}/upload/${channel}`, ticketId, eventId, lane, effect, messageId: null })
  return lane
}
