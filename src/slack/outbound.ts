import { createHash } from 'node:crypto'
import type { WebClient } from '@slack/web-api'
import type { Attempt, Deliver } from '../dispatcher.ts'
import type { Database } from '../store/database.ts'
import type { OutboxRow } from '../store/outbox.ts'
import { dmChannel, people, saveDmChannel } from '../store/people.ts'
import { forgetSlackMessage, saveSlackMessage, slackMessage } from '../store/slack-messages.ts'
import { type Slot, slotKey } from '../ticket/policies/effect.ts'
import { isSlackError, slackFailure } from './failures.ts'
import type { Renderer } from './render.ts'
import type { MessageView } from './views/context.ts'

const METADATA_EVENT = 'deskhand_message'

interface OutboundParts {
  database: Database
  client: WebClient
  render: Renderer
  /**
   * Silence after each post or edit in a channel, in ms. About one message a second may be posted
   * (docs.slack.dev/apis/web-api/rate-limits); edits are counted by the minute, which the same pace keeps well under.
   */
  paceMs: number
  /** The channel of a group; the desk's own for null. */
  triageChannelOf(groupKey: string | null): string
}

/** Does `post` effects: a slot's first effect posts its message, every later one edits it to what is true now. */
export function createPoster(parts: OutboundParts): Deliver {
  return async (row, mayBeDone) => {
    if (row.effect.kind !== 'post') throw new Error(`outbox ${row.id} is no post`)
    try {
      return await put(parts, row, row.effect.slot, mayBeDone)
    } catch (error) {
      if (error instanceof NoRoot) return { kind: 'never', problem: error.message }
      return slackFailure(error)
    }
  }
}

async function put(parts: OutboundParts, row: OutboxRow, slot: Slot, mayBeDone: boolean): Promise<Attempt> {
  const { database, client, render, paceMs } = parts
  if (slot.place === 'home') {
    const userId = await slackUserOf(database, slot.contactId)
    await client.views.publish({ user_id: userId, view: await render.home(slot.contactId) })
    return { kind: 'done', paceMs: 0 }
  }
  const view = await render.message(row.ticketId, slot)
  if (!view) return { kind: 'done', paceMs: 0 }
  const renderedHash = hashOf(view)
  const key = slotKey(row.ticketId, slot)
  const posted = (await slackMessage(database, key)) ?? (mayBeDone ? await find(parts, row, slot) : null)
  if (posted) {
    if (posted.renderedHash?.equals(renderedHash)) return { kind: 'done', paceMs: 0 }
    try {
      await client.chat.update({ channel: posted.channel, ts: posted.ts, ...view })
      await saveSlackMessage(database, key, row.ticketId, { ...posted, renderedHash })
      return { kind: 'done', paceMs }
    } catch (error) {
      // Somebody deleted it in Slack: the desk's own card comes back, because it is an agent's only handle.
      if (!isSlackError(error, 'message_not_found')) throw error
      await forgetSlackMessage(database, key)
    }
  }
  const { channel, threadTs } = await whereTo(parts, row.ticketId, slot)
  const { ts } = await client.chat.postMessage({
    channel,
    ...(threadTs ? { thread_ts: threadTs } : {}),
    ...view,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: METADATA_EVENT, event_payload: { slot: key } },
  })
  await saveSlackMessage(database, key, row.ticketId, { channel, ts: ts!, renderedHash })
  return { kind: 'done', paceMs }
}

/** A thread cannot exist because its first message, which comes before it in the lane, could never be posted. */
class NoRoot extends Error {}

/** The channel of a slot and, for a message in a thread, the thread's root. Opens the DM when it is the first. */
async function whereTo(
  { database, client, render, triageChannelOf }: OutboundParts,
  ticketId: number | null,
  slot: Exclude<Slot, { place: 'home' }>,
): Promise<{ channel: string; threadTs: string | null }> {
  if (slot.place === 'mail-notice') return { channel: triageChannelOf(null), threadTs: null }
  const inThread = slot.place === 'card-thread' || slot.place === 'request-thread'
  const rootSlot: Slot =
    slot.place === 'card' || slot.place === 'card-thread'
      ? { place: 'card' }
      : { place: 'request', contactId: slot.contactId }
  if (inThread) {
    const root = await slackMessage(database, slotKey(ticketId, rootSlot))
    if (!root) throw new NoRoot(`the root of ${slotKey(ticketId, slot)} could not be posted`)
    return { channel: root.channel, threadTs: root.ts }
  }
  if (slot.place === 'card') return { channel: triageChannelOf(await render.groupOf(ticketId!)), threadTs: null }
  const [person] = await people(database, [slot.contactId])
  if (!person?.slack) throw new Error(`contact ${slot.contactId} is not in Slack`)
  const known = await dmChannel(database, person.slack)
  if (known) return { channel: known, threadTs: null }
  const opened = await client.conversations.open({ users: person.slack.userId })
  await saveDmChannel(database, person.slack, opened.channel!.id!)
  return { channel: opened.channel!.id!, threadTs: null }
}

/**
 * Our message of this slot, if a try that was cut off did post it after all: its metadata names ticket and slot.
 * Slack knows no idempotency key, so this look is what keeps a crash from posting twice.
 */
async function find(parts: OutboundParts, row: OutboxRow, slot: Exclude<Slot, { place: 'home' }>) {
  const { channel, threadTs } = await whereTo(parts, row.ticketId, slot)
  const since = {
    channel,
    include_all_metadata: true,
    limit: 15,
    ...(row.triedAt ? { oldest: secondsBefore(row.triedAt) } : {}),
  }
  const { messages = [] } = threadTs
    ? await parts.client.conversations.replies({ ...since, ts: threadTs })
    : await parts.client.conversations.history(since)
  const ours = messages.find((message) => {
    const { event_type, event_payload } = (message.metadata ?? {}) as {
      event_type?: string
      event_payload?: Record<string, unknown>
    }
    return event_type === METADATA_EVENT && event_payload?.slot === slotKey(row.ticketId, slot)
  })
  if (!ours?.ts) return null
  const found = { channel, ts: ours.ts, renderedHash: null }
  await saveSlackMessage(parts.database, slotKey(row.ticketId, slot), row.ticketId, found)
  return found
}

// Slack's clock and the database's may differ a little; a few older messages more do no harm.
function secondsBefore(at: Date): string {
  return String(at.getTime() / 1000 - 120)
}

async function slackUserOf(database: Database, contactId: number): Promise<string> {
  const [person] = await people(database, [contactId])
  if (!person?.slack) throw new Error(`contact ${contactId} is not in Slack`)
  return person.slack.userId
}

function hashOf(view: MessageView): Buffer {
  return createHash('sha256').update(JSON.stringify(view)).digest()
}
