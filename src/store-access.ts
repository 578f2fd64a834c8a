import { askForCode, type CodeParts, tryCode } from './mailed-code.ts'
import { saveStoreAddress } from './store/people.ts'
import { Refusal } from './ticket/refusal.ts'

/** Lets somebody show that they belong to a store: they can read what is mailed to the address it is registered with (AUT-03). */
export interface StoreAccess {
  /**
   * Says that a code was mailed to `address`, whether or not a store is registered with it: only then it is. A Refusal
   * when too many were asked for.
   */
  ask(contactId: number, address: string): Promise<{ codeId: string; until: Date }>
  /** From now on the contact may name the stores of this address. A Refusal when the code is wrong or works no longer. */
  confirm(contactId: number, codeId: string, code: string): Promise<{ address: string }>
}

export function createStoreAccess(parts: CodeParts): StoreAccess {
  return {
    ask: (contactId, typed) => askForCode(parts, contactId, typed.toLowerCase(), 'store'),
    confirm: async (contactId, codeId, typed) => {
      const end = await parts.database.transaction(async (tx) => {
        const who = { id: codeId, contactId, purpose: 'store' } as const
        const tried = await tryCode(parts, tx, who, typed, 'access-code-over')
        if (!(tried instanceof Refusal)) await saveStoreAddress(tx, contactId, tried.code.address, parts.clock.now())
        return tried
      })
      if (end instanceof Refusal) throw end
      return { address: end.code.address }
    },
  }
}
