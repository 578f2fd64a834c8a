import type { Db, Tx } from './database.ts'

/** A mail of which nobody knows whether it left is sent again, under its Message-ID: answers with its lane, null if not. */
export async function sendAgain(tx: Tx, ticketId: number, id: number): Promise<string | null> {
  const { rows } = await tx.query<{ lane: string }>(
    `update outbox set state = 'waiting', attempts = 0, doubts = 0, first_tried_at = null, tried_at = null,
       done_at = null, next_at = now()
     where id = $2 and ticket_id = $1 and kind = 'mail' and state = 'unknown' returning lane`,
    [ticketId, id],
  )
  return rows[0]?.lane ?? null
}

/** A mail of which nobody knows whether it left counts as sent: answers whether it was such a one. */
export async function assumeSent(tx: Tx, ticketId: number, id: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update outbox set state = 'done' where id = $2 and ticket_id = $1 and kind = 'mail' and state = 'unknown'`,
    [ticketId, id],
  )
  return rowCount === 1
}

const MOST_MINUTES = 5

/** True, or in words that what is due outside is not being done: the first effect of some lane has waited for minutes. */
export async function outboxFlows(db: Db): Promise<true | string> {
  const { rows } = await db.query<{ ms: number }>(
    `select coalesce(max(extract(epoch from now() - greatest(first.next_at, coalesce(l.next_at, first.next_at))) * 1000), 0)::float as ms
     from (select distinct on (lane) lane, next_at from outbox
       where state in ('waiting', 'trying') and (not_before is null or not_before <= now())
       order by lane, id) first left join lanes l on l.lane = first.lane`,
  )
  const minutes = Math.floor((rows[0]?.ms ?? 0) / 60_000)
  return minutes <= MOST_MINUTES || `posts or mails are due for ${minutes} minutes and not done: see the log for why`
}
