import type pg from 'pg'
import type { Database } from './database.ts'

// Lanes keep order and pace: one lane is one Slack channel, one person's App Home, or one person's mail on one ticket.
// Times here are the database's own, because several processes share the lanes and the sandbox's clock can be pushed.

/** Who drains which lane. A lane is held by a lock of our session, so a killed process lets go of it at once. */
export interface Lanes {
  /**
   * Takes a lane for this process; null when another holds it. `waitMs`: how long it must still be silent. `isHeld`
   * turns false when our session breaks, and the lane with it may be another's.
   */
  hold(lane: string): Promise<{ waitMs: number; isHeld(): boolean } | null>
  /** The lane must be silent for `silentMs` from now, whoever holds it then. */
  pace(lane: string, silentMs: number): Promise<void>
  /** Lets go of a lane that is still held: with the session its locks are gone. */
  release(lane: string): Promise<void>
  close(): void
}

const LANE_LOCKS = 7_303_015 // the class of our advisory locks; any number that is ours
const UNLOCK = 'select pg_advisory_unlock($1, hashtext($2))'

export function createLanes(database: Database): Lanes {
  let session: Session | null = null

  const open = (): Session => {
    if (session) return session
    let isOver = false
    const client = database.pool.connect()
    let turn: Promise<unknown> = client.catch(() => {})
    const opened: Session = {
      query: (text, values) => {
        const mine = turn.then(async () => (await client).query(text, values))
        turn = mine.catch(() => {})
        return mine
      },
      // Both 'error' and 'end' come when a connection breaks, the second when there may be a new session already.
      end: () => {
        if (isOver) return
        isOver = true
        if (session === opened) session = null
        client.then((connected) => connected.release(true)).catch(() => {})
      },
    }
    client.then(
      (connected) => {
        connected.on('error', opened.end)
        connected.on('end', opened.end)
      },
      () => opened.end(),
    )
    session = opened
    return opened
  }
  return {
    hold: async (lane) => {
      const mine = open()
      const { rows } = await mine.query('select pg_try_advisory_lock($1, hashtext($2)) as held', [LANE_LOCKS, lane])
      if (!rows[0]!.held) return null
      try {
        const paced = await database.query<{ wait_ms: number }>(
          'select greatest(0, extract(epoch from next_at - now()) * 1000)::int as wait_ms from lanes where lane = $1',
          [lane],
        )
        return { waitMs: paced.rows[0]?.wait_ms ?? 0, isHeld: () => session === mine }
      } catch (error) {
        await mine.query(UNLOCK, [LANE_LOCKS, lane])
        throw error
      }
    },
    pace: async (lane, silentMs) => {
      await database.query(
        `insert into lanes (lane, next_at) values ($1, now() + make_interval(secs => $2::float / 1000))
         on conflict (lane) do update set next_at = excluded.next_at`,
        [lane, silentMs],
      )
    },
    release: async (lane) => {
      await session?.query(UNLOCK, [LANE_LOCKS, lane])
    },
    close: () => session?.end(),
  }
}

/** The connection whose locks are ours. `end` gives it up, once, however often it is called. */
interface Session {
  /** Runs one statement after the other: a connection takes only one at a time. */
  query(text: string, values: unknown[]): Promise<pg.QueryResult>
  end(): void
}
