import type { StoredEvent } from '../ticket/events.ts'
import type { Comment, CommentFile, TicketInFull } from '../ticket/in-full.ts'
import type { UploadPlace } from '../ticket/policies/effect.ts'

/** What we put into a thread at once; the rest is linked there. Slack itself takes up to 1 GB a file. */
export const MOST_SHARED = 10
export const MOST_SHARED_BYTES = 20_000_000

/**
 * The files of a comment that the readers of this thread do not have in Slack yet. None while one is still on its way: the
 * effect comes again when it is settled, so that what was sent together stands together.
 */
export function filesToShare(
  full: TicketInFull,
  event: StoredEvent,
  comment: Comment,
  place: UploadPlace,
): CommentFile[] {
  if (!comment.isPublic || comment.removedAt) return []
  const { actor } = event
  if (place === 'request-files' && actor.kind === 'contact' && actor.id === full.ticket.requesterId) return []
  const files = comment.files.filter(({ refused }) => !refused)
  if (files.some(({ sha256, slackFile }) => slackFile && !sha256)) return []
  // What an agent dropped under the card and then sent on stands there already.
  const notes = place === 'card-files' ? full.comments.filter(({ isPublic, via }) => !isPublic && via === 'slack') : []
  const there = new Set(notes.flatMap((note) => note.files.flatMap(({ slackFile }) => slackFile?.id ?? [])))
  return files.filter(({ sha256, slackFile }) => sha256 && !(slackFile && there.has(slackFile.id)))
}
