import type { Queue } from '../desk.ts'
import type { Database, Tx } from '../store/database.ts'
import {
  countTry,
  lockMail,
  type MailEnd,
  nextWaitingMail,
  postponeMail,
  settleMail,
  unknownTokensOf,
  type WaitingMail,
} from '../store/inbox.ts'
import { isOnNotice } from '../store/mail-notices.ts'
import type { Attachment } from '../ticket/ticket.ts'
import { type ActParts, act, keepFiles } from './act.ts'
import { raiseMailAlarm } from './alarm.ts'
import { contentHash, factsOf } from './facts.ts'
import type { MailboxCheck } from './mailbox-check.ts'
import { type NoticeParts, showToStaff } from './notice.ts'
import type { MailReader, ReadMail } from './reader.ts'
import { unreadableMail } from './reading/parse-mime.ts'
import { unread } from './reading/read-mail.ts'
import { decideMail } from './rules/index.ts'
import { nameAndAddress, type Saw, sawOf } from './saw.ts'
import type { ProvenSender } from './sender/proof.ts'
import type { SenderThread } from './sender/sender-thread.ts'
import { type TellUnreadParts, tellUnread } from './unread.ts'

export interface IntakeParts extends ActParts, NoticeParts, TellUnreadParts {
  database: Database
  queue: Queue
  reader: Pick<MailReader, 'read'>
  senders: Pick<SenderThread, 'prove'>
  check: Pick<MailboxCheck, 'believes' | 'takeBack'>
  log: { info(fields: object, message: string): void; error(fields: object, message: string): void }
}

const MAX_FAILURES = 5
// A mail that kills the process is left alone in the end; one that was only there when something else did is not.
const MAX_STARTS = 20
const FIRST_RETRY_MS = 1_000
const EXCERPT = 9_000 // more than a notice shows

/** Understands every stored mail that is due, oldest first. Each ends in exactly one outcome with its reason. */
export async function understandMail(parts: IntakeParts): Promise<void> {
  for (let mail = await nextWaitingMail(parts.database); mail; mail = await nextWaitingMail(parts.database))
    await understand(parts, mail)
}

async function understand(parts: IntakeParts, waiting: WaitingMail): Promise<void> {
  const { database, log } = parts
  if (waiting.attempts >= MAX_STARTS) return giveUp(parts, waiting, nobodyRead())
  const failure = waiting.failures + 1
  await countTry(database, waiting.id)
  let { read, sender } = nobodyRead()
  try {
    read = await parts.reader.read(waiting.raw)
    // Its thread broke, or was closed because the product stops: that says nothing of the mail yet.
    if (read.mail.unreadable === 'failed') throw new Error(`reading broke off: ${read.mail.errors.join(', ')}`)
    const believesServer = await parts.check.believes(waiting.mailbox)
    if (!read.mail.unreadable || read.mail.from)
      sender = await parts.senders.prove(read.mail, waiting.raw, { believesServer })
    const files = await keepFiles(parts, read.mail)
    await database.transaction(async (tx) => {
      if (await lockMail(tx, waiting.id)) await conclude(parts, tx, waiting, { read, sender }, files)
    })
  } catch (error) {
    log.error({ err: error, mail: waiting.id, failure }, 'mail intake failed')
    if (failure < MAX_FAILURES)
      return postponeMail(database, waiting.id, String(error), FIRST_RETRY_MS * 4 ** waiting.failures)
    await giveUp(parts, waiting, { read, sender })
  }
}

/** A mail we cannot get through stays whole in the inbox, is shown to a person, and holds up nobody else. */
async function giveUp(parts: IntakeParts, waiting: WaitingMail, understood: Understood): Promise<void> {
  await parts.database.transaction(async (tx) => {
    if (!(await lockMail(tx, waiting.id))) return
    const end = { outcome: 'unreadable', rule: 'intake', reason: 'unreadable' } as const
    await settle(parts, tx, waiting, understood, end, sawOf(understood.read.mail, null))
  })
}

const nobodyRead = (): Understood => ({ read: unread(unreadableMail('failed')), sender: null })

/** A mail with what was found out about its author. */
interface Understood {
  read: ReadMail
  sender: ProvenSender | null
}

async function conclude(parts: IntakeParts, tx: Tx, waiting: WaitingMail, understood: Understood, files: Attachment[]) {
  const { read } = understood
  const { mail } = read
  const sender = understood.sender?.proof ?? null
  if (mail.unreadable) {
    const end = { outcome: 'unreadable', rule: 'parser', reason: 'unreadable' } as const
    await settle(parts, tx, waiting, understood, end, sawOf(mail, null))
    return tellUnread(parts, tx, waiting.id, mail, sender)
  }
  const isMailboxCheck = await parts.check.takeBack(tx, waiting.mailbox, read, waiting.raw)
  const known = await factsOf(parts, tx, waiting.id, read, sender)
  const facts = isMailboxCheck ? { ...known, isMailboxCheck } : known
  const verdict = decideMail(mail, facts)
  // A replay is a cause of its own: what the mail led to the first time does not make it a repeat.
  const source = waiting.replays === 0 ? `mail/${waiting.id}` : `mail/${waiting.id}/replay/${waiting.replays}`
  const { mailbox, receivedAt } = waiting
  const done = await act(parts, tx, { read, mailbox, sender, files, source, receivedAt }, verdict)
  const end = { rule: verdict.rule, reason: verdict.reason, ...done }
  await settle(parts, tx, waiting, understood, end, sawOf(mail, facts))
  if (facts.unknownTokens && mail.from) await watchGuessing(parts, tx, mail.from.address)
}

// Threats E4: a mistyped or erased reply address is tried a few times; this often only by somebody who guesses.
const MOST_GUESSES_AN_HOUR = 20

async function watchGuessing(parts: IntakeParts, tx: Tx, address: string): Promise<void> {
  const now = parts.clock.now()
  if ((await unknownTokensOf(tx, address, now)) <= MOST_GUESSES_AN_HOUR) return
  await raiseMailAlarm(parts, tx, 'guessing', address.toLowerCase(), now)
}

async function settle(
  parts: IntakeParts,
  tx: Tx,
  waiting: WaitingMail,
  { read, sender }: Understood,
  end: MailEnd,
  saw: Saw,
): Promise<void> {
  const { mail, visible } = read
  const isForPerson = isOnNotice(end.outcome)
  await settleMail(
    tx,
    waiting.id,
    end,
    {
      messageId: mail.messageId,
      contentHash: contentHash(read),
      sender: mail.from?.address ?? null,
      proof: sender,
      subject: mail.subject,
      saw,
      claimedFrom: isForPerson ? nameAndAddress(mail.from ?? mail.claimedFrom) : null,
      excerpt: isForPerson ? visible.text.slice(0, EXCERPT) : null,
    },
    parts.clock.now(),
  )
  const { outcome, rule, reason, ticketId = null } = end
  parts.log.info({ mail: waiting.id, outcome, rule, reason, sender: sender?.reason, ticket: ticketId }, 'mail')
  if (isForPerson || waiting.replays > 0) await showToStaff(parts, tx, waiting.id, `replay/${waiting.replays}`)
}
