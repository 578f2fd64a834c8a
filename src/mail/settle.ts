import type { Clock } from '../clock.ts'
import type { Desk } from '../desk.ts'
import type { Attempt } from '../dispatcher.ts'
import type { Database } from '../store/database.ts'
import type { OutboxRow } from '../store/outbox.ts'
import { people } from '../store/people.ts'
import { saveSentMail } from '../store/sent-mails.ts'
import { suppressionOf } from '../store/suppressions.ts'
import type { Suppression } from '../ticket/events.ts'
import type { Settled, Stuck } from '../ticket/mail-trouble.ts'
import { isHardBounce } from './hard-bounce.ts'
import type { Outcome } from './transport.ts'

export interface SettleParts {
  database: Database
  clock: Clock
  desk: Desk
  /** Whether the provider's Sent folder has this Message-ID; 'no-sent-folder' where nobody keeps copies. */
  findSent(messageId: string): Promise<boolean | 'no-sent-folder'>
}

const HOUR_MS = 60 * 60_000
const LOOK_AGAIN_MS = 5_000 // the dispatcher doubles it with every look
const MAX_LOOKS = 4
const FIRST_RETRY_MS = 10_000
const LONGEST_RETRY_MS = HOUR_MS
const GIVE_UP_MS = 48 * HOUR_MS // RFC 5321 §4.5.4.1 asks for four to five days at most; people wait for their answer
const QUIET_MS = HOUR_MS // greylisting and restarts pass within it, and are nobody's trouble

/**
 * What an earlier try came to whose end nobody saw, or null when the mail is to be sent (again). After a crash of ours it
 * is sent again under its Message-ID, which mail programs fold into one (D4). After a connection that broke behind DATA
 * its server may have it, with copies for many: it is looked for, and then an agent is asked (E47).
 */
export async function lookFor(parts: SettleParts, row: OutboxRow): Promise<Attempt | null> {
  const found = await parts.findSent(row.messageId!).catch((): 'unasked' => 'unasked')
  if (found === 'unasked')
    return { kind: 'uncertain', problem: 'the Sent folder cannot be asked', delayMs: LOOK_AGAIN_MS, laneToo: true }
  if (found === true) {
    await end(parts, row, 'left')
    return { kind: 'done', paceMs: 0 }
  }
  if (row.doubts === 0) return null
  const problem = row.problem ?? 'the connection broke'
  if (found === 'no-sent-folder' || row.doubts >= MAX_LOOKS) return { kind: 'unknown', problem }
  return { kind: 'uncertain', problem, delayMs: LOOK_AGAIN_MS, laneToo: true, isDoubted: true }
}

/** The end of a mail whose address was refused for good before: staff are told that it was not sent. Null for others. */
export async function spared(parts: SettleParts, row: OutboxRow, address: string): Promise<Attempt | null> {
  const reason = await suppressionOf(parts.database, address)
  if (reason === null) return null
  await tellUndelivered(parts, row, address, reason, 'goes-on')
  return { kind: 'never', problem: `not sent: the address was refused for good: ${reason}` }
}

/** What a try to send comes to, staff told of what they should know. */
export async function settle(parts: SettleParts, row: OutboxRow, address: string, outcome: Outcome): Promise<Attempt> {
  switch (outcome.kind) {
    case 'done': {
      if (outcome.serverMessageId) await rememberOther(parts, row, outcome.serverMessageId)
      await end(parts, row, 'left')
      const refused = outcome.refused[0]
      if (refused) await tellUndelivered(parts, row, refused.address, refused.response, hard(refused.response))
      return { kind: 'done', paceMs: 0 }
    }
    case 'unknown':
      return { kind: 'uncertain', problem: outcome.response, delayMs: LOOK_AGAIN_MS, laneToo: true, isDoubted: true }
    case 'later': {
      if (row.ageMs >= GIVE_UP_MS) return giveUp(parts, row, address, outcome.response)
      if (row.ageMs >= QUIET_MS) await tellStuck(parts, row, address, outcome.response, 'waiting')
      const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(row.attempts, 10))
      return { kind: 'later', problem: outcome.response, delayMs, laneToo: true }
    }
    case 'never':
      return giveUp(parts, row, address, outcome.response, hard(outcome.response))
    default:
      return outcome satisfies never
  }
}

/** Asks staff about a mail of which nobody will know whether it left; about a post there is nothing to be asked. */
export async function tellUnknown(parts: SettleParts, row: OutboxRow, problem: string): Promise<void> {
  if (row.effect.kind !== 'mail') return
  const [person] = await people(parts.database, [row.effect.contactId])
  await tellStuck(parts, row, person?.address ?? '', problem, 'unknown')
}

async function giveUp(
  parts: SettleParts,
  row: OutboxRow,
  address: string,
  reason: string,
  suppression?: Suppression,
): Promise<Attempt> {
  await end(parts, row, 'given-up')
  await tellUndelivered(parts, row, address, reason, suppression)
  return { kind: 'never', problem: reason }
}

function hard(words: string): Suppression | undefined {
  return isHardBounce(words) ? 'begins' : undefined
}

/** Some providers give a mail another Message-ID on the way; answers to it name that one. */
async function rememberOther({ database, clock }: SettleParts, row: OutboxRow, messageId: string): Promise<void> {
  const contactId = row.effect.kind === 'mail' ? row.effect.contactId : 0
  await saveSentMail(database, { messageId, ticketId: row.ticketId!, outboxId: row.id, contactId }, clock.now())
}

const bySystem = { actor: { kind: 'system' }, via: 'mail' } as const

async function tellUndelivered(
  { desk }: SettleParts,
  row: OutboxRow,
  recipient: string,
  reason: string,
  suppression?: Suppression,
): Promise<void> {
  await desk.handle({
    type: 'record-undelivered',
    ticketId: row.ticketId!,
    recipient,
    reason,
    ...(suppression ? { suppression } : {}),
    ...bySystem,
    source: `mail/undelivered/${row.key}`,
  })
}

// What is told twice is told once by `decide`, so each try may be a cause of its own.
async function tellStuck(
  { desk, clock }: SettleParts,
  row: OutboxRow,
  recipient: string,
  reason: string,
  why: Stuck,
): Promise<void> {
  const source = `mail/stuck/${row.key}/${why}/${clock.now().getTime()}`
  const about = { ticketId: row.ticketId!, outboxId: row.id, recipient, reason, why }
  await desk.handle({ type: 'record-stuck', ...about, ...bySystem, source })
}

async function end({ desk, clock }: SettleParts, row: OutboxRow, how: Settled): Promise<void> {
  if (row.attempts === 0) return
  const source = `mail/settled/${row.key}/${how}/${clock.now().getTime()}`
  await desk.handle({ type: 'settle-mail', ticketId: row.ticketId!, outboxId: row.id, how, ...bySystem, source })
}
