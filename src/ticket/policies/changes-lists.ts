import type { StoredEvent } from '../events.ts'

/** Whether the lists that people beside the requester see are other than before: who is in them, and how it stands. */
export function changesLists(event: StoredEvent): boolean {
  // Of what a lying mail opens nobody knows, until an agent has answered it.
  return !unseen.has(event.type) && !(event.type === 'opened' && event.comment.proof === 'failed')
}

const unseen = new Set<StoredEvent['type']>([
  'noted',
  'undelivered',
  'stuck',
  'unstuck',
  'lifted',
  'edited',
  'deleted',
  'reminded',
  'consent-withdrawn',
])
