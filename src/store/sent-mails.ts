import { hashOf } from '../secrets.ts'
import type { Db, Tx } from './database.ts'

export interface SentMail {
  messageId: string
  ticketId: number
  outboxId: number
  contactId: number
  /** For a mail that no person wrote: the address it counts for, lower case, and whether that is a stranger's. */
  automatic?: { to: string; toStranger: boolean } | null
}

/** Remembers a Message-ID of ours before the mail leaves, so that even the fastest answer finds its ticket. */
export async function saveSentMail(db: Db, mail: SentMail, at: Date): Promise<void> {
  const { messageId, ticketId, outboxId, contactId, automatic } = mail
  await db.query(
    `insert into sent_mails
       (message_id_hash, message_id, ticket_id, outbox_id, contact_id, at, automatic_to, is_to_stranger)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [
      hashOf(messageId),
      messageId,
      ticketId,
      outboxId,
      contactId,
      at,
      automatic?.to ?? null,
      automatic?.toStranger ?? false,
    ],
  )
}

/** How many mails on this ticket told the contact, in the hour before `now`, of what others had answered by mail. */
export async function relayedTo(db: Db, ticketId: number, contactId: number, now: Date): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select count(distinct s.outbox_id)::int as n from sent_mails s
     join outbox o on o.id = s.outbox_id join events e on e.id = o.event_id
     where s.ticket_id = $1 and s.contact_id = $2 and s.at > $3::timestamptz - interval '1 hour'
       and e.type = 'replied' and e.via = 'mail'`,
    [ticketId, contactId, now],
  )
  return rows[0]!.n
}

/** The mail of ours with this Message-ID: its outbox row and whom it was for; null when there is none. */
export async function sentMail(
  db: Db,
  messageId: string,
): Promise<{ outboxId: number | null; contactId: number } | null> {
  const { rows } = await db.query<{ outbox_id: number | null; contact_id: number }>(
    'select outbox_id, contact_id from sent_mails where message_id_hash = $1',
    [hashOf(messageId)],
  )
  return rows[0] ? { outboxId: rows[0].outbox_id, contactId: rows[0].contact_id } : null
}

/**
 * How many automatic mails an address got in the hour and the day before `now`, and how many strangers of its domain
 * in that day; the mail with this outbox id left out. Until the transaction ends, nobody else counts for that domain.
 */
export async function automaticMailsTo(
  tx: Tx,
  address: string,
  outboxId: number,
  now: Date,
): Promise<{ inHour: number; inDay: number; strangersOfDomain: number }> {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 3))', [domain])
  const { rows } = await tx.query<{ in_hour: number; in_day: number }>(
    `select count(distinct outbox_id) filter (where at > $3::timestamptz - interval '1 hour')::int as in_hour,
       count(distinct outbox_id)::int as in_day
     from sent_mails where automatic_to = $1 and outbox_id <> $2 and at > $3::timestamptz - interval '1 day'`,
    [address, outboxId, now],
  )
  const strangers = await tx.query<{ n: number }>(
    `select count(distinct automatic_to)::int as n from sent_mails
     where is_to_stranger and split_part(automatic_to, '@', 2) = $1 and outbox_id <> $2
       and at > $3::timestamptz - interval '1 day'`,
    [domain, outboxId, now],
  )
  return { inHour: rows[0]!.in_hour, inDay: rows[0]!.in_day, strangersOfDomain: strangers.rows[0]!.n }
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
