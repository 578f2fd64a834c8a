import { describe, expect, test } from 'vitest'
import { said } from '../support/desk.ts'
import {
  ada,
  ask,
  charles,
  closed,
  given,
  kofi,
  mallory,
  mary,
  minutesLater,
  msLater,
  pended,
  rated,
  reopenUntil,
  solved,
  ticketAfter,
  time,
} from '../support/given.ts'

const replied = (reopens: boolean, receivedAt = minutesLater(1)) => ({
  type: 'replied' as const,
  comment: said(),
  receivedAt,
  alreadyTold: [] as string[],
  mayAnswer: true,
  reopens,
})

describe('a reply', () => {
  test('received at the very moment of the deadline reopens, however late it is read', () => {
    const late = minutesLater(40 * 60)
    const after = given(solved)
      .when({ ...ask.reply(reopenUntil), now: late })
      .leadsTo({ type: 'reopened', byReply: true }, replied(true, reopenUntil))
    expect(after.status).toBe('open')
  })

  test('received a millisecond later follows up', () => {
    const receivedAt = msLater(1, reopenUntil)
    given(solved)
      .when({ ...ask.reply(receivedAt), now: receivedAt })
      .followsUp()
  })

  test('cannot have been received after it is here: a mail server whose clock is fast takes no time from anybody', () => {
    const receivedAt = msLater(5_000, reopenUntil)
    const after = given(solved)
      .when({ ...ask.reply(receivedAt), now: reopenUntil })
      .leadsTo({ type: 'reopened', byReply: true }, replied(true, reopenUntil))
    expect(after.lastRequesterCommentAt).toEqual(reopenUntil)
  })

  test('received before the ticket was solved, and read after, reopens it', () => {
    given({ ...solved, at: minutesLater(10) })
      .when({ ...ask.reply(minutesLater(9)), now: minutesLater(11) })
      .leadsTo({ type: 'reopened', byReply: true }, replied(true, minutesLater(9)))
  })

  test('on a closed ticket follows up, even one that was received in time', () => {
    given(solved, closed)
      .when({ ...ask.reply(minutesLater(1)), now: minutesLater(2000) })
      .followsUp()
  })

  test('of a CC counts like the requester: it opens a pending ticket and reopens a solved one', () => {
    const pending = given(pended)
      .when({ ...ask.reply(), actor: charles })
      .leadsTo(replied(false))
    expect(pending.status).toBe('open')
    given(solved)
      .when({ ...ask.reply(), actor: charles })
      .leadsTo({ type: 'reopened', byReply: true }, replied(true))
  })

  test('of a CC does not count as the last word of the requester', () => {
    const after = given()
      .when({ ...ask.reply(), actor: charles })
      .leadsTo(replied(false))
    expect(after.lastRequesterCommentAt).toEqual(minutesLater(0))
  })

  test('that was on its way for long does not make the last word of the requester older', () => {
    const early = { ...replied(false, minutesLater(5)), actor: ada }
    const late = { ...replied(false, minutesLater(2)), actor: ada }
    expect(ticketAfter(early, late).lastRequesterCommentAt).toEqual(minutesLater(5))
  })

  test('of thanks alone reopens nothing, and of thanks with a file it does: the file says more', () => {
    const thanks = said('Thank you very much!')
    const file = { name: 'again.png', contentType: 'image/png', size: 1, sha256: null, slackFile: null, refused: null }
    const reply = (comment: typeof thanks) => ({ ...ask.reply(), comment })
    given(solved)
      .when(reply(thanks))
      .leadsTo({ ...replied(false), comment: thanks, isThanks: true })
    const withFile = { ...thanks, attachments: [file] }
    given(solved)
      .when(reply(withFile))
      .leadsTo({ type: 'reopened', byReply: true }, { ...replied(true), comment: withFile })
  })

  test('of a stranger, or of an agent as if they were a client, is refused', () => {
    given()
      .when({ ...ask.reply(), actor: mallory })
      .refused('not-yours')
    given()
      .when({ ...ask.reply(), actor: kofi })
      .refused('agents-only')
    given(solved, closed)
      .when({ ...ask.reply(), actor: mallory })
      .refused('not-yours')
  })
})

describe('who may', () => {
  const staffOnly = [
    ask.answer(),
    { type: 'note', comment: said() } as const,
    { type: 'assign', agentId: kofi.id, expected: null } as const,
    { type: 'pend' } as const,
  ]
  test.each(staffOnly)('$type: agents only', (what) => {
    for (const actor of [ada, charles, mallory])
      given()
        .when({ ...what, actor })
        .refused('not-yours')
    given()
      .when({ ...what, actor: time })
      .refused('agents-only')
  })

  test('a CC only replies: solving, reopening and rating are the requester’s', () => {
    for (const actor of [charles, mallory]) {
      given()
        .when({ ...ask.solve, actor })
        .refused('not-yours')
      given(solved)
        .when({ ...ask.reopen(), actor })
        .refused('not-yours')
      given(solved)
        .when({ ...ask.rate(5), actor })
        .refused('not-yours')
    }
  })

  test('an agent rates nothing', () => {
    given(solved)
      .when({ ...ask.rate(5), actor: kofi })
      .refused('agents-only')
  })

  test('only time closes, and only the desk itself says that a mail was lost', () => {
    const close = { type: 'close', dueAt: reopenUntil } as const
    const lost = { type: 'record-undelivered', recipient: 'ada@acme.example', reason: '550' } as const
    for (const what of [close, lost]) {
      given(solved)
        .when({ ...what, actor: kofi })
        .refused('agents-only')
      given(solved)
        .when({ ...what, actor: ada })
        .refused('not-yours')
    }
  })

  test('a ticket that is not there is refused to everybody alike', async () => {
    const { decide } = await import('../../src/ticket/decide.ts')
    const { terms, refusalOf } = await import('../support/given.ts')
    const command = { ...ask.solve, ticketId: 9, actor: kofi, via: 'slack', source: 'test' } as const
    expect(refusalOf(() => decide(null, command, terms, minutesLater(1)))).toBe('no-such-ticket')
  })
})

describe('taking a ticket', () => {
  const take = (agentId: number, expected: number | null) => ({ type: 'assign', agentId, expected }) as const

  test('of two agents who press at once, one has it and the other is told', () => {
    const after = given().when(take(kofi.id, null)).leadsTo({ type: 'assigned', agentId: kofi.id })
    expect(after.assigneeId).toBe(kofi.id)
    given({ type: 'assigned', agentId: kofi.id })
      .when({ ...take(mary.id, null), actor: mary })
      .refused('already-taken')
  })

  test('over from somebody is possible to whoever saw that it was theirs', () => {
    given({ type: 'assigned', agentId: kofi.id })
      .when({ ...take(mary.id, kofi.id), actor: mary })
      .leadsTo({ type: 'assigned', agentId: mary.id })
  })

  test('twice changes nothing', () => {
    given({ type: 'assigned', agentId: kofi.id }).when(take(kofi.id, null)).nothing()
  })

  test('happens by answering, unless it is somebody’s', () => {
    const answered = { type: 'answered', comment: said() } as const
    given().when(ask.answer()).leadsTo({ type: 'assigned', agentId: kofi.id }, answered)
    given({ type: 'assigned', agentId: mary.id }).when(ask.answer()).leadsTo(answered)
  })
})

describe('stale clicks', () => {
  test('are refused with the reason', () => {
    given(pended).when({ type: 'pend' }).refused('already-pending')
    given(solved).when({ type: 'pend' }).refused('already-solved')
    given(solved).when(ask.solve).refused('already-solved')
    given().when(ask.reopen()).refused('already-open')
    given(solved, closed).when(ask.answer()).refused('ticket-closed')
    given(solved, closed).when(ask.solve).refused('ticket-closed')
    given(solved, closed).when({ type: 'pend' }).refused('ticket-closed')
    given(solved, closed).when(ask.reopen()).refused('ticket-closed')
    given(solved, closed).when({ type: 'assign', agentId: kofi.id, expected: null }).refused('ticket-closed')
  })

  test('on Reopen at the deadline reopen, a millisecond later they are too late', () => {
    given(solved)
      .when({ ...ask.reopen(reopenUntil), now: reopenUntil })
      .leadsTo({ type: 'reopened', byReply: false })
    const late = msLater(1, reopenUntil)
    given(solved)
      .when({ ...ask.reopen(late), now: late })
      .refused('too-late-to-reopen')
  })
})

describe('the deadline', () => {
  const close = (dueAt: Date) => ({ type: 'close', dueAt, actor: time, via: 'system' }) as const

  test('closes after its moment, not at it, and not before, also if a clock jumped', () => {
    given(solved)
      .when({ ...close(reopenUntil), now: msLater(1, reopenUntil) })
      .leadsTo({ type: 'closed' })
    given(solved)
      .when({ ...close(reopenUntil), now: reopenUntil })
      .nothing()
    given(solved)
      .when({ ...close(reopenUntil), now: minutesLater(-60, reopenUntil) })
      .nothing()
  })

  test('that is stale does nothing: reopened, solved again, closed', () => {
    const now = minutesLater(3000)
    given(solved, { type: 'reopened', byReply: false })
      .when({ ...close(reopenUntil), now })
      .nothing()
    const again = { type: 'solved', reopenUntil: minutesLater(2000) } as const
    given(solved, { type: 'reopened', byReply: false }, again)
      .when({ ...close(reopenUntil), now })
      .nothing()
    given(solved, closed)
      .when({ ...close(reopenUntil), now })
      .nothing()
  })

  test('is computed anew when solved again', () => {
    const now = minutesLater(600)
    given(solved, { type: 'reopened', byReply: true })
      .when({ ...ask.solve, now })
      .leadsTo({ type: 'assigned', agentId: kofi.id }, { type: 'solved', reopenUntil: minutesLater(27 * 60, now) })
  })
})

test('an agent who solves, waits or answers takes a ticket that nobody has; a requester who solves takes nothing', () => {
  const taken = { type: 'assigned', agentId: kofi.id } as const
  const solvedNow = { type: 'solved', reopenUntil: minutesLater(27 * 60 + 1) } as const
  given().when(ask.solve).leadsTo(taken, solvedNow)
  given().when({ type: 'pend' }).leadsTo(taken, { type: 'pended', withAnswer: false })
  given({ type: 'assigned', agentId: 99 }).when({ type: 'pend' }).leadsTo({ type: 'pended', withAnswer: false })
  given()
    .when({ ...ask.solve, actor: ada })
    .leadsTo(solvedNow)
})

test('closing by itself is no activity of the ticket', () => {
  const open = given(solved)
  const close = { type: 'close', dueAt: reopenUntil, actor: time, now: msLater(1, reopenUntil) } as const
  expect(open.when(close).leadsTo({ type: 'closed' }).lastActivityAt).toEqual(open.ticket.lastActivityAt)
})

describe('a rating', () => {
  test('is welcome on a solved ticket, and the first one on a closed ticket too', () => {
    const first = { type: 'rated', score: 5, comment: null, changed: false } as const
    given(solved).when(ask.rate(5)).leadsTo(first)
    given(solved, closed).when(ask.rate(5)).leadsTo(first)
  })

  test('before anything was solved is refused', () => {
    given().when(ask.rate(5)).refused('not-solved')
    given(pended).when(ask.rate(5)).refused('not-solved')
  })

  test('can be changed until the ticket closes, and keeps its comment when only the score changes', () => {
    const changed = { type: 'rated', score: 2, comment: 'slow', changed: true } as const
    given(solved, { ...rated, comment: 'slow' })
      .when(ask.rate(2))
      .leadsTo(changed)
    given(solved, rated, { type: 'reopened', byReply: true }).when(ask.rate(2, 'slow')).leadsTo(changed)
    given(solved, rated, closed).when(ask.rate(2)).refused('rating-final')
  })

  test('given twice counts once', () => {
    given(solved, rated).when(ask.rate(rated.score)).nothing()
  })

  test.each([0, 6, 2.5, Number.NaN])('of %d is none', (score) => {
    given(solved).when(ask.rate(score)).refused('bad-score')
  })
})

test('what only staff know does not move the ticket’s last activity, which its requester sees', () => {
  const later = minutesLater(90)
  const noted = { type: 'noted', comment: said('Their invoices are late.'), at: later } as const
  const lost = { type: 'undelivered', recipient: 'charles@acme.example', reason: '550', at: later } as const
  expect(ticketAfter(noted, lost).lastActivityAt).toEqual(minutesLater(0))
  expect(ticketAfter({ ...pended, at: later }).lastActivityAt).toEqual(later)
})

test('a note on a closed ticket is kept and changes nothing about it', () => {
  const { ticket, when } = given(solved, closed)
  const after = when({ type: 'note', comment: said(), now: minutesLater(9000) }).leadsTo({
    type: 'noted',
    comment: said(),
  })
  expect(after).toEqual(ticket)
})
