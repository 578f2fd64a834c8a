import type { Happening, Suppression } from './events.ts'
import type { Answers } from './form.ts'
import type { MailTrouble } from './mail-trouble.ts'
import type { Actor, CommentDraft, Intake, Via } from './ticket.ts'

/** What somebody may ask of the desk. `source` names the outside cause; the same source twice has one effect. */
export type Command = Ask & { actor: Actor; via: Via; source: string }

export type Open = {
  type: 'open'
  intake: Intake
  requesterId: number
  ccIds: number[]
  locale: string
  comment: CommentDraft
  mayAnswer: boolean
  followUpOf: number | null
  /** Of a follow-up: addresses that the late reply went to by itself. */
  alreadyTold?: string[]
  /** What the requester said to sharing the solution anonymously; null or left out where nobody asked. */
  consent?: boolean | null
}

/** Somebody outside answers. `receivedAt`: when their mail server or Slack took it, which is what deadlines compare. */
export type Reply = {
  type: 'reply'
  ticketId: number
  comment: CommentDraft
  receivedAt: Date
  /** Addresses their mail went to by itself. */
  alreadyTold: string[]
  /** False when a machine must not answer it (RFC 3834 §2). */
  mayAnswer: boolean
  /** The agent who lets an author join who is not on the ticket. Whoever sets it has checked that it is one. */
  acceptedBy?: number
  /** Written in Slack, but not in the request's thread: in its window, or after the command. */
  isElsewhere?: boolean
}

/**
 * Somebody changed the Slack message that an event's comment came from; `text` null: nothing is left of it. `before`: the
 * words as they are stored.
 */
export type Revise = {
  type: 'revise'
  ticketId: number
  eventId: number
  text: string | null
  before: string
  revisedAt: Date
  /** Which message it was, by Slack's timestamp, where several became one comment. */
  line?: string
  /** Files that went with it, by Slack's id, where others stay. */
  lostFiles?: string[]
}

export type Ask =
  | Open
  | Reply
  | Revise
  | { type: 'answer'; ticketId: number; comment: CommentDraft; waits: boolean }
  /** Takes back an answer, by its `answered` event, as long as nothing of it has left. */
  | { type: 'withdraw'; ticketId: number; eventId: number }
  | { type: 'note'; ticketId: number; comment: CommentDraft }
  /** Contacts to copy on all that is said from now on, or no longer. Those it would not change are passed over. */
  | { type: 'add-cc' | 'remove-cc'; ticketId: number; contactIds: number[] }
  /** `expected` is the assignee the agent saw when pressing: of two who press at once, one is told. */
  | { type: 'assign'; ticketId: number; agentId: number; expected: number | null }
  | { type: 'pend'; ticketId: number }
  | { type: 'solve'; ticketId: number }
  | { type: 'reopen'; ticketId: number; askedAt: Date }
  | { type: 'close'; ticketId: number; dueAt: Date }
  | { type: 'withdraw-consent'; ticketId: number }
  /** Reminds the requester of the rating they have not given. `dueAt`: the ticket's own moment for that. */
  | { type: 'remind-to-rate'; ticketId: number; dueAt: Date }
  | { type: 'rate'; ticketId: number; score: number; comment: string | null }
  /** `suppression`: nothing is sent to `recipient` any more, from now on or since before. */
  | { type: 'record-undelivered'; ticketId: number; recipient: string; reason: string; suppression?: Suppression }
  /** Slack lets us send the contact no direct message about what happened at this event; `way` is how they hear of it. */
  | (Omit<Happening & { type: 'unreachable' }, 'type'> & { type: 'record-no-dm'; ticketId: number; eventId: number })
  | MailTrouble
  /** Answers to questions of the form, by field key, that the ticket did not say. */
  | { type: 'describe'; ticketId: number; answers: Answers }
