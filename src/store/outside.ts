import type { StoredEvent, TicketEvent } from '../ticket/events.ts'
import { outsidePlaces } from '../ticket/policies/effect.ts'
import { Refusal } from '../ticket/refusal.ts'
import type { Ticket } from '../ticket/ticket.ts'
import { answerEventIds } from '../ticket/withdraw.ts'
import type { Tx } from './database.ts'
import { hideComment } from './log.ts'
import { removeComment, removeFiles, rewriteComment } from './revisions.ts'
import { liftSuppression, suppress } from './suppressions.ts'
import { withdrawEffects } from './undo.ts'
import { assumeSent, sendAgain } from './unsent.ts'

/**
 * Does to the outbox, earlier comments and the suppressed addresses what an event says of them, in its transaction; answers with the lane to
 * be woken, if there is one. Throws a Refusal when what was decided about has left, or was settled, meanwhile.
 */
export async function changeOutside(
  tx: Tx,
  ticket: Ticket,
  event: TicketEvent,
  log: StoredEvent[],
): Promise<string | null> {
  switch (event.type) {
    case 'withdrawn': {
      const isHere = await withdrawEffects(tx, answerEventIds(log, event.eventId), outsidePlaces)
      if (!isHere) throw new Refusal('already-sent', { number: ticket.id })
      await hideComment(tx, event.eventId)
      return null
    }
    case 'edited':
      await rewriteComment(tx, event.eventId, event.text, event.revisedAt)
      if (event.lostFiles) await removeFiles(tx, event.eventId, event.lostFiles, event.at)
      return null
    case 'deleted':
      await removeComment(tx, event.eventId, event.at)
      return null
    case 'unstuck': {
      if (event.how === 'given-up') return null
      if (event.how === 'again') {
        const lane = await sendAgain(tx, ticket.id, event.outboxId)
        if (lane === null) throw new Refusal('mail-settled')
        return lane
      }
      const isSettled = await assumeSent(tx, ticket.id, event.outboxId)
      if (event.how === 'assumed' && !isSettled) throw new Refusal('mail-settled')
      return null
    }
    case 'undelivered':
      if (event.suppression === 'begins') {
        const { recipient: address, reason } = event
        await suppress(tx, { address, reason, ticketId: ticket.id }, event.at)
      }
      return null
    case 'lifted':
      await liftSuppression(tx, event.address)
      return null
    default:
      return null
  }
}
