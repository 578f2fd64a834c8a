import type { Command, Reply } from './commands.ts'
import type { Ticket } from './ticket.ts'

/**
 * The command that opens the follow-up of `earlier` with the late reply as its first comment. It carries subject,
 * account, form answers and participants (FUP-03, X9): a CC's late word does not take the request from its requester.
 */
export function openFollowUp(earlier: Ticket, reply: Command & Reply): Command {
  const { subject, branch, accountKey, groupKey, regionKey, form, answers, impact, users, priority } = earlier
  return {
    type: 'open',
    intake: { subject, branch, accountKey, groupKey, regionKey, form, answers, impact, users, priority },
    requesterId: earlier.requesterId,
    ccIds: earlier.ccIds,
    locale: earlier.locale,
    comment: reply.comment,
    mayAnswer: reply.mayAnswer,
    followUpOf: earlier.id,
    actor: reply.actor,
    via: reply.via,
    source: `${reply.source}/follow-up`,
  }
}
