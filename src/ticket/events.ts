import type { Answers } from './form.ts'
import type { Way } from './in-full.ts'
import type { Settled, Stuck } from './mail-trouble.ts'
import type { Actor, CommentDraft, Intake, Standing, Via } from './ticket.ts'

/** What happened to a ticket. Stored for ever under these names: rename by alias, migrate, remove, never at once. */
export type Happening =
  | {
      type: 'opened'
      intake: Intake
      requesterId: number
      ccIds: number[]
      locale: string
      followUpOf: number | null
      comment: CommentDraft
      /** False when the mail that opened it must not be answered by a machine (RFC 3834 §2). */
      mayAnswer: boolean
      /** Of a follow-up: addresses that the late reply went to by itself. */
      alreadyTold?: string[]
      /** What the requester said to sharing the solution anonymously; null or left out where nobody asked. */
      consent?: boolean | null
    }
  /**
   * Somebody outside said something. `alreadyTold`: addresses their mail went to by itself. `isThanks`: nothing but thanks
   * for what was solved, which reopened nothing. `mayAnswer` as of `opened`; left out: no.
   */
  | {
      type: 'replied'
      comment: CommentDraft
      receivedAt: Date
      reopens: boolean
      alreadyTold: string[]
      isThanks?: boolean
      mayAnswer?: boolean
      /** Written in Slack, but not in the request's thread: there it is not to be read yet. */
      isElsewhere?: boolean
    }
  /**
   * Somebody who was not on the ticket is a CC from now on; `acceptedBy` is the agent who let them in, null for one who
   * manages the requests of the requester's organisation. `contactIds`: whom that agent added by hand; without it the
   * author of the words that follow.
   */
  | { type: 'joined'; acceptedBy: number | null; contactIds?: number[] }
  /** An agent took these CCs off: they are told nothing more. */
  | { type: 'left'; contactIds: number[] }
  /** An agent said something to the requester and the CCs. */
  | { type: 'answered'; comment: CommentDraft }
  /**
   * An agent took an answer back before it left. `eventId` is the `answered` event, `standing` what the ticket goes back
   * to, null when it stays as it is. `givesBack`: the answer had made its author the assignee, and nobody is that again.
   */
  | { type: 'withdrawn'; eventId: number; standing: Standing | null; givesBack?: true }
  /** Somebody changed what they had said in Slack: `eventId` is where, `before` what stood there. */
  | ({ type: 'edited'; eventId: number; before: string; text: string; revisedAt: Date; lostFiles?: string[] } & OfLine)
  /** Somebody deleted what they had said in Slack. Only the log still has the words. */
  | ({ type: 'deleted'; eventId: number; before: string } & OfLine)
  /** An agent said something only staff may see. */
  | { type: 'noted'; comment: CommentDraft }
  | { type: 'assigned'; agentId: number }
  | { type: 'pended'; withAnswer: boolean }
  /**
   * `asks` false: the requester was asked for the rating of another ticket a short time ago, so of this one they are only
   * told where they can give one. `remindAt`: when they are asked once more, should they have said nothing by then.
   */
  | { type: 'solved'; reopenUntil: Date; asks?: false; remindAt?: Date }
  | { type: 'reopened'; byReply: boolean }
  | { type: 'closed' }
  /** The requester took back that the solution may be shared (TEC-11). */
  | { type: 'consent-withdrawn' }
  /** The time for the one reminder to rate has come. `asks` false: it was let pass, for the reason of `solved`. */
  | { type: 'reminded'; asks: boolean }
  | { type: 'rated'; score: number; comment: string | null; changed: boolean }
  /** A reply came too late and became, or joined, a linked ticket (X9). */
  | { type: 'continued'; followUpId: number }
  /** A mail of ours came back. `recipient` and `reason` are the server's words. */
  | { type: 'undelivered'; recipient: string; reason: string; suppression?: Suppression }
  /** A mail of ours waits for its server, or nobody knows whether it left. */
  | { type: 'stuck'; outboxId: number; recipient: string; reason: string; why: Stuck }
  /** That is over. `eventIds` are the `stuck` events of the mail. */
  | { type: 'unstuck'; outboxId: number; how: Settled; eventIds: number[] }
  /** Mail goes to an address again that was refused for good. `eventIds`: what told of it here. */
  | { type: 'lifted'; address: string; eventIds: number[] }
  /**
   * Slack lets us send somebody no direct message. `reason` is its word for why, `way` how they are told instead, with the
   * channel where that is one.
   */
  | { type: 'unreachable'; contactId: number; reason: string; way: Exclude<Way, 'both' | 'slack'>; channel?: string }
  /** Questions of the form were answered later: what was new, and how the request stands described with it. */
  | {
      type: 'described'
      answers: Answers
      fields: Omit<Intake, 'subject'>
      priorityBefore: Intake['priority']
    }

/** Which message was changed, by Slack's timestamp, where several became one comment. */
type OfLine = { line?: string }

/** Whether an address that was refused for good is spared from now on, or this mail was spared it. */
export type Suppression = 'begins' | 'goes-on'

/** A happening with who, where it came in and when. `at` is UTC. */
export type TicketEvent = Happening & { actor: Actor; via: Via; at: Date }

/** An event as the log keeps it: with its id, its ticket, and the comment it wrote, if it wrote one. */
export type StoredEvent = TicketEvent & { id: number; ticketId: number; commentId: number | null }
