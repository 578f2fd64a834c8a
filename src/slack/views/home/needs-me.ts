import type { KnownBlock } from '@slack/types'
import type { RequestRow } from '../../../ticket/in-full.ts'
import { actions, button, section } from '../blocks.ts'
import { say, type ViewContext } from '../context.ts'
import { rowBlock, subjectMarkup, votes } from './row.ts'
import type { HomeSection } from './section.ts'

/** How many of a kind stand at the top. */
export const WAITING_ROWS = 3

/**
 * What waits for the reader, before everything else: requests that need their reply, and solved ones that they can rate
 * (SUR-04). Nothing while they look at just that list below. 15 blocks.
 */
export const needsMe: HomeSection = ({ view, waiting }, ctx) => {
  const looksAtAnswers = view.scope === 'mine' && view.status === 'pending'
  const blocks = [
    ...(looksAtAnswers ? [] : toAnswer(waiting.toAnswer, ctx)),
    ...(view.scope === 'unrated' ? [] : toRate(waiting.toRate, ctx)),
  ]
  return blocks.length > 0 ? [{ type: 'divider', block_id: 'home.waiting' }, ...blocks] : []
}

function toAnswer(rows: RequestRow[], ctx: ViewContext): KnownBlock[] {
  if (rows.length === 0) return []
  const { words } = ctx
  return [
    section('home.answer', `*${words('slack.status.requester.pending')}*`),
    ...rows.slice(0, WAITING_ROWS).map((row) => rowBlock(`home.answer.${row.id}`, row, ctx)),
    ...(rows.length > WAITING_ROWS
      ? [actions('home.answer.more', [button('home.show-pending', words('history.needs.all'), {})])]
      : []),
  ]
}

function toRate(rows: RequestRow[], ctx: ViewContext): KnownBlock[] {
  if (rows.length === 0) return []
  const { words } = ctx
  return [
    section('home.rate', words('history.needs.rate')),
    ...rows
      .slice(0, WAITING_ROWS)
      .flatMap((row) => [
        section(`home.rate.${row.id}`, say(words, 'history.row', { number: row.id, subject: subjectMarkup(row, ctx) })),
        votes(`home.votes.${row.id}`, row.id, ctx),
      ]),
    ...(rows.length > WAITING_ROWS
      ? [actions('home.rate.more', [button('home.scope.unrated', words('history.needs.all'), {})])]
      : []),
  ]
}
