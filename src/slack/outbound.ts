import { createHash } from 'node:crypto'
import type { WebClient } from '@slack/web-api'
import type { Attempt, Deliver } from '../dispatcher.ts'
import type { Database } from '../store/database.ts'
import type { OutboxRow } from '../store/outbox.ts'
import { forgetSlackMessage, type SlackMessage, saveSlackMessage, slackMessage } from '../store/slack-messages.ts'
import { askedTalk } from '../store/talks.ts'
import { uploadUnderCard } from '../store/uploads.ts'
import { slotKey } from '../ticket/policies/effect.ts'
import { asideOf, sayAside } from './aside.ts'
import { drawHome } from './draw-home.ts'
import { isSlackError, noDmReason, slackFailure } from './failures.ts'
import type { Home } from './home.ts'
import { LookFailed, lookedFor, METADATA_EVENT } from './look-for.ts'
import { bringThread, leaveChannel } from './moved-card.ts'
import type { NoDm } from './no-dm.ts'
import { oneByOne } from './one-by-one.ts'
import type { Renderer } from './render.ts'
import type { MessageView } from './views/context.ts'
import { isDirect, type MessageSlot, rootOf, whereTo } from './where-to.ts'

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
  noDm: NoDm
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
      const reason = noDmReason(error instanceof LookFailed ? error.cause : error)
      if (slot.place === 'way-in' && (reason !== null || isSlackError(error, 'thread_not_found')))
        return { kind: 'never', problem: 'nothing can be said any more where the words are', isMeant: true }
      if (reason !== null && isDirect(slot)) return parts.noDm.refused(row, slot.contactId, reason)
      return error instanceof LookFailed ? error.failure : slackFailure(error)
    }
  }
}

async function put(parts: OutboundParts, row: OutboxRow, slot: MessageSlot, mayBeDone: boolean): Promise<Attempt> {
  const { database, client, render, paceMs } = parts
  const view = await render.message(row.ticketId, slot)
  if (!view) return { kind: 'done', paceMs: 0 }
  const aside = await asideOf(database, slot)
  if (aside) return sayAside(client, aside, view, mayBeDone)
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
      if (isDirect(slot)) await parts.noDm.over(row, posted.channel)
      return { kind: 'done', paceMs }
    } catch (error) {
      // Somebody deleted it in Slack: the desk's own card comes back, because it is an agent's only handle.
      if (!isSlackError(error, 'message_not_found')) throw error
      await forgetSlackMessage(database, key)
    }
  }
  // Who has said what their words are is not asked anew, should the question be gone.
  if (slot.place === 'way-in' && (await askedTalk(database, slot.talkId))?.became !== null)
    return { kind: 'done', paceMs: 0 }
  const where = await whereTo(parts, row.ticketId, slot)
  // Somebody deleted the message this belongs under: that one comes back first, and this one when the lane may speak.
  if (!where) return rootAgain(parts, row, slot)
  try {
    const ts = await post(parts, row, key, where, view)
    if (isDirect(slot)) await parts.noDm.over(row, where.channel)
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

function hashOf(view: MessageView): Buffer {
  return createHash('sha256').update(JSON.stringify(view)).digest()
}
