import type { Command, Reply } from './commands.ts'
import type { Ticket } from './ticket.ts'

/** The reply came when nothing here can be reopened: it belongs to a follow-up (X9). The desk opens or finds it. */
export class BelongsToFollowUp {
  readonly ticket: Ticket
  readonly reply: Reply

  constructor(ticket: Ticket, reply: Reply) {
    this.ticket = ticket
    this.reply = reply
  }
}

/**
 * The command that opens the follow-up of `earlier` with the late reply as its first comment. It carries subject,
 * account, form answers and participants (FUP-03, X9): a CC's late word does not take the request from its requester.
 */
export function openFollowUp(earlier: Ticket, reply: Command & Reply): Command {
  const { subject, branch, accountKey, groupKey, regionKey, form, answers, impact, users, priority } = earlier
  const people = new Set([earlier.requesterId, ...earlier.ccIds])
  // Whoever may speak here stays part of it, also somebody an agent let in just now.
  if (reply.actor.kind === 'contact') people.add(reply.actor.id)
  return {
    type: 'open',
    intake: { subject, branch, accountKey, groupKey, regionKey, form, answers, impact, users, priority },
    requesterId: earlier.requesterId,
    ccIds: [...people].filter((id) => id !== earlier.requesterId),
    locale: earlier.locale,
    comment: reply.comment,
    mayAnswer: reply.mayAnswer,
    alreadyTold: reply.alreadyTold,
    followUpOf: earlier.id,
    actor: reply.actor,
    via: reply.via,
    source: `${reply.source}/follow-up`,
  }
}
