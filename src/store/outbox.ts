import type { CheckMail, CodeMail, Effect, UnreadMail } from '../ticket/policies/effect.ts'
import type { Db, Tx } from './database.ts'
import { storable } from './storable.ts'

export interface OutboxRow {
  id: number
  key: string
  ticketId: number | null
  eventId: number | null
  lane: string
  effect: Effect | CodeMail | CheckMail | UnreadMail
  state: 'waiting' | 'trying'
  attempts: number
  /** When it was tried and no outcome was written: the process died, or the answer never came. */
  triedAt: Date | null
  messageId: string | null
  /** What the last try came to, in words; null when nothing is wrong. */
  problem: string | null
  /** Since the first try, in ms; 0 before it. */
  ageMs: number
  /** How often a mail whose connection broke behind DATA was not found to have left; 0: that did not happen to it. */
  doubts: number
}

/**
 * Writes an effect beside its cause. Answers false when the same key is there already. `inMs`: it comes into its lane only
 * then, and holds up nothing there before.
 */
export async function insertEffect(
  tx: Tx,
  row: Pick<OutboxRow, 'key' | 'ticketId' | 'eventId' | 'lane' | 'effect' | 'messageId'>,
  inMs = 0,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into outbox (key, ticket_id, event_id, kind, lane, effect, next_at, message_id, not_before)
     values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $8::float / 1000), $7,
       case when $8 > 0 then now() + make_interval(secs => $8::float / 1000) end) on conflict (key) do nothing`,
    [
      ...[row.key, row.ticketId, row.eventId, row.effect.kind, row.lane, JSON.stringify(row.effect), row.messageId],
      inMs,
    ],
  )
  return rowCount === 1
}

/** The effect of a lane to be done next, or null when all have an outcome. Order in a lane is the order of the causes. */
export async function firstWaiting(db: Db, lane: string): Promise<(OutboxRow & { waitMs: number }) | null> {
  const { rows } = await db.query(
    `select *, greatest(0, extract(epoch from next_at - now()) * 1000)::int as wait_ms,
       coalesce(extract(epoch from now() - first_tried_at) * 1000, 0)::float as age_ms from (
       (select *, false as beside from outbox where lane = $1 and state in ('waiting', 'trying')
          and (not_before is null or not_before <= now()) order by id limit 1)
       union all
       (select *, true from outbox where lane = $1 and state in ('waiting', 'trying') and not_before > now()
          order by not_before limit 1)
     ) next order by beside limit 1`,
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
    problem: row.problem,
    ageMs: row.age_ms,
    doubts: row.doubts,
    waitMs: row.wait_ms,
  }
}

/**
 * Written before the outside is touched, so that a crash after it is known as *maybe done*. Answers false when the
 * effect has ended meanwhile: it must not be tried.
 */
export async function markTrying(db: Db, id: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `update outbox set state = 'trying', tried_at = now(), first_tried_at = coalesce(first_tried_at, now()),
       attempts = attempts + 1
     where id = $1 and state in ('waiting', 'trying')`,
    [id],
  )
  return rowCount === 1
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

/**
 * It may have happened: stays *trying*, and is looked for before it is tried again after `delayMs`. `isDoubted`: nobody
 * has found it yet, and it must not be done again unasked.
 */
export async function markUncertain(
  db: Db,
  id: number,
  problem: string,
  delayMs: number,
  isDoubted = false,
): Promise<void> {
  await db.query(
    `update outbox set problem = $2, next_at = now() + make_interval(secs => $3::float / 1000),
       doubts = doubts + $4::int where id = $1`,
    [id, storable(problem), delayMs, isDoubted ? 1 : 0],
  )
}

/**
 * Ends the other waiting edits of one Slack message: what is about to be shown is read from the database after this,
 * so it already says what they would; a Home is one, whichever ticket it is drawn for. Not those that are due only
 * later: what they show is not true yet.
 */
export async function foldEdits(db: Db, row: OutboxRow): Promise<void> {
  if (row.effect.kind !== 'post') return
  await db.query(
    `update outbox set state = 'folded', done_at = now()
     where lane = $1 and id > $3 and state = 'waiting' and effect->'slot' = $4::jsonb and next_at <= now()
       and (ticket_id is not distinct from $2 or effect->'slot'->>'place' = 'home')`,
    [row.lane, row.ticketId, row.id, JSON.stringify(row.effect.slot)],
  )
}

/**
 * Lanes in which something waits and is due, or comes into them within two minutes: what the sweep wakes when a wake-up
 * got lost, or whoever waited for the moment is gone.
 */
export async function dueLanes(db: Db): Promise<string[]> {
  const { rows } = await db.query<{ lane: string }>(
    `select lane from (select distinct on (lane) lane, next_at from outbox
       where state in ('waiting', 'trying') and (not_before is null or not_before <= now())
       order by lane, id) first where next_at <= now()
     union
     select lane from outbox where state = 'waiting' and not_before between now() and now() + interval '2 minutes'`,
  )
  return rows.map((row) => row.lane)
}
