import type { Mail } from '../mail.ts'
import { mayAnswer } from './marks.ts'
import type { Facts, KnownTicket, Proof, Reason, Rule } from './verdict.ts'

/**
 * Joins a ticket, or is held beside it. Joining needs a secret that only our mail carried (reply address, or one of our
 * Message-IDs) *and* an author who is a participant and whose name on the mail is no lie. Every ticket named needs all
 * of it on its own account (threats E6); a number in a subject names nothing. Who answers the mail that opened the
 * ticket has no secret of ours: they join when they are proven to be a participant.
 */
export const ticketReply: Rule = (mail, facts) => {
  const named: (KnownTicket & { by: Proof; isOfOthers?: boolean })[] = []
  if (facts.tokenTicket) named.push({ ...facts.tokenTicket, by: 'reply-address' })
  // In-Reply-To before References, and of these the latest: the mail really answered.
  const order = [mail.inReplyTo, ...mail.references.toReversed()]
  // Several tickets may have come from mails of one id: somebody may have taken it before its owner (threats E22).
  for (const id of order)
    for (const known of facts.messageIdTickets.filter(({ messageId }) => messageId === id))
      named.push({ ...known, by: 'message-id' })
  const first = named[0]
  if (!first) return null
  const author = mail.from?.address.toLowerCase()
  const theirs = named.filter(
    (one) => author !== undefined && one.participants.some((each) => each.toLowerCase() === author),
  )
  const joined = theirs.find(({ isOfOthers }) => !isOfOthers || facts.sender === 'verified')
  if (joined && facts.sender !== 'failed')
    return { kind: 'reply', ticketId: joined.ticketId, by: joined.by, reason: joined.by, mayAnswer: mayAnswer(mail) }
  const { ticketId } = theirs[0] ?? first
  return { kind: 'held', ticketId, reason: whyHeld(mail, facts, theirs.length > 0) }
}

function whyHeld(mail: Mail, facts: Facts, isParticipant: boolean): Reason {
  if (mail.from === null) return 'sender-unclear'
  if (facts.sender === 'failed') return 'sender-failed'
  return isParticipant ? 'id-of-others' : 'unknown-author-on-ticket'
}
