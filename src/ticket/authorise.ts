import type { Command } from './commands.ts'
import { Refusal } from './refusal.ts'
import type { Actor, Ticket } from './ticket.ts'

/**
 * Who may ask what: staff everything but replying as a client; the requester; who manages the organisation's requests
 * what the requester may, but rate, describe and consent; CCs only reply; time only closes.
 */
export function authorise(ticket: Ticket, command: Exclude<Command, { type: 'open' }>, isManager: boolean): void {
  const manages = isManager && command.actor.kind === 'contact'
  const allowed: Record<typeof command.type, boolean> = {
    reply: isParticipant(ticket, command.actor) || isLetIn(command) || manages,
    answer: command.actor.kind === 'agent',
    withdraw: command.actor.kind === 'agent',
    revise: command.actor.kind !== 'system', // and only their own words: see `revise`
    note: command.actor.kind === 'agent',
    'add-cc': command.actor.kind === 'agent',
    'remove-cc': command.actor.kind === 'agent',
    assign: command.actor.kind === 'agent',
    pend: command.actor.kind === 'agent',
    solve: command.actor.kind === 'agent' || isRequester(ticket, command.actor) || manages,
    reopen: command.actor.kind === 'agent' || isRequester(ticket, command.actor) || manages,
    rate: isRequester(ticket, command.actor),
    'withdraw-consent': isRequester(ticket, command.actor),
    describe: command.actor.kind === 'agent' || isRequester(ticket, command.actor),
    close: command.actor.kind === 'system',
    'remind-to-rate': command.actor.kind === 'system',
    'record-undelivered': command.actor.kind === 'system',
    'record-stuck': command.actor.kind === 'system',
    'record-no-dm': command.actor.kind === 'system',
    'settle-mail':
      command.actor.kind === 'agent' ||
      (command.type === 'settle-mail' && command.actor.kind === 'system' && command.how !== 'assumed'),
    lift: command.actor.kind === 'agent',
  }
  if (!allowed[command.type]) throw new Refusal(command.actor.kind === 'contact' ? 'not-yours' : 'agents-only')
}

function isRequester(ticket: Ticket, actor: Actor): boolean {
  return actor.kind === 'contact' && actor.id === ticket.requesterId
}

/** An agent vouched for the author (held mail): an agent's own act, though the words are the author's. */
function isLetIn(command: Exclude<Command, { type: 'open' }>): boolean {
  return command.type === 'reply' && command.actor.kind === 'contact' && command.acceptedBy !== undefined
}

/** The requester, or a CC. */
export function isParticipant(ticket: Ticket, actor: Actor): boolean {
  return actor.kind === 'contact' && isOn(ticket, actor.id)
}

/** Whether this contact is on the ticket. */
export function isOn(ticket: Ticket, contactId: number): boolean {
  return contactId === ticket.requesterId || ticket.ccIds.includes(contactId)
}
