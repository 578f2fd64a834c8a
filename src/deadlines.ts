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
  /** Up to which moment all that was said in Slack is here; left out where there is no Slack. */
  heardUpTo?: () => Date
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
 * past it and Slack heard past it. A deadline that is stale by now closes nothing: `decide` compares it with the ticket's own.
 */
async function closeDue({ database, desk, clock, mailboxes, log, heardUpTo }: SweepParts): Promise<void> {
  const now = clock.now()
  const upTo = heardUpTo?.() ?? now
  const heard = upTo < now ? upTo : now // a clock that was set back has heard of nothing to come
  await eachDue(
    (last: DueTicket | null) => ticketsToClose(database, mailboxes, heard, AT_ONCE, last),
    (ticket) => close(desk, ticket, now),
    (error, { id }) => log.error({ err: error, ticket: id }, 'closing failed'),
  )
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
  await eachDue(
    (last: DueReminder | null) => ticketsToRemind(database, now, AT_ONCE, last),
    (reminder) => remind(desk, reminder, now),
    (error, { id }) => log.error({ err: error, ticket: id }, 'reminding failed'),
  )
}

async function remind(desk: Desk, { id, remindAt }: DueReminder, now: Date): Promise<void> {
  await desk.handle({
    type: 'remind-to-rate',
    ticketId: id,
    dueAt: remindAt,
    actor: { kind: 'system' },
    via: 'system',
    // As of closing: a sweep that came too early must not use up the reminder.
    source: `deadline/remind/${id}/${remindAt.getTime()}/${now.getTime()}`,
  })
}

/** Does `act` to all that is due, page by page; what fails is told to `fail` and holds up nothing behind it. */
async function eachDue<T>(
  page: (last: T | null) => Promise<T[]>,
  act: (due: T) => Promise<void>,
  fail: (error: unknown, due: T) => void,
): Promise<void> {
  let last: T | null = null
  for (;;) {
    const due: T[] = await page(last)
    for (const one of due) await act(one).catch((error) => fail(error, one))
    last = due.at(-1) ?? null
    if (due.length < AT_ONCE) return
  }
}
