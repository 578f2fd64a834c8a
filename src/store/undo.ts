import type { Db, Tx } from './database.ts'

/**
 * Takes back what these events want done outside, unless some of it was tried: answers whether nothing has left. Which
 * posts are told to people outside is the caller's to say, by the place of their slot.
 */
export async function withdrawEffects(tx: Tx, eventIds: number[], places: string[]): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update outbox set state = 'withdrawn', done_at = now()
     where ${TOLD} and state = 'waiting' and attempts = 0`,
    [eventIds, places],
  )
  // Whatever the dispatcher began first is seen here: the update above waited for it.
  const left = await tx.query(
    `select from outbox where ${TOLD} and (state in ('waiting', 'trying', 'done', 'never', 'unknown') or attempts > 0)`,
    [eventIds, places],
  )
  return (rowCount ?? 0) > 0 && left.rowCount === 0
}

const TOLD = `event_id = any($1) and ${tellsOutside('outbox', '$2')}`

/** Whether an outbox row tells people outside of something: by mail, where they asked, or at one of `places`. */
function tellsOutside(row: string, places: string): string {
  return `(${row}.kind in ('mail', 'whisper') or ${row}.effect->'slot'->>'place' = any(${places}))`
}

/** The answers of a ticket of which nothing has left, with the ms until it does. */
export async function undoableAnswers(db: Db, ticketId: number, places: string[]): Promise<Map<number, number>> {
  const { rows } = await db.query<{ event_id: number; ms: number }>(
    `select o.event_id, extract(epoch from min(o.next_at) - now())::float * 1000 as ms
     from outbox o join events e on e.id = o.event_id
     where o.ticket_id = $1 and e.type = 'answered' and ${tellsOutside('o', '$2')}
     group by o.event_id having bool_and(o.state = 'waiting' and o.attempts = 0) and min(o.next_at) > now()`,
    [ticketId, places],
  )
  return new Map(rows.map((row) => [row.event_id, row.ms]))
}

/**
 * The ids of the comments of `tickets` that nobody outside may find yet: answers of which nothing has left, because they can
 * still be taken back. As a subquery; `places` is the placeholder of `outsidePlaces`.
 */
export function heldComments(places: string): string {
  return `(select e.comment_id from outbox o join events e on e.id = o.event_id
    where o.ticket_id = tickets.id and e.type = 'answered' and ${tellsOutside('o', places)}
    group by e.id having bool_and(o.state = 'waiting' and o.attempts = 0) and min(o.next_at) > now())`
}

/** Brings what is held back nearer by `ms`, as if they had passed: the desk's clock was pushed forward, not the database's. */
export async function bringNearer(db: Db, ms: number): Promise<void> {
  await db.query(
    `update outbox set not_before = not_before - make_interval(secs => $1::float / 1000),
       next_at = next_at - make_interval(secs => $1::float / 1000)
     where state = 'waiting' and attempts = 0 and not_before > now()`,
    [ms],
  )
}

/** How long nothing about this ticket may be told to people outside, because an answer can still be taken back; in ms. */
export async function heldBackMs(db: Db, ticketId: number, places: string[]): Promise<number> {
  const { rows } = await db.query<{ ms: number }>(
    `select coalesce(max(extract(epoch from next_at - now()) * 1000), 0)::float as ms from outbox
     where ticket_id = $1 and state = 'waiting' and attempts = 0 and next_at > now()
       and ${tellsOutside('outbox', '$2')}`,
    [ticketId, places],
  )
  const ms = rows[0]?.ms ?? 0
  return ms > 0 ? ms + 1 : 0 // never a moment before what is held back already, whatever is lost in rounding
}
