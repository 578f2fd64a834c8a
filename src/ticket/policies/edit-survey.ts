import type { Policy } from './effect.ts'

/**
 * The Slack message that called the ticket solved and asked for a rating goes on telling the truth: it shows the vote,
 * whichever way that came (SUR-03, X12), and stops promising a window that is over or was used.
 */
export const editSurvey: Policy = ({ ticket, event, reach, surveyEventId }) => {
  const changes = event.type === 'rated' || event.type === 'reopened' || event.type === 'closed'
  if (!changes || surveyEventId === null || !reach(ticket.requesterId).inSlack) return []
  const { requesterId: contactId } = ticket
  return [{ kind: 'post', slot: { place: 'request-thread', contactId, eventId: surveyEventId } }]
}
