/**
 * PostOffice: which mailbox an envelope ends in. It accepts or refuses recipients as SMTP would, writes the trace headers a
 * receiving server writes (RFC 5321 4.4, RFC 8601), and leaves a copy of what somebody sent in their Sent folder, as Gmail
 * and Microsoft 365 do.
 */
import addressparser from 'nodemailer/lib/addressparser'
import type { Clock } from '../../clock.ts'
import type { Mailboxes, StoredMail } from './mailboxes.ts'

/** The name under which the sandbox vouches for senders in Authentication-Results. */
export const SANDBOX_AUTHSERV_ID = 'mail.sandbox.test'

/** What the server says to a recipient it does not take, or `silence`: it never answers. */
export type Rejection = { code: number; text: string } | 'silence'

export interface Submission {
  /** Who logged in, if anybody: gets the copy in Sent. */
  user?: string | undefined
  /** The return path; empty for a report. */
  from: string
  to: string[]
  raw: Buffer
}

export class PostOffice {
  readonly #mailboxes: Mailboxes
  readonly #clock: Clock
  /** Whether what a sender wrote under our name stays in the mail, as with a server that is set up badly. */
  keepsForgedResults = false
  readonly #refused = new Map<string, { code: number; text: string; times: number }>()

  constructor(options: { mailboxes: Mailboxes; clock: Clock }) {
    this.#mailboxes = options.mailboxes
    this.#clock = options.clock
  }

  /** From now on `address` is refused with `code`, the next `times` times. */
  refuse(address: string, code: number, text: string, times = Number.POSITIVE_INFINITY): void {
    this.#refused.set(address.toLowerCase(), { code, text, times })
  }

  /** Takes back a refusal. */
  accept(address: string): void {
    this.#refused.delete(address.toLowerCase())
  }

  /** Why `address` is not taken right now; undefined when it is. Counts as one try. */
  rejection(address: string): Rejection | undefined {
    const refused = this.#refused.get(address.toLowerCase())
    if (refused && refused.times > 0) {
      refused.times--
      return refused
    }
    switch (address.toLowerCase().split('@')[0]) {
      case 'temperror':
        return { code: 451, text: '4.3.0 Temporary failure, try again later' }
      case 'permerror':
        return { code: 550, text: '5.1.1 No such user here' }
      case 'timeout':
        return 'silence'
      default:
        return undefined
    }
  }

  /** The mailbox behind an address: plus addresses (RFC 5233) belong to the mailbox without the tag. */
  mailboxOf(address: string): string {
    const key = address.toLowerCase()
    return this.#mailboxes.has(key) ? key : key.replace(/\+[^@]*@/, '@')
  }

  /** Puts accepted mail into the mailbox of each recipient, once per mailbox, and into the sender's Sent folder. */
  submit(mail: Submission): StoredMail[] {
    if (mail.user) this.#mailboxes.add(mail.user, 'Sent', mail.raw, ['\\Seen'])
    const raw = this.keepsForgedResults ? mail.raw : withoutOurResults(mail.raw)
    return this.put(Buffer.concat([this.#trace(mail), raw]), mail.to)
  }

  /** Puts the exact bytes into the mailbox of each address. */
  put(raw: Buffer, to: string[]): StoredMail[] {
    const mailboxes = new Set(to.map((address) => this.mailboxOf(address)))
    return [...mailboxes].map((mailbox) => this.#mailboxes.add(mailbox, 'INBOX', raw))
  }

  #trace({ from, raw }: Submission): Buffer {
    const domain = from.split('@')[1]?.toLowerCase() ?? ''
    const author = fromDomain(raw)
    const aligned = author !== undefined && author === domain
    const dmarc = `dmarc=${aligned ? 'pass' : 'fail'} header.from=${author ?? 'none'}`
    return Buffer.from(
      `Return-Path: <${from}>\r\n` +
        `Received: by ${SANDBOX_AUTHSERV_ID} with ESMTP; ${this.#clock.now().toUTCString().replace('GMT', '+0000')}\r\n` +
        `Authentication-Results: ${SANDBOX_AUTHSERV_ID};\r\n spf=pass smtp.mailfrom=${from || 'none'};\r\n ${dmarc}\r\n`,
    )
  }
}

/** RFC 8601 §5: a server takes out what a sender wrote under its name. */
function withoutOurResults(raw: Buffer): Buffer {
  const end = raw.indexOf('\r\n\r\n')
  if (end < 0) return raw
  const head = raw.toString('latin1', 0, end + 2)
  const kept = head
    .split(/(?<=\r\n)(?![ \t])/)
    .filter((field) => !/^authentication-results:/i.test(field) || !field.includes(SANDBOX_AUTHSERV_ID))
  return Buffer.concat([Buffer.from(kept.join(''), 'latin1'), raw.subarray(end + 2)])
}

/** Addresses named in To and Cc of a raw mail: where `deliver` takes it when nobody says. */
export function namedRecipients(raw: Buffer): string[] {
  return ['to', 'cc'].flatMap((name) => headerLines(raw, name).flatMap(addresses))
}

function fromDomain(raw: Buffer): string | undefined {
  const found = headerLines(raw, 'from').flatMap(addresses)
  return found.length === 1 ? found[0]?.split('@')[1]?.toLowerCase() : undefined
}

function addresses(line: string): string[] {
  return addressparser(line, { flatten: true }).flatMap(({ address }) => (address?.includes('@') ? [address] : []))
}

function headerLines(raw: Buffer, name: string): string[] {
  const end = raw.indexOf('\r\n\r\n')
  const head = raw
    .subarray(0, end < 0 ? raw.length : end)
    .toString('utf8')
    .replace(/\r\n[ \t]+/g, ' ')
  const lines = head.split('\r\n').filter((line) => line.toLowerCase().startsWith(`${name}:`))
  return lines.map((line) => line.slice(name.length + 1).trim())
}
