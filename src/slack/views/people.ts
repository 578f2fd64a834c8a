import type { Words } from '../../templates.ts'
import type { StoredEvent } from '../../ticket/events.ts'
import type { Comment, Person, TicketInFull } from '../../ticket/in-full.ts'
import type { Actor } from '../../ticket/ticket.ts'
import { oneLine, plain } from '../text.ts'

/** Somebody's name on one line, or their address, or the words for somebody nameless. */
export function nameOf(person: { name: string; address?: string | null }, words: Words): string {
  return plain(oneLine(person.name) || oneLine(person.address ?? ''), LONGEST_NAME) || words('slack.people.somebody')
}

/** Who did something, by name. */
export function actorName(full: TicketInFull, actor: Actor, words: Words): string {
  if (actor.kind === 'system') return words('slack.people.desk')
  const known =
    actor.kind === 'contact'
      ? [full.requester, ...full.ccs, ...(full.formerCcs ?? [])].find(({ id }) => id === actor.id)
      : full.staff.find(({ id }) => id === actor.id)
  const author = full.comments.find((comment) => comment.author.kind === actor.kind && comment.author.id === actor.id)
  return nameOf(known ?? author?.author ?? { name: '' }, words)
}

/** Who the requester hears from: the assignee, or the group while nobody has taken the ticket. */
export function answeringName(full: TicketInFull, words: Words): string {
  return nameOf(full.assignee ?? { name: full.groupName }, words)
}

/** Name with mail address, for staff. */
export function nameAndAddress(person: Person, words: Words): string {
  const name = nameOf(person, words)
  return person.address && person.address !== name ? `${name} (${plain(oneLine(person.address), LONGEST_NAME)})` : name
}

/** Names in a row; of many only the first few, and how many more. */
export function list(names: string[], words: Words): string {
  const shown = names.slice(0, MOST_NAMES).join(', ')
  const more = names.length - MOST_NAMES
  return more > 0 ? words('slack.people.more', { names: shown, count: more }) : shown
}

/** The comment an event wrote. */
export function commentOf(full: TicketInFull, event: StoredEvent): Comment | undefined {
  return full.comments.find(({ id }) => id === event.commentId)
}

const LONGEST_NAME = 80
const MOST_NAMES = 5
