import type { Effect } from '../ticket/policies/effect.ts'
import type { Db, Tx } from './database.ts'
import { storable } from './storable.ts'

export interface OutboxRow {
  id: number
  key: string
  ticketId: number | null
  eventId: number | null
  lane: string
  effect: Effect
  state: 'waiting' | 'trying'
  attempts: number
  /** When it was tried and no outcome was written: the process died, or the answer never came. */
  triedAt: Date | null
  messageId: string | null
}

/** Writes an effect beside its cause. Answers false when the same key is there already. */
export async function insertEffect(
  tx: Tx,
  row: Pick<OutboxRow, 'key' | 'ticketId' | 'eventId' | 'lane' | 'effect' | 'messageId'>,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into outbox (key, ticket_id, event_id, kind, lane, effect, next_at, message_id)
     values ($1, $2, $3, $4, $5, $6, now(), $7) on conflict (key) do nothing`,
    [row.key, row.ticketId, row.eventId, row.effect.kind, row.lane, JSON.stringify(row.effect), row.messageId],
  )
  return rowCount === 1
}

/** The first effect of a lane that has no outcome yet, or null. Order in a lane is the order of the causes. */
export async function firstWaiting(db: Db, lane: string): Promise<(OutboxRow & { waitMs: number }) | null> {
  const { rows } = await db.query(
    `select *, greatest(0, extract(epoch from next_at - now()) * 1000)::int as wait_ms
     from outbox where lane = $1 and state in ('waiting', 'trying') order by id limit 1`,
    [lane],
  )
  const row = rows[0]
  if (!row) return null
  return {
    id: row.id,
    key: row.key,
    ticketId: row.ticket_id,
    eventId: row.event_id,
    lane: row.lane,
    effect: row.effect,
    state: row.state,
    attempts: row.attempts,
    triedAt: row.tried_at,
    messageId: row.message_id,
    waitMs: row.wait_ms,
  }
}

/** Written before the outside is touched, so that a crash after it is known as *maybe done*. */
export async function markTrying(db: Db, id: number): Promise<void> {
  await db.query(`update outbox set state = 'trying', tried_at = now(), attempts = attempts + 1 where id = $1`, [id])
}

export async function markDone(db: Db, id: number): Promise<void> {
  await db.query(`update outbox set state = 'done', done_at = now(), problem = null where id = $1`, [id])
}

/** Never again, or nobody knows: an end with a reason, for a person to look at. */
export async function markEnded(db: Db, id: number, state: 'never' | 'unknown', problem: string): Promise<void> {
  await db.query('update outbox set state = $2, problem = $3, done_at = now() where id = $1', [
    id,
    state,
    storable(problem),
  ])
}

/** Not now: it certainly did not happen, and is tried again after `delayMs`. */
export async function markLater(db: Db, id: number, problem: string, delayMs: number): Promise<void> {
  await db.query(
    `update outbox set state = 'waiting', tried_at = null, problem = $2,
       next_at = now() + make_interval(secs => $3::float / 1000) where id = $1`,
    [id, storable(problem), delayMs],
  )
}

/** It may have happened: stays *trying*, and is looked for before it is tried again after `delayMs`. */
export async function markUncertain(db: Db, id: number, problem: string, delayMs: number): Promise<void> {
  await db.query(
    `update outbox set problem = $2, next_at = now() + make_interval(secs => $3::float / 1000) where id = $1`,
    [id, storable(problem), delayMs],
  )
}

/**
 * Ends the other waiting edits of one Slack message: what is about to be shown is read from the database after this,
 * so it already says what they would.
 */
export async function foldEdits(db: Db, row: OutboxRow): Promise<void> {
  if (row.effect.kind !== 'post') return
  await db.query(
    `update outbox set state = 'folded', done_at = now()
     where lane = $1 and ticket_id is not distinct from $2 and id > $3 and state = 'waiting' and effect->'slot' = $4::jsonb`,
    [row.lane, row.ticketId, row.id, JSON.stringify(row.effect.slot)],
  )
}

/** Lanes in which something waits and is due: what the sweep wakes when a wake-up got lost. */
export async function dueLanes(db: Db): Promise<string[]> {
  const { rows } = await db.query<{ lane: string }>(
    `select lane from (select distinct on (lane) lane, next_at from outbox
       where state in ('waiting', 'trying') order by lane, id) first where next_at <= now()`,
  )
  return rows.map((row) => row.lane)
}
