import { withoutSubaddress } from '../threading.ts'
import { isAutomatic } from './marks.ts'
import type { Rule } from './verdict.ts'

// RFC 5321 §6.3 asks servers to allow at least 100 hops; real mail has fewer than 20, Postfix stops at 50.
const MAX_HOPS = 50

/** Our own mail coming back, or a mail going round: recorded, never answered. */
export const loop: Rule = (mail, facts) => {
  const own = new Set(facts.ownAddresses.map((one) => withoutSubaddress(one)))
  const isOwn = (address: string | undefined) => address !== undefined && own.has(withoutSubaddress(address))
  if (isOwn(mail.from?.address) || isOwn(mail.sender?.address)) return { kind: 'loop', reason: 'own-mail' }
  const host = mail.messageId?.slice(mail.messageId.lastIndexOf('@') + 1).toLowerCase()
  const isOurs = facts.ownMessageIdHost !== null && host === facts.ownMessageIdHost.toLowerCase()
  if (isOurs && isAutomatic(mail)) return { kind: 'loop', reason: 'own-mail' }
  const marks = mail.headers.get('x-loop') ?? []
  // Without an address of ours to compare with, any mark counts that is no mailing list's and no answering machine's own.
  const isOfOthers = mail.listId !== null || mail.autoSubmitted?.startsWith('auto-replied')
  if (marks.some((mark) => own.has(withoutSubaddress(mark.trim())) || (own.size === 0 && !isOfOthers)))
    return { kind: 'loop', reason: 'loop' }
  // Where our addresses are not known (mail:inspect), a machine that writes to itself gives itself away.
  const author = mail.from?.address.toLowerCase()
  if (
    own.size === 0 &&
    isAutomatic(mail) &&
    mail.to.length > 0 &&
    mail.to.every((one) => one.address.toLowerCase() === author)
  )
    return { kind: 'loop', reason: 'loop' }
  return (mail.headers.get('received')?.length ?? 0) > MAX_HOPS ? { kind: 'loop', reason: 'too-many-hops' } : null
}
