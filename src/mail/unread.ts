import type { Clock } from '../clock.ts'
import type { Queue } from '../desk.ts'
import type { Attempt, Deliver } from '../dispatcher.ts'
import type { Secrets } from '../secrets.ts'
import type { Database, Tx } from '../store/database.ts'
import { insertEffect } from '../store/outbox.ts'
import { contactOfAddress } from '../store/people.ts'
import { suppressionOf } from '../store/suppressions.ts'
import { hadUnreadMail, type UnreadMail, unreadMail } from '../store/unread-mails.ts'
import type { Templates } from '../templates.ts'
import type { Person } from '../ticket/in-full.ts'
import type { SenderProof } from '../ticket/ticket.ts'
import { automaticHeaders } from './composing/automatic-headers.ts'
import { greetable } from './composing/greeting.ts'
import { oneLine } from './composing/one-line.ts'
import type { Mail } from './mail.ts'
import type { OutgoingMail } from './outgoing.ts'
import { mayAnswer } from './rules/marks.ts'
import type { SupportSender } from './support-mailboxes.ts'
import type { Transport } from './transport.ts'

export interface TellUnreadParts {
  clock: Clock
  queue: Pick<Queue, 'wakeLane'>
  secrets: Pick<Secrets, 'messageIdPart'>
  /** The domain of our Message-IDs. */
  mailHost: string
}

/**
 * Sees to it that who wrote a mail which nobody can read is told so, once, on the transaction that ends it: somebody we
 * know, proven to be its author, not a machine, and at most once a day.
 */
export async function tellUnread(
  { clock, queue, secrets, mailHost }: TellUnreadParts,
  tx: Tx,
  mailId: number,
  mail: Mail,
  proof: SenderProof | null,
): Promise<void> {
  if (!mail.from || proof !== 'verified' || !mayAnswer(mail)) return
  const author = await contactOfAddress(tx, mail.from.address)
  if (!author || (await hadUnreadMail(tx, mail.from.address, mailId, clock.now()))) return
  const key = `unread/${mailId}`
  const lane = `unread:${author.id}`
  const messageId = `${secrets.messageIdPart(key)}@${mailHost}`
  const effect = { kind: 'unread', mailId } as const
  if (await insertEffect(tx, { key, ticketId: null, eventId: null, lane, effect, messageId }))
    await queue.wakeLane(tx, lane)
}

export interface UnreadMailerParts {
  database: Database
  transport: Transport
  templates: Templates
  companyName: string
  /** Whom mail about what came into this mailbox is from. */
  senderOf(mailbox: string): SupportSender
}

const RETRY_MS = 10 * 60_000
const GIVE_UP_MS = 24 * 60 * 60_000 // after a day it helps nobody, and staff have the mail in their channel

/** Does `unread` effects. A connection that broke behind DATA ends it: a notice twice is worse than none. */
export function createUnreadMailer(parts: UnreadMailerParts): Deliver {
  return async (row, mayBeDone): Promise<Attempt> => {
    if (row.effect.kind !== 'unread' || row.messageId === null)
      throw new Error(`outbox ${row.id} is about no unread mail`)
    if (mayBeDone) return { kind: 'never', problem: 'not sent again: nobody knows whether it left' }
    const about = await unreadMail(parts.database, row.effect.mailId)
    if (!about) return { kind: 'never', problem: 'not sent: the mail was read since', isMeant: true }
    const author = await contactOfAddress(parts.database, about.sender)
    const refused = await suppressionOf(parts.database, about.sender)
    if (!author || refused !== null)
      return { kind: 'never', problem: 'not sent: nobody is written to there', isMeant: true }
    const outcome = await parts.transport.send(compose(parts, about, author, row.messageId))
    if (outcome.kind === 'done') return { kind: 'done', paceMs: 0 }
    if (outcome.kind === 'later' && row.ageMs < GIVE_UP_MS)
      return { kind: 'later', problem: outcome.response, delayMs: RETRY_MS, laneToo: false }
    return { kind: 'never', problem: outcome.response }
  }
}

/** Answers their mail, in its conversation, without a word of it. */
function compose(parts: UnreadMailerParts, about: UnreadMail, author: Person, messageId: string): OutgoingMail {
  const { supportAddress, supportName } = parts.senderOf(about.mailbox)
  const params = {
    ...{ number: null, isCopied: false, history: [], historyCut: false, notTaken: null },
    company: parts.companyName,
    name: greetable(author.name),
    at: about.receivedAt,
  }
  const { subject, text, html } = parts.templates.render('not-delivered', author.locale, params, {
    timeZone: author.timeZone,
  })
  return {
    from: { name: oneLine(supportName, 80), address: supportAddress },
    to: [{ name: oneLine(author.name, 80), address: about.sender }],
    cc: [],
    subject,
    text,
    html,
    messageId,
    inReplyTo: about.messageId,
    references: about.messageId ? [about.messageId] : [],
    headers: automaticHeaders(supportAddress, 'auto-replied'),
    attachments: [],
  }
}
