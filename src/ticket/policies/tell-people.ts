import type { StoredEvent } from '../events.ts'
import { notTaken } from '../not-taken.ts'
import type { Effect, MailTemplate, Occasion, Policy } from './effect.ts'

/**
 * The requester is told in Slack and by mail, CCs by mail, each once, and nobody of what they said themselves
 * (RTE-03, X10). Internal notes and assignments are told to nobody outside, nor that a mail of ours came back: whoever
 * reads that cannot help it. Only who wrote a mail is told what of it did not get through: in the mail that says it was
 * received, else in one of its own. Whom an agent adds is told of what comes, not of what was.
 */
export const tellPeople: Policy = (occasion) => {
  const { event, ticket } = occasion
  switch (event.type) {
    case 'opened':
      // Whom a lying mail names is not told of it: neither a victim nor the liar (threats E1, E17).
      if (event.comment.proof === 'failed') return []
      return [
        ...inSlack(occasion, ticket.requesterId, { root: true }),
        ...(isLateWordOfCc(occasion) ? lacking(occasion) : received(occasion, event)),
        // Words that come too late are words all the same: everybody hears them as they would have in time.
        ...(event.followUpOf === null
          ? []
          : byMail(occasion, unheard(occasion, event.alreadyTold ?? []), 'reply', false)),
      ]
    case 'replied':
      return [
        // Of words that were taken for mere thanks their author is told so, with a button that says otherwise.
        ...inSlack(occasion, ticket.requesterId, {
          root: true,
          notice: event.isThanks === true || event.isElsewhere === true || !isSlackWordOf(event, ticket.requesterId),
        }),
        ...byMail(occasion, othersOf(occasion, event.alreadyTold), 'reply', false),
        ...lacking(occasion),
      ]
    case 'answered':
      return [
        ...inSlack(occasion, ticket.requesterId, { root: true, notice: true }),
        ...byMail(occasion, everybody(occasion), 'reply', false),
      ]
    case 'pended':
      return [
        ...inSlack(occasion, ticket.requesterId, { root: true, notice: !event.withAnswer }),
        ...(event.withAnswer ? [] : byMail(occasion, everybody(occasion), 'waiting', true)),
      ]
    case 'solved':
      return [
        ...inSlack(occasion, ticket.requesterId, { root: true, notice: true }),
        ...byMail(occasion, everybody(occasion), 'solved', true),
      ]
    case 'reopened':
      // What reopens it by mail is shown in the thread anyway, and says so.
      return inSlack(occasion, ticket.requesterId, { root: true, notice: !(event.byReply && event.via === 'mail') })
    case 'closed':
      return [
        ...inSlack(occasion, ticket.requesterId, { root: true, notice: true }),
        // The requester alone: CCs read in the solved mail until when, and there is nothing they could do about it now.
        // Nor who went on in a follow-up already: the mail that told of it said that this one is closed.
        ...(ticket.followUpId === null ? byMail(occasion, [ticket.requesterId], 'closed', true) : []),
      ]
    case 'continued':
      // The follow-up itself says so by mail.
      return inSlack(occasion, ticket.requesterId, { root: true, notice: true })
    case 'reminded': {
      if (!event.asks) return []
      // Once, so by one way only: where they are asked with one press.
      const { requesterId } = ticket
      const { inSlack: hasDm, address } = occasion.reach(requesterId)
      return hasDm || address === null
        ? inSlack(occasion, requesterId, { notice: true })
        : byMail(occasion, [requesterId], 'rating', true)
    }
    case 'rated':
    case 'consent-withdrawn':
    case 'assigned':
    case 'described':
    case 'withdrawn':
      return inSlack(occasion, ticket.requesterId, { root: true })
    case 'edited':
    case 'deleted': {
      // Where the requester reads another's words they change; their own stand in their own message, unless that is a line
      // outside of the thread, which tells of it too. Nobody is mailed again.
      const { requesterId: contactId } = ticket
      const isOthers = event.actor.kind === 'contact' && event.actor.id !== contactId
      if (!(isOthers || event.line !== undefined) || !occasion.reach(contactId).inSlack) return []
      return [{ kind: 'post', slot: { place: 'request-thread', contactId, eventId: event.eventId } }]
    }
    case 'joined':
    case 'left':
    case 'noted':
    case 'undelivered':
    case 'stuck':
    case 'unstuck':
    case 'lifted':
    case 'unreachable':
      return []
    default:
      return event satisfies never
  }
}

function inSlack(occasion: Occasion, contactId: number, what: { root?: boolean; notice?: boolean }): Effect[] {
  const reach = occasion.reach(contactId)
  const home: Effect = { kind: 'post', slot: { place: 'home', contactId } }
  if (!reach.inSlack) return reach.hasHome ? [...besideOthers(occasion, contactId, what), home] : []
  const effects: Effect[] = []
  if (what.root) effects.push({ kind: 'post', slot: { place: 'request', contactId } })
  if (what.notice)
    effects.push({ kind: 'post', slot: { place: 'request-thread', contactId, eventId: occasion.event.id } })
  effects.push(home)
  return effects
}

/**
 * Where no direct message reaches somebody they are told in the channel they were seen in that their request is here and
 * how they hear of it, and of what comes then if no mail tells them. Nobody of what they did themselves.
 */
function besideOthers({ event, reach }: Occasion, contactId: number, what: { notice?: boolean }): Effect[] {
  const { address, inChannel } = reach(contactId)
  const isOwn = event.actor.kind === 'contact' && event.actor.id === contactId
  const isNew = event.type === 'opened' && (event.via === 'slack' || address === null)
  const isNews = what.notice === true && address === null && !isOwn
  return inChannel && (isNew || isNews) ? [{ kind: 'whisper', contactId }] : []
}

function byMail(occasion: Occasion, contactIds: number[], template: MailTemplate, isAutomatic: boolean): Effect[] {
  return contactIds
    .filter((contactId) => occasion.reach(contactId).address !== null)
    .map((contactId) => ({ kind: 'mail', template, contactId, isAutomatic }))
}

/** The mail that says we have it, and what happens next. */
function received(occasion: Occasion, { followUpOf, mayAnswer }: StoredEvent & { type: 'opened' }): Effect[] {
  const template = followUpOf === null ? 'opened' : 'follow-up'
  return mayAnswer ? byMail(occasion, [occasion.ticket.requesterId], template, true) : []
}

/** Tells who wrote a mail, where nothing else does, that not all of it got through. */
function lacking(occasion: Occasion): Effect[] {
  const { event } = occasion
  if ((event.type !== 'opened' && event.type !== 'replied') || event.via !== 'mail' || !event.mayAnswer) return []
  if (event.actor.kind !== 'contact' || !notTaken(event.comment)) return []
  return byMail(occasion, [event.actor.id], 'not-delivered', true)
}

function everybody({ ticket }: Occasion): number[] {
  return [ticket.requesterId, ...ticket.ccIds]
}

/** Everybody but the author and those their mail reached by itself, or who read it in their own Slack thread. */
function othersOf(occasion: Occasion, alreadyTold: string[]): number[] {
  const { requesterId } = occasion.ticket
  const reads = (contactId: number) => contactId === requesterId && occasion.reach(contactId).inSlack
  return unheard(occasion, alreadyTold).filter((contactId) => !reads(contactId))
}

/** Everybody but the author and those their mail reached by itself. */
function unheard(occasion: Occasion, alreadyTold: string[]): number[] {
  const { actor } = occasion.event
  const isAuthor = (contactId: number) => actor.kind === 'contact' && actor.id === contactId
  const isTold = (contactId: number) => {
    const { address, others = [] } = occasion.reach(contactId)
    return [address ?? '', ...others].some((each) => alreadyTold.includes(each))
  }
  return everybody(occasion).filter((contactId) => !isAuthor(contactId) && !isTold(contactId))
}

/** A follow-up that the requester did not write: they hear who wrote what, not that we received something of theirs. */
function isLateWordOfCc({ event, ticket }: Occasion): boolean {
  return (
    event.type === 'opened' &&
    event.followUpOf !== null &&
    event.actor.kind === 'contact' &&
    event.actor.id !== ticket.requesterId
  )
}

function isSlackWordOf(event: StoredEvent, contactId: number): boolean {
  return event.via === 'slack' && event.actor.kind === 'contact' && event.actor.id === contactId
}
