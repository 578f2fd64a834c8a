import type { Queue } from '../desk.ts'
import type { Tx } from '../store/database.ts'
import { insertEffect } from '../store/outbox.ts'
import type { MailAlarm } from '../ticket/policies/effect.ts'

export interface AlarmParts {
  queue: Queue
  triageChannelOf(groupKey: string | null): string
}

/** Tells staff that the mail of `address` is strange: once a day (UTC) for each address, however often it is said. */
export async function raiseMailAlarm(
  { queue, triageChannelOf }: AlarmParts,
  tx: Tx,
  about: MailAlarm,
  address: string,
  now: Date,
): Promise<void> {
  const day = now.toISOString().slice(0, 10)
  const lane = `slack:${triageChannelOf(null)}`
  const effect = { kind: 'post', slot: { place: 'mail-alarm', about, address, day } } as const
  const key = `mail-alarm/${about}/${address}/${day}`
  if (await insertEffect(tx, { key, ticketId: null, eventId: null, lane, effect, messageId: null }))
    await queue.wakeLane(tx, lane)
}
