import type { Comment, Person, TicketInFull } from './in-full.ts'
import type { Ticket } from './ticket.ts'

/**
 * Why somebody outside may read a ticket: it is theirs, they are copied on it, or they manage the requests of the
 * organisation of whoever asked (CLI-01, CLI-06, CLI-07).
 */
export type ReaderRole = 'requester' | 'cc' | 'member'

/** What a reader may do with a ticket in their list. */
export type ReaderAct = 'reply' | 'solve' | 'reopen' | 'follow-up' | 'rate'

/**
 * Who somebody is to a ticket, or null for somebody who may not know of it. `manages`: of the requester's organisation, which
 * is more than being copied, as whoever manages and replies is too.
 */
export function readerRole(
  ticket: Pick<Ticket, 'requesterId' | 'ccIds'>,
  contactId: number,
  manages: boolean,
): ReaderRole | null {
  if (ticket.requesterId === contactId) return 'requester'
  if (manages) return 'member'
  return ticket.ccIds.includes(contactId) ? 'cc' : null
}

/** The event by which this CC was let in, or 0 for who was on the ticket from its beginning. */
export function joinedBy({ events, ticket }: TicketInFull, { id, formerIds = [] }: Person): number {
  if (id === ticket.requesterId) return 0
  const ids = [id, ...formerIds]
  const joined = events.findLast((event) => {
    if (event.type !== 'joined') return false
    const who = event.contactIds ?? (event.actor.kind === 'contact' ? [event.actor.id] : [])
    return who.some((each) => ids.includes(each))
  })
  return joined?.id ?? 0
}

/** The comments that are not meant for who was let in by the event `since`: those from before it; none for 0. */
export function saidBefore({ events }: TicketInFull, since: number): Set<Comment['id'] | null> {
  return new Set(events.filter(({ id }) => id < since).map(({ commentId }) => commentId))
}

/** What this reader may do now, in the order of the buttons. `decide` has the last word. */
export function readerActs(ticket: Ticket, role: ReaderRole, now: Date): ReaderAct[] {
  const manages = role !== 'cc'
  const rates: ReaderAct[] = role === 'requester' ? ['rate'] : []
  switch (ticket.status) {
    case 'open':
    case 'pending':
      return manages ? ['reply', 'solve'] : ['reply']
    case 'solved':
      // After its minute a reply makes a follow-up, whether the sweep has closed it yet or not.
      if (now > ticket.reopenUntil) return ['follow-up', ...rates]
      return manages ? ['reply', 'reopen', ...rates] : ['reply']
    case 'closed':
      return ticket.rating ? ['follow-up'] : ['follow-up', ...rates]
    default:
      return ticket satisfies never
  }
}
