import type { Db } from './database.ts'

export interface DueTicket {
  id: number
  reopenUntil: Date
}

/**
 * Solved tickets whose window ended before `heard`, up to which all that was said elsewhere is here, and which may close:
 * every watched mailbox has been read past the deadline, and no mail that was received by it still waits to be understood. So a reply that came in time is never
 * met by a closed ticket (STA-09, X3). At most `limit`, earliest deadline first, those after `last` when there is one.
 *
 * Mail servers stamp mails in whole seconds (INTERNALDATE, RFC 3501 §2.3.3): one that came up to a second after the
 * deadline may say that it came in time, so the mailbox must have been read a second past it.
 */
export async function ticketsToClose(
  db: Db,
  mailboxes: string[],
  heard: Date,
  limit: number,
  last: DueTicket | null = null,
): Promise<DueTicket[]> {
  const { rows } = await db.query<{ id: number; reopen_until: Date }>(
    `select id, reopen_until from tickets t
     where reopen_until < $1 and ($4::timestamptz is null or (reopen_until, id) > ($4, $5::bigint))
       and not exists (select from unnest($2::text[]) watched (mailbox) left join mailboxes m using (mailbox)
                       where m.read_up_to is null or m.read_up_to < t.reopen_until + interval '1 second')
       and not exists (select from inbound_mails i where i.state = 'stored' and i.received_at <= t.reopen_until)
     order by reopen_until, id limit $3`,
    [heard, mailboxes, limit, last?.reopenUntil ?? null, last?.id ?? null],
  )
  return rows.map((row) => ({ id: row.id, reopenUntil: row.reopen_until }))
}

/** A ticket whose requester is to be reminded of the rating they have not given. */
export interface DueReminder {
  id: number
  remindAt: Date
}

/** Those due at `now`, at most `limit`, the earliest first, those after `last` when there is one. */
export async function ticketsToRemind(
  db: Db,
  now: Date,
  limit: number,
  last: DueReminder | null = null,
): Promise<DueReminder[]> {
  const { rows } = await db.query<{ id: number; remind_at: Date }>(
    `select id, remind_at from tickets
     where remind_at <= $1 and ($3::timestamptz is null or (remind_at, id) > ($3, $4::bigint))
     order by remind_at, id limit $2`,
    [now, limit, last?.remindAt ?? null, last?.id ?? null],
  )
  return rows.map((row) => ({ id: row.id, remindAt: row.remind_at }))
}
