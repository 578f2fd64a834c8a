import type { Db } from './database.ts'

// Lanes keep order and pace: one lane is one Slack channel, or one person's mail on one ticket. All times here are
// the database's own, because several processes share the lanes and the sandbox's clock can be pushed.

const HOLD_SECONDS = 60 // longer than any single send may take; a dead holder blocks its lane no longer than this

/** Takes a lane for this process, or answers null when another holds it. `waitMs`: how long it must still be silent. */
export async function holdLane(db: Db, lane: string): Promise<{ waitMs: number } | null> {
  const { rows } = await db.query<{ wait_ms: number }>(
    `insert into lanes (lane, next_at, held_until) values ($1, now(), now() + make_interval(secs => ${HOLD_SECONDS}))
     on conflict (lane) do update set held_until = excluded.held_until
       where lanes.held_until is null or lanes.held_until < now()
     returning greatest(0, extract(epoch from next_at - now()) * 1000)::int as wait_ms`,
    [lane],
  )
  return rows[0] ? { waitMs: rows[0].wait_ms } : null
}

/** Goes on holding the lane, which must be silent for `silentMs` from now. */
export async function paceLane(db: Db, lane: string, silentMs: number): Promise<void> {
  await db.query(
    `update lanes set next_at = now() + make_interval(secs => $2::float / 1000),
       held_until = now() + make_interval(secs => ${HOLD_SECONDS}) where lane = $1`,
    [lane, silentMs],
  )
}

export async function releaseLane(db: Db, lane: string): Promise<void> {
  await db.query('update lanes set held_until = null where lane = $1', [lane])
}
