// Words used here, and nowhere otherwise: a *ticket* is one request and its conversation; its *requester* needs the
// help; *CCs* are people copied on public mail; an *agent* answers; a *comment* is one entry of the conversation;
// `reopenUntil` is the stored moment up to which a reply reopens a solved ticket.
import type { Consent } from './consent.ts'
import type { TicketEvent } from './events.ts'

export type Status = 'open' | 'pending' | 'solved' | 'closed'
export type Priority = 'low' | 'normal' | 'high' | 'urgent'
export type Via = 'slack' | 'mail' | 'web' | 'system'

/** Who did something: somebody outside (by contact id), staff (by agent id), or time itself. */
export type Actor = { kind: 'contact'; id: number } | { kind: 'agent'; id: number } | { kind: 'system' }

/** What the intake questionnaire, or a mail, said about the request: carried over to follow-ups as it is. */
export interface Intake {
  subject: string
  branch: string | null
  accountKey: string | null
  groupKey: string
  regionKey: string
  form: { name: string; version: string } | null
  answers: Record<string, unknown>
  impact: string | null
  users: string | null
  priority: Priority
}

/** The part of a ticket that its status decides, so that an open ticket cannot carry a deadline. STA-01..10. */
export type Standing =
  | { status: 'open' | 'pending' }
  | { status: 'solved'; solvedAt: Date; reopenUntil: Date }
  | { status: 'closed'; solvedAt: Date; closedAt: Date }

export interface Rating {
  score: number
  comment: string | null
  at: Date
}

/** One request, as it stands now. `id` is the number people quote. */
export type Ticket = Intake &
  Standing & {
    id: number
    requesterId: number
    ccIds: number[]
    assigneeId: number | null
    locale: string
    via: Via
    openedAt: Date
    lastRequesterCommentAt: Date
    lastActivityAt: Date
    followUpOf: number | null
    followUpId: number | null
    rating: Rating | null
    /** Whether the solution may be shared; null, or left out, where nobody was asked. */
    consent?: Consent | null
    /** When the requester is reminded to rate; null when they are not, or were. */
    remindAt: Date | null
  }

/** A file that came with a comment: stored by content, still to be fetched from Slack, or refused with a reason code. */
export interface Attachment {
  name: string
  contentType: string
  size: number
  sha256: string | null
  slackFile: { id: string; url: string } | null
  refused: 'too-large' | 'not-from-slack' | 'not-found' | null
}

/**
 * Why a file is only linked in a Slack thread. *Too large*, *too many*: beyond what we put there; *refused*: Slack takes no
 * such file; *no-scope*: the app may upload none; *failed*: it was tried in vain.
 */
export type Unshared = 'too-large' | 'too-many' | 'refused' | 'no-scope' | 'failed'

/**
 * Whether we may believe who wrote a mail. *Verified*: it was proven. *Failed*: it is a lie, or nobody can say whom it
 * names. *Unproven*: all the rest.
 */
export type SenderProof = 'verified' | 'unproven' | 'failed'

/** What somebody said. `text` is what is shown; `fullText` is everything they sent, quotes included. */
export interface CommentDraft {
  text: string
  fullText: string | null
  attachments: Attachment[]
  /** Of a comment that came by mail; null or left out for all others. */
  proof?: SenderProof | null
  /** Of one whose words we cannot read. */
  sealed?: Sealed | null
}

/** Why words that came by mail cannot be read: encrypted for somebody else, or packed into Outlook's winmail.dat. */
export type Sealed = 'encrypted' | 'winmail'

/** What may be tried on a ticket, as the columns of the lifecycle table. */
export type Act =
  | 'requester-replies'
  | 'requester-thanks'
  | 'agent-replies'
  | 'agent-replies-and-waits'
  | 'solve'
  | 'reopen'
  | 'deadline'
export type Result = Status | 'follow-up' | 'refusal'

/**
 * The ticket lifecycle. `decide` is the truth; a test draws this table out of it and compares, so that whoever reads
 * only this table is not misled. A solved ticket is reopened by a reply received by `reopenUntil`; a later one
 * becomes a follow-up (STA-05..10, X3, X9). Mere thanks (see `isOnlyThanks`) are kept as a comment and do neither.
 */
export const lifecycle: Record<Status, Record<Act, Result>> = {
  open: {
    'requester-replies': 'open',
    'requester-thanks': 'open',
    'agent-replies': 'open',
    'agent-replies-and-waits': 'pending',
    solve: 'solved',
    reopen: 'refusal',
    deadline: 'open',
  },
  pending: {
    'requester-replies': 'open',
    'requester-thanks': 'open',
    'agent-replies': 'open',
    'agent-replies-and-waits': 'pending',
    solve: 'solved',
    reopen: 'open',
    deadline: 'pending',
  },
  solved: {
    'requester-replies': 'open',
    'requester-thanks': 'solved',
    'agent-replies': 'solved',
    'agent-replies-and-waits': 'pending',
    solve: 'refusal',
    reopen: 'open',
    deadline: 'closed',
  },
  closed: {
    'requester-replies': 'follow-up',
    'requester-thanks': 'closed',
    'agent-replies': 'refusal',
    'agent-replies-and-waits': 'refusal',
    solve: 'refusal',
    reopen: 'refusal',
    deadline: 'closed',
  },
}

/** The ticket after `event`. The only place that knows what an event changes. */
export function apply(ticket: Ticket, event: TicketEvent): Ticket {
  const touched = { ...ticket, lastActivityAt: event.at }
  switch (event.type) {
    case 'opened':
      return ticket
    case 'replied': {
      const fromRequester = event.actor.kind === 'contact' && event.actor.id === ticket.requesterId
      // A mail that was long on its way arrives after later words: the last word stays the last.
      const isLast = fromRequester && event.receivedAt > ticket.lastRequesterCommentAt
      const reply = isLast ? { ...touched, lastRequesterCommentAt: event.receivedAt } : touched
      return ticket.status === 'pending' ? stand(reply, { status: 'open' }) : reply
    }
    case 'joined':
      if (event.contactIds) return { ...ticket, ccIds: [...ticket.ccIds, ...event.contactIds] }
      return event.actor.kind === 'contact' ? { ...touched, ccIds: [...ticket.ccIds, event.actor.id] } : ticket
    case 'left':
      return { ...ticket, ccIds: ticket.ccIds.filter((id) => !event.contactIds.includes(id)) }
    case 'answered':
      return ticket.status === 'pending' ? stand(touched, { status: 'open' }) : touched
    case 'noted':
    case 'undelivered':
    case 'stuck':
    case 'unstuck':
    case 'lifted':
    case 'unreachable':
    case 'edited':
    case 'deleted':
      // Only staff know of these, and the requester sees when their request last moved.
      return ticket
    case 'assigned':
      return { ...touched, assigneeId: event.agentId }
    case 'pended':
      return stand(touched, { status: 'pending' })
    case 'withdrawn':
      // Nobody outside has seen it come, so nothing of it has moved; what was before stands again.
      return stand(event.givesBack ? { ...ticket, assigneeId: null } : ticket, event.standing)
    case 'reopened':
      return stand(touched, { status: 'open' })
    case 'solved':
      return stand(
        { ...touched, remindAt: event.remindAt ?? null },
        { status: 'solved', solvedAt: event.at, reopenUntil: event.reopenUntil },
      )
    case 'closed':
      // Time alone is no activity: a request that closed by itself does not climb in its requester's list (CLI-04).
      return ticket.status === 'solved'
        ? stand(ticket, { status: 'closed', solvedAt: ticket.solvedAt, closedAt: event.at })
        : ticket
    case 'rated':
      return { ...touched, rating: { score: event.score, comment: event.comment, at: event.at }, remindAt: null }
    case 'consent-withdrawn':
      return ticket.consent ? { ...ticket, consent: { ...ticket.consent, withdrawnAt: event.at } } : ticket
    case 'reminded':
      return { ...ticket, remindAt: null }
    case 'continued':
      return { ...touched, followUpId: event.followUpId }
    case 'described': {
      const described = { ...touched, ...event.fields }
      // Their answer is the answer that was waited for.
      return ticket.status === 'pending' && event.actor.kind === 'contact'
        ? stand(described, { status: 'open' })
        : described
    }
    default:
      return event satisfies never
  }
}

function stand(ticket: Ticket, standing: Standing | null): Ticket {
  if (!standing) return ticket
  const {
    status: _s,
    solvedAt: _a,
    reopenUntil: _r,
    closedAt: _c,
    ...rest
  } = ticket as Ticket & Record<string, unknown>
  // Whatever is worked on again is rated when it is solved again.
  const remindAt = standing.status === 'solved' || standing.status === 'closed' ? ticket.remindAt : null
  return { ...rest, ...standing, remindAt } as Ticket
}
