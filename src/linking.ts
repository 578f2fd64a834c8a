import type { Clock } from './clock.ts'
import type { Queue } from './desk.ts'
import type { Secrets } from './secrets.ts'
import type { Database, Tx } from './store/database.ts'
import { codeOf, countTry, insertCode, useCode } from './store/linking-codes.ts'
import { type MovedTicket, mergeContacts } from './store/merge-contacts.ts'
import { insertEffect } from './store/outbox.ts'
import { addressesOf, contactOfAddress, linkAddress, lockAddress } from './store/people.ts'
import type { Effect } from './ticket/policies/effect.ts'
import { Refusal } from './ticket/refusal.ts'

/** Lets somebody who is known under two addresses say so, and believes it when they can read what is mailed to both. */
export interface Linking {
  /**
   * Mails a code of six digits to `address`. Answers alike whether anybody is known under it. A Refusal when it is theirs
   * already, or when too many were mailed.
   */
  ask(contactId: number, address: string): Promise<{ codeId: string; until: Date }>
  /**
   * Makes the address theirs, and with it the tickets and copies of whoever wrote from it; answers with how many tickets.
   * A Refusal when the code is wrong or works no longer, or the address is somebody's who uses Slack.
   */
  confirm(contactId: number, codeId: string, code: string): Promise<{ address: string; tickets: number }>
}

export interface LinkingParts {
  database: Database
  clock: Clock
  queue: Queue
  secrets: Pick<Secrets, 'messageIdPart' | 'isLinkingCode'>
  triageChannelOf(groupKey: string): string
  /** The domain of our Message-IDs. */
  mailHost: string
}

const MINUTE = 60_000
const LIFE = 15 * MINUTE
const HOUR = 60 * MINUTE
const MOST_AN_HOUR = 5
const MOST_TRIES = 5 // of a million codes, 15 minutes: one guess in 200,000

export function createLinking(parts: LinkingParts): Linking {
  const { database, clock } = parts
  return {
    ask: async (contactId, typed) => {
      const address = typed.toLowerCase()
      const now = clock.now()
      const own = await addressesOf(database, [contactId])
      if (own.some((each) => each.address === address && each.isProven)) throw new Refusal('already-yours')
      const asked = { contactId, address, at: now, expiresAt: new Date(now.getTime() + LIFE) }
      const limit = { most: MOST_AN_HOUR, since: new Date(now.getTime() - HOUR) }
      const code = await database.transaction(async (tx) => {
        const inserted = await insertCode(tx, asked, limit)
        if (inserted) await mailCode(parts, tx, inserted.id, contactId)
        return inserted
      })
      if (!code) throw new Refusal('too-many-codes')
      return { codeId: code.id, until: code.expiresAt }
    },
    confirm: async (contactId, codeId, typed) => {
      // A wrong try must stay counted, so nothing is thrown before the commit.
      const end = await database.transaction((tx) => tryCode(parts, tx, { id: codeId, contactId }, typed))
      if (end instanceof Refusal) throw end
      return end
    },
  }
}

async function mailCode({ queue, secrets, mailHost }: LinkingParts, tx: Tx, codeId: string, contactId: number) {
  const key = `code/${codeId}`
  const lane = `code:${contactId}`
  const messageId = `${secrets.messageIdPart(key)}@${mailHost}`
  await insertEffect(tx, { key, ticketId: null, eventId: null, lane, effect: { kind: 'code', codeId }, messageId })
  await queue.wakeLane(tx, lane)
}

async function tryCode(
  parts: LinkingParts,
  tx: Tx,
  who: { id: string; contactId: number },
  typed: string,
): Promise<{ address: string; tickets: number } | Refusal> {
  const now = parts.clock.now()
  const isRight = parts.secrets.isLinkingCode(who.id, typed.replace(/\D/g, ''))
  const code = await countTry(tx, who, MOST_TRIES, now)
  if (!code) return isRight ? alreadyLinked(tx, who) : new Refusal('code-over')
  if (!isRight)
    return code.tries < MOST_TRIES
      ? new Refusal('code-wrong', { number: MOST_TRIES - code.tries })
      : new Refusal('code-over')
  await useCode(tx, code.id, now)
  await lockAddress(tx, code.address)
  const other = await contactOfAddress(tx, code.address)
  const isOther = other !== null && other.id !== who.contactId
  // Two people of one mailbox in Slack stay two: each hears in their own messages.
  if (isOther && other.slack) return new Refusal('address-in-slack')
  const moved = isOther ? await mergeContacts(tx, other.id, who.contactId, now) : []
  await linkAddress(tx, code.address, who.contactId, now)
  await show(parts, tx, code.id, who.contactId, moved)
  return { address: code.address, tickets: moved.length }
}

/** The same answer sent twice is no mistake of anybody's. */
async function alreadyLinked(tx: Tx, { id, contactId }: { id: string; contactId: number }) {
  const code = await codeOf(tx, id)
  const isLinked = code?.usedAt && (await contactOfAddress(tx, code.address))?.id === contactId
  return isLinked && code.contactId === contactId ? { address: code.address, tickets: 0 } : new Refusal('code-over')
}

/** What Slack shows of the requester is drawn again: their Home, and for what is not closed the card and their thread. */
async function show(parts: LinkingParts, tx: Tx, codeId: string, contactId: number, moved: MovedTicket[]) {
  const put = async (ticketId: number | null, lane: string, effect: Effect & { kind: 'post' }) => {
    const key = `linked/${codeId}/${effect.slot.place}/${ticketId ?? ''}`
    await insertEffect(tx, { key, ticketId, eventId: null, lane, effect, messageId: null })
    await parts.queue.wakeLane(tx, lane)
  }
  for (const { id, groupKey } of moved.filter(({ isClosed }) => !isClosed)) {
    await put(id, `slack:${parts.triageChannelOf(groupKey)}`, { kind: 'post', slot: { place: 'card' } })
    await put(id, `dm:${contactId}`, { kind: 'post', slot: { place: 'request', contactId } })
  }
  await put(null, `home:${contactId}`, { kind: 'post', slot: { place: 'home', contactId } })
}
