import type { Database, Tx } from '../store/database.ts'
import { rawMail } from '../store/inbox.ts'
import { deciderOf, lockUndecided, type MailDecision, type NoticeKind, settleDecision } from '../store/mail-notices.ts'
import { ensureMailContact } from '../store/people.ts'
import { Refusal } from '../ticket/refusal.ts'
import type { Attachment } from '../ticket/ticket.ts'
import { type ActParts, type Done, type Incoming, join, keepFiles, open } from './act.ts'
import type { Address, Mail } from './mail.ts'
import { type NoticeParts, showToStaff } from './notice.ts'
import type { MailReader } from './reader.ts'
import { mayAnswer } from './rules/marks.ts'

/** What an agent may decide about mail that waits beside the tickets. */
export interface HeldMail {
  /**
   * Does it, once, with its notice. The caller has checked that `agentId` may. The same agent pressing again changes
   * nothing; a Refusal tells another one who was first, or that the mail has no author to answer.
   */
  decide(mailId: number, decision: MailDecision, agentId: number): Promise<void>
}

export interface HeldMailParts extends ActParts, NoticeParts {
  database: Database
  reader: Pick<MailReader, 'read'>
  log: { info(fields: object, message: string): void }
}

export function createHeldMail(parts: HeldMailParts): HeldMail {
  return {
    decide: async (mailId, decision, agentId) => {
      const { database, reader } = parts
      const stored = await rawMail(database, mailId)
      if (!stored) throw new Refusal('mail-settled')
      const read = await reader.read(stored.raw)
      const files = decision === 'discarded' ? [] : await keepFiles(parts, read.mail)
      const original =
        read.mail.unreadable && decision === 'opened' ? [await originalOf(parts, mailId, stored.raw)] : []
      const incoming: Incoming = {
        read,
        mailbox: stored.mailbox,
        receivedAt: stored.receivedAt,
        sender: stored.sender,
        files: [...files, ...original],
        source: `mail/${mailId}/${decision}`,
      }
      await database.transaction((tx) => settle(parts, tx, mailId, incoming, decision, agentId))
    },
  }
}

async function settle(
  parts: HeldMailParts,
  tx: Tx,
  mailId: number,
  incoming: Incoming,
  what: MailDecision,
  agentId: number,
): Promise<void> {
  const waiting = await lockUndecided(tx, mailId)
  if (!waiting) return tellWhoWasFirst(tx, mailId, agentId)
  const { outcome, ticketId = null, contactId = null } = await follow(parts, tx, incoming, what, waiting, agentId)
  await settleDecision(tx, mailId, { what, agentId, outcome, ticketId, contactId }, parts.clock.now())
  await showToStaff(parts, tx, mailId, what)
  parts.log.info({ mail: mailId, decision: what, agent: agentId, outcome, ticket: ticketId }, 'mail decided')
}

async function tellWhoWasFirst(tx: Tx, mailId: number, agentId: number): Promise<void> {
  const decider = await deciderOf(tx, mailId)
  if (decider?.id === agentId) return
  throw decider ? new Refusal('mail-decided', { agent: decider.name }) : new Refusal('mail-settled')
}

async function follow(
  parts: HeldMailParts,
  tx: Tx,
  incoming: Incoming,
  what: MailDecision,
  waiting: { kind: NoticeKind; ticketId: number | null },
  acceptedBy: number,
): Promise<Done> {
  if (what === 'discarded') return { outcome: 'rejected', ticketId: null }
  const { mail } = incoming.read
  const author = authorOf(mail)
  if (!author) throw new Refusal('mail-without-sender')
  // What nobody asked for is not answered by a machine, even when an agent makes a ticket of it.
  const isAnswerable = waiting.kind === 'held' && mayAnswer(mail)
  if (what === 'opened') return open(parts, tx, incoming, author, isAnswerable)
  if (waiting.ticketId === null) throw new Refusal('mail-settled')
  const contactId = await ensureMailContact(tx, author, null, parts.clock.now())
  return join(parts, tx, incoming, { ticketId: waiting.ticketId, contactId, acceptedBy }, isAnswerable)
}

/** Whom the mail names, believable or not: an agent has looked at it and vouches for them. */
function authorOf(mail: Mail): Address | null {
  const author = mail.from ?? mail.claimedFrom
  return author && /^[^\s@<>,;]+@[^\s@<>,;]+$/.test(author.address) ? author : null
}

/** The mail itself as a file, where nobody could read more of it. */
async function originalOf({ files, maxFileBytes }: ActParts, id: number, raw: Buffer): Promise<Attachment> {
  const isTooLarge = raw.length > maxFileBytes
  return {
    name: `mail-${id}.eml`,
    contentType: 'message/rfc822',
    size: raw.length,
    sha256: isTooLarge ? null : (await files.save([raw], maxFileBytes)).sha256,
    slackFile: null,
    refused: isTooLarge ? 'too-large' : null,
  }
}
