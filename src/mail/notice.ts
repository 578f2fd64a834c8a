import type { Queue } from '../desk.ts'
import type { Tx } from '../store/database.ts'
import { noticedMail } from '../store/mail-notices.ts'
import { insertEffect } from '../store/outbox.ts'

export interface NoticeParts {
  queue: Queue
  triageChannelOf(groupKey: string | null): string
}

/**
 * Shows in the triage channel what is true of a mail now: a notice for one that a person must look at, or how that was
 * decided since. `cause` tells this occasion from the others. Nothing for a mail that no person was ever asked about.
 */
export async function showToStaff({ queue, triageChannelOf }: NoticeParts, tx: Tx, mailId: number, cause: string) {
  const mail = await noticedMail(tx, mailId)
  if (!mail) return
  // Held mail goes to those who work on the ticket it wanted.
  const lane = `slack:${triageChannelOf(mail.groupKey)}`
  const effect = { kind: 'post', slot: { place: 'mail-notice', mailId } } as const
  const key = `mail-notice/${mailId}/${cause}`
  await insertEffect(tx, { key, ticketId: null, eventId: null, lane, effect, messageId: null })
  await queue.wakeLane(tx, lane)
}
