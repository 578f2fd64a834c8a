import type { TicketInFull } from '../../ticket/in-full.ts'
import { type Markup, moment, say, sayPlain, type ViewContext } from './context.ts'
import { answeringName, nameOf } from './people.ts'

/** The status in a staff word: an open ticket that nobody has taken is called new. */
export function staffStatus({ ticket }: TicketInFull, ctx: ViewContext): string {
  const status = ticket.status === 'open' && ticket.assigneeId === null ? 'new' : ticket.status
  return ctx.words(`slack.status.staff.${status}`)
}

/** What happens next with a ticket and who has to do it, for staff, as markup. */
export function staffNext(full: TicketInFull, ctx: ViewContext): string {
  const { ticket } = full
  const requester = nameOf(full.requester, ctx.words)
  switch (ticket.status) {
    case 'open': {
      if (!full.assignee) return say(ctx.words, 'slack.next.staff.untaken')
      const answered = full.comments.filter(({ isPublic }) => isPublic).at(-1)?.author.kind === 'agent'
      const agent = nameOf(full.assignee, ctx.words)
      return say(ctx.words, answered ? 'slack.next.staff.answered' : 'slack.next.staff.open', { agent })
    }
    case 'pending':
      return say(ctx.words, 'slack.next.staff.pending', { requester })
    case 'solved':
      return say(ctx.words, 'slack.next.staff.solved', { requester, until: moment(ctx, ticket.reopenUntil) })
    case 'closed':
      return say(ctx.words, 'slack.next.staff.closed', { at: moment(ctx, ticket.closedAt) })
    default:
      return ticket satisfies never
  }
}

/** What happens next, for the requester, as markup: always ends with what they can do. */
export function requesterNext(full: TicketInFull, ctx: ViewContext): string {
  const { ticket } = full
  const params: Record<string, string | Markup> = {
    agent: answeringName(full, ctx.words),
    mail: full.requester.address ? 'yes' : 'no',
  }
  switch (ticket.status) {
    case 'open':
      return say(ctx.words, full.assignee ? 'slack.next.requester.open' : 'slack.next.requester.untaken', params)
    case 'pending':
      return say(ctx.words, 'slack.next.requester.pending', params)
    case 'solved':
      return say(ctx.words, 'slack.next.requester.solved', { until: moment(ctx, ticket.reopenUntil) })
    case 'closed':
      return say(ctx.words, 'slack.next.requester.closed', { at: moment(ctx, ticket.closedAt) })
    default:
      return ticket satisfies never
  }
}

/** A score as stars that also says its number. */
export function stars(score: number, ctx: ViewContext): string {
  return sayPlain(ctx.words, 'slack.stars', { stars: '★'.repeat(score) + '☆'.repeat(5 - score), score })
}
