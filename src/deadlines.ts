import type { Clock } from './clock.ts'
import type { Desk } from './desk.ts'
import type { Database } from './store/database.ts'
import { ticketsToClose } from './store/deadlines.ts'

const AT_ONCE = 100

/**
 * Closes what is due (STA-09): solved tickets whose window ended without a reply, once every mailbox has been read
 * past it. A deadline that is stale by now closes nothing: `decide` compares it with the ticket's own.
 */
export async function sweepDeadlines(parts: {
  database: Database
  desk: Desk
  clock: Clock
  mailboxes: string[]
}): Promise<void> {
  const { database, desk, clock, mailboxes } = parts
  const asked = new Set<string>()
  for (;;) {
    const due = await ticketsToClose(database, mailboxes, clock.now(), AT_ONCE)
    const fresh = due.filter(({ id, reopenUntil }) => !asked.has(`${id}/${reopenUntil.getTime()}`))
    if (fresh.length === 0) return
    for (const { id, reopenUntil } of fresh) {
      asked.add(`${id}/${reopenUntil.getTime()}`)
      await desk.handle({
        type: 'close',
        ticketId: id,
        dueAt: reopenUntil,
        actor: { kind: 'system' },
        via: 'system',
        source: `deadline/close/${id}/${reopenUntil.getTime()}`,
      })
    }
  }
}
