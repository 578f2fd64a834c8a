import type { HomeView, KnownBlock } from '@slack/types'
import { describe, expect, it } from 'vitest'
import { checkMessage } from '../../src/sandbox/slack/validate/messages.ts'
import { checkView } from '../../src/sandbox/slack/validate/views.ts'
import { cardView } from '../../src/slack/views/card.ts'
import { cardThreadView } from '../../src/slack/views/card-thread.ts'
import { HOME_ROWS } from '../../src/slack/views/home/requests.ts'
import type { HomeData } from '../../src/slack/views/home/section.ts'
import { homeView } from '../../src/slack/views/home.ts'
import { mailNoticeView } from '../../src/slack/views/mail-notice.ts'
import { ratingCommentModal, readRatingComment } from '../../src/slack/views/rating-modal.ts'
import { refusalText } from '../../src/slack/views/refusal.ts'
import { readReply, replyModal } from '../../src/slack/views/reply-modal.ts'
import { requestView } from '../../src/slack/views/request.ts'
import { requestThreadView } from '../../src/slack/views/request-thread.ts'
import { doneModal, loadingModal, problemModal, sentModal } from '../../src/slack/views/small-modals.ts'
import type { StoredEvent } from '../../src/ticket/events.ts'
import { freshView, type HistoryView, scopes, usualHistory } from '../../src/ticket/history.ts'
import type { RequestRow } from '../../src/ticket/in-full.ts'
import {
  ada,
  charles,
  clientContext,
  everyEvent,
  everyNotice,
  printerTicket,
  reopenUntil,
  solvedAt,
  speaking,
  staffContext,
  standings,
  templates,
} from './tickets.ts'

const until = `<!date^${reopenUntil.getTime() / 1000}^{date_short_pretty} {time}|Tuesday 24 November 2026, 20:00 (CET)>`
const rating = { score: 4, comment: null, at: solvedAt }

describe('the card', () => {
  it.each([
    ['open', ['ticket.take', 'ticket.reply', 'ticket.pend', 'ticket.solve', 'ticket.people']],
    ['pending', ['ticket.take', 'ticket.reply', 'ticket.solve', 'ticket.people']],
    ['solved', ['ticket.reply', 'ticket.reopen', 'ticket.people']],
    ['closed', []],
  ] as const)('of a ticket that is %s has the buttons %j', (status, buttons) => {
    const { blocks } = cardView(printerTicket({ standing: standings[status] }), staffContext())
    expect(buttonsIn(blocks).map(({ action_id }) => action_id)).toEqual(buttons)
  })

  it('tells with each button which assignee its presser saw', () => {
    const values = [7, null].map((assigneeId) => {
      const { blocks } = cardView(printerTicket({ ticket: { assigneeId } }), staffContext())
      return JSON.parse(buttonsIn(blocks)[0]!.value!)
    })
    expect(values).toEqual([
      { ticket: 1042, assignee: 7 },
      { ticket: 1042, assignee: null },
    ])
  })

  it('says all it shows in its text, for who hears it', () => {
    expect(cardView(printerTicket(), staffContext()).text.split('\n')).toEqual([
      '#1042 The printer eats invoices',
      'Status: 📬 Open',
      'Priority: 🔴 Urgent',
      'Requester: Ada Lovelace (ada@acme.example)',
      'Account: Acme Berlin',
      'Branch: Technical',
      'Assignee: Kofi',
      'CC: Charles',
      expect.stringMatching(/^Opened: <!date\^1795420800\^.*>, in Slack$/),
      'Priority from: Critical resources × All users',
      'Next: Waiting for Kofi’s answer.',
    ])
  })

  it.each([
    ['an untaken ticket', { ticket: { assigneeId: null } }, 'Waiting for an agent. Press Take if it is yours.'],
    ['a pending ticket', { standing: standings.pending }, 'Waiting for Ada Lovelace’s answer.'],
    ['a solved ticket', { standing: standings.solved }, `Closes ${until} unless Ada Lovelace replies.`],
    ['a closed ticket', { standing: standings.closed }, 'A late reply opens a follow-up.'],
    ['a follow-up', { ticket: { followUpOf: 1030 } }, '|Follow-up of #1030>'],
    ['a ticket that went on', { standing: standings.closed, ticket: { followUpId: 1050 } }, '|Continued as #1050>'],
    ['a rated ticket', { standing: standings.solved, ticket: { rating } }, 'Rating: ★★★★☆ (4 of 5)'],
  ])('of %s says so', (_, changes, words) => {
    expect(cardView(printerTicket(changes), staffContext()).text).toContain(words)
  })

  it('calls an open ticket that nobody has taken new', () => {
    expect(cardView(printerTicket({ ticket: { assigneeId: null } }), staffContext()).text).toContain('Status: 🆕 New')
  })

  it('of a ticket that came by mail needs no form', () => {
    const ticket = { via: 'mail', branch: null, form: null, impact: null, users: null, accountKey: null } as const
    const full = printerTicket({ ticket, full: { accountName: null } })
    const { text } = cardView(full, { ...staffContext(), answers: [], roles: null })
    expect(text).toContain('Priority: 🔴 Urgent\nRequester')
    expect(text).toContain(', by mail')
  })
})

describe('under the card', () => {
  const under = (event: Partial<StoredEvent>, changes = {}) =>
    cardThreadView(printerTicket(changes), eventLike(event), staffContext())

  it('a new ticket is told with its words, its files and the form’s other answers', () => {
    const view = under({ type: 'opened' })!
    expect(view.text).toBe(
      'Ada Lovelace asks for help:\nIt ate the invoice of November.\nPlease help.\n3 files: invoice.pdf, film.mov, late.png',
    )
    const rich = JSON.stringify(view.blocks)
    expect(rich).toContain('"url":"https://desk.example/files/1"')
    expect(rich).toContain('40 MB: too large to keep')
    expect(rich).toContain('Your experience with the platform: ')
    expect(rich).not.toContain('Provide a detailed description')
  })

  it('a reply says who wrote, which way, and that it reopened the ticket', () => {
    const text = under({ type: 'replied', via: 'mail', reopens: true })!.text
    expect(text).toMatch(/^Ada Lovelace replied by mail:\nIt ate[\s\S]*This reply reopened the ticket\.$/)
    expect(under({ type: 'replied', via: 'mail', commentId: 3 })!.text).toMatch(/^Charles \(CC\) replied by mail:/)
  })

  it('what the assignee has to know names them, so that they hear of it', () => {
    for (const type of ['replied', 'undelivered'] as const) {
      expect(JSON.stringify(under({ type })!.blocks)).toContain('For <@U7KOFI>')
      expect(JSON.stringify(under({ type }, { ticket: { assigneeId: null } })!.blocks)).not.toContain('<@')
    }
    expect(JSON.stringify(under({ type: 'answered' })!.blocks)).not.toContain('<@')
  })

  it('an answer says whom it went to', () => {
    const words = (full: object) => under({ type: 'answered' }, { full })!.text.split('\n')[0]
    expect(words({})).toBe('Kofi answered. Sent to Ada Lovelace in Slack and by mail (ada@acme.example), and to 1 CC.')
    expect(words({ ccs: [], requester: { ...ada, slack: null } })).toBe(
      'Kofi answered. Sent to Ada Lovelace by mail (ada@acme.example).',
    )
    expect(words({ ccs: [charles, charles], requester: { ...ada, address: null } })).toBe(
      'Kofi answered. Sent to Ada Lovelace in Slack, and to 2 CCs.',
    )
  })

  it('a rating’s comment and an undelivered mail are told', () => {
    expect(under({ type: 'rated' })!.text).toBe('Ada Lovelace rated it ★★★★☆ (4 of 5).\na word')
    expect(under({ type: 'undelivered' })!.text).toContain('Our mail to a word came back.')
  })
})

describe('the requester’s message', () => {
  it.each([
    ['open', ['request.solve']],
    ['pending', ['request.solve']],
    ['solved', ['request.reopen']],
    ['closed', []],
  ] as const)('of a request that is %s has the buttons %j', (status, buttons) => {
    const { blocks } = requestView(printerTicket({ standing: standings[status] }), clientContext())
    expect(buttonsIn(blocks).map(({ action_id }) => action_id)).toEqual(buttons)
  })

  it('uses the requester’s word for a status, the same as the mails', () => {
    for (const locale of templates.locales) {
      for (const [status, standing] of Object.entries(standings)) {
        const { text } = requestView(printerTicket({ standing }), clientContext(locale))
        expect(text).toContain(templates.words(locale, { audience: 'client' })(`status.${status}`))
      }
    }
  })

  it('says until which minute a solved request can be reopened', () => {
    const { text, blocks } = requestView(printerTicket({ standing: standings.solved }), clientContext())
    expect(text).toContain(`press Reopen by ${until}`)
    expect(buttonsIn(blocks)[0]!.accessibility_label).toBe(
      'Reopen, possible until Tuesday 24 November 2026, 20:00 (CET)',
    )
  })

  it('speaks of mail only to who can be mailed', () => {
    expect(requestView(printerTicket(), clientContext()).text).toContain('or answer our mail')
    const unmailed = printerTicket({ full: { requester: { ...ada, address: null } } })
    expect(requestView(unmailed, clientContext()).text).not.toContain('mail')
  })
})

describe('in the requester’s thread', () => {
  const notice = (event: Partial<StoredEvent>, changes = {}) =>
    requestThreadView(printerTicket(changes), eventLike(event), clientContext())

  it('nothing is said of what only staff may see', () => {
    for (const type of ['noted', 'assigned', 'undelivered'] as const) expect(notice({ type })).toBeNull()
    expect(notice({ type: 'answered', commentId: 4 })).toBeNull()
  })

  it('their own mail is theirs, and another’s has its name', () => {
    expect(notice({ type: 'replied', via: 'mail', reopens: true })!.text).toMatch(/^You wrote by mail:/)
    expect(notice({ type: 'replied', via: 'mail', commentId: 3 })!.text).toMatch(/^Charles wrote by mail:/)
  })

  it.each([
    ['open', 'To answer, write in this thread.'],
    ['pending', 'Kofi needs your answer to go on. Write it in this thread.'],
    ['solved', `write in this thread by ${until} and it opens again`],
  ] as const)('an answer to a request that is %s ends with the next step', (status, next) => {
    expect(notice({ type: 'answered' }, { standing: standings[status] })!.text).toContain(next)
  })

  it('solved says until when a reply reopens it, and asks for a rating with five buttons', () => {
    const view = notice({ type: 'solved', actor: { kind: 'agent', id: 7 } }, { standing: standings.solved })!
    expect(view.text).toContain('Kofi marked your request #1042 as solved.')
    expect(view.text).toContain(`write in this thread by ${until} and it opens again`)
    expect(buttonsIn(view.blocks).map(({ action_id, value }) => [action_id, JSON.parse(value!)])).toEqual(
      [1, 2, 3, 4, 5].map((score) => [`survey.rate.${score}`, { ticket: 1042, score }]),
    )
  })

  it('a vote is shown, and can be changed and commented until the ticket closes', () => {
    const solved = { type: 'solved', actor: { kind: 'agent', id: 7 } } as const
    const rated = notice(solved, { standing: standings.solved, ticket: { rating } })!
    expect(rated.text).toContain('You rated this ★★★★☆ (4 of 5).')
    const buttons = buttonsIn(rated.blocks)
    expect(buttons.map(({ action_id }) => action_id).at(-1)).toBe('survey.comment')
    expect(buttons.filter(({ style }) => style === 'primary').map(({ action_id }) => action_id)).toEqual([
      'survey.rate.4',
    ])
    const closed = notice(solved, { standing: standings.closed, ticket: { rating } })!
    expect(buttonsIn(closed.blocks)).toEqual([])
    expect(closed.text).toContain('You rated this ★★★★☆ (4 of 5). Thank you.')
    expect(closed.text).not.toContain('opens again')
  })

  it('a first vote is welcome after closing, and there is none while the work goes on', () => {
    const solved = { type: 'solved', actor: { kind: 'agent', id: 7 } } as const
    expect(buttonsIn(notice(solved, { standing: standings.closed })!.blocks)).toHaveLength(5)
    const reopened = notice(solved)!
    expect(buttonsIn(reopened.blocks)).toEqual([])
    expect(reopened.text).toContain('It has been reopened since.')
  })

  it('of two that say it is solved only the last one asks, however late the first is drawn', () => {
    const solved = { type: 'solved', actor: { kind: 'agent', id: 7 } } as const
    const again = { ...eventLike(solved), id: eventLike(solved).id + 1 }
    const first = notice(solved, { standing: standings.solved, full: { events: [eventLike(solved), again] } })!
    expect(first.text).toContain('It has been reopened since.')
    expect(buttonsIn(first.blocks)).toEqual([])
    const last = requestThreadView(
      printerTicket({ standing: standings.solved, full: { events: [eventLike(solved), again] } }),
      again,
      clientContext(),
    )!
    expect(buttonsIn(last.blocks)).toHaveLength(5)
  })

  it('closed says how to go on, and a late reply which request it became', () => {
    expect(notice({ type: 'closed' })!.text).toContain('To go on, write in this thread')
    expect(notice({ type: 'continued' })!.text).toContain('This goes on as request #1050, linked to #1042.')
  })
})

describe('the App Home', () => {
  const row = (id: number, more: Partial<RequestRow> = {}): RequestRow => ({
    id,
    subject: 'The printer eats invoices',
    status: 'open',
    lastActivityAt: solvedAt,
    reopenUntil: null,
    rating: null,
    ...more,
  })

  const home = (more: Partial<HomeData> = {}) =>
    homeView({
      view: freshView,
      terms: usualHistory,
      page: { rows: [], newer: null, older: null },
      waiting: { toAnswer: [], toRate: [] },
      hasOrganization: false,
      speaking,
      ...more,
      ctx: clientContext(),
    })
  const textsOf = (view: HomeView, prefix: string) =>
    (view.blocks as KnownBlock[]).flatMap((block) =>
      block.type === 'section' && block.block_id?.startsWith(prefix) ? [block.text!.text] : [],
    )

  it('of somebody without requests says what to do', () => {
    const view = home()
    expect(textsOf(view, 'home.none')[0]).toContain('You have no requests yet. Press *Open a request*')
    expect(buttonsIn(view.blocks as KnownBlock[])[0]).toMatchObject({ action_id: 'home.open_ticket', style: 'primary' })
  })

  it('lists requests in the order given, with what can be done', () => {
    const rows = [row(3, { status: 'solved', reopenUntil }), row(2), row(1, { status: 'closed', rating: 5 })]
    const texts = textsOf(home({ page: { rows, newer: null, older: null } }), 'home.request')
    expect(texts.map((text) => text.split('\n')[0])).toEqual(
      ['3', '2', '1'].map((n) => `*#${n}* The printer eats invoices`),
    )
    expect(texts[0]).toContain(`✅ Solved`)
    expect(texts[0]).toContain(`You can reopen it until ${until}.`)
    expect(texts[2]).toContain('Your rating: ★★★★★ (5 of 5)')
  })

  it('stays below Slack’s 100 blocks with everything full, and 25 of them are left for other sections', () => {
    const rows = Array.from({ length: 64 }, (_, index) => row(64 - index, { status: 'solved', reopenUntil }))
    const edge = { side: 'after', at: 0, id: 1 } as const
    for (const scope of scopes)
      for (const search of ['', 'printer']) {
        const view = home({
          view: { ...freshView, scope, search },
          page: { rows: rows.slice(0, HOME_ROWS + 1), newer: edge, older: edge },
          waiting: { toAnswer: rows.slice(0, 4), toRate: rows.slice(4, 8) },
          hasOrganization: true,
        })
        checkView(view, 'home')
        expect(view.blocks.length).toBeLessThanOrEqual(75)
        expect(textsOf(view, 'home.request')).toHaveLength(HOME_ROWS)
      }
  })

  it('says why there is nothing, and what to do about it, by the most particular choice', () => {
    const said = (view: Partial<HistoryView>) => textsOf(home({ view: { ...freshView, ...view } }), 'home.none')[0]
    expect(said({ scope: 'cc' })).toContain('Nobody has copied you')
    expect(said({ scope: 'organization' })).toContain('your organisation')
    expect(said({ scope: 'unrated' })).toContain('Nothing waits for your rating')
    expect(said({ scope: 'cc', status: 'pending' })).toContain('“Awaiting your reply”')
    expect(said({ status: 'closed', search: 'ink <!here>' })).toContain('“ink &lt;!here&gt;”')
  })
})

describe('the reply modal', () => {
  it('says who will get it and where before anything is typed', () => {
    expect(JSON.stringify(replyModal({ full: printerTicket(), ctx: staffContext() }).blocks[0])).toContain(
      'Goes to Ada Lovelace in Slack and by mail (ada@acme.example).\\nCC: Charles (charles@acme.example)',
    )
  })

  it('is read back, whatever comes', () => {
    const typed = { reply: { reply: { value: ' Done. ' } }, wait: { wait: { selected_options: [{ value: 'wait' }] } } }
    expect(readReply(typed)).toEqual({ text: 'Done.', files: [], waits: true })
    for (const odd of [null, undefined, 7, {}, { reply: null }, { reply: { reply: { value: null } } }]) {
      expect(readReply(odd)).toEqual({ text: '', files: [], waits: false })
      expect(readRatingComment(odd)).toBeNull()
    }
  })
})

describe('every view', () => {
  it.each(templates.locales)('is taken by Slack in %s', (locale) => {
    const [staff, client] = [staffContext(locale), clientContext(locale)]
    for (const standing of Object.values(standings)) {
      for (const ticket of [{}, { assigneeId: null, rating, followUpOf: 1, followUpId: 2 }]) {
        const full = printerTicket({ standing, ticket })
        checkMessage({ ...cardView(full, staff) })
        checkMessage({ ...requestView(full, client) })
        checkView(replyModal({ full, ctx: staff }), 'modal')
        for (const event of everyEvent()) {
          for (const view of [cardThreadView(full, event, staff), requestThreadView(full, event, client)]) {
            if (view) checkMessage({ ...view })
          }
        }
      }
    }
    checkView(loadingModal({ ctx: client }), 'modal')
    checkView(sentModal({ number: 1042, ctx: client }), 'modal')
    checkView(doneModal({ ctx: client }), 'modal')
    checkView(doneModal({ text: 'Sent.', ctx: client }), 'modal')
    checkView(problemModal({ text: 'Try again.', ctx: client }), 'modal')
    checkView(ratingCommentModal({ ticketId: 1042, score: 4, ctx: client }), 'modal')
    for (const mail of everyNotice('')) checkMessage({ ...mailNoticeView(mail, staff) })
  })

  it('of a refusal is its words', () => {
    const words = clientContext().words
    expect(refusalText('already-solved', { number: 1042, until: 'noon' }, words)).toContain('#1042 is already solved')
  })
})

function eventLike(wanted: Partial<StoredEvent>): StoredEvent {
  const found = everyEvent().find((event) =>
    Object.entries(wanted).every(
      ([key, value]) => key === 'commentId' || JSON.stringify(event[key as never]) === JSON.stringify(value),
    ),
  )
  const byComment = everyEvent().find(
    (event) =>
      event.commentId === wanted.commentId && event.type === wanted.type && (!wanted.via || event.via === wanted.via),
  )
  const event = wanted.commentId === undefined ? found : (byComment ?? found)
  return { ...event!, ...(wanted.commentId === undefined ? {} : { commentId: wanted.commentId }) }
}

function buttonsIn(blocks: KnownBlock[]) {
  return blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements.flatMap((element) => (element.type === 'button' ? [element] : [])) : [],
  )
}
