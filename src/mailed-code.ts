import type { Clock } from './clock.ts'
import type { Queue } from './desk.ts'
import { raiseMailAlarm } from './mail/alarm.ts'
import { isPublicDomain } from './public-domains.ts'
import type { Secrets } from './secrets.ts'
import type { Database, Tx } from './store/database.ts'
import {
  type CodePurpose,
  codeOf,
  codesSince,
  countTry,
  insertCode,
  type LinkingCode,
  useCode,
} from './store/linking-codes.ts'
import { insertEffect } from './store/outbox.ts'
import { Refusal, type RefusalCode } from './ticket/refusal.ts'

export interface CodeParts {
  database: Database
  clock: Clock
  queue: Queue
  secrets: Pick<Secrets, 'messageIdPart' | 'isLinkingCode'>
  /** The domain of our Message-IDs. */
  mailHost: string
  triageChannelOf(groupKey: string | null): string
}

const MINUTE = 60_000
const LIFE = 15 * MINUTE
const HOUR = 60 * MINUTE
// Codes an hour (threat W5). Whoever asks uses up only what is theirs: of the five to a mailbox two are left for others,
// and a domain or the whole desk takes many people to be used up, which is told to agents.
const LIMITS = { toOneMailbox: 3, byAsker: 5, toMailbox: 5, ofAll: 3_000 }
const MOST_TO_DOMAIN = { own: 60, public: 600 } // a company's; a provider's, where everybody may have a mailbox
const MOST_TRIES = 5 // of a million codes, 15 minutes: one guess in 200,000

/**
 * Asks for a code of six digits to be mailed to `address`. The same work is done whoever is known under it; whether it
 * is mailed is decided when it is (threat W6). A Refusal when too many were asked for.
 */
export async function askForCode(
  parts: CodeParts,
  contactId: number,
  address: string,
  purpose: CodePurpose,
): Promise<{ codeId: string; until: Date }> {
  const now = parts.clock.now()
  const asked = { contactId, address, purpose, at: now, expiresAt: new Date(now.getTime() + LIFE) }
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const toDomain = isPublicDomain(domain) ? MOST_TO_DOMAIN.public : MOST_TO_DOMAIN.own
  const limits = { ...LIMITS, toDomain, since: new Date(now.getTime() - HOUR) }
  const code = await parts.database.transaction(async (tx) => {
    const inserted = await insertCode(tx, asked, limits)
    if (typeof inserted === 'object') await mailCode(parts, tx, inserted.id, contactId)
    else if (inserted === 'toDomain') await raiseMailAlarm(parts, tx, 'codes-to-domain', domain, now)
    else if (inserted === 'ofAll') await raiseMailAlarm(parts, tx, 'codes-of-all', '', now)
    return inserted
  })
  if (typeof code === 'string')
    throw new Refusal(code === 'toDomain' || code === 'ofAll' ? 'no-codes-now' : 'too-many-codes')
  return { codeId: code.id, until: code.expiresAt }
}

/** In a few words for the operator that nobody gets a code now, because too many were asked for; else null. */
export async function codesProblem({ database, clock }: Pick<CodeParts, 'database' | 'clock'>): Promise<string | null> {
  const asked = await codesSince(database, new Date(clock.now().getTime() - HOUR))
  if (asked < LIMITS.ofAll) return null
  return `${asked} codes were asked for within an hour, so no more are mailed: somebody may be using them to fill mailboxes`
}

async function mailCode({ queue, secrets, mailHost }: CodeParts, tx: Tx, codeId: string, contactId: number) {
  const key = `code/${codeId}`
  const lane = `code:${contactId}`
  const messageId = `${secrets.messageIdPart(key)}@${mailHost}`
  await insertEffect(tx, { key, ticketId: null, eventId: null, lane, effect: { kind: 'code', codeId }, messageId })
  await queue.wakeLane(tx, lane)
}

/**
 * Tries what somebody typed: the code, used up by it; `again` for the right code that this contact has used before; or a
 * Refusal, to be thrown after the commit, because a wrong try must stay counted. `over`: the Refusal for a code that
 * works no longer.
 */
export async function tryCode(
  parts: CodeParts,
  tx: Tx,
  who: { id: string; contactId: number; purpose: CodePurpose },
  typed: string,
  over: RefusalCode,
): Promise<{ code: LinkingCode; again: boolean } | Refusal> {
  const now = parts.clock.now()
  const isRight = parts.secrets.isLinkingCode(who.id, typed.replace(/\D/g, ''))
  const code = await countTry(tx, who, MOST_TRIES, now)
  if (!code) {
    const used = isRight ? await codeOf(tx, who.id) : null
    const isTheirs = used?.usedAt && used.contactId === who.contactId && used.purpose === who.purpose
    return isTheirs ? { code: used, again: true } : new Refusal(over)
  }
  if (!isRight)
    return code.tries < MOST_TRIES ? new Refusal('code-wrong', { number: MOST_TRIES - code.tries }) : new Refusal(over)
  await useCode(tx, code.id, now)
  return { code, again: false }
}
