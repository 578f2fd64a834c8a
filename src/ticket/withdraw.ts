import type { Happening, StoredEvent } from './events.ts'
import { Refusal } from './refusal.ts'
import { apply, type Standing, type Ticket } from './ticket.ts'

/**
 * Takes an answer back: the ticket stands again as it did before, unless somebody has changed that since. Nothing when
 * it was taken back already. Whether all of it is still here, only the outbox knows: see `withdrawEffects`.
 */
export function withdraw(ticket: Ticket, eventId: number, log: StoredEvent[]): Happening[] {
  const answered = log.find(({ id, type }) => id === eventId && type === 'answered')
  if (!answered) throw new Refusal('already-sent', { number: ticket.id })
  if (log.some((event) => event.type === 'withdrawn' && event.eventId === eventId)) return []
  const [opened] = log
  const undone = answerEventIds(log, eventId)
  const later = log.filter(({ id }) => id > Math.max(...undone))
  const back = isGivenBack(ticket, answered, log, later) ? ({ givesBack: true } as const) : {}
  if (later.some(({ type }) => deciding.has(type))) return [{ type: 'withdrawn', eventId, standing: null, ...back }]
  const fresh = { ...ticket, status: 'open', lastActivityAt: opened!.at } as Ticket
  const before = log.filter(({ id }) => id < eventId).reduce<Ticket>(apply, fresh)
  return [{ type: 'withdrawn', eventId, standing: standingOf(before), ...back }]
}

/** Whether the answer alone had made its author the assignee, who has done nothing on the ticket since. */
function isGivenBack(ticket: Ticket, answered: StoredEvent, log: StoredEvent[], later: StoredEvent[]): boolean {
  const before = log.findLast(({ id }) => id < answered.id)
  if (before?.type !== 'assigned' || before.at.getTime() !== answered.at.getTime()) return false
  const { agentId } = before
  const isTheirs = ({ actor }: StoredEvent) => actor.kind === 'agent' && actor.id === agentId
  const isKept = later.some((event) => event.type === 'assigned' || isTheirs(event))
  return isTheirs(answered) && ticket.assigneeId === agentId && !isKept
}

/** The events that an answer consists of: itself and, when it waits for the requester, that. */
export function answerEventIds(log: StoredEvent[], eventId: number): number[] {
  const answered = log.find(({ id }) => id === eventId)
  const next = log.find(({ id }) => id > eventId)
  const isPart = next?.type === 'pended' && next.withAnswer && next.at.getTime() === answered?.at.getTime()
  return isPart ? [eventId, next.id] : [eventId]
}

/** What happened and was not taken back: what people outside can know of. */
export function notWithdrawn(log: StoredEvent[]): StoredEvent[] {
  const gone = new Set(log.flatMap((event) => (event.type === 'withdrawn' ? answerEventIds(log, event.eventId) : [])))
  return gone.size === 0 ? log : log.filter(({ id }) => !gone.has(id))
}

/** What else moves a ticket between open, pending, solved and closed. */
const deciding = new Set<StoredEvent['type']>(['replied', 'answered', 'pended', 'solved', 'reopened', 'closed'])

function standingOf(ticket: Ticket): Standing {
  switch (ticket.status) {
    case 'open':
    case 'pending':
      return { status: ticket.status }
    case 'solved':
      return { status: 'solved', solvedAt: ticket.solvedAt, reopenUntil: ticket.reopenUntil }
    case 'closed':
      return { status: 'closed', solvedAt: ticket.solvedAt, closedAt: ticket.closedAt }
    default:
      return ticket satisfies never
  }
}
