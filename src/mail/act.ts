import type { Clock } from '../clock.ts'
import type { Desk } from '../desk.ts'
import type { Tx } from '../store/database.ts'
import type { FileStore } from '../store/files.ts'
import type { MailOutcome } from '../store/inbox.ts'
import { contactOfAddress, ensureMailContact, people } from '../store/people.ts'
import { sentMail } from '../store/sent-mails.ts'
import { lastAccountOf } from '../store/tickets.ts'
import { Refusal } from '../ticket/refusal.ts'
import type { Attachment, CommentDraft, SenderProof, Intake as TicketIntake } from '../ticket/ticket.ts'
import { type AnswerParts, takeAnswers } from './answers.ts'
import type { OwnMail } from './facts.ts'
import { isHardBounce } from './hard-bounce.ts'
import { languageOf } from './language.ts'
import type { Address, Mail } from './mail.ts'
import type { ReadMail } from './reader.ts'
import { sealOf } from './reading/sealed.ts'
import type { Verdict } from './rules/verdict.ts'

export interface ActParts extends OwnMail, AnswerParts {
  clock: Clock
  desk: Desk
  files: FileStore
  maxFileBytes: number
  /** Whose ticket it becomes, by its sender, the mailbox it came to, and the store they last asked about. */
  routeOf(
    address: string,
    mailbox: string,
    lastAccount: string | null,
  ): Pick<TicketIntake, 'accountKey' | 'groupKey' | 'regionKey'>
}

/** A mail that was read and whose files are kept, on its way to a ticket. */
export interface Incoming {
  /** The key of the mailbox it was fetched from. */
  mailbox: string
  read: ReadMail
  receivedAt: Date
  /** Whether its author is who they say; null where nobody could ask. */
  sender: SenderProof | null
  files: Attachment[]
  /** The cause of what it leads to; the same one twice has one effect. */
  source: string
}

/** What a mail led to. `reason` only where the act, not the rule, had the last word. */
export interface Done {
  outcome: MailOutcome
  ticketId?: number | null
  contactId?: number
  reason?: string
}

const MAX_CONTACTS = 40 // of one mail's recipients; more is an attack or a list (mail facts)

/** Does what `verdict` says about a mail, on its transaction. */
export async function act(parts: ActParts, tx: Tx, incoming: Incoming, verdict: Verdict): Promise<Done> {
  switch (verdict.kind) {
    case 'ticket': {
      const sender = incoming.read.mail.from
      if (!sender) return { outcome: 'unreadable', reason: 'sender-unclear' }
      return open(parts, tx, incoming, sender, verdict.mayAnswer)
    }
    case 'reply':
      return reply(parts, tx, incoming, verdict)
    case 'bounce':
      return bounce(parts, tx, incoming, verdict)
    case 'auto-reply':
      return { outcome: 'automatic' }
    case 'held':
      return { outcome: 'held', ticketId: verdict.ticketId }
    case 'spam':
    case 'loop':
    case 'duplicate':
    case 'rejected':
    case 'check':
      return { outcome: verdict.kind }
    default:
      return verdict satisfies never
  }
}

/**
 * A new request: its sender becomes a contact if they are none (AUT-13, AUT-14), whom they copied are its CCs. A failed
 * sender brings nobody along and is answered by no machine (threats E1, E17).
 */
export async function open(
  parts: ActParts,
  tx: Tx,
  incoming: Incoming,
  author: Address,
  mayAnswer: boolean,
): Promise<Done> {
  const { desk, clock, routeOf } = parts
  const { read, source, sender } = incoming
  const contactId = await ensureMailContact(tx, author, null, clock.now())
  const ccIds = sender === 'failed' ? [] : await copied(parts, tx, read.mail, contactId)
  const person = await contactOfAddress(tx, author.address)
  const { ticketId } = await desk.handle(
    {
      type: 'open',
      intake: {
        subject: read.mail.subject.trim().slice(0, 500),
        branch: null,
        ...routeOf(author.address, incoming.mailbox, await lastAccountOf(tx, contactId)),
        form: null,
        answers: {},
        impact: null,
        users: null,
        priority: 'normal',
      },
      requesterId: contactId,
      ccIds,
      locale: person?.locale ?? languageOf(`${read.mail.subject}\n${read.visible.text}`) ?? 'en',
      comment: commentOf(incoming),
      mayAnswer: mayAnswer && sender !== 'failed',
      followUpOf: null,
      actor: { kind: 'contact', id: contactId },
      via: 'mail',
      source,
    },
    tx,
  )
  return { outcome: 'ticket', ticketId, contactId }
}

async function reply(parts: ActParts, tx: Tx, incoming: Incoming, verdict: Verdict & { kind: 'reply' }): Promise<Done> {
  const sender = incoming.read.mail.from
  const author = sender && (await contactOfAddress(tx, sender.address))
  if (!author) return { outcome: 'held', ticketId: verdict.ticketId, reason: 'unknown-author-on-ticket' }
  try {
    return await join(parts, tx, incoming, { ticketId: verdict.ticketId, contactId: author.id }, verdict.mayAnswer)
  } catch (error) {
    // The desk refuses before it writes anything but the claim on this mail, which is this mail's own.
    if (error instanceof Refusal)
      return { outcome: 'held', ticketId: verdict.ticketId, reason: 'unknown-author-on-ticket' }
    throw error
  }
}

/** The mail becomes a comment of its author, unless it only answers what we asked. `acceptedBy`: the agent who lets an author in who is not on the ticket. */
export async function join(
  parts: ActParts,
  tx: Tx,
  incoming: Incoming,
  who: { ticketId: number; contactId: number; acceptedBy?: number },
  mayAnswer: boolean,
): Promise<Done> {
  const { ticketId: asked, contactId, acceptedBy } = who
  const { read, source, receivedAt, sender } = incoming
  const said = acceptedBy === undefined ? await takeAnswers(parts, tx, incoming, who) : 'words'
  if (said === 'only-answers') return { outcome: 'reply', ticketId: asked, contactId, reason: 'answers' }
  const { ticketId } = await parts.desk.handle(
    {
      type: 'reply',
      ticketId: asked,
      comment: commentOf(incoming),
      receivedAt,
      alreadyTold: [...read.mail.to, ...read.mail.cc].map(({ address }) => address.toLowerCase()),
      mayAnswer: mayAnswer && sender !== 'failed',
      ...(acceptedBy === undefined ? {} : { acceptedBy }),
      actor: { kind: 'contact', id: contactId },
      via: 'mail',
      source,
    },
    tx,
  )
  return { outcome: ticketId === asked ? 'reply' : 'follow-up', ticketId, contactId }
}

/** A report about a mail of ours: agents are told on its ticket, and nothing else changes. */
async function bounce(
  parts: ActParts,
  tx: Tx,
  { source }: Incoming,
  verdict: Verdict & { kind: 'bounce' },
): Promise<Done> {
  if (verdict.ticketId === null || verdict.reason !== 'delivery-report') return { outcome: 'bounce' }
  const { ticketId, recipient, status } = verdict
  const sent = verdict.originalMessageId === null ? null : await sentMail(tx, verdict.originalMessageId)
  const [person] = sent ? await people(tx, [sent.contactId]) : []
  // Only whom that mail was for, so that nobody silences another by a report they made up.
  const isTheirs = recipient !== null && recipient.toLowerCase() === person?.address?.toLowerCase()
  const suppression = isTheirs && isHardBounce(status ?? '') ? ({ suppression: 'begins' } as const) : {}
  const bySystem = { ticketId, actor: { kind: 'system' }, via: 'mail' } as const
  // What comes back has left, whatever its connection said.
  if (sent?.outboxId != null)
    await parts.desk.handle(
      { type: 'settle-mail', outboxId: sent.outboxId, how: 'left', ...bySystem, source: `${source}/left` },
      tx,
    )
  await parts.desk.handle(
    {
      type: 'record-undelivered',
      recipient: recipient ?? '',
      reason: status ?? '',
      ...suppression,
      ...bySystem,
      source,
    },
    tx,
  )
  return { outcome: 'bounce', ticketId: verdict.ticketId }
}

/** The contacts of the people a new mail was copied to, without its sender and our own addresses. */
async function copied(parts: ActParts, tx: Tx, mail: Mail, senderId: number): Promise<number[]> {
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

function commentOf({ read: { mail, visible, fullText }, files, sender }: Incoming): CommentDraft {
  const sealed = sealOf(mail)
  return { text: visible.text, fullText: visible.cut ? fullText : null, attachments: files, proof: sender, sealed }
}

/** Before the transaction: a file is kept by its content, so one that a rolled back mail leaves behind harms nobody. */
export async function keepFiles({ files, maxFileBytes }: ActParts, mail: Mail): Promise<Attachment[]> {
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
