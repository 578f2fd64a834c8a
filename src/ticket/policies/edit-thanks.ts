import type { StoredEvent } from '../events.ts'
import type { Effect, Policy } from './effect.ts'

/** The messages that took a reply for mere thanks offer to reopen the ticket for as long as that can be done. */
export const editThanks: Policy = ({ ticket, event, reach, thanksEventId }) => {
  if (!changing.has(event.type) || thanksEventId === null) return []
  const { requesterId: contactId } = ticket
  const underCard: Effect = { kind: 'post', slot: { place: 'card-thread', eventId: thanksEventId } }
  if (!reach(contactId).inSlack) return [underCard]
  return [underCard, { kind: 'post', slot: { place: 'request-thread', contactId, eventId: thanksEventId } }]
}

const changing = new Set<StoredEvent['type']>(['reopened', 'pended', 'closed'])
