import type { Db } from './database.ts'

export interface DueTicket {
  id: number
  reopenUntil: Date
}

/**
 * Solved tickets whose window ended before `now` and which may close: every watched mailbox has been read past the
 * deadline, and no mail that was received by it still waits to be understood. So a reply that came in time is never
 * met by a closed ticket (STA-09, X3). At most `limit`, earliest deadline first.
 */
export async function ticketsToClose(db: Db, mailboxes: string[], now: Date, limit: number): Promise<DueTicket[]> {
  const { rows } = await db.query<{ id: number; reopen_until: Date }>(
    `select id, reopen_until from tickets t
     where reopen_until < $1
       and not exists (select from unnest($2::text[]) watched (mailbox) left join mailboxes m using (mailbox)
                       where m.read_up_to is null or m.read_up_to <= t.reopen_until)
       and not exists (select from inbound_mails i where i.state = 'stored' and i.received_at <= t.reopen_until)
     order by reopen_until limit $3`,
    [now, mailboxes, limit],
  )
  return rows.map((row) => ({ id: row.id, reopenUntil: row.reopen_until }))
}
