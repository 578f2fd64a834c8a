import { ledgerAddsUp } from '../mail/ledger.ts'
import type { Database } from '../store/database.ts'
import { outboxFlows } from '../store/unsent.ts'

/** What is checked every minute and told whenever somebody asks: true, or in a few words what is wrong. */
export interface Health {
  check(): Promise<void>
  ledger(): true | string
  outbox(): true | string
}

export function watchHealth(database: Database, log: { error(fields: object, message: string): void }): Health {
  let ledger: true | string = true
  let outbox: true | string = true
  return {
    check: async () => {
      ledger = await ledgerAddsUp(database)
      const before = outbox
      outbox = await outboxFlows(database)
      if (outbox !== true && before === true) log.error({ problem: outbox }, 'posts or mails are stuck')
    },
    ledger: () => ledger,
    outbox: () => outbox,
  }
}
