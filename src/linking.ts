import { randomUUID } from 'node:crypto'
import { askForCode, type CodeParts, tryCode } from './mailed-code.ts'
import type { Tx } from './store/database.ts'
import { type MovedTicket, mergeContacts } from './store/merge-contacts.ts'
import { insertEffect } from './store/outbox.ts'
import { addressesOf, contactOfAddress, linkAddress, lockAddress, people, proveAddress } from './store/people.ts'
import type { Effect } from './ticket/policies/effect.ts'
import { Refusal, type RefusalCode } from './ticket/refusal.ts'

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
  /**
   * The same for somebody whom only a link from a mail names, which others may have been forwarded: a code goes to the
   * address we know them by, and one to the other. Answers alike whoever has the addresses, and when too many were mailed.
   */
  askBoth(contactId: number, address: string): Promise<CodePair>
  /** As `confirm`, with both codes. */
  confirmBoth(contactId: number, ids: CodePair, typed: CodePair): Promise<{ address: string; tickets: number }>
}

/** Of the address we know somebody by, and of the one they say is theirs too. */
export interface CodePair {
  own: string
  other: string
}

export function createLinking(parts: CodeParts): Linking {
  const { database } = parts
  return {
    ask: async (contactId, typed) => {
      const address = typed.toLowerCase()
      const own = await addressesOf(database, [contactId])
      if (own.some((each) => each.address === address && each.isProven)) throw new Refusal('already-yours')
      return askForCode(parts, contactId, address, 'address')
    },
    confirm: async (contactId, codeId, typed) => {
      const end = await database.transaction((tx) =>
        link(parts, tx, { id: codeId, contactId, purpose: 'address' }, typed, 'code-over'),
      )
      if (end instanceof Refusal) throw end
      return end
    },
    askBoth: async (contactId, typed) => {
      const [person] = await people(database, [contactId])
      const addresses = { own: person?.address?.toLowerCase() ?? null, other: typed.toLowerCase() }
      const ids: CodePair = { own: randomUUID(), other: randomUUID() }
      try {
        if (addresses.own === null) return ids
        ids.own = (await askForCode(parts, contactId, addresses.own, 'page')).codeId
        ids.other = (await askForCode(parts, contactId, addresses.other, 'page')).codeId
      } catch (error) {
        // Whoever reads this page may be anybody: they learn nothing of who asked for codes before.
        if (!(error instanceof Refusal)) throw error
      }
      return ids
    },
    confirmBoth: async (contactId, ids, typed) => {
      const end = await database.transaction((tx) => linkBoth(parts, tx, contactId, ids, typed))
      if (end instanceof Refusal) throw end
      return end
    },
  }
}

async function linkBoth(parts: CodeParts, tx: Tx, contactId: number, ids: CodePair, typed: CodePair) {
  const who = { contactId, purpose: 'page' } as const
  const own = await tryCode(parts, tx, { ...who, id: ids.own }, typed.own, 'access-code-over')
  if (own instanceof Refusal) return own
  const { address, expiresAt } = own.code
  const isOwn = (await addressesOf(tx, [contactId])).some((each) => each.address === address)
  if (!isOwn || expiresAt < parts.clock.now()) return new Refusal('access-code-over')
  const end = await link(parts, tx, { ...who, id: ids.other }, typed.other, 'access-code-over')
  // They are written to where they were before.
  if (!(end instanceof Refusal)) await proveAddress(tx, address, contactId)
  return end
}

async function link(
  parts: CodeParts,
  tx: Tx,
  who: Parameters<typeof tryCode>[2],
  typed: string,
  over: RefusalCode,
): Promise<{ address: string; tickets: number } | Refusal> {
  const tried = await tryCode(parts, tx, who, typed, over)
  if (tried instanceof Refusal) return tried
  const { code, again } = tried
  // The same answer sent twice is no mistake of anybody's.
  if (again) {
    const isLinked = (await contactOfAddress(tx, code.address))?.id === who.contactId
    return isLinked ? { address: code.address, tickets: 0 } : new Refusal(over)
  }
  const now = parts.clock.now()
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

/** What Slack shows of the requester is drawn again: their Home, and for what is not closed the card and their thread. */
async function show(parts: CodeParts, tx: Tx, codeId: string, contactId: number, moved: MovedTicket[]) {
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
