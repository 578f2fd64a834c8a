import type { Clock } from './clock.ts'
import type { Desk } from './desk.ts'
import type { Database } from './store/database.ts'
import { type DueReminder, type DueTicket, ticketsToClose, ticketsToRemind } from './store/deadlines.ts'

const AT_ONCE = 100

interface SweepParts {
  database: Database
  desk: Desk
  clock: Clock
  mailboxes: string[]
  log: { error(fields: object, message: string): void }
}

/**
 * Everything that time brings to tickets. One that cannot be changed holds up no other; it is logged, and asked again by
 * the next sweep.
 */
export async function sweepDeadlines(parts: SweepParts): Promise<void> {
  await closeDue(parts)
  await remindDue(parts)
}

/**
 * Closes what is due (STA-09): solved tickets whose window ended without a reply, once every mailbox has been read
 * past it. A deadline that is stale by now closes nothing: `decide` compares it with the ticket's own.
 */
async function closeDue({ database, desk, clock, mailboxes, log }: SweepParts): Promise<void> {
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

/** Reminds once of ratings that were asked for and not given (SUR-01). */
async function remindDue({ database, desk, clock, log }: SweepParts): Promise<void> {
  const now = clock.now()
  let last: DueReminder | null = null
  for (;;) {
    const due: DueReminder[] = await ticketsToRemind(database, now, AT_ONCE, last)
    for (const reminder of due)
      await remind(desk, reminder).catch((error) => log.error({ err: error, ticket: reminder.id }, 'reminding failed'))
    last = due.at(-1) ?? null
    if (due.length < AT_ONCE) return
  }
}

async function remind(desk: Desk, { id, remindAt }: DueReminder): Promise<void> {
  await desk.handle({
    type: 'remind-to-rate',
    ticketId: id,
    dueAt: remindAt,
    actor: { kind: 'system' },
    via: 'system',
    source: `deadline/remind/${id}/${remindAt.getTime()}`,
  })
}
