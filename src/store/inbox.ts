import { createHash } from 'node:crypto'
import type { MailStore, ReceivedMail } from '../mail/mailbox.ts'
import { hashOf } from '../secrets.ts'
import type { SenderProof } from '../ticket/ticket.ts'
import type { Database, Db, Tx } from './database.ts'
import { storable, storableIn } from './storable.ts'

/** How an inbound mail can end. Exactly one for every mail fetched. */
export const mailOutcomes = [
  'ticket',
  'reply',
  'follow-up',
  'held',
  'automatic',
  'bounce',
  'spam',
  'loop',
  'duplicate',
  'rejected',
  'unreadable',
  'check',
] as const
export type MailOutcome = (typeof mailOutcomes)[number]

/** Where fetched mail is kept: the raw bytes and the cursor in one transaction, with the job that will read it. */
export function createInbox(database: Database, wakeIntake: (tx: Tx) => Promise<void>): MailStore {
  return {
    cursor: async (mailbox) => {
      const { rows } = await database.query('select * from mailboxes where mailbox = $1', [mailbox])
      const row = rows[0]
      if (row?.uid_validity == null) return null
      return { uidValidity: row.uid_validity, lastUid: row.last_uid, since: row.since, resyncUpTo: row.resync_up_to }
    },
    setCursor: async (mailbox, cursor) => {
      await database.query(
        `insert into mailboxes (mailbox, uid_validity, last_uid, since, resync_up_to) values ($1, $2, $3, $4, $5)
         on conflict (mailbox) do update set uid_validity = $2, last_uid = $3, since = $4, resync_up_to = $5`,
        [mailbox, Number(cursor.uidValidity), cursor.lastUid, cursor.since ?? null, cursor.resyncUpTo ?? null],
      )
    },
    save: (mail) => database.transaction((tx) => save(tx, mail, wakeIntake)),
    readUpTo: async (mailbox, at) => {
      await database.query(
        `insert into mailboxes (mailbox, read_up_to) values ($1, $2)
         on conflict (mailbox) do update set read_up_to = greatest(mailboxes.read_up_to, excluded.read_up_to)`,
        [mailbox, at],
      )
    },
  }
}

async function save(tx: Tx, mail: ReceivedMail, wakeIntake: (tx: Tx) => Promise<void>): Promise<void> {
  const sha256 = createHash('sha256').update(mail.raw).digest()
  const uidValidity = Number(mail.uidValidity)
  // After a UIDVALIDITY change the whole mailbox is read again: what was stored by its content is not stored twice.
  const stored = await tx.query<{ id: number }>(
    `insert into inbound_mails (mailbox, uid_validity, uid, sha256, raw, received_at, fetched_at)
     values ($1, $2, $3, $4, $5, $6, now()) on conflict do nothing returning id`,
    [mail.mailbox, uidValidity, mail.uid, sha256, mail.raw, mail.receivedAt],
  )
  await tx.query(
    `insert into fetched_mails (mailbox, uid_validity, uid, mail_id)
     select $1, $2, $3, id from inbound_mails where mailbox = $1 and (sha256 = $4 or (uid_validity, uid) = ($2, $3))
     order by id limit 1 on conflict do nothing`,
    [mail.mailbox, uidValidity, mail.uid, sha256],
  )
  await moveCursor(tx, mail.mailbox, uidValidity, mail.uid)
  if (stored.rowCount === 1) await wakeIntake(tx)
}

/** Only ever forward: a mail saved twice, by two processes, must not move the cursor back. */
async function moveCursor(db: Db, mailbox: string, uidValidity: number, lastUid: number): Promise<void> {
  await db.query(
    `insert into mailboxes (mailbox, uid_validity, last_uid) values ($1, $2, $3)
     on conflict (mailbox) do update set last_uid = greatest(mailboxes.last_uid, excluded.last_uid)
       where mailboxes.uid_validity = excluded.uid_validity`,
    [mailbox, uidValidity, lastUid],
  )
}

export interface WaitingMail {
  id: number
  /** The key of the mailbox it was fetched from. */
  mailbox: string
  raw: Buffer
  receivedAt: Date
  /** Tries that were begun. */
  /** Tries begun, and those of them that failed: the rest were cut off. */
  attempts: number
  failures: number
  /** How often an operator had it looked at again. */
  replays: number
}

/** The oldest mail that is not understood yet and may be tried now, or null. */
export async function nextWaitingMail(db: Db): Promise<WaitingMail | null> {
  const { rows } = await db.query(
    `select id, mailbox, raw, received_at, attempts, failures, replays from inbound_mails
     where state = 'stored' and retry_at <= now() order by id limit 1`,
  )
  const row = rows[0]
  if (!row) return null
  const { id, mailbox, raw, attempts, failures, replays } = row
  return { id, mailbox, raw, receivedAt: row.received_at, attempts, failures, replays }
}

/** The key of the mailbox that the mail which opened a ticket was fetched from; null when no mail did. */
export async function mailboxOfTicket(db: Db, ticketId: number): Promise<string | null> {
  const { rows } = await db.query<{ mailbox: string }>(
    `select mailbox from inbound_mails where ticket_id = $1 and outcome in ('ticket', 'follow-up') order by id limit 1`,
    [ticketId],
  )
  return rows[0]?.mailbox ?? null
}

/** Locks a mail for the transaction that decides about it; false when somebody else has decided meanwhile. */
export async function lockMail(tx: Tx, id: number): Promise<boolean> {
  const { rowCount } = await tx.query(`select from inbound_mails where id = $1 and state = 'stored' for update`, [id])
  return rowCount === 1
}

/** The one end of a mail: what it was, which rule said so, and what it led to. */
export interface MailEnd {
  outcome: MailOutcome
  rule: string
  reason: string
  ticketId?: number | null
  contactId?: number | null
}

/** What is remembered of a mail so that a repeat of it, an answer to it and a person looking at it find it. */
export interface MailTraits {
  messageId: string | null
  contentHash: Buffer
  sender: string | null
  /** Whether that is who wrote it, and the code of why; null when nobody could ask. */
  proof?: { proof: SenderProof; reason: string } | null
  subject: string
  /** What the rules looked at, as plain data. */
  saw: object
  /** For a mail that a person must look at: whom it names and how it begins. */
  claimedFrom: string | null
  excerpt: string | null
}

/** Writes the one end of a mail. */
export async function settleMail(tx: Tx, id: number, end: MailEnd, traits: MailTraits, now: Date): Promise<void> {
  const clean = (text: string | null) => (text === null ? null : storable(text).slice(0, 998))
  await tx.query(
    `update inbound_mails set state = 'done', outcome = $2, rule = $3, reason = $4, ticket_id = $5, contact_id = $6,
       message_id = $7, message_id_hash = $8, content_hash = $9, sender = $10, subject = $11, done_at = $12,
       saw = $13, claimed_from = coalesce($14, claimed_from), excerpt = coalesce($15, excerpt),
       sender_proof = $16, sender_reason = $17
     where id = $1`,
    [
      id,
      end.outcome,
      end.rule,
      end.reason,
      end.ticketId ?? null,
      end.contactId ?? null,
      clean(traits.messageId),
      traits.messageId && hashOf(traits.messageId),
      traits.contentHash,
      clean(traits.sender),
      clean(traits.subject),
      now,
      JSON.stringify(storableIn(traits.saw)),
      clean(traits.claimedFrom),
      traits.excerpt && storable(traits.excerpt),
      traits.proof?.proof ?? null,
      traits.proof?.reason ?? null,
    ],
  )
}

/** Counts a try before it is made: a mail that takes the whole process down with it has its last try too. */
export async function countTry(db: Db, id: number): Promise<void> {
  await db.query(`update inbound_mails set attempts = attempts + 1 where id = $1 and state = 'stored'`, [id])
}

/** Notes that reading a mail failed by a fault of ours, and when to try again. */
export async function postponeMail(db: Db, id: number, problem: string, delayMs: number): Promise<void> {
  await db.query(
    `update inbound_mails set failures = failures + 1, problem = $2,
       retry_at = now() + make_interval(secs => $3::float / 1000) where id = $1 and state = 'stored'`,
    [id, storable(problem).slice(0, 2000), delayMs],
  )
}

/** The earlier mail with the same words from the same sender under the same Message-ID, or null. */
export async function earlierTwin(db: Db, id: number, contentHash: Buffer): Promise<number | null> {
  const { rows } = await db.query<{ id: number }>(
    `select id from inbound_mails where content_hash = $1 and id < $2 order by id limit 1`,
    [contentHash, id],
  )
  return rows[0]?.id ?? null
}

/** How many reply addresses that name no ticket this sender tried in the hour before `now`, among the latest mails. */
export async function unknownTokensOf(db: Db, sender: string, now: Date): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select coalesce(sum((saw->'facts'->>'unknownTokens')::int), 0)::int as n from inbound_mails
     where id > (select max(id) from inbound_mails) - 5000 and sender = $1 and done_at > $2::timestamptz - interval '1 hour'`,
    [storable(sender), now],
  )
  return rows[0]!.n
}

/** The tickets behind Message-IDs: of mails that left here, and of mails that opened or joined a ticket. */
export async function ticketsOfMessageIds(
  db: Db,
  messageIds: string[],
): Promise<{ messageId: string; ticketId: number; isOfOthers: boolean }[]> {
  const { rows } = await db.query<{ message_id: string; ticket_id: number; is_of_others: boolean }>(
    `select message_id, ticket_id, false as is_of_others from sent_mails where message_id_hash = any($1)
     union
     select message_id, ticket_id, true from inbound_mails where message_id_hash = any($1) and ticket_id is not null
       and outcome in ('ticket', 'reply', 'follow-up')
     order by is_of_others`,
    [messageIds.map(hashOf)],
  )
  return rows.map((row) => ({ messageId: row.message_id, ticketId: row.ticket_id, isOfOthers: row.is_of_others }))
}

/** The bytes of a mail as they came, when its server took it, what was proven of its sender; null when there is no such mail. */
export async function rawMail(
  db: Db,
  id: number,
): Promise<{ mailbox: string; raw: Buffer; receivedAt: Date; sender: SenderProof | null } | null> {
  const { rows } = await db.query('select mailbox, raw, received_at, sender_proof from inbound_mails where id = $1', [
    id,
  ])
  if (!rows[0]) return null
  const { mailbox, raw, received_at, sender_proof } = rows[0]
  return { mailbox, raw, receivedAt: received_at, sender: sender_proof }
}
