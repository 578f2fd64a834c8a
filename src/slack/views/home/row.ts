import type { ActionsBlock, SectionBlock } from '@slack/types'
import type { RequestRow } from '../../../ticket/in-full.ts'
import { mrkdwn, oneLine } from '../../text.ts'
import { actions, button, section } from '../blocks.ts'
import { moment, say, sayPlain, subjectOf, type ViewContext } from '../context.ts'
import { stars } from '../standing.ts'

/** A request in a list: number, subject, how it stands in the reader's words, when it last moved, and a button that shows it. */
export function rowBlock(id: string, row: RequestRow, ctx: ViewContext): SectionBlock {
  const { words } = ctx
  const lines = [
    say(words, 'history.row', { number: row.id, subject: subjectMarkup(row, ctx) }),
    say(words, 'history.row-standing', {
      status: words(`slack.status.requester.${row.status}`),
      at: moment(ctx, row.lastActivityAt),
      by: row.requester ? 'other' : 'me',
      name: oneLine(row.requester ?? ''),
    }),
    row.status === 'solved' && row.reopenUntil
      ? say(words, 'history.row-reopen', { until: moment(ctx, row.reopenUntil) })
      : '',
    row.rating === null ? '' : say(words, 'history.row-rating', { stars: stars(row.rating, ctx) }),
  ]
  return { ...section(id, lines.filter(Boolean).join('\n')), accessory: showButton(row.id, ctx) }
}

/** Shows a request, wherever it is named. */
export function showButton(number: number, ctx: ViewContext) {
  const spoken = sayPlain(ctx.words, 'history.view-number', { number })
  return button('request.show', ctx.words('history.view'), { ticket: number }, { spoken })
}

/** Five buttons, one for each score. */
export function votes(id: string, number: number, { words }: ViewContext): ActionsBlock {
  return actions(
    id,
    [1, 2, 3, 4, 5].map((score) =>
      button(
        `survey.rate.${score}`,
        words('slack.survey.score', { score }),
        { ticket: number, score },
        { spoken: words(`slack.survey.spoken.${score}`) },
      ),
    ),
  )
}

export function subjectMarkup({ subject }: Pick<RequestRow, 'subject'>, { words }: ViewContext) {
  return { markup: mrkdwn(subjectOf(subject, words), LONGEST_SUBJECT) }
}

const LONGEST_SUBJECT = 250
