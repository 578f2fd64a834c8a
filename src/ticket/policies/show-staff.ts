import type { Effect, Policy } from './effect.ts'

/** Staff see the card change with everything that happens, and under it what was said and what needs a person. */
export const showStaff: Policy = ({ event }) => {
  const card: Effect = { kind: 'post', slot: { place: 'card' } }
  const underCard: Effect = { kind: 'post', slot: { place: 'card-thread', eventId: event.id } }
  switch (event.type) {
    case 'opened':
    case 'replied':
    case 'undelivered':
    case 'described':
    case 'stuck':
    case 'unreachable':
      return [card, underCard]
    case 'answered':
      // Until it leaves it can be taken back, and the message under the card says so; then it says that it has left.
      return [card, underCard, { ...underCard, whenSent: true }]
    case 'edited':
    case 'deleted':
      // An agent's note is their own message, which nobody draws.
      return event.actor.kind === 'contact'
        ? [{ kind: 'post', slot: { place: 'card-thread', eventId: event.eventId } }]
        : []
    case 'withdrawn':
      return [card, { kind: 'post', slot: { place: 'card-thread', eventId: event.eventId } }]
    case 'unstuck':
    case 'lifted':
      return [
        card,
        ...event.eventIds.map((eventId): Effect => ({ kind: 'post', slot: { place: 'card-thread', eventId } })),
      ]
    case 'solved':
    case 'reopened':
      // A reopening by a reply is told by the reply itself; an agent's own click by the card.
      return event.actor.kind === 'contact' && !(event.type === 'reopened' && event.byReply)
        ? [card, underCard]
        : [card]
    case 'rated':
      return event.comment ? [card, underCard] : [card]
    case 'closed':
    case 'consent-withdrawn':
    case 'assigned':
    case 'pended':
    case 'continued':
      return [card]
    case 'joined':
      // Somebody who joined by their own words is told by them.
      return event.contactIds ? [card, underCard] : [card]
    case 'left':
      return [card, underCard]
    case 'noted':
    case 'reminded':
      return []
    default:
      return event satisfies never
  }
}
