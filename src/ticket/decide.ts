import { authorise, isOn, isParticipant } from './authorise.ts'
import type { Command, Reply } from './commands.ts'
import { withdrawConsent } from './consent.ts'
import { describe, type IntakeRules } from './describe.ts'
import type { Happening, StoredEvent, TicketEvent } from './events.ts'
import { BelongsToFollowUp } from './follow-up.ts'
import { mailTrouble } from './mail-trouble.ts'
import { Refusal } from './refusal.ts'
import { revise } from './revise.ts'
import { type Around, isOnlyThanks } from './thanks.ts'
import type { Actor, Ticket } from './ticket.ts'
import { withdraw } from './withdraw.ts'

/** What the settings say: until when the region lets a reply reopen a ticket solved at `solvedAt`, and the form. */
export interface Terms {
  reopenUntil(moments: { solvedAt: Date; lastRequesterCommentAt: Date }): Date
  /**
   * `mayAsk`: whether the requester can be asked for a rating now, or was so a short time ago. `remindAfterMs`: null when
   * nobody is reminded. Left out: they are asked whenever something is solved, and not reminded.
   */
  survey?: { mayAsk: boolean; remindAfterMs: number | null }
  /** What answers to the form mean. Left out where nobody can answer it later. */
  intake?: IntakeRules
  /** What is known around a reply, to tell thanks from more. */
  around?: Around
}

/** What the database says of the actor, in the command's own transaction. */
export interface ActorRights {
  /** They may read and manage all requests of the requester's organisation (CLI-07). */
  isManager: boolean
}

/**
 * What follows from a command on a ticket: its events in order, none when there is nothing left to do, or
 * `BelongsToFollowUp`. Throws a Refusal when the person who asked may not, or the ticket's status forbids it. `log` is
 * what happened to the ticket so far, for a command that looks back.
 */
export function decide(
  ticket: Ticket | null,
  command: Command,
  terms: Terms,
  now: Date,
  log: StoredEvent[] = [],
  { isManager }: ActorRights = { isManager: false },
): TicketEvent[] | BelongsToFollowUp {
  const because = { actor: command.actor, via: command.via, at: now }
  if (command.type === 'open') {
    const { type: _, source: _s, actor: _a, via: _v, ...rest } = command
    return [{ type: 'opened', ...rest, ...because }]
  }
  // To people outside what is not theirs and what is not there is the same (threat S6).
  if (!ticket && command.actor.kind === 'contact') throw new Refusal('not-yours')
  if (!ticket) throw new Refusal('no-such-ticket', { number: command.ticketId })
  authorise(ticket, command, isManager)
  if (command.type === 'reply') {
    // It is here, so it was received by now: a mail server whose clock is fast takes no time from anybody.
    const reply = command.receivedAt > now ? { ...command, receivedAt: now } : command
    if (isMereThanks(ticket, reply, terms)) {
      const { comment, receivedAt, alreadyTold, mayAnswer } = reply
      return [
        { type: 'replied', comment, receivedAt, alreadyTold, mayAnswer, reopens: false, isThanks: true, ...because },
      ]
    }
    if (isTooLate(ticket, reply.receivedAt)) return new BelongsToFollowUp(ticket, reply)
    return happenings(ticket, reply, terms, now).map((happening) => ({ ...happening, ...because }))
  }
  if (command.type === 'revise') {
    const revised = revise(ticket, command, log, { actor: command.actor, around: terms.around ?? {} })
    if (revised instanceof BelongsToFollowUp) return revised
    return revised.map((happening) => ({ ...happening, ...because }))
  }
  if (looksBack(command)) return lookBack(ticket, command, log).map((happening) => ({ ...happening, ...because }))
  return happenings(ticket, command, terms, now).map((happening) => ({ ...happening, ...because }))
}

type LooksBack = Extract<
  Command,
  { type: 'revise' | 'withdraw' | 'record-stuck' | 'settle-mail' | 'lift' | 'record-no-dm' }
>
type Plain = Exclude<Command, LooksBack | { type: 'open' }>

/** Whether what follows from this command depends on all that happened to the ticket, so that `decide` needs its log. */
export function looksBack(command: Command): command is LooksBack {
  return ['revise', 'withdraw', 'record-stuck', 'settle-mail', 'lift', 'record-no-dm'].includes(command.type)
}

function lookBack(ticket: Ticket, command: Exclude<LooksBack, { type: 'revise' }>, log: StoredEvent[]): Happening[] {
  if (command.type === 'record-no-dm') return unreachable(command, log)
  return command.type === 'withdraw' ? withdraw(ticket, command.eventId, log) : mailTrouble(ticket, command, log)
}

/** Told once, and again when another way takes over. */
function unreachable({ contactId, reason, way, channel }: NoDm, log: StoredEvent[]): Happening[] {
  const last = log.findLast((event) => event.type === 'unreachable' && event.contactId === contactId)
  if (last?.type === 'unreachable' && last.way === way) return []
  return [{ type: 'unreachable', contactId, reason, way, ...(channel ? { channel } : {}) }]
}

type NoDm = Extract<Command, { type: 'record-no-dm' }>

function happenings(ticket: Ticket, command: Plain, terms: Terms, now: Date): Happening[] {
  switch (command.type) {
    case 'reply': {
      const { comment, receivedAt, alreadyTold, mayAnswer, acceptedBy } = command
      const reopens = ticket.status === 'solved'
      const elsewhere = command.isElsewhere ? { isElsewhere: true } : {}
      const replied: Happening = {
        type: 'replied',
        comment,
        receivedAt,
        alreadyTold,
        mayAnswer,
        reopens,
        ...elsewhere,
      }
      // Who may speak here and is not on it yet: an agent let them in, or they manage their organisation's requests.
      const isNew = !isParticipant(ticket, command.actor)
      const joined: Happening[] = isNew ? [{ type: 'joined', acceptedBy: acceptedBy ?? null }] : []
      return [...joined, ...(reopens ? [{ type: 'reopened', byReply: true } as const] : []), replied]
    }
    case 'answer': {
      refuseClosed(ticket)
      const answered: Happening = { type: 'answered', comment: command.comment }
      return [
        ...takenBy(ticket, command.actor),
        answered,
        ...(command.waits ? [{ type: 'pended', withAnswer: true } as const] : []),
      ]
    }
    case 'note':
      return [{ type: 'noted', comment: command.comment }]
    case 'add-cc': {
      refuseClosed(ticket)
      const added = [...new Set(command.contactIds)].filter((id) => !isOn(ticket, id))
      if (added.length === 0 || command.actor.kind !== 'agent') return []
      if (ticket.ccIds.length + added.length > MOST_CCS) throw new Refusal('too-many-ccs', { number: MOST_CCS })
      return [{ type: 'joined', acceptedBy: command.actor.id, contactIds: added }]
    }
    case 'remove-cc': {
      refuseClosed(ticket)
      const contactIds = ticket.ccIds.filter((id) => command.contactIds.includes(id))
      return contactIds.length > 0 ? [{ type: 'left', contactIds }] : []
    }
    case 'assign':
      refuseClosed(ticket)
      if (ticket.assigneeId === command.agentId) return []
      if (ticket.assigneeId !== command.expected) throw new Refusal('already-taken')
      return [{ type: 'assigned', agentId: command.agentId }]
    case 'pend':
      refuseClosed(ticket)
      if (ticket.status === 'solved') throw alreadySolved(ticket)
      if (ticket.status === 'pending') throw new Refusal('already-pending', { number: ticket.id })
      return [...takenBy(ticket, command.actor), { type: 'pended', withAnswer: false }]
    case 'solve': {
      refuseClosed(ticket)
      if (ticket.status === 'solved') throw alreadySolved(ticket)
      const { lastRequesterCommentAt } = ticket
      const reopenUntil = terms.reopenUntil({ solvedAt: now, lastRequesterCommentAt })
      return [...takenBy(ticket, command.actor), { type: 'solved', reopenUntil, ...asking(ticket, terms, now) }]
    }
    case 'reopen':
      refuseClosed(ticket)
      if (ticket.status === 'open') throw new Refusal('already-open', { number: ticket.id })
      if (isTooLate(ticket, command.askedAt)) throw new Refusal('too-late-to-reopen', { number: ticket.id })
      return [{ type: 'reopened', byReply: false }]
    case 'close': {
      // Stale deadlines are no error: the ticket was reopened, or solved again with a later one (X2).
      const due = ticket.status === 'solved' && ticket.reopenUntil.getTime() === command.dueAt.getTime()
      return due && now > ticket.reopenUntil ? [{ type: 'closed' }] : []
    }
    case 'remind-to-rate': {
      const isDue = ticket.remindAt?.getTime() === command.dueAt.getTime() && now >= command.dueAt
      return isDue && !ticket.rating ? [{ type: 'reminded', asks: terms.survey?.mayAsk ?? true }] : []
    }
    case 'rate': {
      // A first rating is welcome however late (people read the mail after the window); a change only until closed.
      if (ticket.status === 'closed' && ticket.rating) throw new Refusal('rating-final', { number: ticket.id })
      const mayRate = ticket.status === 'solved' || ticket.status === 'closed' || ticket.rating
      if (!mayRate) throw new Refusal('not-solved', { number: ticket.id })
      if (!Number.isInteger(command.score) || command.score < 1 || command.score > 5) throw new Refusal('bad-score')
      const comment = command.comment ?? ticket.rating?.comment ?? null
      if (ticket.rating?.score === command.score && ticket.rating.comment === comment) return []
      return [{ type: 'rated', score: command.score, comment, changed: ticket.rating !== null }]
    }
    case 'record-undelivered':
      return [undelivered(command)]
    case 'withdraw-consent':
      return withdrawConsent(ticket)
    case 'describe':
      refuseClosed(ticket)
      if (!terms.intake) throw new Error('this desk was given no form: pass `intake` with its terms')
      return describe(ticket, command.answers, terms.intake, command.actor.kind === 'agent')
    default:
      return command satisfies never
  }
}

/**
 * Thanks for what was solved, by somebody who is on the ticket: whoever says only that wants nothing reopened, nor a
 * follow-up. Where one goes on already, they may mean that one, so it decides for itself.
 */
function isMereThanks(ticket: Ticket, { comment, actor, acceptedBy }: Reply & Command, { around }: Terms): boolean {
  const isOver = ticket.status === 'solved' || (ticket.status === 'closed' && ticket.followUpId === null)
  if (!isOver || acceptedBy !== undefined || !isParticipant(ticket, actor)) return false
  return comment.attachments.length === 0 && isOnlyThanks(comment.text, around)
}

function undelivered({ recipient, reason, suppression }: Plain & { type: 'record-undelivered' }): Happening {
  return { type: 'undelivered', recipient, reason, ...(suppression ? { suppression } : {}) }
}

/** Whether the requester of what is solved now is asked how that was, and when once more; nothing to say of who rated it. */
function asking(ticket: Ticket, { survey }: Terms, now: Date): { asks?: false; remindAt?: Date } {
  if (ticket.rating || !survey) return {}
  if (!survey.mayAsk) return { asks: false }
  return survey.remindAfterMs === null ? {} : { remindAt: new Date(now.getTime() + survey.remindAfterMs) }
}

/** Says until when a reply reopens it, like everything that calls a ticket solved. `until`: milliseconds since 1970. */
function alreadySolved(ticket: Ticket & { status: 'solved' }): Refusal {
  return new Refusal('already-solved', { number: ticket.id, until: ticket.reopenUntil.getTime() })
}

/** An agent who acts on a ticket that nobody has takes it, so that somebody is called when the requester comes back. */
function takenBy(ticket: Ticket, actor: Actor): Happening[] {
  return ticket.assigneeId === null && actor.kind === 'agent' ? [{ type: 'assigned', agentId: actor.id }] : []
}

/** A reply or a wish to reopen that was received after the promised moment. STA-05..10, X3: at the moment is in time. */
function isTooLate(ticket: Ticket, receivedAt: Date): boolean {
  if (ticket.status === 'closed') return true
  return ticket.status === 'solved' && receivedAt > ticket.reopenUntil
}

function refuseClosed(ticket: Ticket): void {
  if (ticket.status === 'closed') throw new Refusal('ticket-closed', { number: ticket.id })
}

// Each answer is one mail to each of them: more than this is a mailing list's business.
const MOST_CCS = 40
