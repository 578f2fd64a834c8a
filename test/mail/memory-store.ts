import { createHash } from 'node:crypto'
import type { Cursor, MailStore, ReceivedMail } from '../../src/mail/mailbox.ts'

/** A store as Postgres would be one: a mail and the cursor together, or neither. */
export class MemoryStore implements MailStore {
  at: Cursor | null = null
  mails: ReceivedMail[] = []
  readTo: Date[] = []
  failures = 0
  beforeSave: (mail: ReceivedMail) => unknown = () => {}

  async cursor() {
    return this.at
  }

  async setCursor(_mailbox: string, cursor: Cursor) {
    this.at = cursor
  }

  async save(mail: ReceivedMail) {
    await this.beforeSave(mail)
    if (this.failures-- > 0) throw new Error('the database is away')
    const hash = (raw: Buffer) => createHash('sha256').update(raw).digest('hex')
    if (!this.mails.some(({ raw }) => hash(raw) === hash(mail.raw))) this.mails.push(mail)
    this.at = { ...this.at, uidValidity: mail.uidValidity, lastUid: mail.uid }
  }

  async readUpTo(_mailbox: string, at: Date) {
    this.readTo.push(at)
  }

  get subjects() {
    return this.mails.map(({ raw }) => /Subject: (.*)\r\n/.exec(raw.toString())?.[1])
  }
}
