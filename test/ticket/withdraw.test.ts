import { expect, test } from 'vitest'
import { decide } from '../../src/ticket/decide.ts'
import type { Happening, StoredEvent } from '../../src/ticket/events.ts'
import { Refusal } from '../../src/ticket/refusal.ts'
import { apply, type Ticket } from '../../src/ticket/ticket.ts'
import { answerEventIds, notWithdrawn } from '../../src/ticket/withdraw.ts'
import { said } from '../support/desk.ts'
import {
  ada,
  eventOf,
  type Happened,
  kofi,
  mary,
  minutesLater,
  reopenUntil,
  terms,
  ticketAfter,
} from '../support/given.ts'

const answered: Happened = { type: 'answered', comment: said('Try the other tray.') }
const waits: Happened = { type: 'pended', withAnswer: true }
const asleep: Happened = { type: 'pended', withAnswer: false, at: minutesLater(-2) }
const solved: Happened = { type: 'solved', reopenUntil, at: minutesLater(-1) }
const pressed = minutesLater(1)

test('the ticket stands again as it did before the answer', () => {
  expect(afterUndo([], [answered])).toMatchObject({ status: 'open' })
  expect(afterUndo([], [answered, waits])).toMatchObject({ status: 'open' })
  expect(afterUndo([asleep], [answered])).toMatchObject({ status: 'pending' })
  const again = afterUndo([solved], [answered, waits])
  expect(again).toMatchObject({ status: 'solved', solvedAt: minutesLater(-1), reopenUntil })
})

test('it stays as somebody left it since', () => {
  const reply: Happened = {
    type: 'replied',
    comment: said(),
    receivedAt: pressed,
    alreadyTold: [],
    reopens: false,
    actor: ada,
  }
  expect(afterUndo([], [answered, waits], [reply])).toMatchObject({ status: 'open' })
  expect(afterUndo([], [answered, waits], [{ ...solved, at: pressed }])).toMatchObject({ status: 'solved' })
  expect(afterUndo([asleep], [answered], [{ type: 'noted', comment: said() }])).toMatchObject({ status: 'pending' })
})

test('an answer that took the ticket gives it back, unless it was taken by hand or is worked on since', () => {
  const taken: Happened = { type: 'assigned', agentId: kofi.id }
  const handed: Happened = { type: 'assigned', agentId: mary.id, actor: mary, at: pressed }
  const note: Happened = { type: 'noted', comment: said(), at: pressed }
  const reply: Happened = {
    type: 'replied',
    comment: said(),
    receivedAt: pressed,
    alreadyTold: [],
    reopens: false,
    actor: ada,
  }
  expect(afterUndo([taken], [answered])).toMatchObject({ assigneeId: null, status: 'open' })
  expect(afterUndo([taken], [answered, waits])).toMatchObject({ assigneeId: null, status: 'open' })
  expect(afterUndo([taken], [answered, waits], [reply])).toMatchObject({ assigneeId: null, status: 'open' })
  expect(afterUndo([{ ...taken, at: minutesLater(-1) }], [answered])).toMatchObject({ assigneeId: kofi.id })
  expect(afterUndo([taken], [answered], [handed])).toMatchObject({ assigneeId: mary.id })
  expect(afterUndo([taken], [answered], [note])).toMatchObject({ assigneeId: kofi.id })
})

test('any agent takes it back, nobody else', () => {
  const log = stored(opened, answered)
  expect(undo(log, mary)).toMatchObject([{ type: 'withdrawn', eventId: 2, actor: mary }])
  expect(() => undo(log, ada)).toThrow(new Refusal('not-yours'))
})

test('taken back twice it is taken back once', () => {
  const log = stored(opened, answered, { type: 'withdrawn', eventId: 2, standing: null })
  expect(undo(log)).toEqual([])
})

test('only an answer is taken back', () => {
  expect(() => undo(stored(opened, { type: 'noted', comment: said() }))).toThrow(Refusal)
  expect(() => undo(stored(opened))).toThrow(Refusal)
})

test('an answer that waits is two events, and nobody outside knows of either once it is taken back', () => {
  const log = stored(opened, answered, waits, { type: 'withdrawn', eventId: 2, standing: null })
  expect(answerEventIds(log, 2)).toEqual([2, 3])
  expect(notWithdrawn(log).map(({ type }) => type)).toEqual(['continued', 'withdrawn'])
  const later = stored(opened, answered, { ...waits, at: pressed })
  expect(answerEventIds(later, 2)).toEqual([2])
})

const opened = { type: 'continued', followUpId: 7 } as Happened // what opened it changes no status

function stored(...happened: Happened[]): StoredEvent[] {
  return happened.map((event, index) => ({ ...eventOf(event), id: index + 1, ticketId: 1042, commentId: null }))
}

function undo(log: StoredEvent[], actor: typeof kofi | typeof mary | typeof ada = kofi): Happening[] {
  const command = { type: 'withdraw', ticketId: 1042, eventId: 2, actor, via: 'slack', source: 'test' } as const
  return decide(ticketAfter(...log), command, terms, pressed, log) as Happening[]
}

function afterUndo(before: Happened[], answer: Happened[], since: Happened[] = []): Ticket {
  const log = stored(opened, ...before, ...answer, ...since)
  const ticket = log.reduce<Ticket>(apply, ticketAfter())
  const command = { type: 'withdraw', ticketId: 1042, eventId: before.length + 2, source: 'test' } as const
  const events = decide(ticket, { ...command, actor: kofi, via: 'slack' }, terms, pressed, log)
  return (events as StoredEvent[]).reduce(apply, ticket)
}
