import type { StoredEvent } from '../events.ts'
import type { Effect, Policy } from './effect.ts'

/**
 * Files of what was said are put into the threads of those who do not have them: under the card for agents, who can open
 * no file of another's direct message, and into the requester's thread what others sent. Taken away again with the
 * message they came with.
 */
export const shareFiles: Policy = ({ ticket, event, reach }) => {
  const { requesterId: contactId } = ticket
  const isOthers = event.actor.kind !== 'contact' || event.actor.id !== contactId
  const eventId = event.type === 'deleted' || event.type === 'edited' ? event.eventId : event.id
  const underCard: Effect = { kind: 'upload', slot: { place: 'card-files', eventId } }
  const inThread: Effect[] =
    isOthers && reach(contactId).inSlack
      ? [{ kind: 'upload', slot: { place: 'request-files', contactId, eventId } }]
      : []
  switch (event.type) {
    case 'opened':
      // Whom a lying mail names is told nothing of it, and given nothing either (threats E1, E17).
      return hasFiles(event) ? [underCard, ...(event.comment.proof === 'failed' ? [] : inThread)] : []
    case 'replied':
    case 'answered':
      return hasFiles(event) ? [underCard, ...inThread] : []
    case 'edited':
      return event.lostFiles ? [underCard, ...inThread] : []
    case 'deleted':
      // An agent's note has its files in its own message.
      return event.actor.kind === 'contact' ? [underCard, ...inThread] : []
    default:
      return []
  }
}

function hasFiles({ comment }: StoredEvent & { type: 'opened' | 'replied' | 'answered' }): boolean {
  return comment.attachments.some(({ sha256, slackFile, refused }) => !refused && (sha256 || slackFile))
}
