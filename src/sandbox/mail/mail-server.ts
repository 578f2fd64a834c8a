/** startMailServer: a real SMTP and a real IMAP server on 127.0.0.1 with everybody's mailboxes, for trying the desk and testing it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../clock.ts'
import { type ImapFaults, startImap } from './imap.ts'
import { type MailboxChange, Mailboxes, type StoredMail } from './mailboxes.ts'
import { namedRecipients, PostOffice } from './post-office.ts'
import { mailRoutes } from './routes.ts'
import { type SmtpFaults, startSmtp } from './smtp.ts'

/** The password of every mailbox: nobody but this machine can reach the server. */
export const SANDBOX_PASSWORD = 'sandbox'

export interface MailServerOptions {
  clock: Clock
  /** Keeps mail between starts; without it everything is in memory. */
  dataDir?: string
  /** 0 or nothing: any free port. */
  smtpPort?: number
  imapPort?: number
  supportAddress: string
  people: { address: string; name: string }[]
  /** Where the routes are mounted; `/sandbox/mail` unless said. */
  base?: string
}

export interface MailServer {
  /** With user and password, for the product's IMAP_URL and SMTP_URL. */
  imapUrl: string
  smtpUrl: string
  /** Puts the exact bytes into the mailboxes of `to`, else of the addresses in its To and Cc. */
  deliver(raw: Buffer, opts?: { from?: string; to?: string[] }): StoredMail[]
  /** A person's INBOX, oldest first. */
  mailboxOf(address: string): StoredMail[]
  /** What a person sent, oldest first. */
  sentBy(address: string): StoredMail[]
  onChange(listener: (change: MailboxChange) => void): () => void
  /** The routes of types.ts below `base`, such as `/sandbox/mail`: false when the request is for somebody else. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>
  faults: {
    /** The next `n` mails are stored, but the connection is cut before the server can say so. */
    cutAfterData(n: number): void
    /** The next `n` mails are lost: read to the end, not stored, connection cut. */
    loseAfterData(n: number): void
    refuse(address: string, code: number, text: string): void
    /** Refused with a 4xx the next `times` times. */
    temporary(address: string, times?: number, code?: number, text?: string): void
    accept(address: string): void
    /** Whether Authentication-Results that a sender wrote under the server's own name stay in the mail. */
    keepForgedResults(keep: boolean): void
    /** Cuts every IMAP connection. */
    dropImap(): void
    /** The next `n` connections are cut while handing out a mail. */
    cutInFetch(n: number): void
    /** The next `n` mails are handed out by IMAP with half their bytes. */
    shortRead(n: number): void
    /** New UIDs and UIDVALIDITY for the support INBOX, then its connections are cut. */
    renumberInbox(): void
  }
  close(): Promise<void>
}

/** Starts both servers; throws when a port is taken. */
export async function startMailServer(options: MailServerOptions): Promise<MailServer> {
  const { clock } = options
  const mailboxes = new Mailboxes({ clock, dataDir: options.dataDir })
  const support = mailboxes.person(options.supportAddress, 'Support')
  for (const { address, name } of options.people) mailboxes.person(address, name)
  const office = new PostOffice({ mailboxes, clock })

  const smtpFaults: SmtpFaults = { cutsAfterData: 0, lossesAfterData: 0 }
  const imapFaults: ImapFaults = { shortReads: 0, cutsInFetch: 0 }
  const password = SANDBOX_PASSWORD
  const smtp = await startSmtp({ office, password, port: options.smtpPort ?? 0, faults: smtpFaults })
  const imap = await startImap({
    mailboxes,
    user: support,
    password,
    port: options.imapPort ?? 0,
    faults: imapFaults,
  }).catch(async (error) => {
    await smtp.close()
    throw error
  })
  const routes = mailRoutes({ mailboxes, office, clock, support, base: options.base ?? '/sandbox/mail' })
  const login = `${encodeURIComponent(support)}:${password}@127.0.0.1`

  return {
    imapUrl: `imap://${login}:${imap.port}`,
    smtpUrl: `smtp://${login}:${smtp.port}`,
    deliver: (raw, opts) => office.put(raw, opts?.to ?? namedRecipients(raw)),
    mailboxOf: (address) => [...mailboxes.folder(mailboxes.person(office.mailboxOf(address)), 'INBOX').mails],
    sentBy: (address) => [...mailboxes.folder(mailboxes.person(office.mailboxOf(address)), 'Sent').mails],
    onChange: (listener) => mailboxes.onChange(listener),
    handle: routes.handle,
    faults: {
      cutAfterData(n) {
        smtpFaults.cutsAfterData = n
      },
      loseAfterData(n) {
        smtpFaults.lossesAfterData = n
      },
      refuse: (address, code, text) => office.refuse(address, code, text),
      temporary: (address, times = 1, code = 451, text = '4.3.0 Try again later') =>
        office.refuse(address, code, text, times),
      accept: (address) => office.accept(address),
      keepForgedResults(keep) {
        office.keepsForgedResults = keep
      },
      dropImap: () => imap.drop(),
      cutInFetch(n) {
        imapFaults.cutsInFetch = n
      },
      shortRead(n) {
        imapFaults.shortReads = n
      },
      renumberInbox() {
        mailboxes.renumber(support, 'INBOX')
        imap.drop()
      },
    },
    async close() {
      routes.close()
      await Promise.all([smtp.close(), imap.close()])
    },
  }
}
