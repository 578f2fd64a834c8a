import type { SenderProof } from '../../ticket/ticket.ts'
import type { Mail } from '../mail.ts'

/** What one inbound mail is, and which rule said so. Exactly one verdict for every mail. */
export type Verdict = Outcome & {
  /** File name of the rule that decided, without its ending; 'none' for a plain new ticket. */
  rule: string
  /** A code with a sentence for people in templates/<locale>/mail-reasons.json. */
  reason: Reason
  /** Whether *we* may answer automatically (RFC 3834 §2). Says nothing about a person answering. */
  mayAnswer: boolean
}

export type Outcome =
  | { kind: 'ticket' }
  | { kind: 'reply'; ticketId: number; by: Proof }
  /** A person's mail beside a ticket it may not join without an agent's word. */
  | { kind: 'held'; ticketId: number }
  | { kind: 'auto-reply' }
  /** `originalMessageId` and `ticketId` only when the report quotes a mail we really sent. */
  | {
      kind: 'bounce'
      originalMessageId: string | null
      ticketId: number | null
      recipient: string | null
      status: string | null
    }
  | { kind: 'spam' }
  | { kind: 'loop' }
  | { kind: 'duplicate'; of: number }
  | { kind: 'rejected' }
  | { kind: 'check' }

/** The secret that named the ticket. */
export type Proof = 'reply-address' | 'message-id'

export type Reason =
  | 'new-request'
  | 'automatic-request'
  | 'list-mail'
  | 'reply-address'
  | 'message-id'
  | 'unknown-author-on-ticket'
  | 'sender-unclear'
  | 'sender-failed'
  | 'id-of-others'
  | 'out-of-office'
  | 'automatic-reply'
  | 'read-receipt'
  | 'calendar-answer'
  | 'challenge'
  | 'delivery-report'
  | 'delivery-delayed'
  | 'delivery-notice'
  | 'complaint'
  | 'dmarc-report'
  | 'spam-marked'
  | 'own-mail'
  | 'loop'
  | 'too-many-hops'
  | 'duplicate'
  | 'unreadable'
  | 'mailbox-check'

/** What the store knows that matters to one mail, looked up by the caller before the rules are asked. */
export interface Facts {
  /** Addresses we receive at and send from, the support address included. */
  ownAddresses: string[]
  /** The host behind the @ of every Message-ID we make. */
  ownMessageIdHost: string | null
  /** The ticket named by a reply address among the mail's recipients. See `replyTokens`. */
  tokenTicket: KnownTicket | null
  /** How many reply addresses among them name no ticket: somebody guesses, or a ticket was erased. */
  unknownTokens?: number
  /**
   * The tickets of those `quotedMessageIds` that we really sent or that opened or joined a ticket. `isOfOthers`: not ours
   * but the id of a mail that came in, which is no secret of ours (its sender's program may even have counted it up).
   */
  messageIdTickets: (KnownTicket & { messageId: string; isOfOthers?: boolean })[]
  /** Whether the author is who they say; left out where nobody could find out. */
  sender?: SenderProof
  /** It is our own mail to ourselves, known by its secret; left out otherwise. */
  isMailboxCheck?: boolean
  /** The inbox row this mail repeats word for word. */
  knownDuplicateOf: number | null
}

export interface KnownTicket {
  ticketId: number
  /** Addresses of requester and CCs. Compared without regard to case. */
  participants: string[]
}

/** A rule looks at one mail and has a verdict, or leaves it to the next. */
export type Rule = (mail: Mail, facts: Facts) => (Outcome & { reason: Reason; mayAnswer?: boolean }) | null
