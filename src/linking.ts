import { askForCode, type CodeParts, tryCode } from './mailed-code.ts'
import type { Tx } from './store/database.ts'
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

export interface LinkingParts extends CodeParts {
  triageChannelOf(groupKey: string): string
}

export function createLinking(parts: LinkingParts): Linking {
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
        link(parts, tx, { id: codeId, contactId, purpose: 'address' }, typed),
      )
      if (end instanceof Refusal) throw end
      return end
    },
  }
}

async function link(
  parts: LinkingParts,
  tx: Tx,
  who: Parameters<typeof tryCode>[2],
  typed: string,
): Promise<{ address: string; tickets: number } | Refusal> {
  const tried = await tryCode(parts, tx, who, typed, 'code-over')
  if (tried instanceof Refusal) return tried
  const { code, again } = tried
  // The same answer sent twice is no mistake of anybody's.
  if (again) {
    const isLinked = (await contactOfAddress(tx, code.address))?.id === who.contactId
    return isLinked ? { address: code.address, tickets: 0 } : new Refusal('code-over')
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
