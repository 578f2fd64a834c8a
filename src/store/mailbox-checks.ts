import type { Db, Tx } from './database.ts'

/** What became of the Authentication-Results that we forged in a mail to ourselves. */
export type CheckVerdict = 'removed' | 'kept'

/** The latest mail with which a mailbox was checked, and what is known of its server. */
export interface MailboxCheck {
  checkId: string
  mailbox: string
  authservId: string
  /** Whether it came back. */
  hasArrived: boolean
  /** Of the last one that came back; null: none did yet. */
  verdict: CheckVerdict | null
}

const WHEN_KEPT = '1 day'
// Servers are moved and set up anew.
const WHEN_REMOVED = '30 days'
const LATE = '1 hour'

/**
 * Writes that a check begins, and answers with its id; null when the last one is not old enough, or the mailbox was never
 * read: what is there before that is left alone. Of two processes only one gets an id.
 */
export async function beginCheck(tx: Tx, mailbox: string, authservId: string, now: Date): Promise<string | null> {
  const { rows } = await tx.query<{ check_id: string }>(
    `insert into mailbox_checks as c (mailbox, authserv_id, begun_at)
     select $1, $2, $3::timestamptz where exists (select from mailboxes where mailbox = $1 and uid_validity is not null)
     on conflict (mailbox, authserv_id) do update
       set check_id = gen_random_uuid(), begun_at = $3, arrived_at = null, missed_at = null
       where c.begun_at <= $3::timestamptz
         - case when c.arrived_at is not null and c.verdict = 'removed' then interval '${WHEN_REMOVED}'
             else interval '${WHEN_KEPT}' end
     returning check_id`,
    [mailbox, authservId, now],
  )
  return rows[0]?.check_id ?? null
}

/** The check of this mailbox under this name, locked when asked on a transaction that will settle it; null before the first. */
export async function checkOf(
  db: Db,
  mailbox: string,
  authservId: string,
  options: { lock?: boolean } = {},
): Promise<MailboxCheck | null> {
  const { rows } = await db.query(
    `select * from mailbox_checks where mailbox = $1 and authserv_id = $2 ${options.lock ? 'for update' : ''}`,
    [mailbox, authservId],
  )
  return rows[0] ? toCheck(rows[0]) : null
}

/** The check with this id, or null when a later one took its place. */
export async function checkWithId(db: Db, checkId: string): Promise<MailboxCheck | null> {
  const { rows } = await db.query('select * from mailbox_checks where check_id = $1', [checkId])
  return rows[0] ? toCheck(rows[0]) : null
}

/** Writes what the mail of a check came back with. */
export async function settleCheck(tx: Tx, checkId: string, verdict: CheckVerdict, now: Date): Promise<void> {
  await tx.query(
    `update mailbox_checks set verdict = $2, arrived_at = coalesce(arrived_at, $3), missed_at = null where check_id = $1`,
    [checkId, verdict, now],
  )
}

/** The mailboxes whose check has not come back for an hour: each is answered once. */
export async function missedChecks(db: Db, authservId: string, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ mailbox: string }>(
    `update mailbox_checks set missed_at = $2
     where authserv_id = $1 and arrived_at is null and missed_at is null
       and begun_at <= $2::timestamptz - interval '${LATE}'
     returning mailbox`,
    [authservId, now],
  )
  return rows.map(({ mailbox }) => mailbox)
}

/** The mailboxes whose server let the forgery through. */
export async function mailboxesThatKeep(db: Db, authservId: string): Promise<string[]> {
  const { rows } = await db.query<{ mailbox: string }>(
    `select mailbox from mailbox_checks where authserv_id = $1 and verdict = 'kept' order by mailbox`,
    [authservId],
  )
  return rows.map(({ mailbox }) => mailbox)
}

function toCheck(row: Record<string, unknown>): MailboxCheck {
  return {
    checkId: row.check_id,
    mailbox: row.mailbox,
    authservId: row.authserv_id,
    hasArrived: row.arrived_at !== null,
    verdict: row.verdict,
  } as MailboxCheck
}
