import { createHash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Desk, Queue } from '../desk.ts'
import { hashOf } from '../secrets.ts'
import type { Database, Tx } from '../store/database.ts'
import type { FileStore } from '../store/files.ts'
import {
  earlierTwin,
  lockMail,
  type MailOutcome,
  type MailTraits,
  nextWaitingMail,
  postponeMail,
  settleMail,
  ticketsOfMessageIds,
  type WaitingMail,
} from '../store/inbox.ts'
import { insertEffect } from '../store/outbox.ts'
import { addressesOf, contactOfAddress, ensureMailContact } from '../store/people.ts'
import { loadTicket, ticketOfSecret } from '../store/tickets.ts'
import { Refusal } from '../ticket/refusal.ts'
import type { Attachment, CommentDraft, Intake as TicketIntake } from '../ticket/ticket.ts'
import type { Address, Mail } from './mail.ts'
import type { MailReader, ReadMail } from './reader.ts'
import { decideMail } from './rules/index.ts'
import { quotedMessageIds, replyTokens } from './rules/lookups.ts'
import type { Facts, KnownTicket, Verdict } from './rules/verdict.ts'

export interface IntakeParts {
  database: Database
  clock: Clock
  desk: Desk
  queue: Queue
  reader: MailReader
  files: FileStore
  maxFileBytes: number
  /** The addresses mail to us is sent to, the support address first. */
  ownAddresses: string[]
  mailHost: string
  routeOf(address: string): Pick<TicketIntake, 'accountKey' | 'groupKey' | 'regionKey'>
  triageChannelOf(groupKey: string | null): string
  log: { info(fields: object, message: string): void; error(fields: object, message: string): void }
}

const MAX_ATTEMPTS = 5
const FIRST_RETRY_MS = 1_000
const MAX_CONTACTS = 40 // of one mail's recipients; more is an attack or a list (mail facts)

/** Understands every stored mail that is due, oldest first. Each ends in exactly one outcome with its reason. */
export async function understandMail(parts: IntakeParts): Promise<void> {
  for (let mail = await nextWaitingMail(parts.database); mail; mail = await nextWaitingMail(parts.database))
    await understand(parts, mail)
}

async function understand(parts: IntakeParts, waiting: WaitingMail): Promise<void> {
  const { database, log } = parts
  const read = await parts.reader.read(waiting.raw)
  try {
    const files = await keepFiles(parts, read.mail)
    await database.transaction(async (tx) => {
      if (await lockMail(tx, waiting.id)) await conclude(parts, tx, waiting, read, files)
    })
  } catch (error) {
    log.error({ err: error, mail: waiting.id, attempts: waiting.attempts + 1 }, 'mail intake failed')
    if (waiting.attempts + 1 < MAX_ATTEMPTS)
      return postponeMail(database, waiting.id, String(error), FIRST_RETRY_MS * 4 ** waiting.attempts)
    // A mail we cannot get through stays whole in the inbox, is shown to a person, and holds up nobody else.
    await database.transaction(async (tx) => {
      if (!(await lockMail(tx, waiting.id))) return
      await settle(parts, tx, waiting, read, 'unreadable', { rule: 'intake', reason: 'unreadable' })
      await showToStaff(parts, tx, waiting.id)
    })
  }
}

async function conclude(parts: IntakeParts, tx: Tx, waiting: WaitingMail, read: ReadMail, files: Attachment[]) {
  const { mail } = read
  if (mail.unreadable) {
    await settle(parts, tx, waiting, read, 'unreadable', { rule: 'parser', reason: 'unreadable' })
    return showToStaff(parts, tx, waiting.id)
  }
  const verdict = decideMail(mail, await factsOf(parts, tx, waiting.id, read))
  const done = await act(parts, tx, waiting, read, verdict, files)
  await settle(parts, tx, waiting, read, done.outcome, { ...verdict, ...done })
  if (['held', 'spam', 'unreadable'].includes(done.outcome)) await showToStaff(parts, tx, waiting.id)
}

type Done = { outcome: MailOutcome; ticketId?: number; contactId?: number; reason?: string }

async function act(
  parts: IntakeParts,
  tx: Tx,
  waiting: WaitingMail,
  read: ReadMail,
  verdict: Verdict,
  files: Attachment[],
): Promise<Done> {
  switch (verdict.kind) {
    case 'ticket':
      return open(parts, tx, waiting, read, verdict, files)
    case 'reply':
      return reply(parts, tx, waiting, read, verdict, files)
    case 'bounce':
      return bounce(parts, tx, waiting, verdict)
    case 'auto-reply':
      return { outcome: 'automatic' }
    case 'held':
      return { outcome: 'held', ticketId: verdict.ticketId }
    case 'spam':
    case 'loop':
    case 'duplicate':
    case 'rejected':
      return { outcome: verdict.kind }
    default:
      return verdict satisfies never
  }
}

/** A new request: its sender becomes a contact if they are none (AUT-13, AUT-14), whom they copied are its CCs. */
async function open(
  parts: IntakeParts,
  tx: Tx,
  waiting: WaitingMail,
  read: ReadMail,
  verdict: Verdict,
  files: Attachment[],
): Promise<Done> {
  const { desk, clock, routeOf } = parts
  const sender = read.mail.from
  if (!sender) return { outcome: 'unreadable', reason: 'sender-unclear' }
  const contactId = await ensureMailContact(tx, sender, null, clock.now())
  const ccIds = await copied(parts, tx, read.mail, contactId)
  const person = await contactOfAddress(tx, sender.address)
  const { ticketId } = await desk.handle(
    {
      type: 'open',
      intake: {
        subject: read.mail.subject.trim().slice(0, 500),
        branch: null,
        ...routeOf(sender.address),
        form: null,
        answers: {},
        impact: null,
        users: null,
        priority: 'normal',
      },
      requesterId: contactId,
      ccIds,
      locale: person?.locale ?? 'en',
      comment: commentOf(read, files),
      mayAnswer: verdict.mayAnswer,
      followUpOf: null,
      actor: { kind: 'contact', id: contactId },
      via: 'mail',
      source: `mail/${waiting.id}`,
    },
    tx,
  )
  return { outcome: 'ticket', ticketId, contactId }
}

async function reply(
  parts: IntakeParts,
  tx: Tx,
  waiting: WaitingMail,
  read: ReadMail,
  verdict: Verdict & { kind: 'reply' },
  files: Attachment[],
): Promise<Done> {
  const author = read.mail.from && (await contactOfAddress(tx, read.mail.from.address))
  if (!author) return { outcome: 'held', ticketId: verdict.ticketId, reason: 'unknown-author-on-ticket' }
  try {
    const { ticketId } = await parts.desk.handle(
      {
        type: 'reply',
        ticketId: verdict.ticketId,
        comment: commentOf(read, files),
        receivedAt: waiting.receivedAt,
        alreadyTold: [...read.mail.to, ...read.mail.cc].map(({ address }) => address.toLowerCase()),
        mayAnswer: verdict.mayAnswer,
        actor: { kind: 'contact', id: author.id },
        via: 'mail',
        source: `mail/${waiting.id}`,
      },
      tx,
    )
    return { outcome: ticketId === verdict.ticketId ? 'reply' : 'follow-up', ticketId, contactId: author.id }
  } catch (error) {
    // The desk refuses before it writes anything but the claim on this mail, which is this mail's own.
    if (error instanceof Refusal)
      return { outcome: 'held', ticketId: verdict.ticketId, reason: 'unknown-author-on-ticket' }
    throw error
  }
}

/** A report about a mail of ours: agents are told on its ticket, and nothing else changes. */
async function bounce(
  parts: IntakeParts,
  tx: Tx,
  waiting: WaitingMail,
  verdict: Verdict & { kind: 'bounce' },
): Promise<Done> {
  if (verdict.ticketId === null || verdict.reason !== 'delivery-report') return { outcome: 'bounce' }
  await parts.desk.handle(
    {
      type: 'record-undelivered',
      ticketId: verdict.ticketId,
      recipient: verdict.recipient ?? '',
      reason: verdict.status ?? '',
      actor: { kind: 'system' },
      via: 'mail',
      source: `mail/${waiting.id}`,
    },
    tx,
  )
  return { outcome: 'bounce', ticketId: verdict.ticketId }
}

async function factsOf(parts: IntakeParts, tx: Tx, id: number, read: ReadMail): Promise<Facts> {
  const { ownAddresses, mailHost } = parts
  const tickets = async (messageIds: string[]) => {
    const named = []
    for (const { messageId, ticketId } of await ticketsOfMessageIds(tx, messageIds))
      named.push({ messageId, ...(await known(tx, ticketId)) })
    return named
  }
  let tokenTicketId: number | null = null
  for (const token of replyTokens(read.mail, ownAddresses))
    tokenTicketId ??= await ticketOfSecret(tx, 'reply', hashOf(token))
  return {
    ownAddresses,
    ownMessageIdHost: mailHost,
    tokenTicket: tokenTicketId === null ? null : await known(tx, tokenTicketId),
    messageIdTickets: await tickets(quotedMessageIds(read.mail)),
    knownDuplicateOf: await earlierTwin(tx, id, contentHash(read)),
  }
}

async function known(tx: Tx, ticketId: number): Promise<KnownTicket> {
  const ticket = await loadTicket(tx, ticketId)
  const ids = ticket ? [ticket.requesterId, ...ticket.ccIds] : []
  return { ticketId, participants: (await addressesOf(tx, ids)).map(({ address }) => address) }
}

/** The contacts of the people a new mail was copied to, without its sender and our own addresses. */
async function copied(parts: IntakeParts, tx: Tx, mail: Mail, senderId: number): Promise<number[]> {
  const isOwn = ({ address }: Address) => {
    const plain = address.toLowerCase().replace(/\+[^@]*@/, '@')
    return parts.ownAddresses.includes(address.toLowerCase()) || parts.ownAddresses.includes(plain)
  }
  const others = [...mail.to, ...mail.cc].filter((person) => person.address.includes('@') && !isOwn(person))
  const ids = new Set<number>()
  for (const person of others.slice(0, MAX_CONTACTS))
    ids.add(await ensureMailContact(tx, person, null, parts.clock.now()))
  ids.delete(senderId)
  return [...ids]
}

function commentOf({ visible, fullText }: ReadMail, attachments: Attachment[]): CommentDraft {
  return { text: visible.text, fullText: visible.cut ? fullText : null, attachments }
}

/** Before the transaction: a file is kept by its content, so one that a rolled back mail leaves behind harms nobody. */
async function keepFiles({ files, maxFileBytes }: IntakeParts, mail: Mail): Promise<Attachment[]> {
  const kept: Attachment[] = []
  for (const { filename, contentType, content } of mail.attachments) {
    const isTooLarge = content.length > maxFileBytes
    kept.push({
      name: filename,
      contentType,
      size: content.length,
      sha256: isTooLarge ? null : (await files.save([content], maxFileBytes)).sha256,
      slackFile: null,
      refused: isTooLarge ? 'too-large' : null,
    })
  }
  return kept
}

async function settle(
  parts: IntakeParts,
  tx: Tx,
  waiting: WaitingMail,
  read: ReadMail,
  outcome: MailOutcome,
  why: { rule: string; reason: string; ticketId?: number | null; contactId?: number },
): Promise<void> {
  const { rule, reason, ticketId = null, contactId = null } = why
  const traits: MailTraits = {
    messageId: read.mail.messageId,
    contentHash: contentHash(read),
    sender: read.mail.from?.address ?? null,
    subject: read.mail.subject,
  }
  await settleMail(tx, waiting.id, { outcome, rule, reason, ticketId, contactId }, traits, parts.clock.now())
  parts.log.info({ mail: waiting.id, outcome, rule, reason, ticket: ticketId }, 'mail')
}

async function showToStaff({ queue, triageChannelOf }: IntakeParts, tx: Tx, mailId: number): Promise<void> {
  const lane = `slack:${triageChannelOf(null)}`
  const effect = { kind: 'post', slot: { place: 'mail-notice', mailId } } as const
  await insertEffect(tx, { key: `mail-notice/${mailId}`, ticketId: null, eventId: null, lane, effect, messageId: null })
  await queue.wakeLane(tx, lane)
}

/** What the sender wrote, whatever the servers on the way added: the same again is one event (E21), the same id with other words two (E22). */
function contentHash({ mail, fullText }: ReadMail): Buffer {
  const hash = createHash('sha256')
  const parts = [
    mail.messageId ?? '',
    mail.from?.address ?? '',
    mail.subject,
    fullText,
    ...mail.attachments.map(({ sha256 }) => sha256),
  ]
  if (!mail.messageId) parts.push(mail.date?.toISOString() ?? '')
  return hash.update(JSON.stringify(parts)).digest()
}
