import type { Happening, StoredEvent } from './events.ts'
import { Refusal } from './refusal.ts'
import type { Ticket } from './ticket.ts'

/** What may be asked about a mail of ours that did not simply leave. */
export type MailTrouble =
  /** A mail waits, or nobody knows whether it left. `outboxId` names it, `reason` is what its server said last. */
  | { type: 'record-stuck'; ticketId: number; outboxId: number; recipient: string; reason: string; why: Stuck }
  | { type: 'settle-mail'; ticketId: number; outboxId: number; how: Settled }
  /** Lifts the suppression that began with, or stopped the mail of, this `undelivered` event. */
  | { type: 'lift'; ticketId: number; eventId: number }

export type Stuck = 'waiting' | 'unknown'
/** An agent has it sent again, or takes it as sent; or it left after all, or was given up as undeliverable. */
export type Settled = 'again' | 'assumed' | 'left' | 'given-up'

/** What follows for the ticket, each thing once however often it is asked. Throws a Refusal for what nobody asks any more. */
export function mailTrouble(
  ticket: Ticket,
  command: MailTrouble & { actor: { kind: string } },
  log: StoredEvent[],
): Happening[] {
  switch (command.type) {
    case 'record-stuck': {
      const { outboxId, recipient, reason, why } = command
      return openStuck(log, outboxId)?.why === why ? [] : [{ type: 'stuck', outboxId, recipient, reason, why }]
    }
    case 'settle-mail': {
      const { outboxId, how } = command
      const open = openStuck(log, outboxId)
      const isDecision = how === 'again' || how === 'assumed'
      if (isDecision && open?.why !== 'unknown') throw new Refusal('mail-settled')
      return open ? [{ type: 'unstuck', outboxId, how, eventIds: stuckEvents(log, outboxId) }] : []
    }
    case 'lift': {
      const asked = log.find(({ id }) => id === command.eventId)
      if (asked?.type !== 'undelivered' || !asked.suppression)
        throw new Refusal('no-such-ticket', { number: ticket.id })
      const address = asked.recipient.toLowerCase()
      const eventIds = log.flatMap((event) => (isAbout(event, address) ? [event.id] : []))
      const last = log.findLast(
        (event) => isAbout(event, address) || (event.type === 'lifted' && event.address === address),
      )
      return last?.type === 'lifted' ? [] : [{ type: 'lifted', address, eventIds }]
    }
    default:
      return command satisfies never
  }
}

/** What ended the trouble that this `stuck` or suppressing `undelivered` event told of, or undefined while it goes on. */
export function endOfTrouble(log: StoredEvent[], event: StoredEvent): StoredEvent | undefined {
  return log.find(
    (later) =>
      later.id > event.id &&
      ((event.type === 'stuck' &&
        (later.type === 'stuck' || later.type === 'unstuck') &&
        later.outboxId === event.outboxId) ||
        (later.type === 'lifted' && isAbout(event, later.address))),
  )
}

function openStuck(log: StoredEvent[], outboxId: number) {
  const last = log.findLast(
    (event) => (event.type === 'stuck' || event.type === 'unstuck') && event.outboxId === outboxId,
  )
  return last?.type === 'stuck' ? last : undefined
}

function stuckEvents(log: StoredEvent[], outboxId: number): number[] {
  return log.flatMap((event) => (event.type === 'stuck' && event.outboxId === outboxId ? [event.id] : []))
}

function isAbout(event: StoredEvent, address: string): boolean {
  return event.type === 'undelivered' && event.suppression !== undefined && event.recipient.toLowerCase() === address
}
