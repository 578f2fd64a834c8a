import { setTimeout as pause } from 'node:timers/promises'
import { factsOf } from '../mail/facts.ts'
import type { MailReader } from '../mail/reader.ts'
import { decideMail } from '../mail/rules/index.ts'
import type { Verdict } from '../mail/rules/verdict.ts'
import type { Database } from '../store/database.ts'
import { type MailOutcome, rawMail } from '../store/inbox.ts'
import { giveBackToIntake, type LedgerRow, mailStory, ownMailOfLedger } from '../store/mail-story.ts'
import { loadTicket } from '../store/tickets.ts'
import type { Words } from '../templates.ts'
import { CommandProblem } from './database.ts'
import { explainMail } from './mail-explain.ts'

export interface ReplayParts {
  database: Database
  reader: Pick<MailReader, 'read'>
  words: Words
  /** SUPPORT_ADDRESS, for a desk that has not understood a mail yet. */
  supportAddress: string | undefined
  say(text: string): void
}

const LOOK_EVERY_MS = 250

/**
 * Says what a mail would be with today's rules and today's tickets, and how that differs from what it was. With `isDone`
 * gives it back to the running product, which does it once, and waits at most `waitMs` for the new end. Throws a
 * CommandProblem when there is nothing to do, or its words are on a ticket already.
 */
export async function replayMail(parts: ReplayParts, id: number, isDone: boolean, waitMs = 75_000): Promise<void> {
  const { database, say } = parts
  const story = await mailStory(database, id)
  if (!story) throw new CommandProblem(`There is no mail ${id}. npm run -s mail -- list shows which there are.`)
  const { mail } = story
  if (mail.outcome === null) throw new CommandProblem(`Mail ${id} waits to be understood as it is.`)
  const today = await endToday(parts, mail)
  const was: End = { ...mail, outcome: mail.outcome, rule: mail.rule ?? '', reason: mail.reason ?? '' }
  say(`Mail ${id} was:      ${endInWords(was, parts.words)}`)
  say(`Today it would be: ${endInWords(today, parts.words)}`)
  const differs = was.outcome !== today.outcome || was.ticketId !== today.ticketId || was.reason !== today.reason
  if (isOnTicket(was.outcome)) {
    if (!isDone) return say(`Its words are on ticket ${was.ticketId} already: it cannot be done again.`)
    throw new CommandProblem(`Nothing was done: its words are on ticket ${was.ticketId} already.`)
  }
  if (!differs) {
    if (!isDone) return say('Nothing would differ.')
    throw new CommandProblem('Nothing was done: nothing would differ.')
  }
  if (!isDone) return say(`Nothing was done. To do it once:  npm run -s mail -- replay ${id} --do`)
  if (!(await giveBackToIntake(database, id, mail.replays)))
    throw new CommandProblem(`Nothing was done: somebody else had mail ${id} looked at again meanwhile.`)
  say('Given back to Deskhand, which looks at it within a minute …')
  await newEnd(parts, id, waitMs)
}

interface End {
  outcome: MailOutcome
  rule: string
  reason: string
  ticketId: number | null
}

/** Reads the mail anew and asks the rules, with nothing written. What was proven of its sender stays proven. */
async function endToday(parts: ReplayParts, mail: LedgerRow): Promise<End> {
  const { database, reader, supportAddress } = parts
  const stored = await rawMail(database, mail.id)
  const own = (await ownMailOfLedger(database)) ?? ownOf(supportAddress)
  const read = await reader.read(stored!.raw)
  const proof = ['verified', 'unproven', 'failed'].find((one) => one === mail.senderProof) as Parameters<
    typeof factsOf
  >[4]
  if (read.mail.unreadable) return { outcome: 'unreadable', rule: 'parser', reason: 'unreadable', ticketId: null }
  const facts = await factsOf(own, database, mail.id, read, proof ?? null)
  const verdict = decideMail(read.mail, mail.outcome === 'check' ? { ...facts, isMailboxCheck: true } : facts)
  const ticketId = 'ticketId' in verdict ? verdict.ticketId : null
  const outcome = await outcomeOf(database, verdict, stored!.receivedAt)
  return { outcome, rule: verdict.rule, reason: verdict.reason, ticketId }
}

async function outcomeOf(database: Database, verdict: Verdict, receivedAt: Date): Promise<MailOutcome> {
  if (verdict.kind === 'auto-reply') return 'automatic'
  if (verdict.kind !== 'reply') return verdict.kind
  const ticket = await loadTicket(database, verdict.ticketId)
  const isLate = ticket?.status === 'closed' || (ticket?.status === 'solved' && receivedAt > ticket.reopenUntil)
  return isLate ? 'follow-up' : 'reply'
}

function ownOf(supportAddress: string | undefined): { ownAddresses: string[]; mailHost: string } {
  const ownAddresses = supportAddress ? [supportAddress.toLowerCase()] : []
  return { ownAddresses, mailHost: ownAddresses[0]?.split('@').at(-1) ?? '' }
}

function isOnTicket(outcome: MailOutcome): boolean {
  return outcome === 'ticket' || outcome === 'reply' || outcome === 'follow-up'
}

function endInWords({ outcome, rule, reason, ticketId }: End, words: Words): string {
  const where = outcome === 'ticket' && ticketId === null ? 'a new ticket' : outcome
  const beside = ticketId === null ? '' : ` ${outcome === 'held' ? 'beside' : 'on'} ticket ${ticketId}`
  return `${where}${outcome === 'ticket' ? '' : beside}, by rule ${rule} (${reason}). ${words(`mail-reasons.${reason}`)}`
}

async function newEnd({ database, words, say }: ReplayParts, id: number, waitMs: number): Promise<void> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const story = await mailStory(database, id)
    if (story && story.mail.outcome !== null) return say(`\n${explainMail(story, words).trimEnd()}`)
    if (waited >= waitMs)
      return say(
        `It still waits: is Deskhand running? It is done as soon as it does. See npm run -s mail -- explain ${id}`,
      )
    await pause(LOOK_EVERY_MS)
  }
}
