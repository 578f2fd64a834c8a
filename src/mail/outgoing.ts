/** writeMail: the bytes of a mail of ours, with nothing in its headers or addresses that could become another header or reader. */

import type { Readable } from 'node:stream'
import { domainToASCII } from 'node:url'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { Address } from './mail.ts'

export interface OutgoingMail {
  from: Address
  replyTo?: Address
  to: Address[]
  cc: Address[]
  subject: string
  text: string
  html: string
  /** Ids with or without their angle brackets. The Message-ID is fixed before the first try, so that a repeat is recognisable. */
  messageId: string
  inReplyTo: string | null
  references: string[]
  headers: Record<string, string>
  attachments: OutgoingFile[]
}

export interface OutgoingFile {
  filename: string
  contentType: string
  content: Buffer | Readable
  /** Shown inside the html as `cid:…`. */
  contentId?: string
}

export interface WrittenMail {
  envelope: { from: string; to: string[] }
  raw: Buffer
}

/** An address no mail can be sent to. */
export class BadAddress extends Error {
  readonly address: string

  constructor(address: string) {
    super(`${JSON.stringify(clean(address).slice(0, 100))} is not a mail address: correct it where it was entered`)
    this.address = address
  }
}

/** Throws BadAddress; rejects when an attachment's stream fails. */
export async function writeMail(mail: OutgoingMail, date: Date): Promise<WrittenMail> {
  const from = checked(mail.from)
  const to = mail.to.map(checked)
  const cc = mail.cc.map(checked)
  const addresses = [...to, ...cc].map(({ address }) => address)
  const [inReplyTo] = mail.inReplyTo ? carried([mail.inReplyTo]) : []
  const references = carried(mail.references)
  const composer = new MailComposer({
    from,
    ...(mail.replyTo ? { replyTo: checked(mail.replyTo) } : {}),
    to,
    cc,
    subject: clean(mail.subject),
    date,
    messageId: bracketed(mail.messageId),
    ...(inReplyTo ? { inReplyTo } : {}),
    ...(references.length > 0 ? { references } : {}),
    headers: Object.entries(mail.headers).map(([key, value]) => ({ key: headerName(key), value: clean(value) })),
    text: mail.text,
    html: mail.html,
    attachments: mail.attachments.map(({ filename, contentType, content, contentId }) => ({
      filename: cleanFilename(filename),
      contentType: /^[\w.+-]{1,127}\/[\w.+-]{1,127}$/.test(contentType) ? contentType : 'application/octet-stream',
      content,
      ...(contentId ? { cid: bracketed(contentId).slice(1, -1) } : {}),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const raw = await composer.compile().build()
  return { envelope: { from: from.address, to: [...new Set(addresses)] }, raw }
}

const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g

/** Text as one header line: control characters and line ends of every kind become a blank (threat of header injection). */
const clean = (text: string): string => text.toWellFormed().replace(control, ' ').trim()

/** The last part of a path, without characters that hide what kind of file it is. */
function cleanFilename(name: string): string {
  const bare = clean(name).split(/[/\\]/).at(-1) ?? ''
  return bare.replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, '').replace(/^\.+/, '') || 'attachment'
}

/** The address as it goes into the envelope: one plain addr-spec (RFC 5321 4.1.2 without quoted strings), domain in ASCII. */
function checked({ name, address }: Address): Address {
  const [, local, domain] = /^([^\s@<>()[\]\\,;:"]{1,64})@([^\s@<>()[\]\\,;:"]{1,255})$/u.exec(address) ?? []
  const ascii = domain ? domainToASCII(domain) : ''
  // What looks like an encoded word in an address is decoded by some readers into another one (RFC 2047 5 forbids both).
  const isOdd = address.includes('=?') || address.length > 254 || clean(address) !== address
  if (!local || !ascii || isOdd) throw new BadAddress(address)
  return { name: clean(name), address: `${local}@${ascii}` }
}

const bracketed = (id: string): string => `<${id.replace(/[^!-~]|[<>]/g, '').slice(0, 900)}>`

/** Ids of other people's mails as they are; one that no header can carry (RFC 5322 2.1.1, 3.6.4) is left out, not changed. */
const carried = (ids: string[]): string[] =>
  ids
    .map((id) => id.replace(/^<|>$/g, ''))
    .filter((id) => /^[!-;=?-~]{1,900}$/.test(id))
    .map((id) => `<${id}>`)

function headerName(name: string): string {
  if (!/^[A-Za-z0-9-]+$/.test(name)) throw new RangeError(`${JSON.stringify(name)} is not a header name`)
  return name
}
