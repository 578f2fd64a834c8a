import type { Database } from '../store/database.ts'
import { rawMail } from '../store/inbox.ts'
import { mailOfEvent } from '../store/log.ts'
import { Refusal } from '../ticket/refusal.ts'
import type { MailReader } from './reader.ts'
import { htmlToText } from './reading/html-to-text.ts'
import { nameAndAddress } from './saw.ts'

/** A mail as it came, for an agent who wants to see more than what its author wrote now (threats E37). */
export interface WholeMail {
  from: string | null
  to: string[]
  cc: string[]
  /** What its text part says; null where it has none. */
  text: string | null
  /** What its formatted part says, as text, where that is not the same; null otherwise. */
  formatted: string | null
}

/** Reads the mail that wrote this event's comment anew. A Refusal when it came by no mail, or the mail is not kept. */
export async function wholeMail(
  { database, reader }: { database: Database; reader: Pick<MailReader, 'read'> },
  ticketId: number,
  eventId: number,
): Promise<WholeMail> {
  const mailId = await mailOfEvent(database, ticketId, eventId)
  const stored = mailId === null ? null : await rawMail(database, mailId)
  if (!stored) throw new Refusal('mail-not-kept')
  const { mail } = await reader.read(stored.raw)
  const formatted = mail.html === null ? null : htmlToText(mail.html.slice(0, MOST_SHOWN)).trim()
  const text = mail.text === null ? null : mail.text.slice(0, MOST_SHOWN).trim()
  return {
    from: nameAndAddress(mail.from ?? mail.claimedFrom),
    to: mail.to.map(nameAndAddress),
    cc: mail.cc.map(nameAndAddress),
    text,
    formatted: formatted && bare(formatted) !== bare(text ?? '') ? formatted : null,
  }
}

// More than a modal takes, and little enough to be read outside of the reading thread.
const MOST_SHOWN = 300_000

/** Words alone: html and text of one mail are laid out differently. */
function bare(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}
