import type { Command, Reply } from './commands.ts'
import type { Ticket } from './ticket.ts'

/**
 * The command that opens the follow-up of `earlier` with the late reply as its first comment. It carries subject,
 * account, form answers and participants; whoever replied is its requester and everybody else is copied (FUP-03, X9).
 */
export function openFollowUp(earlier: Ticket, reply: Command & Reply): Command {
  const { subject, branch, accountKey, groupKey, regionKey, form, answers, impact, users, priority } = earlier
  const requesterId = reply.actor.kind === 'contact' ? reply.actor.id : earlier.requesterId
  const people = [earlier.requesterId, ...earlier.ccIds]
  return {
    type: 'open',
    intake: { subject, branch, accountKey, groupKey, regionKey, form, answers, impact, users, priority },
    requesterId,
    ccIds: people.filter((id) => id !== requesterId),
    locale: earlier.locale,
    comment: reply.comment,
    mayAnswer: reply.mayAnswer,
    followUpOf: earlier.id,
    actor: reply.actor,
    via: reply.via,
    source: `${reply.source}/follow-up`,
  }
}
