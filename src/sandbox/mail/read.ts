/** readMail: a stored mail as the mailbox page shows it, by mailparser. A mail nobody can parse is shown as its raw text. */
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser'
import type { StoredMail } from './mailboxes.ts'
import type { Address, Message, MessageSummary } from './types.ts'

export interface ReadMail {
  message: Message
  /** The files, in the order of `message.files`. */
  contents: Buffer[]
}

/** Never throws. */
export async function readMail(mail: StoredMail): Promise<ReadMail> {
  const parsed = await simpleParser(mail.raw, { skipImageLinks: true }).catch(() => undefined)
  return parsed ? fromParsed(mail, parsed) : fromRaw(mail)
}

/** The part of a message the list shows, with the flags of this moment. */
export function summaryOf(message: Message, mail: StoredMail): MessageSummary {
  const { id, mailbox, folder, uid, from, to, subject, receivedAt, preview, attachments, thread } = message
  const unread = !mail.flags.includes('\\Seen')
  return { id, mailbox, folder, uid, from, to, subject, receivedAt, preview, unread, attachments, thread }
}

function fromParsed(mail: StoredMail, parsed: ParsedMail): ReadMail {
  const from = list(parsed.from)[0] ?? null
  const to = list(parsed.to)
  const cc = list(parsed.cc)
  const replyTo = list(parsed.replyTo)
  const text = parsed.text ?? ''
  const references = typeof parsed.references === 'string' ? [parsed.references] : (parsed.references ?? [])
  const messageId = parsed.messageId ?? null
  const inReplyTo = parsed.inReplyTo ?? null
  const subject = parsed.subject ?? ''
  const files = parsed.attachments.map((file, index) => ({
    index,
    filename: file.filename ?? `part-${index + 1}`,
    contentType: file.contentType,
    size: file.size,
    contentId: file.cid ?? null,
  }))
  const mine = mail.mailbox
  const others = (people: Address[]) => people.filter(({ address }) => address.toLowerCase() !== mine)
  const answerTo = mail.folder === 'Sent' ? to : replyTo.length > 0 ? replyTo : from ? [from] : []
  const answer = /^re:/i.test(subject) ? subject : `Re: ${subject}`
  return {
    message: {
      ...base(mail),
      from,
      to,
      cc,
      replyTo,
      subject,
      preview: previewOf(text),
      attachments: files.filter((file) => file.contentId === null).length,
      thread: references[0] ?? inReplyTo ?? messageId ?? mail.id,
      date: parsed.date?.toISOString() ?? null,
      text,
      html: parsed.html || null,
      files,
      headers: parsed.headerLines.map(({ line }) => ({
        name: line.slice(0, line.indexOf(':')),
        value: line
          .slice(line.indexOf(':') + 1)
          .replace(/\r?\n\s*/g, ' ')
          .trim(),
      })),
      messageId,
      inReplyTo,
      references,
      reply: { to: answerTo, subject: answer },
      replyAll: { to: answerTo, cc: others(mail.folder === 'Sent' ? cc : [...to, ...cc]), subject: answer },
    },
    contents: parsed.attachments.map((file) => file.content),
  }
}

function fromRaw(mail: StoredMail): ReadMail {
  const text = mail.raw.toString('utf8')
  const none: Address[] = []
  return {
    message: {
      ...base(mail),
      ...{ from: null, to: none, cc: none, replyTo: none, subject: '(unreadable mail)', preview: previewOf(text) },
      ...{ attachments: 0, thread: mail.id, date: null, text, html: null, files: [], headers: [] },
      ...{ messageId: null, inReplyTo: null, references: [] },
      ...{ reply: { to: none, subject: '' }, replyAll: { to: none, cc: none, subject: '' } },
    },
    contents: [],
  }
}

function base(mail: StoredMail) {
  const { id, mailbox, folder, uid, size } = mail
  return {
    id,
    mailbox,
    folder,
    uid,
    size,
    receivedAt: mail.receivedAt.toISOString(),
    unread: !mail.flags.includes('\\Seen'),
  }
}

function previewOf(text: string): string {
  const lines: string[] = []
  for (const line of text.slice(0, 4000).split(/\r?\n/)) {
    if (line.startsWith('>') || /^On .{1,200} wrote:$/.test(line)) break
    lines.push(line.trim())
  }
  return lines.join(' ').replace(/\s+/g, ' ').trim().slice(0, 160)
}

function list(found: AddressObject | AddressObject[] | undefined): Address[] {
  const objects = found === undefined ? [] : Array.isArray(found) ? found : [found]
  const entries = objects.flatMap(({ value }) => value).flatMap((entry) => entry.group ?? [entry])
  return entries.flatMap(({ name, address }) => (address ? [{ name: name ?? '', address }] : []))
}
