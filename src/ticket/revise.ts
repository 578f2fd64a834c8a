import type { Revise } from './commands.ts'
import type { Happening, StoredEvent } from './events.ts'
import { BelongsToFollowUp } from './follow-up.ts'
import { Refusal } from './refusal.ts'
import { type Around, isOnlyThanks } from './thanks.ts'
import type { Ticket } from './ticket.ts'

/**
 * Follows what an author did to their own Slack message: other words, or none. Nothing when it was deleted before, or when a
 * later change is here already, because events arrive in any order; of several messages that became one comment each counts
 * for itself. What was mailed stays as it was mailed: a second mail for a mended typo is what nobody wants, so the new words
 * are in the ticket, its threads and the history of later mails. Only thanks that become more than thanks have their effect
 * after all. Throws a Refusal when the words are another's.
 */
export function revise(
  ticket: Ticket,
  command: Revise,
  log: StoredEvent[],
  { actor, around }: { actor: StoredEvent['actor']; around: Around },
): Happening[] | BelongsToFollowUp {
  const { eventId, text, before, revisedAt, line, lostFiles = [] } = command
  const said = log.find(({ id }) => id === eventId)
  if (!said || !mayBeRevised.has(said.type) || !isSame(said.actor, actor)) throw new Refusal('not-yours')
  const isOver = log.some(
    (event) =>
      (event.type === 'deleted' && event.eventId === eventId) ||
      (event.type === 'edited' && event.eventId === eventId && event.line === line && event.revisedAt >= revisedAt),
  )
  if (isOver || (text === before && lostFiles.length === 0)) return []
  const which = line === undefined ? {} : { line }
  if (text === null) return [{ type: 'deleted', eventId, before, ...which }]
  const lost = lostFiles.length > 0 ? { lostFiles } : {}
  const edited: Happening = { type: 'edited', eventId, before, text, revisedAt, ...which, ...lost }
  const wasThanks = said.type === 'replied' && said.isThanks === true && !isOnlyThanks(text, around)
  if (!wasThanks || (ticket.status !== 'solved' && ticket.status !== 'closed')) return [edited]
  if (ticket.status === 'solved' && revisedAt <= ticket.reopenUntil)
    return [edited, { type: 'reopened', byReply: true }]
  const comment = { text, fullText: null, attachments: [] }
  return new BelongsToFollowUp(ticket, {
    ...{ type: 'reply', ticketId: ticket.id, comment, receivedAt: revisedAt, alreadyTold: [], mayAnswer: true },
  })
}

/** The events whose comment may have come from a Slack message. */
const mayBeRevised = new Set<StoredEvent['type']>(['opened', 'replied', 'noted'])

function isSame(one: StoredEvent['actor'], other: StoredEvent['actor']): boolean {
  return one.kind !== 'system' && one.kind === other.kind && one.id === other.id
}
