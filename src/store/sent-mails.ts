import { hashOf } from '../secrets.ts'
import type { Db } from './database.ts'

/** Remembers a Message-ID of ours before the mail leaves, so that even the fastest answer finds its ticket. */
export async function saveSentMail(
  db: Db,
  mail: { messageId: string; ticketId: number; outboxId: number; contactId: number },
  at: Date,
): Promise<void> {
  await db.query(
    `insert into sent_mails (message_id_hash, message_id, ticket_id, outbox_id, contact_id, at)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [hashOf(mail.messageId), mail.messageId, mail.ticketId, mail.outboxId, mail.contactId, at],
  )
}

/**
 * The mails of a ticket as this person's mail program has them, oldest first: the one that opened it, their own, and
 * ours to them. What our next mail refers to (RFC 5322 §3.6.4).
 */
export async function threadOf(db: Db, ticketId: number, contactId: number): Promise<string[]> {
  const { rows } = await db.query<{ message_id: string }>(
    `select message_id from (
       select message_id, at from sent_mails where ticket_id = $1 and contact_id = $2
       union all
       select message_id, received_at from inbound_mails where ticket_id = $1 and message_id is not null
         and (outcome = 'ticket' or (outcome in ('reply', 'follow-up') and contact_id = $2))
     ) thread order by at`,
    [ticketId, contactId],
  )
  return rows.map((row) => row.message_id)
}
