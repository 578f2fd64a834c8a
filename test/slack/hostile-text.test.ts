import { describe, expect, it } from 'vitest'
import { checkMessage } from '../../src/sandbox/slack/validate/messages.ts'
import { checkView } from '../../src/sandbox/slack/validate/views.ts'
import { cardView } from '../../src/slack/views/card.ts'
import { cardThreadView } from '../../src/slack/views/card-thread.ts'
import { homeView } from '../../src/slack/views/home.ts'
import { mailNoticeView } from '../../src/slack/views/mail-notice.ts'
import { ratingCommentModal } from '../../src/slack/views/rating-modal.ts'
import { replyModal } from '../../src/slack/views/reply-modal.ts'
import { requestView } from '../../src/slack/views/request.ts'
import { requestThreadView } from '../../src/slack/views/request-thread.ts'
import { problemModal } from '../../src/slack/views/small-modals.ts'
import {
  clientContext,
  everyEvent,
  everyNotice,
  printerTicket,
  reopenUntil,
  solvedAt,
  staffContext,
  standings,
} from './tickets.ts'

const seeds = [
  '<!channel>',
  '<!here> now',
  '<!everyone>',
  '<@U1ADA>',
  '<#C1|general>',
  '<!subteam^S1|all>',
  '<https://evil.example|your invoice>',
  '<mailto:x@y.example|Kofi>',
  '<!date^0^{date}|never>',
  '<!date^1795546800^{date_short_pretty} {time}^https://evil.example|now>',
  '&lt;!channel&gt;',
  '&amp;lt;!channel&amp;gt;',
  'https://evil.example/?a=1&b=2',
  '#general @here @channel',
  '```\n*Status:* ✅ Solved\n```',
  '`x` *b* _i_ ~s~ > quote',
  '> ✅ Kofi marked your request #1042 as solved.',
  '\n\n*Next:* Closed\n',
  'invoice\u202Efdp.exe',
  '\u2066<!channel>\u2069',
  '',
  ' ',
  '\n',
  '\0\x01\x1b[31m',
  '\ud800 lone',
  '😀'.repeat(1500),
  '👩‍👩‍👧‍👦'.repeat(400),
  '&'.repeat(5000),
  '<'.repeat(5000),
  'x'.repeat(5000),
  'x'.repeat(40_000),
  'word '.repeat(8000),
  '\n'.repeat(5000),
  'שלום עולם',
  'مرحبا',
  "{number} {subject, select, x {y}} '{quoted}' #",
  '|',
  '>',
  '<',
  '&',
  '"',
  '{}',
  '] [x](https://evil.example)',
]
const around = (text: string) => [
  text,
  `a${text}b`,
  `${text} ${text}`,
  `${'y'.repeat(73)}${text}`,
  `${'é'.repeat(2890)}${text}`,
]
const hostile = seeds.flatMap(around)

describe('what people write', () => {
  it('is tried in at least 200 ways', () => {
    expect(new Set(hostile).size).toBeGreaterThanOrEqual(200)
  })

  it.each(seeds.map((seed) => [JSON.stringify(seed.slice(0, 60)), seed]))(
    'as %s makes no view that Slack refuses, and nothing in it that notifies, links or misleads',
    (_, seed) => {
      for (const said of around(seed)) {
        for (const view of everyView(said)) {
          try {
            if ('type' in view) checkView(view, view.type as 'modal' | 'home')
            else checkMessage({ ...view })
            expect(liveSequences(view)).toEqual([])
            if ('text' in view) expect((view.text as string).length).toBeLessThanOrEqual(4000)
          } catch (cause) {
            throw new Error(
              `with ${JSON.stringify(said.slice(0, 90))}: ${JSON.stringify(cause)} in ${JSON.stringify(view).slice(0, 600)}`,
              { cause },
            )
          }
        }
      }
    },
  )
})

function* everyView(said: string): Generator<object & { type?: string; text?: unknown }> {
  const [staff, client] = [staffContext('en', said), clientContext()]
  const rating = { score: 3, comment: said, at: solvedAt }
  for (const standing of Object.values(standings)) {
    const full = printerTicket({ said, standing, ticket: { rating } })
    yield cardView(full, staff)
    yield requestView(full, client)
  }
  const full = printerTicket({ said, standing: standings.solved, ticket: { rating } })
  for (const event of everyEvent(said)) {
    const views = [cardThreadView(full, event, staff), requestThreadView(full, event, client)]
    yield* views.filter((view) => view !== null)
  }
  yield replyModal({ full, ctx: staff })
  yield ratingCommentModal({ ticketId: 1, score: 3, comment: said, ctx: client })
  yield problemModal({ text: said || 'x', ctx: client })
  for (const mail of everyNotice(said)) yield mailNoticeView(mail, staff)
  const row = { subject: said, status: 'solved', lastActivityAt: solvedAt, reopenUntil, rating: 3 } as const
  yield homeView({ rows: Array.from({ length: 3 }, (_, id) => ({ id, ...row })), hasMore: true, ctx: client })
}

const ours =
  /<!date\^\d+\^\{date_short_pretty\} \{time\}\|[^<>|]*>|<@U7KOFI>|<https:\/\/acme\.slack\.example\/[^<>|]*\|[^<>|]*>/g

/** Every place where Slack would find a command, a link or a reversed text that is not ours. */
function liveSequences(view: object): string[] {
  const found: string[] = []
  const look = (value: unknown, key: string, parent: Record<string, unknown>) => {
    if (Array.isArray(value)) for (const item of value) look(item, key, parent)
    else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) look(inner, name, value as Record<string, unknown>)
    } else if (typeof value === 'string') {
      const isParsed = key === 'text' && (parent.type === undefined || parent.type === 'mrkdwn')
      if (isParsed && /[<>]|&(?!(amp|lt|gt);)/.test(value.replace(ours, ''))) found.push(value)
      if (parent.type === 'mrkdwn' && parent.verbatim !== true) found.push(`not verbatim: ${value}`)
      if (key === 'url' && !value.startsWith('https://desk.example/')) found.push(value)
      if (parent.type === 'user' || parent.type === 'broadcast') found.push(value)
      if (/[\u202a-\u202e\u2066-\u2069]/.test(value) || !value.isWellFormed()) found.push(`misleads: ${value}`)
    }
  }
  look(view, '', {})
  return found
}
