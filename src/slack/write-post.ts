import type { Queue } from '../desk.ts'
import type { Tx } from '../store/database.ts'
import { insertEffect } from '../store/outbox.ts'
import type { SlackUser } from '../store/people.ts'
import { type Slot, slotKey } from '../ticket/policies/effect.ts'

/** Writes a post about no ticket beside its cause, and wakes whoever does it. The same `cause` twice is one post. */
export async function writePost(
  tx: Tx,
  queue: Pick<Queue, 'wakeLane'>,
  lane: string,
  slot: Slot,
  cause: string,
): Promise<void> {
  const key = `${slotKey(null, slot)}/${cause}`
  const row = { key, ticketId: null, eventId: null, lane, effect: { kind: 'post', slot } as const, messageId: null }
  if (await insertEffect(tx, row)) await queue.wakeLane(tx, lane)
}

/** The lane of what one person is told alone in a channel. */
export function asideLane(channel: string, { teamId, userId }: SlackUser): string {
  return `aside:${channel}/${teamId}/${userId}`
}
