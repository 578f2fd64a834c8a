import { createHash } from 'node:crypto'
import { hashOf } from '../secrets.ts'
import type { Db } from '../store/database.ts'
import { earlierTwin, ticketsOfMessageIds } from '../store/inbox.ts'
import { addressesOf } from '../store/people.ts'
import { loadTicket, ticketOfSecret } from '../store/tickets.ts'
import type { SenderProof } from '../ticket/ticket.ts'
import type { ReadMail } from './reader.ts'
import { quotedMessageIds, replyTokens } from './rules/lookups.ts'
import type { Facts, KnownTicket } from './rules/verdict.ts'

/** How mail reaches us, by which it names tickets. */
export interface OwnMail {
  /** The addresses mail to us is sent to, the support address first. */
  ownAddresses: string[]
  /** The domain of our Message-IDs. */
  mailHost: string
}

/**
 * What the store knows that matters to the mail of inbox row `id`, beside what is proven of its sender. The database is
 * asked one thing after the other.
 */
export async function factsOf(
  own: OwnMail,
  db: Db,
  id: number,
  read: ReadMail,
  sender: SenderProof | null,
): Promise<Facts> {
  const { ownAddresses, mailHost } = own
  const tickets = async (messageIds: string[]) => {
    const named = []
    for (const { messageId, ticketId, isOfOthers } of await ticketsOfMessageIds(db, messageIds))
      named.push({ messageId, isOfOthers, ...(await known(db, ticketId)) })
    return named
  }
  let tokenTicketId: number | null = null
  let unknownTokens = 0
  for (const token of replyTokens(read.mail, ownAddresses)) {
    const ticketId = await ticketOfSecret(db, 'reply', hashOf(token))
    if (ticketId === null) unknownTokens += 1
    tokenTicketId ??= ticketId
  }
  return {
    ownAddresses,
    ownMessageIdHost: mailHost,
    tokenTicket: tokenTicketId === null ? null : await known(db, tokenTicketId),
    ...(unknownTokens > 0 ? { unknownTokens } : {}),
    messageIdTickets: await tickets(quotedMessageIds(read.mail)),
    ...(sender ? { sender } : {}),
    knownDuplicateOf: await earlierTwin(db, id, contentHash(read)),
  }
}

async function known(db: Db, ticketId: number): Promise<KnownTicket> {
  const ticket = await loadTicket(db, ticketId)
  const ids = ticket ? [ticket.requesterId, ...ticket.ccIds] : []
  return { ticketId, participants: (await addressesOf(db, ids)).map(({ address }) => address) }
}

/** What the sender wrote, whatever the servers on the way added: the same again is one event (E21), the same id with other words two (E22). */
export function contentHash({ mail, fullText }: ReadMail): Buffer {
  const hash = createHash('sha256')
  const parts = [
    mail.messageId ?? '',
    mail.from?.address ?? '',
    mail.subject,
    fullText,
    ...mail.attachments.map(({ sha256 }) => sha256),
  ]
  if (!mail.messageId) parts.push(mail.date?.toISOString() ?? '')
  return hash.update(JSON.stringify(parts)).digest()
}
