import type { StoredEvent } from '../events.ts'
import type { Policy } from './effect.ts'

/**
 * The Slack message that called the ticket solved and asked for a rating goes on telling the truth: it shows the vote,
 * whichever way that came (SUR-03, X12), and stops promising a window that is over or was used.
 */
export const editSurvey: Policy = ({ ticket, event, reach, surveyEventId, reminderEventId = null }) => {
  if (!changing.has(event.type) || !reach(ticket.requesterId).inSlack) return []
  const { requesterId: contactId } = ticket
  return [surveyEventId, reminderEventId]
    .filter((eventId) => eventId !== null)
    .map((eventId) => ({ kind: 'post', slot: { place: 'request-thread', contactId, eventId } }))
}

// An answer that waits takes a solved ticket to pending: that ends its window as reopening does.
const changing = new Set<StoredEvent['type']>(['rated', 'reopened', 'pended', 'closed', 'withdrawn'])
