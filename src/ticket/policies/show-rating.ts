import type { Policy } from './effect.ts'

/** A rating edits the message that asked for it, whichever way it came (SUR-03, X12); its own notice stays unsaid. */
export const showRating: Policy = ({ ticket, event, reach, surveyEventId }) =>
  event.type === 'rated' && surveyEventId !== null && reach(ticket.requesterId).inSlack
    ? [{ kind: 'post', slot: { place: 'request-thread', contactId: ticket.requesterId, eventId: surveyEventId } }]
    : []
