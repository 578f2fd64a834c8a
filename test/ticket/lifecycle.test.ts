import { expect, test } from 'vitest'
import type { Ask, Command } from '../../src/ticket/commands.ts'
import { decide } from '../../src/ticket/decide.ts'
import { BelongsToFollowUp } from '../../src/ticket/follow-up.ts'
import { Refusal } from '../../src/ticket/refusal.ts'
import { type Act, apply, lifecycle, type Result, type Status } from '../../src/ticket/ticket.ts'
import {
  ada,
  ask,
  closed,
  type Happened,
  kofi,
  msLater,
  pended,
  reopenUntil,
  solved,
  terms,
  ticketAfter,
  time,
} from '../support/given.ts'

const histories: Record<Status, Happened[]> = {
  open: [],
  pending: [pended],
  solved: [solved],
  closed: [solved, closed],
}

const afterTheWindow = msLater(1, reopenUntil)
const acts: Record<Act, { ask: object; now?: Date }> = {
  'requester-replies': { ask: ask.reply() },
  'requester-thanks': { ask: thanksBy(ada) },
  'agent-replies': { ask: ask.answer() },
  'agent-replies-and-waits': { ask: ask.answer(true) },
  solve: { ask: ask.solve },
  reopen: { ask: ask.reopen() },
  deadline: { ask: { type: 'close', dueAt: reopenUntil, actor: time }, now: afterTheWindow },
}

test('the lifecycle table is what decide does', () => {
  const drawn = mapValues(histories, (history) => mapValues(acts, (act) => resultOf(history, act)))
  expect(drawn).toEqual(lifecycle)
})

test.each(['open', 'pending', 'solved'] as const)('a requester solves and reopens like an agent: %s', (status) => {
  for (const act of [ask.solve, ask.reopen()])
    expect(resultOf(histories[status], { ask: { ...act, actor: ada } })).toBe(resultOf(histories[status], { ask: act }))
})

test('notes, assignment, ratings, lost mails and follow-ups never change the status', () => {
  const comment = { text: 'psst', fullText: null, attachments: [] }
  const quiet: Happened[] = [
    { type: 'noted', comment },
    { type: 'assigned', agentId: kofi.id },
    { type: 'rated', score: 1, comment: null, changed: false },
    { type: 'undelivered', recipient: 'ada@acme.example', reason: '550 no such user' },
    { type: 'continued', followUpId: 1043 },
  ]
  for (const [status, history] of Object.entries(histories))
    for (const event of quiet) expect(ticketAfter(...history, event).status).toBe(status)
})

test('only a solved ticket carries a deadline', () => {
  const windows = mapValues(histories, (history) => 'reopenUntil' in ticketAfter(...history))
  expect(windows).toEqual({ open: false, pending: false, solved: true, closed: false })
})

function thanksBy(actor: Command['actor']) {
  return { ...ask.reply(), actor, comment: { text: 'Thanks!', fullText: null, attachments: [] } }
}

function resultOf(history: Happened[], act: { ask: object; now?: Date }): Result {
  const ticket = ticketAfter(...history)
  const command = { ticketId: ticket.id, actor: kofi, via: 'slack', source: 'test', ...(act.ask as Ask) } as Command
  try {
    const decided = decide(ticket, command, terms, act.now ?? msLater(60_000, ticket.openedAt))
    return decided instanceof BelongsToFollowUp ? 'follow-up' : decided.reduce(apply, ticket).status
  } catch (error) {
    if (error instanceof Refusal) return 'refusal'
    throw error
  }
}

function mapValues<K extends string, A, B>(record: Record<K, A>, to: (value: A) => B): Record<K, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value as A)])) as Record<K, B>
}
