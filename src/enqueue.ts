import type { DeskParts } from './desk.ts'
import type { Tx } from './store/database.ts'
import { lastShown } from './store/log.ts'
import { drawOthersHomes, homesOn, OTHERS_HOMES } from './store/open-homes.ts'
import { insertEffect } from './store/outbox.ts'
import { addressesOf, people } from './store/people.ts'
import { heldBackMs } from './store/undo.ts'
import type { StoredEvent } from './ticket/events.ts'
import type { InSlack } from './ticket/in-full.ts'
import { changesLists } from './ticket/policies/changes-lists.ts'
import { type Effect, effectKey, isTold, outsidePlaces, type Reach } from './ticket/policies/effect.ts'
import { effectsOf } from './ticket/policies/index.ts'
import type { Ticket } from './ticket/ticket.ts'

type EnqueueParts = Pick<DeskParts, 'clock' | 'queue' | 'secrets' | 'triageChannelOf' | 'mailHost' | 'undoMs'>

/** Writes what the policies want done about `events` beside them, in the same transaction, and wakes whoever does it. */
export async function enqueue(parts: EnqueueParts, tx: Tx, ticket: Ticket, events: StoredEvent[]): Promise<void> {
  // Whoever asks for something new is written to once more: what Slack refused another day it may take now.
  const isTried = events.some(({ type }) => type === 'opened')
  const reach = await reachOf(tx, [ticket.requesterId, ...ticket.ccIds], isTried ? null : parts.clock.now())
  const shown = await lastShown(tx, ticket.id)
  const lanes = new Set<string>()
  // What is held back takes all with it that people outside are told after it, so that nothing is told in between.
  const isAnswer = events.some(({ type }) => type === 'answered')
  const heldMs = Math.max(isAnswer ? (parts.undoMs ?? 0) : 0, await heldBackMs(tx, ticket.id, outsidePlaces))
  for (const event of events) {
    const effects = effectsOf({ ticket, event, reach, ...shown })
    const isHeld = heldMs > 0 && effects.some(isTold)
    for (const effect of effects) {
      const whenSent = effect.kind === 'post' && effect.whenSent === true
      if (whenSent && !isHeld) continue
      const row = rowOf(parts, ticket, event, effect)
      const inMs = whenSent || isTold(effect) ? heldMs : 0
      if (await insertEffect(tx, row, inMs)) lanes.add(row.lane)
    }
  }
  const last = events.findLast(changesLists)
  if (last) {
    const who = await homesOn(tx, ticket, events.flatMap(leaving), last.at)
    if (who.length > 0 && (await drawOthersHomes(tx, String(last.id), who, heldMs))) lanes.add(OTHERS_HOMES)
  }
  for (const lane of lanes) await parts.queue.wakeLane(tx, lane)
}

/** Who sees the ticket no more from this event on. */
function leaving(event: StoredEvent): number[] {
  return event.type === 'left' ? event.contactIds : []
}

/**
 * Writes what tells a contact of an earlier event otherwise, now that no direct message does: what they were told by mail
 * anyway, or beside the others of a channel, has its effect already and gets no second one.
 */
export async function enqueueOtherwise(
  parts: EnqueueParts,
  tx: Tx,
  ticket: Ticket,
  event: StoredEvent,
  contactId: number,
): Promise<void> {
  const reach = await reachOf(tx, [ticket.requesterId, ...ticket.ccIds], parts.clock.now())
  const none = { surveyEventId: null, reminderEventId: null, thanksEventId: null }
  // The log keeps no words, and none are looked at: what of a mail did not get through was told by mail.
  const comment = { text: '', fullText: null, attachments: [] }
  const wordless = 'comment' in event || event.commentId !== null ? ({ ...event, comment } as StoredEvent) : event
  for (const effect of effectsOf({ ticket, event: wordless, reach, ...none })) {
    if (effect.kind !== 'mail' && effect.kind !== 'whisper') continue
    const row = rowOf(parts, ticket, event, effect)
    if (effect.contactId === contactId && (await insertEffect(tx, row))) await parts.queue.wakeLane(tx, row.lane)
  }
}

function rowOf(parts: EnqueueParts, ticket: Ticket, event: StoredEvent, effect: Effect) {
  const key = effectKey(event, effect)
  const lane = laneOf(effect, ticket, parts.triageChannelOf(ticket.groupKey))
  const messageId = effect.kind === 'mail' ? `${parts.secrets.messageIdPart(key)}@${parts.mailHost}` : null
  return { key, ticketId: ticket.id, eventId: event.id, lane, effect, messageId }
}

/** Effects of one lane are done one after the other: a Slack channel's posts, one person's mails of one ticket. */
function laneOf(effect: Effect, ticket: Ticket, triageChannel: string): string {
  if (effect.kind === 'mail') return `mail:${ticket.id}:${effect.contactId}`
  if (effect.kind === 'whisper') return `dm:${effect.contactId}`
  const { slot } = effect
  if (slot.place === 'card' || slot.place === 'card-thread' || slot.place === 'card-files')
    return `slack:${triageChannel}`
  if (slot.place === 'mail-notice' || slot.place === 'mail-alarm')
    throw new Error('a notice about a mail comes from no ticket')
  return slot.place === 'home' ? `home:${slot.contactId}` : `dm:${slot.contactId}`
}

/** How people can be reached at `now`; null for as if Slack had never refused a direct message to anybody. */
async function reachOf(tx: Tx, contactIds: number[], now: Date | null): Promise<(contactId: number) => Reach> {
  const found = new Map((await people(tx, contactIds)).map((person) => [person.id, person]))
  const addresses = await addressesOf(tx, contactIds)
  return (contactId) => {
    const person = found.get(contactId)
    const others = addresses.filter((each) => each.contactId === contactId && each.address !== person?.address)
    return {
      address: person?.address ?? null,
      others: others.map(({ address }) => address),
      inSlack: person?.slack != null && (now === null || takesDm(person.slack, now)),
      hasHome: person?.slack != null,
      inChannel: person?.slack?.seenIn !== undefined,
    }
  }
}

const TRY_AGAIN_MS = 86_400_000

/** Whether Slack took our last direct message, or refused it so long ago that it is worth another try. */
function takesDm({ noDmSince }: InSlack, now: Date): boolean {
  return noDmSince === undefined || now.getTime() - noDmSince.getTime() >= TRY_AGAIN_MS
}
