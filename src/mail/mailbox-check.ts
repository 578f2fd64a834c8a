/**
 * createMailboxCheck: whether a mailbox's server removes Authentication-Results that a stranger wrote under the name whose
 * word we take, as RFC 8601 §5 asks of it (threats E9). We send ourselves a mail that carries one and look what arrives.
 */
import type { Clock } from '../clock.ts'
import { hashOf, type Secrets } from '../secrets.ts'
import type { Database, Tx } from '../store/database.ts'
import {
  beginCheck,
  type CheckVerdict,
  checkOf,
  type MailboxCheck as KeptCheck,
  mailboxesThatKeep,
  missedChecks,
  settleCheck,
} from '../store/mailbox-checks.ts'
import { insertEffect } from '../store/outbox.ts'
import { type AlarmParts, raiseMailAlarm } from './alarm.ts'
import type { ReadMail } from './reader.ts'
import { readHeaderFields } from './reading/header-fields.ts'
import { readAuthenticationResults } from './sender/authentication-results.ts'

export interface MailboxCheck {
  /** Sends a mail to every mailbox whose check is due, and says in the log which did not come back. */
  begin(): Promise<void>
  /** Whether the Authentication-Results of mail in this mailbox are believed: until they are known to be anybody's. */
  believes(mailbox: string): Promise<boolean>
  /** Whether `read`, fetched from this mailbox, is our own mail; if so, what it came back with is written down. */
  takeBack(tx: Tx, mailbox: string, read: ReadMail, raw: Buffer): Promise<boolean>
  /** What an operator should know, in a sentence for each mailbox that is not believed; null when there is none. */
  problem(): Promise<string | null>
}

export interface MailboxCheckParts extends AlarmParts {
  database: Database
  clock: Clock
  secrets: Pick<Secrets, 'messageIdPart' | 'mailboxCheckToken'>
  /** Null: nobody's Authentication-Results are believed, so there is nothing to check. */
  authservId: string | null
  /** The keys of all mailboxes, each with the address it is written to at. */
  addresses: Map<string, string>
  mailHost: string
  log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
}

export function createMailboxCheck(parts: MailboxCheckParts): MailboxCheck {
  const { database, clock, authservId, addresses, log } = parts
  if (authservId === null)
    return {
      begin: async () => {},
      believes: async () => true,
      takeBack: async () => false,
      problem: async () => null,
    }
  return {
    begin: async () => {
      for (const mailbox of addresses.keys()) await begin(parts, mailbox, authservId)
      for (const mailbox of await missedChecks(database, authservId, clock.now()))
        log.warn({ mailbox, address: addresses.get(mailbox) }, 'our mail to ourselves has not come back for an hour')
    },
    believes: async (mailbox) => (await checkOf(database, mailbox, authservId))?.verdict !== 'kept',
    takeBack: async (tx, mailbox, read, raw) => {
      const token = tokenIn(read)
      if (token === null) return false
      const check = await checkOf(tx, mailbox, authservId, { lock: true })
      if (!check || !isSame(parts.secrets.mailboxCheckToken(check.checkId), token)) return false
      await settle(parts, tx, check, keepsForgery(raw, authservId, token) ? 'kept' : 'removed')
      return true
    },
    problem: async () => {
      const kept = (await mailboxesThatKeep(database, authservId)).filter((mailbox) => addresses.has(mailbox))
      if (kept.length === 0) return null
      const whose = kept.map((mailbox) => addresses.get(mailbox)).join(', ')
      return `the server of ${whose} lets in forged Authentication-Results of ${authservId}: have it remove them; until then signatures are checked instead`
    },
  }
}

async function begin(parts: MailboxCheckParts, mailbox: string, authservId: string): Promise<void> {
  const { database, clock, queue, secrets, mailHost } = parts
  await database.transaction(async (tx) => {
    const checkId = await beginCheck(tx, mailbox, authservId, clock.now())
    if (checkId === null) return
    const key = `check/${checkId}`
    const lane = `check:${mailbox}`
    const effect = { kind: 'check', checkId } as const
    const messageId = `${secrets.messageIdPart(key)}@${mailHost}`
    await insertEffect(tx, { key, ticketId: null, eventId: null, lane, effect, messageId })
    await queue.wakeLane(tx, lane)
  })
}

/** A crash may have sent two: if only one of them kept the forgery, it was kept. */
async function settle(parts: MailboxCheckParts, tx: Tx, check: KeptCheck, came: CheckVerdict): Promise<void> {
  const { clock, log, addresses } = parts
  const { mailbox, authservId } = check
  const verdict = check.hasArrived && check.verdict === 'kept' ? 'kept' : came
  await settleCheck(tx, check.checkId, verdict, clock.now())
  if (verdict === check.verdict) return
  const address = addresses.get(mailbox) ?? mailbox
  if (verdict === 'kept') {
    log.error({ mailbox, address, authservId }, 'the mail server lets in forged Authentication-Results: not believed')
    await raiseMailAlarm(parts, tx, 'forged-results', address, clock.now())
  } else log.info({ mailbox, address, authservId }, 'the mail server removes forged Authentication-Results: believed')
}

// Where templates/mail/mailbox-check has it; whatever a server writes below is not looked at.
const LOOKED_AT = 2_000

/** What would be the secret of our mail in this one. */
function tokenIn({ mail, fullText }: ReadMail): string | null {
  if (mail.from === null) return null
  return /(?:^|\s)([a-z2-7]{26})(?:\s|$)/.exec(fullText.slice(0, LOOKED_AT))?.[1] ?? null
}

function isSame(one: string, other: string): boolean {
  return hashOf(one).equals(hashOf(other))
}

/** The field that we wrote, under the name whose word we take, still there or there again. */
function keepsForgery(raw: Buffer, authservId: string, token: string): boolean {
  return readHeaderFields(raw, 0, raw.length).fields.some(
    (field) =>
      field.name === 'authentication-results' &&
      field.raw.includes(token) &&
      readAuthenticationResults(field.raw)?.authservId === authservId,
  )
}
