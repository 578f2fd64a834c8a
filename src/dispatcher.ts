import type { Database } from './store/database.ts'
import { createLanes, type Lanes } from './store/lanes.ts'
import {
  dueLanes,
  firstWaiting,
  foldEdits,
  markDone,
  markEnded,
  markLater,
  markTrying,
  markUncertain,
  type OutboxRow,
} from './store/outbox.ts'

/**
 * How one try ended. *done* (or nothing was left to do), *never again*, *later* (it certainly did not happen),
 * *uncertain* (it may have happened: look before trying again), *unknown* (nobody will ever know). `paceMs`: how long
 * the lane stays silent afterwards; `delayMs`: until the next try.
 */
export type Attempt =
  | { kind: 'done'; paceMs: number }
  /** `isMeant`: nothing went wrong; by now it must not be done. */
  | { kind: 'never'; problem: string; isMeant?: boolean }
  | { kind: 'unknown'; problem: string }
  /** `isDoubted`: it was looked for and not found, and must not be done again unasked. */
  | { kind: 'later' | 'uncertain'; problem: string; delayMs: number; laneToo: boolean; isDoubted?: boolean }

/** Does one effect. `mayBeDone`: an earlier try has no known outcome, so look before doing it. */
export type Deliver = (row: OutboxRow, mayBeDone: boolean) => Promise<Attempt>

export interface Dispatcher {
  /** Does what waits in this lane, in order, now or when the lane may speak again. Returns at once. */
  wake(lane: string): void
  /** Wakes every lane in which something is due. */
  wakeDue(): Promise<void>
  /** Resolves when nothing is being done and nothing will be soon: a lane that is only silent for a moment is waited for. */
  idle(): Promise<void>
  /** Finishes the try under way in each lane and lets go of the lanes. */
  stop(): Promise<void>
}

interface DispatcherParts {
  database: Database
  deliver: Record<OutboxRow['effect']['kind'], Deliver>
  /** Tells people of an effect of which nobody will know whether it happened. */
  tellUnknown?(row: OutboxRow, problem: string): Promise<void>
  log: Record<'error' | 'warn' | 'info', (fields: object, message: string) => void>
}

const BUSY_ELSEWHERE_MS = 2_000
const BUG_DELAY_MS = 30_000
const SOON_MS = 3_000 // more than any pace, less than any retry: whoever waits for us must not wait for Slack to come back
const MAX_BUGS = 10
const MAX_LOOKS = 40 // with the delays growing to ten minutes, about six hours
const LONGEST_LOOK_MS = 10 * 60_000

/** Drains outbox lanes: one try at a time in each, all lanes side by side, across processes by the lane table. */
export function createDispatcher(parts: DispatcherParts): Dispatcher {
  const lanes = createLanes(parts.database)
  const running = new Map<string, Promise<void>>()
  const again = new Set<string>()
  const timers = new Map<string, { timer: NodeJS.Timeout; at: number }>()
  let stopping = false

  const wakeIn = (lane: string, ms: number) => {
    clearTimeout(timers.get(lane)?.timer)
    const timer = setTimeout(() => {
      timers.delete(lane)
      wake(lane)
    }, ms)
    timers.set(lane, { timer, at: performance.now() + ms })
  }
  const isSoon = ({ at }: { at: number }) => at - performance.now() < SOON_MS
  const wake = (lane: string) => {
    if (stopping) return
    if (running.has(lane)) {
      again.add(lane)
      return
    }
    const run = drain(parts, lanes, lane, () => stopping)
      .catch((error) => {
        parts.log.error({ err: error, lane }, 'outbox lane')
        return BUG_DELAY_MS
      })
      .then((waitMs) => {
        running.delete(lane)
        if (stopping) return
        if (waitMs !== null) wakeIn(lane, waitMs)
        else if (again.delete(lane)) wake(lane)
      })
    running.set(lane, run)
  }
  return {
    wake,
    wakeDue: async () => {
      for (const lane of await dueLanes(parts.database)) wake(lane)
    },
    idle: async () => {
      while (running.size > 0 || [...timers.values()].some(isSoon)) {
        await Promise.all(running.values())
        if (running.size === 0) await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    stop: async () => {
      stopping = true
      for (const { timer } of timers.values()) clearTimeout(timer)
      timers.clear()
      await Promise.all(running.values())
      lanes.close()
    },
  }
}

/** Drains a lane and answers with the milliseconds after which it should be woken again, or null for "when told". */
async function drain(
  parts: DispatcherParts,
  lanes: Lanes,
  lane: string,
  isStopping: () => boolean,
): Promise<number | null> {
  const { database } = parts
  if (!(await firstWaiting(database, lane))) return null
  const held = await lanes.hold(lane)
  if (!held) return BUSY_ELSEWHERE_MS
  try {
    let silentMs = held.waitMs
    while (!isStopping()) {
      if (!held.isHeld()) return BUSY_ELSEWHERE_MS
      const row = await firstWaiting(database, lane)
      if (!row) return null
      const waitMs = Math.max(silentMs, row.waitMs)
      if (waitMs > 0) return waitMs
      silentMs = await attempt(parts, row)
      if (silentMs > 0) await lanes.pace(lane, silentMs)
    }
    return null
  } finally {
    if (held.isHeld()) await lanes.release(lane)
  }
}

/** One try of one effect, its outcome written down. Answers with how long the lane must now be silent, in ms. */
async function attempt(parts: DispatcherParts, row: OutboxRow): Promise<number> {
  const { database, deliver, log } = parts
  const mayBeDone = row.state === 'trying'
  // Withdrawn since it was read: the two never both win.
  if (!(await markTrying(database, row.id))) return 0
  await foldEdits(database, row)
  const outcome = await deliver[row.effect.kind](row, mayBeDone).catch((error): Attempt => {
    log.error({ err: error, outbox: row.id, key: row.key }, 'effect failed')
    // Our own fault: tried again, because the cause may pass, but not for ever, because others wait behind it.
    return row.attempts < MAX_BUGS
      ? { kind: 'uncertain', problem: String(error), delayMs: BUG_DELAY_MS, laneToo: false }
      : { kind: 'unknown', problem: String(error) }
  })
  if (outcome.kind === 'done') {
    await markDone(database, row.id)
    return outcome.paceMs
  }
  if (outcome.kind === 'never' && outcome.isMeant) {
    log.info({ outbox: row.id, key: row.key, reason: outcome.problem }, 'effect left out on purpose')
    await markEnded(database, row.id, 'never', outcome.problem)
    return 0
  }
  log.warn({ outbox: row.id, key: row.key, outcome: outcome.kind, problem: outcome.problem }, 'effect not done')
  if (outcome.kind === 'later') {
    await markLater(database, row.id, outcome.problem, outcome.delayMs)
    return outcome.laneToo ? outcome.delayMs : 0
  }
  if (outcome.kind === 'uncertain' && row.attempts < MAX_LOOKS) {
    // Whoever does not answer now is asked less and less often; the lane waits with it, to keep its order.
    const delayMs = Math.min(
      Math.max(LONGEST_LOOK_MS, outcome.delayMs),
      outcome.delayMs * 2 ** Math.min(row.attempts, 10),
    )
    await markUncertain(database, row.id, outcome.problem, delayMs, outcome.isDoubted)
    return outcome.laneToo ? delayMs : 0
  }
  const end = outcome.kind === 'uncertain' ? 'unknown' : outcome.kind
  log.error({ outbox: row.id, key: row.key, end, problem: outcome.problem }, 'effect given up: a person should look')
  // Told before it ends, so that a crash in between tells it again, which is once.
  if (end === 'unknown') await parts.tellUnknown?.(row, outcome.problem)
  await markEnded(database, row.id, end, outcome.problem)
  return 0
}
