import type { Clock } from '../clock.ts'
import type { Desk } from '../desk.ts'
import type { Deliver } from '../dispatcher.ts'
import type { Secrets } from '../secrets.ts'
import type { Database } from '../store/database.ts'
import type { FileStore } from '../store/files.ts'
import { type Names, ticketInFull } from '../store/in-full.ts'
import { mailboxOfTicket } from '../store/inbox.ts'
import { promisedUntil } from '../store/log.ts'
import type { OutboxRow } from '../store/outbox.ts'
import { people } from '../store/people.ts'
import { automaticMailsTo, relayedTo, saveSentMail, threadOf } from '../store/sent-mails.ts'
import { isFirstRequest } from '../store/tickets.ts'
import type { Templates } from '../templates.ts'
import type { StoredEvent } from '../ticket/events.ts'
import type { CommentFile, Person, TicketInFull } from '../ticket/in-full.ts'
import type { Effect } from '../ticket/policies/effect.ts'
import { type Questionnaire, questionsFor } from '../ticket/questions.ts'
import { type AlarmParts, raiseMailAlarm } from './alarm.ts'
import { areOnTheirWay, filesToAttach } from './attaching.ts'
import { composeMail } from './compose.ts'
import { lookFor, type SettleParts, settle, spared } from './settle.ts'
import { isCounted, isRelayLoop, type Silence, sendersAreProven, silenceFor } from './silence.ts'
import type { SupportSender } from './support-mailboxes.ts'
import { replyAddress, withoutSubaddress } from './threading.ts'
import type { Transport } from './transport.ts'

export interface MailerParts extends AlarmParts, SettleParts {
  database: Database
  clock: Clock
  desk: Desk
  transport: Transport
  files: FileStore
  templates: Templates
  names: Names
  secrets: Secrets
  companyName: string
  /** Whom a ticket's mail is from: by the mailbox it was opened in (null: in none), and its group. */
  senderOf(mailbox: string | null, groupKey: string): SupportSender
  surveyLink(ticketId: number): (score?: number) => string
  /** Where somebody sees all they can rate. */
  ratingsLink(contactId: number): string
  /** What the acknowledgement asks for, and the page of a ticket that asks for it too; null where nothing is asked. */
  asks: { questionnaire: Questionnaire; link(ticketId: number): string } | null
  timeZoneOf(regionKey: string): string
  /** The page on which the requester of a ticket joins another address of theirs. */
  joinLink(ticketId: number): string
  /** The largest file of a mail that is kept. */
  maxFileBytes: number
}

/** Does `mail` effects. The Message-ID was fixed with the effect, so whatever is sent twice is recognisable as one mail. */
export function createMailer(parts: MailerParts): Deliver {
  return async (row, mayBeDone) => {
    const { effect } = row
    if (effect.kind !== 'mail' || row.ticketId === null || row.messageId === null)
      throw new Error(`outbox ${row.id} is no mail`)
    if (mayBeDone) {
      const seen = await lookFor(parts, row)
      if (seen) return seen
    }
    const about = await aboutOf(parts, row, effect)
    if (!isOn(about.full, effect.contactId))
      return { kind: 'never', problem: 'not sent: no longer on the ticket', isMeant: true }
    if (isRemoved(about)) return { kind: 'never', problem: 'not sent: its author removed the words', isMeant: true }
    if (effect.template === 'reply' && areOnTheirWay(filesOf(about)))
      return { kind: 'later', problem: 'its files are not here yet', delayMs: filesMs(row), laneToo: false }
    const notSent = await spared(parts, row, about.recipient.address ?? '')
    if (notSent) return notSent
    const mail = await compose(parts, row, effect, about)
    const silence = await leave(parts, row, effect, about, mail.to[0]!.address)
    if (silence) return { kind: 'never', problem: `not sent: ${silence}`, isMeant: true }
    const outcome = await parts.transport.send(mail)
    return settle(parts, row, mail.to[0]!.address, outcome)
  }
}

/** Who was taken off while a mail to them waited gets it no more. */
function isOn({ ticket }: TicketInFull, contactId: number): boolean {
  return [ticket.requesterId, ...ticket.ccIds].includes(contactId)
}

/** Whoever deleted in Slack what a waiting mail would tell has it told to nobody. */
function isRemoved({ full, event }: Pick<About, 'full' | 'event'>): boolean {
  return full.comments.some(({ id, removedAt }) => id === event.commentId && Boolean(removedAt))
}

/** Whoever fetches them wakes the mail, unless it was just being tried: then it looks again soon, and later less often. */
function filesMs({ attempts }: OutboxRow): number {
  return Math.min(30_000, 1_000 * (attempts + 1))
}

function filesOf({ full, event }: Pick<About, 'full' | 'event'>): CommentFile[] {
  return full.comments.find(({ id }) => id === event.commentId)?.files ?? []
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
    const silence = silenceFor({ template: effect.template, event, full }, !senderIsProven, had)
    const isStranger = !senderIsProven
    const automatic = isCounted(effect.template, event, isStranger) ? { to, toStranger: isStranger } : null
    if (!silence) await saveSentMail(tx, { ...sent, automatic }, now)
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
  const { followUpOf } = full.ticket
  const { supportAddress, supportName } = parts.senderOf(
    await mailboxOfTicket(database, full.ticket.id),
    full.ticket.groupKey,
  )
  return composeMail({
    template: effect.template,
    ...(effect.template === 'reply' ? { attached: await filesToAttach(filesOf({ full, event }), parts.files) } : {}),
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
    links: {
      survey: parts.surveyLink(full.ticket.id),
      ...(effect.template === 'rating' ? { ratings: parts.ratingsLink(recipient.id) } : {}),
    },
    ...(parts.asks && effect.template === 'opened'
      ? {
          missing: {
            questions: questionsFor(parts.asks.questionnaire, full.ticket, recipient),
            url: parts.asks.link(full.ticket.id),
          },
        }
      : {}),
    ...(followUpOf !== null && effect.template === 'follow-up'
      ? { earlier: { number: followUpOf, until: await promisedUntil(database, followUpOf) } }
      : {}),
    ...((await maybeSomebodyElse(database, effect, full)) ? { joinUrl: parts.joinLink(full.ticket.id) } : {}),
    maxFileBytes: parts.maxFileBytes,
    isAutomatic: effect.isAutomatic,
    senderIsProven,
    timeZone: parts.timeZoneOf(full.ticket.regionKey),
  })
}

/** Whether this is the first we hear of an address, from a mail: its owner may be known to us by another one. */
async function maybeSomebodyElse(
  db: Database,
  effect: MailEffect,
  { ticket, requester }: TicketInFull,
): Promise<boolean> {
  if (effect.template !== 'opened' || ticket.via !== 'mail' || requester.slack) return false
  return isFirstRequest(db, ticket)
}
