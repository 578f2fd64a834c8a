import type { StoredEvent } from '../../ticket/events.ts'
import type { Comment, TicketInFull } from '../../ticket/in-full.ts'
import { saidBefore } from '../../ticket/readers.ts'
import { manyLines, oneLine } from './one-line.ts'

/** One entry of the conversation as the mail templates show it. */
export interface Shown {
  author: string
  at: Date
  text: string
  files: { name: string; url: string | null; refused: boolean; attached: boolean }[]
  /** Whether some of the files are behind a link instead of with the mail. */
  hasLinks: boolean
}

// Gmail hides what lies beyond 102 KB of html: ten entries of this size fit with room for the comment itself.
const MAX_EARLIER = 10
const MAX_EARLIER_LENGTH = 2000

/**
 * The public comments before the event, newest first, shortened; `isCut` when some were left out. Internal notes never
 * leave the house. `agentsOnly` leaves out what people outside said: see threats E17 on mails nobody wrote. `since`: the
 * event by which the reader joined, for whom what was said before it is not meant; 0 for who was there from the start.
 */
export function earlier(
  full: TicketInFull,
  event: StoredEvent,
  options: { agentsOnly: boolean; noWords: string; since: number },
): { history: Shown[]; isCut: boolean } {
  const { comments } = full
  const at = comments.findIndex((comment) => comment.id === event.commentId)
  const before = at < 0 ? comments.filter((comment) => comment.at <= event.at) : comments.slice(0, at)
  const unseen = saidBefore(full, options.since)
  const sayable = before.filter(
    ({ id, isPublic, author }) => isPublic && !unseen.has(id) && (!options.agentsOnly || author.kind === 'agent'),
  )
  const newest = sayable.reverse().slice(0, MAX_EARLIER)
  const history = newest.map((comment) => shorten(show(comment, options.noWords)))
  const isCut = sayable.length > newest.length || history.some((shown) => shown.text.endsWith('…'))
  return { history, isCut }
}

/** A comment as the templates show it. Throws for an internal note: it is mailed to nobody. */
export function show(comment: Comment, noWords: string, attached: Set<number> = new Set()): Shown {
  if (!comment.isPublic) throw new Error(`comment ${comment.id} is an internal note: it must not be mailed to anybody`)
  const files = comment.files.map(({ id, name, url, refused }) => ({
    name: oneLine(name, 120) || 'file',
    url: url && /^https?:\/\//i.test(url) ? url : null,
    refused: refused !== null,
    attached: attached.has(id),
  }))
  const hasLinks = files.some(({ url, refused, attached: isHere }) => url !== null && !refused && !isHere)
  const text = manyLines(comment.text) || noWords
  return { author: oneLine(comment.author.name, 80), at: comment.at, text, files, hasLinks }
}

function shorten(shown: Shown): Shown {
  if (shown.text.length <= MAX_EARLIER_LENGTH) return shown
  // Cut between words, and never inside a surrogate pair.
  const head = shown.text
    .slice(0, MAX_EARLIER_LENGTH)
    .replace(/\s\S{0,40}$/, '')
    .toWellFormed()
  return { ...shown, text: `${head.trimEnd()} …` }
}
