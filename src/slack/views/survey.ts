import type { KnownBlock } from '@slack/types'
import { isBad } from '../../ticket/rating.ts'
import type { Ticket } from '../../ticket/ticket.ts'
import { actions, button, section } from './blocks.ts'
import { moment, say, sayPlain, type ViewContext } from './context.ts'
import { stars } from './standing.ts'

/**
 * The satisfaction survey inside the solved message: five buttons; after a vote the vote, the same buttons to change
 * it until the ticket closes, and one to add a comment (SUR-01..06). A first vote is welcome after closing too.
 * `spoken` is the same as a line of text. `isQuiet`: offered, not asked for. Nothing while the ticket is being worked on again and was never rated.
 */
export function surveyBlocks(
  ticket: Ticket,
  ctx: ViewContext,
  { isQuiet = false }: { isQuiet?: boolean } = {},
): { spoken: string; blocks: KnownBlock[] } {
  const { rating, status } = ticket
  const { words } = ctx
  const isFinal = status === 'closed' && rating !== null
  if (!rating && status !== 'solved' && status !== 'closed') return { spoken: '', blocks: [] }
  const line = rating
    ? say(words, isFinal ? 'slack.survey.final' : 'slack.survey.rated', { stars: stars(rating.score, ctx) })
    : say(words, isQuiet ? 'slack.survey.offer' : 'slack.survey.ask')
  if (isFinal) return { spoken: line, blocks: [section('survey.line', line)] }
  const votes = scores.map((score) =>
    button(
      `survey.rate.${score}`,
      words('slack.survey.score', { score }),
      { ticket: ticket.id, score },
      {
        spoken: sayPlain(words, `slack.survey.spoken.${score}`),
        ...(rating?.score === score ? { style: 'primary' as const } : {}),
      },
    ),
  )
  const comment = button(
    'survey.comment',
    words(rating?.comment ? 'slack.survey.change-comment' : 'slack.survey.add-comment'),
    { ticket: ticket.id, score: rating?.score ?? null },
  )
  const again = lookAgain(ticket, ctx)
  return {
    spoken: again ? `${line} ${again.spoken}` : line,
    blocks: [
      section('survey.line', line),
      actions('survey.votes', rating ? [...votes, comment] : votes),
      ...(again?.blocks ?? []),
    ],
  }
}

/** Who is not satisfied is offered, as long as the request can be reopened, that somebody looks at it again: it takes their yes. */
export function lookAgain(ticket: Ticket, ctx: ViewContext): { spoken: string; blocks: KnownBlock[] } | null {
  if (ticket.status !== 'solved' || !isBad(ticket.rating)) return null
  const line = say(ctx.words, 'slack.survey.look-again', { until: moment(ctx, ticket.reopenUntil) })
  const yes = button('request.reopen', ctx.words('slack.button.look-again'), { ticket: ticket.id })
  return { spoken: line, blocks: [{ ...section('survey.again', line), accessory: yes }] }
}

const scores = [1, 2, 3, 4, 5]
