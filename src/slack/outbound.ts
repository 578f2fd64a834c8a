import { createHash } from 'node:crypto'
import type { WebClient } from '@slack/web-api'
import type { Attempt, Deliver } from '../dispatcher.ts'
import type { Database } from '../store/database.ts'
import type { OutboxRow } from '../store/outbox.ts'
import { dmChannel, people, saveDmChannel } from '../store/people.ts'
import { forgetSlackMessage, type SlackMessage, saveSlackMessage, slackMessage } from '../store/slack-messages.ts'
import { uploadUnderCard } from '../store/uploads.ts'
import { type Slot, slotKey } from '../ticket/policies/effect.ts'
import { drawHome } from './draw-home.ts'
import { isSlackError, type SlackFailure, slackFailure } from './failures.ts'
import type { Home } from './home.ts'
import { bringThread, leaveChannel } from './moved-card.ts'
import { oneByOne } from './one-by-one.ts'
import type { Renderer } from './render.ts'
import type { MessageView } from './views/context.ts'

type MessageSlot = Exclude<Slot, { place: 'home' }>

const METADATA_EVENT = 'deskhand_message'
const MOST_TRIES = 10 // whoever deletes a message again and again is not answered for ever

interface OutboundParts {
  database: Database
  client: WebClient
  render: Renderer
  home: Home
  /**
   * Silence after each post or edit in a channel, in ms. About one message a second may be posted
   * (docs.slack.dev/apis/web-api/rate-limits); edits are counted by the minute, which the same pace keeps well under.
   */
  paceMs: number
  /** The channel of a group; the desk's own for null. */
  triageChannelOf(groupKey: string | null): string
  /** Why nothing about clients may be posted in a triage channel now; null when it may. */
  heldBack(channel: string): Promise<Attempt | null>
}

/** Does `post` effects: a slot's first effect posts its message, every later one edits it to what is true now. */
export function createPoster(parts: OutboundParts): Deliver {
  const inTurn = oneByOne()
  return async (row, mayBeDone) => {
    if (row.effect.kind !== 'post') throw new Error(`outbox ${row.id} is no post`)
    const { slot } = row.effect
    if (slot.place === 'home') return drawHome(parts, row, slot.contactId)
    try {
      const held = row.lane.startsWith('slack:') && (await parts.heldBack(row.lane.slice('slack:'.length)))
      if (held) return held
      // A card that changes its channel has effects in two lanes, and must not be posted by both.
      const isCards = slot.place === 'card' || slot.place === 'card-thread'
      return isCards
        ? await inTurn(row.ticketId!, () => put(parts, row, slot, mayBeDone))
        : await put(parts, row, slot, mayBeDone)
    } catch (error) {
      return error instanceof LookFailed ? error.failure : slackFailure(error)
    }
  }
}

async function put(parts: OutboundParts, row: OutboxRow, slot: MessageSlot, mayBeDone: boolean): Promise<Attempt> {
  const { database, client, render, paceMs } = parts
  const view = await render.message(row.ticketId, slot)
  if (!view) return { kind: 'done', paceMs: 0 }
  const renderedHash = hashOf(view)
  const key = slotKey(row.ticketId, slot)
  const known = await slackMessage(database, key)
  const hasMoved = known !== null && slot.place === 'card' && (await leftFor(parts, row, known))
  const posted = (hasMoved ? null : known) ?? (mayBeDone ? await lookedFor(parts, row, slot) : null)
  if (posted) {
    if (slot.place === 'card' && (mayBeDone || row.attempts > 0))
      await bringThread(parts, row.ticketId!, posted, sayAgain(parts, row))
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
  const where = await whereTo(parts, row.ticketId, slot)
  // Somebody deleted the message this belongs under: that one comes back first, and this one when the lane may speak.
  if (!where) return rootAgain(parts, row, slot)
  try {
    const ts = await post(parts, row, key, where, view)
    if (slot.place === 'card' && (hasMoved || mayBeDone || row.attempts > 0))
      await bringThread(parts, row.ticketId!, { channel: where.channel, ts }, sayAgain(parts, row))
    return { kind: 'done', paceMs }
  } catch (error) {
    const root = rootOf(slot)
    if (!root || !isSlackError(error, 'thread_not_found')) throw error
    await forgetSlackMessage(database, slotKey(row.ticketId, root))
    return rootAgain(parts, row, slot)
  }
}

async function post(
  { database, client }: OutboundParts,
  row: OutboxRow,
  key: string,
  where: { channel: string; threadTs: string | null },
  view: MessageView,
): Promise<string> {
  const { ts } = await client.chat.postMessage({
    channel: where.channel,
    ...(where.threadTs ? { thread_ts: where.threadTs } : {}),
    ...view,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: METADATA_EVENT, event_payload: { slot: key } },
  })
  await saveSlackMessage(database, key, row.ticketId, { channel: where.channel, ts: ts!, renderedHash: hashOf(view) })
  return ts!
}

/** Whether the card stood in a channel that its team has left; it is taken away from there. The lane names the channel. */
async function leftFor(parts: OutboundParts, row: OutboxRow, known: SlackMessage): Promise<boolean> {
  if (row.lane === `slack:${known.channel}`) return false
  const channel = parts.triageChannelOf(await parts.render.groupOf(row.ticketId!))
  if (channel === known.channel) return false
  await leaveChannel(parts, row.ticketId!, known, channel)
  return true
}

function sayAgain(parts: OutboundParts, row: OutboxRow): Parameters<typeof bringThread>[3] {
  return async (slot, thread) => {
    const view = await parts.render.message(row.ticketId, slot)
    if (!view) return
    await post(parts, row, slotKey(row.ticketId, slot), thread, view)
    await parts.database.transaction((tx) => uploadUnderCard(tx, row.ticketId!, slot.eventId, thread.channel))
  }
}

async function rootAgain(parts: OutboundParts, row: OutboxRow, slot: MessageSlot): Promise<Attempt> {
  if (row.attempts >= MOST_TRIES)
    return { kind: 'never', problem: 'the message it belongs under cannot be kept in Slack' }
  const outcome = await put(parts, row, rootOf(slot)!, true)
  if (outcome.kind !== 'done') return outcome
  const problem = 'the message it belongs under was deleted in Slack and has been posted again'
  return { kind: 'later', problem, delayMs: outcome.paceMs, laneToo: true }
}

/** The message a thread hangs under; null for what stands in a channel by itself. */
function rootOf(slot: MessageSlot): MessageSlot | null {
  if (slot.place === 'card-thread') return { place: 'card' }
  return slot.place === 'request-thread' ? { place: 'request', contactId: slot.contactId } : null
}

/**
 * The channel of a slot and, for a message in a thread, the thread's root; null while that root is not there. Opens the
 * DM when it is the first.
 */
async function whereTo(
  { database, client, render, triageChannelOf }: OutboundParts,
  ticketId: number | null,
  slot: MessageSlot,
): Promise<{ channel: string; threadTs: string | null } | null> {
  if (slot.place === 'mail-alarm') return { channel: triageChannelOf(null), threadTs: null }
  if (slot.place === 'mail-notice')
    return { channel: triageChannelOf(await render.groupOfMail(slot.mailId)), threadTs: null }
  const rootSlot = rootOf(slot)
  if (rootSlot) {
    const root = await slackMessage(database, slotKey(ticketId, rootSlot))
    return root && { channel: root.channel, threadTs: root.ts }
  }
  if (slot.place === 'card-thread' || slot.place === 'request-thread') throw new Error('a thread has a root')
  if (slot.place === 'card') return { channel: triageChannelOf(await render.groupOf(ticketId!)), threadTs: null }
  const [person] = await people(database, [slot.contactId])
  if (!person?.slack) throw new Error(`contact ${slot.contactId} is not in Slack`)
  const known = await dmChannel(database, person.slack)
  if (known) return { channel: known, threadTs: null }
  const opened = await client.conversations.open({ users: person.slack.userId })
  await saveDmChannel(database, person.slack, opened.channel!.id!)
  return { channel: opened.channel!.id!, threadTs: null }
}

/** `find`, where failing to look never means that there is nothing: the effect stays uncertain and is looked for again. */
async function lookedFor(parts: OutboundParts, row: OutboxRow, slot: MessageSlot) {
  try {
    return await find(parts, row, slot)
  } catch (error) {
    if (isSlackError(error, 'thread_not_found')) return null // deleted, and with it whatever was posted under it
    throw new LookFailed(slackFailure(error))
  }
}

class LookFailed extends Error {
  readonly failure: SlackFailure

  constructor(failure: SlackFailure) {
    super(failure.problem)
    this.failure = failure.kind === 'later' ? { ...failure, kind: 'uncertain' } : failure
  }
}

/**
 * Our message of this slot, if a try that was cut off did post it after all: its metadata names ticket and slot.
 * Slack knows no idempotency key, so this look is what keeps a crash from posting twice.
 */
async function find(parts: OutboundParts, row: OutboxRow, slot: MessageSlot) {
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
async function notBefore({ render }: OutboundParts, row: OutboxRow): Promise<string | null> {
  const full = row.ticketId === null ? null : await render.full(row.ticketId)
  const at = full?.events.find(({ id }) => id === row.eventId)?.at ?? row.triedAt
  return at && String(at.getTime() / 1000 - 120)
}

function hashOf(view: MessageView): Buffer {
  return createHash('sha256').update(JSON.stringify(view)).digest()
}
