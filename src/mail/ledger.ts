import type { Db } from '../store/database.ts'
import { unaccountedMail } from '../store/mail-ledger.ts'

/** Whether every fetched mail has its row and, in time, its end: true, or a sentence for the operator that says which has not. */
export async function ledgerAddsUp(db: Db): Promise<true | string> {
  const { late, missing } = await unaccountedMail(db)
  const [lost] = missing
  if (lost)
    return `${lost.count} fetched mails of ${lost.mailbox} are not in the database any more: restore a backup, or fetch them again from the mailbox`
  if (late)
    return `${late.count} mails wait to be understood for over 10 minutes: see the log, and npm run -s mail -- explain ${late.oldestId}`
  return true
}
