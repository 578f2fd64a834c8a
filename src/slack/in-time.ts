import type { ReceiverEvent } from '@slack/bolt'
import { type Spool, spoolable } from './spool.ts'

/** Slack waits 3 seconds for an acknowledgement; what takes longer goes on after it (docs.slack.dev/interactivity). */
export const PATIENCE_MS = 2_000

/** What `work` resolves to, or 'late' when it takes longer than `ms`. A rejection in time rejects. */
export async function inTime<T>(work: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Acknowledges a press when what it asked for is committed, or when Slack would give up waiting. A crash in between
 * leaves it unacknowledged, so that whoever pressed sees that it failed instead of believing it done.
 */
export async function ackAfter(ack: () => Promise<unknown>, work: Promise<unknown>): Promise<void> {
  try {
    await inTime(work, PATIENCE_MS)
  } finally {
    await ack()
  }
  await work
}

/**
 * The same for events, which Bolt would acknowledge before it calls anybody: one that failed, or that a crash cut off,
 * stays unacknowledged and Slack sends it again (docs.slack.dev/apis/events-api, up to three times). One that takes too
 * long is put on the disk before it is acknowledged, and taken off when it is committed.
 */
export async function processThenAck(
  event: ReceiverEvent,
  process: (event: ReceiverEvent) => Promise<void>,
  spool: Spool,
): Promise<void> {
  if (event.body?.type !== 'event_callback') return process(event)
  const work = process({ ...event, ack: async () => {} })
  if ((await inTime(work, PATIENCE_MS)) !== 'late') return event.ack()
  const body = spoolable(event.body)
  const letGo = body ? await spool.keep(body) : null
  await event.ack()
  let isDone = false
  try {
    await work
    isDone = true
  } finally {
    await letGo?.(isDone)
  }
}
