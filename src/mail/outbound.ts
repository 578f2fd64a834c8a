import type { Clock } from '../clock.ts'
import type { Desk } from '../desk.ts'
import type { Attempt, Deliver } from '../dispatcher.ts'
import type { Secrets } from '../secrets.ts'
import type { Database } from '../store/database.ts'
import { type Names, ticketInFull } from '../store/in-full.ts'
import { mailboxOfTicket } from '../store/inbox.ts'
import type { OutboxRow } from '../store/outbox.ts'
import { people } from '../store/people.ts'
import { automaticMailsTo, relayedTo, saveSentMail, threadOf } from '../store/sent-mails.ts'
import type { Templates } from '../templates.ts'
import type { StoredEvent } from '../ticket/events.ts'
import type { Person, TicketInFull } from '../ticket/in-full.ts'
import type { Effect } from '../ticket/policies/effect.ts'
import { type Questionnaire, questionsFor } from '../ticket/questions.ts'
import { type AlarmParts, raiseMailAlarm } from './alarm.ts'
import { composeMail } from './compose.ts'
import { isRelayLoop, type Silence, sendersAreProven, silenceFor } from './silence.ts'
import type { SupportSender } from './support-mailboxes.ts'
import { replyAddress, withoutSubaddress } from './threading.ts'
import type { Outcome, Transport } from './transport.ts'

export interface MailerParts extends AlarmParts {
  database: Database
  clock: Clock
  desk: Desk
  transport: Transport
  templates: Templates
  names: Names
  secrets: Secrets
  companyName: string
  /** Whom a ticket's mail is from: by the mailbox it was opened in (null: in none), and its group. */
  senderOf(mailbox: string | null, groupKey: string): SupportSender
  surveyLink(ticketId: number): (score?: number) => string
  /** What the acknowledgement asks for, and the page of a ticket that asks for it too; null where nothing is asked. */
  asks: { questionnaire: Questionnaire; link(ticketId: number): string } | null
  timeZoneOf(regionKey: string): string
  /** Whether the provider's Sent folder has this Message-ID; 'no-sent-folder' where nobody keeps copies. */
  findSent(messageId: string): Promise<boolean | 'no-sent-folder'>
}

const LOOK_AGAIN_MS = 5_000
const FIRST_RETRY_MS = 10_000
const LONGEST_RETRY_MS = 60 * 60_000
const MAX_TRIES = 60 // at an hour between most of them, about two days (RFC 5321 §4.5.4.1 asks for four to five at most)

/** Does `mail` effects. The Message-ID was fixed with the effect, so whatever is sent twice is recognisable as one mail. */
export function createMailer(parts: MailerParts): Deliver {
  return async (row, mayBeDone) => {
    const { effect } = row
    if (effect.kind !== 'mail' || row.ticketId === null || row.messageId === null)
      throw new Error(`outbox ${row.id} is no mail`)
    if (mayBeDone) {
      const found = await parts.findSent(row.messageId).catch((): 'unasked' => 'unasked')
      if (found === 'unasked')
        return { kind: 'uncertain', problem: 'the Sent folder cannot be asked', delayMs: LOOK_AGAIN_MS, laneToo: true }
      if (found === true) return { kind: 'done', paceMs: 0 }
      // Not there: it is sent again under the same Message-ID, which mail programs fold into one.
    }
    const about = await aboutOf(parts, row, effect)
    if (!isOn(about.full, effect.contactId)) return { kind: 'never', problem: 'not sent: no longer on the ticket' }
    const mail = await compose(parts, row, effect, about)
    const silence = await leave(parts, row, effect, about, mail.to[0]!.address)
    if (silence) return { kind: 'never', problem: `not sent: ${silence}` }
    const outcome = await parts.transport.send(mail)
    return settle(parts, row, mail.to[0]!.address, outcome)
  }
}

/** Who was taken off while a mail to them waited gets it no more. */
function isOn({ ticket }: TicketInFull, contactId: number): boolean {
  return [ticket.requesterId, ...ticket.ccIds].includes(contactId)
}

type MailEffect = Effect & { kind: 'mail' }

interface About {
  full: TicketInFull
  event: StoredEvent
  recipient: Person
  senderIsProven: boolean
}

async function aboutOf({ database, names }: MailerParts, row: OutboxRow, effect: MailEffect): Promise<About> {
  const full = await ticketInFull(database, row.ticketId!, names)
  const event = full?.events.find(({ id }) => id === row.eventId)
  const [recipient] = await people(database, [effect.contactId])
  if (!full || !event || !recipient) throw new Error(`what outbox ${row.id} is about is gone`)
  return { full, event, recipient, senderIsProven: sendersAreProven(full) }
}

/**
 * Remembers the mail as one that leaves now, or answers why it must not: in one transaction, so that many at once are
 * counted one after the other. Staff are told once a day of an address that we stopped answering.
 */
async function leave(
  { database, clock, ...alarms }: MailerParts,
  row: OutboxRow,
  effect: MailEffect,
  { full, event, senderIsProven }: About,
  address: string,
): Promise<Silence | null> {
  const now = clock.now()
  const sent = { messageId: row.messageId!, ticketId: row.ticketId!, outboxId: row.id, contactId: effect.contactId }
  const to = withoutSubaddress(address)
  return database.transaction(async (tx) => {
    if (!effect.isAutomatic) {
      const isLoop = isRelayLoop(event, await relayedTo(tx, sent.ticketId, sent.contactId, now))
      if (isLoop) await raiseMailAlarm(alarms, tx, 'loop', to, now)
      else await saveSentMail(tx, sent, now)
      return isLoop ? 'loop' : null
    }
    const had = await automaticMailsTo(tx, to, row.id, now)
    const silence = silenceFor(effect.template, full, !senderIsProven, had)
    if (!silence) await saveSentMail(tx, { ...sent, automatic: { to, toStranger: !senderIsProven } }, now)
    if (silence === 'loop') await raiseMailAlarm(alarms, tx, 'loop', to, now)
    return silence
  })
}

async function compose(
  parts: MailerParts,
  row: OutboxRow,
  effect: MailEffect,
  { full, event, recipient, senderIsProven }: About,
) {
  const { database, secrets } = parts
  const { supportAddress, supportName } = parts.senderOf(
    await mailboxOfTicket(database, full.ticket.id),
    full.ticket.groupKey,
  )
  return composeMail({
    template: effect.template,
    full,
    event,
    recipient,
    templates: parts.templates,
    companyName: parts.companyName,
    supportName,
    supportAddress,
    replyAddress: replyAddress(supportAddress, secrets.replyToken(full.ticket.id)),
    messageId: row.messageId!,
    thread: { messageIds: await threadOf(database, full.ticket.id, recipient.id) },
    links: { survey: parts.surveyLink(full.ticket.id) },
    ...(parts.asks && effect.template === 'opened'
      ? {
          missing: {
            questions: questionsFor(parts.asks.questionnaire, full.ticket, recipient),
            url: parts.asks.link(full.ticket.id),
          },
        }
      : {}),
    isAutomatic: effect.isAutomatic,
    senderIsProven,
    timeZone: parts.timeZoneOf(full.ticket.regionKey),
  })
}

async function settle(parts: MailerParts, row: OutboxRow, address: string, outcome: Outcome): Promise<Attempt> {
  if (outcome.kind === 'done') {
    if (outcome.serverMessageId) await rememberOther(parts, row, outcome.serverMessageId)
    const refused = outcome.refused[0]
    if (refused) await tellStaff(parts, row, refused.address, refused.response)
    return { kind: 'done', paceMs: 0 }
  }
  if (outcome.kind === 'unknown')
    return { kind: 'uncertain', problem: outcome.response, delayMs: LOOK_AGAIN_MS, laneToo: true }
  if (outcome.kind === 'later' && row.attempts < MAX_TRIES) {
    const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(row.attempts, 10))
    return { kind: 'later', problem: outcome.response, delayMs, laneToo: true }
  }
  await tellStaff(parts, row, address, outcome.response)
  return { kind: 'never', problem: outcome.response }
}

/** Some providers give a mail another Message-ID on the way; answers to it name that one. */
async function rememberOther(parts: MailerParts, row: OutboxRow, messageId: string): Promise<void> {
  const contactId = row.effect.kind === 'mail' ? row.effect.contactId : 0
  const mail = { messageId, ticketId: row.ticketId!, outboxId: row.id, contactId }
  await saveSentMail(parts.database, mail, parts.clock.now())
}

async function tellStaff(parts: MailerParts, row: OutboxRow, recipient: string, reason: string): Promise<void> {
  await parts.desk.handle({
    type: 'record-undelivered',
    ticketId: row.ticketId!,
    recipient,
    reason,
    actor: { kind: 'system' },
    via: 'mail',
    source: `mail/undelivered/${row.key}`,
  })
}
