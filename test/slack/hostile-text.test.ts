import { describe, expect, it } from 'vitest'
import { checkMessage } from '../../src/sandbox/slack/validate/messages.ts'
import { checkView } from '../../src/sandbox/slack/validate/views.ts'
import { cardView } from '../../src/slack/views/card.ts'
import { cardThreadView } from '../../src/slack/views/card-thread.ts'
import { listAnswer, nearAnswer } from '../../src/slack/views/command-answers.ts'
import { homeView } from '../../src/slack/views/home.ts'
import { mailNoticeView } from '../../src/slack/views/mail-notice.ts'
import { organizationListModal } from '../../src/slack/views/organization-list.ts'
import { ratingCommentModal } from '../../src/slack/views/rating-modal.ts'
import { replyModal } from '../../src/slack/views/reply-modal.ts'
import { requestView } from '../../src/slack/views/request.ts'
import { requestModal } from '../../src/slack/views/request-modal.ts'
import { requestReplyModal } from '../../src/slack/views/request-reply-modal.ts'
import { requestThreadView } from '../../src/slack/views/request-thread.ts'
import { problemModal } from '../../src/slack/views/small-modals.ts'
import { whisperView } from '../../src/slack/views/unreachable.ts'
import { freshView, LONGEST_SEARCH, usualHistory } from '../../src/ticket/history.ts'
import { readerActs } from '../../src/ticket/readers.ts'
import { around, hostile, liveSequences, seeds } from './hostile-strings.ts'
import {
  clientContext,
  everyEvent,
  everyNotice,
  printerTicket,
  reopenUntil,
  solvedAt,
  speaking,
  staffContext,
  standings,
} from './tickets.ts'

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

describe('a request with long comments in letters of three bytes', () => {
  it('is never more than Slack takes as a view, and what has no room is a page earlier', () => {
    const [first] = printerTicket({ said: '漢'.repeat(9_000) }).comments
    const comments = Array.from({ length: 12 }, (_, id) => ({ ...first!, id }))
    const full = printerTicket({ full: { comments } })
    const answers = Array.from({ length: 20 }, () => ({ label: 'Which page', value: '漢'.repeat(3_000) }))
    const view = requestModal({
      full,
      role: 'requester',
      acts: [],
      answers,
      since: 0,
      last: null,
      ctx: clientContext(),
    })
    checkView(view, 'modal')
    expect(JSON.stringify(view)).toMatch(/Show 7 earlier messages/)
  })
})

function* everyView(said: string): Generator<object & { type?: string; text?: unknown }> {
  const [staff, client] = [staffContext('en', said), clientContext()]
  const rating = { score: 3, comment: said, at: solvedAt }
  for (const standing of Object.values(standings)) {
    const full = printerTicket({ said, standing, ticket: { rating } })
    yield cardView(full, staff)
    const refused = { ...full.requester, slack: { teamId: 'T1', userId: 'U1', noDm: said, seenIn: 'C1' } }
    yield cardView({ ...full, requester: refused }, staff)
    yield requestView(full, client)
  }
  const full = printerTicket({ said, standing: standings.solved, ticket: { rating } })
  for (const event of everyEvent(said)) {
    const views = [
      cardThreadView(full, event, staff),
      requestThreadView(full, event, client),
      whisperView(full, event, client),
    ]
    yield* views.filter((view) => view !== null)
  }
  yield replyModal({ full, ctx: staff })
  const grant = { name: said, access: 'named' as const, domains: [said], members: [said] }
  const asking = { ...full, ticket: { ...full.ticket, answers: { organization: grant } } }
  yield cardView({ ...asking, granted: { grant, agent: said, at: solvedAt } }, staff)
  for (const access of ['all', 'named', 'none'] as const) {
    const found = [{ ...grant, id: 1, access, last: { agent: said, at: solvedAt } }]
    yield organizationListModal({ about: { letters: '', channel: 'C1' }, found, more: 2, ctx: staff })
  }
  yield organizationListModal({ about: { letters: said.slice(0, 200), channel: 'C1' }, found: [], more: 0, ctx: staff })
  yield ratingCommentModal({ ticketId: 1, score: 3, comment: said, ctx: client })
  yield problemModal({ text: said || 'x', ctx: client })
  for (const mail of everyNotice(said)) yield mailNoticeView(mail, staff)
  const row = { subject: said, status: 'solved', lastActivityAt: solvedAt, reopenUntil, rating: 3 } as const
  const rows = Array.from({ length: 3 }, (_, id) => ({ id, ...row, requester: said }))
  for (const page of [
    { rows, newer: null, older: null },
    { rows: [], newer: null, older: null },
  ])
    yield homeView({
      view: { ...freshView, search: said.slice(0, LONGEST_SEARCH) },
      terms: usualHistory,
      page,
      waiting: { toAnswer: rows, toRate: rows },
      hasOrganization: true,
      speaking,
      ctx: client,
    })
  for (const role of ['requester', 'member'] as const) {
    const acts = readerActs(full.ticket, role, solvedAt)
    const answers = [{ label: 'Which page', value: said }]
    yield requestModal({ full, role, acts, answers, since: 0, last: null, ctx: client })
  }
  yield listAnswer({ rows, hasMore: true, search: said, ctx: client })
  yield listAnswer({ rows: [], hasMore: false, search: said, ctx: client })
  yield nearAnswer({ command: '/ticket', meant: `search ${said}`, about: said, ctx: client })
  yield requestReplyModal({ ticket: full.ticket, isFollowUp: true, maxFileBytes: 1e7, ctx: client, text: said })
}
