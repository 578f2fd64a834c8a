import type { Clock } from './clock.ts'
import type { Desk } from './desk.ts'
import type { Database } from './store/database.ts'
import { type DueTicket, ticketsToClose } from './store/deadlines.ts'

const AT_ONCE = 100

/**
 * Closes what is due (STA-09): solved tickets whose window ended without a reply, once every mailbox has been read
 * past it. A deadline that is stale by now closes nothing: `decide` compares it with the ticket's own. A ticket that
 * cannot be closed holds up no other; it is logged and asked again by the next sweep.
 */
export async function sweepDeadlines(parts: {
  database: Database
  desk: Desk
  clock: Clock
  mailboxes: string[]
  log: { error(fields: object, message: string): void }
}): Promise<void> {
  const { database, desk, clock, mailboxes, log } = parts
  const now = clock.now()
  let last: DueTicket | null = null
  for (;;) {
    const due: DueTicket[] = await ticketsToClose(database, mailboxes, now, AT_ONCE, last)
    for (const ticket of due)
      await close(desk, ticket, now).catch((error) => log.error({ err: error, ticket: ticket.id }, 'closing failed'))
    last = due.at(-1) ?? null
    if (due.length < AT_ONCE) return
  }
}

async function close(desk: Desk, { id, reopenUntil }: DueTicket, now: Date): Promise<void> {
  await desk.handle({
    type: 'close',
    ticketId: id,
    dueAt: reopenUntil,
    actor: { kind: 'system' },
    via: 'system',
    // Each sweep is a cause of its own: one that came too early, by a clock set back, must not use up the deadline.
    source: `deadline/close/${id}/${reopenUntil.getTime()}/${now.getTime()}`,
  })
}
