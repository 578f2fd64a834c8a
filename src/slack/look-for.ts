import type { OutboxRow } from '../store/outbox.ts'
import { saveSlackMessage } from '../store/slack-messages.ts'
import { slotKey } from '../ticket/policies/effect.ts'
import { isSlackError, type SlackFailure, slackFailure } from './failures.ts'
import { type MessageSlot, type PlaceParts, whereTo } from './where-to.ts'

/** The metadata that names a message of ours, so that it is found again. */
export const METADATA_EVENT = 'deskhand_message'

/** `find`, where failing to look never means that there is nothing: the effect stays uncertain and is looked for again. */
export async function lookedFor(parts: PlaceParts, row: OutboxRow, slot: MessageSlot) {
  try {
    return await find(parts, row, slot)
  } catch (error) {
    if (isSlackError(error, 'thread_not_found')) return null // deleted, and with it whatever was posted under it
    throw new LookFailed(error)
  }
}

export class LookFailed extends Error {
  readonly failure: SlackFailure

  constructor(cause: unknown) {
    const failure = slackFailure(cause)
    super(failure.problem, { cause })
    this.failure = failure.kind === 'later' ? { ...failure, kind: 'uncertain' } : failure
  }
}

/**
 * Our message of this slot, if a try that was cut off did post it after all: its metadata names ticket and slot.
 * Slack knows no idempotency key, so this look is what keeps a crash from posting twice.
 */
async function find(parts: PlaceParts, row: OutboxRow, slot: MessageSlot) {
  const where = await whereTo(parts, row.ticketId, slot)
  if (!where) return null
  const oldest = await notBefore(parts, row)
  let cursor: string | undefined
  do {
    const asked = {
      channel: where.channel,
      include_all_metadata: true,
      limit: 100,
      ...(oldest ? { oldest } : {}),
      ...(cursor ? { cursor } : {}),
    }
    const page = where.threadTs
      ? await parts.client.conversations.replies({ ...asked, ts: where.threadTs })
      : await parts.client.conversations.history(asked)
    const ours = page.messages?.find(({ metadata }) => isOf(metadata, slotKey(row.ticketId, slot)))
    if (ours?.ts) {
      const found = { channel: where.channel, ts: ours.ts, renderedHash: null }
      await saveSlackMessage(parts.database, slotKey(row.ticketId, slot), row.ticketId, found)
      return found
    }
    cursor = page.response_metadata?.next_cursor || undefined
  } while (cursor)
  return null
}

function isOf(metadata: unknown, slot: string): boolean {
  const { event_type, event_payload } = (metadata ?? {}) as { event_type?: string; event_payload?: { slot?: unknown } }
  return event_type === METADATA_EVENT && event_payload?.slot === slot
}

/** No message about an event is older than the event. Slack's clock and ours may differ a little. */
async function notBefore({ render }: PlaceParts, row: OutboxRow): Promise<string | null> {
  const full = row.ticketId === null ? null : await render.full(row.ticketId)
  const at = full?.events.find(({ id }) => id === row.eventId)?.at ?? row.triedAt
  return at && String(at.getTime() / 1000 - 120)
}
