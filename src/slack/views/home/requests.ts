import type { KnownBlock } from '@slack/types'
import type { RequestRow } from '../../../ticket/in-full.ts'
import { mrkdwn } from '../../text.ts'
import { section } from '../blocks.ts'
import { moment, say, subjectOf, type ViewContext } from '../context.ts'
import { requestButtons } from '../request.ts'
import { stars } from '../standing.ts'
import type { HomeSection } from './section.ts'

/** How many requests the App Home shows: well below Slack's 100 blocks, and as many as anybody scrolls. */
export const HOME_ROWS = 30

/**
 * The reader's own requests, in the order given (newest activity first), each with its status in their words and until
 * when a solved one can be reopened. 32 blocks.
 */
export const requests: HomeSection = ({ rows, hasMore }, ctx) => {
  const { words } = ctx
  const shown = rows.slice(0, HOME_ROWS)
  const left = rows.length - shown.length
  const more = hasMore ? words('slack.home.more') : left > 0 ? words('slack.home.more-count', { count: left }) : null
  return [
    ...(shown.length > 0 ? [{ type: 'divider', block_id: 'home.line' } satisfies KnownBlock] : []),
    ...shown.map((row) => rowBlock(row, ctx)),
    ...(more ? [section('home.more', more)] : []),
  ]
}

function rowBlock(row: RequestRow, ctx: ViewContext): KnownBlock {
  const { words } = ctx
  const subject = mrkdwn(subjectOf(row.subject, words), LONGEST_SUBJECT)
  const lines = [
    say(words, 'slack.home.row', { number: row.id, subject: { markup: subject } }),
    say(words, 'slack.home.standing', {
      status: words(`slack.status.requester.${row.status}`),
      at: moment(ctx, row.lastActivityAt),
    }),
    row.status === 'solved' && row.reopenUntil
      ? say(words, 'slack.home.reopen', { until: moment(ctx, row.reopenUntil) })
      : '',
    row.rating === null ? '' : say(words, 'slack.home.rating', { stars: stars(row.rating, ctx) }),
  ]
  const [press] = requestButtons(row, ctx)
  const block = section(`home.request.${row.id}`, lines.filter(Boolean).join('\n'))
  return press ? { ...block, accessory: press } : block
}

const LONGEST_SUBJECT = 250
