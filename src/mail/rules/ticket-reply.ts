import { mayAnswer } from './marks.ts'
import type { KnownTicket, Proof, Rule } from './verdict.ts'

/**
 * Joins a ticket, or is held beside it. Joining needs a secret that only our mail carried (reply address, or one of our
 * Message-IDs) *and* an author who is a participant. Every ticket named needs both on its own account (threats E6);
 * a number in a subject names nothing.
 */
export const ticketReply: Rule = (mail, facts) => {
  const named: (KnownTicket & { by: Proof })[] = []
  if (facts.tokenTicket) named.push({ ...facts.tokenTicket, by: 'reply-address' })
  // In-Reply-To before References, and of these the latest: the mail really answered.
  const order = [mail.inReplyTo, ...mail.references.toReversed()]
  for (const id of order) {
    const known = facts.messageIdTickets.find((one) => one.messageId === id)
    if (known) named.push({ ...known, by: 'message-id' })
  }
  const first = named[0]
  if (!first) return null
  const author = mail.from?.address.toLowerCase()
  const joined = named.find(
    (one) => author !== undefined && one.participants.some((each) => each.toLowerCase() === author),
  )
  if (joined)
    return { kind: 'reply', ticketId: joined.ticketId, by: joined.by, reason: joined.by, mayAnswer: mayAnswer(mail) }
  return { kind: 'held', ticketId: first.ticketId, reason: mail.from ? 'unknown-author-on-ticket' : 'sender-unclear' }
}
