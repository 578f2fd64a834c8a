import { expect, test } from 'vitest'
import type { StoredEvent, TicketEvent } from '../../src/ticket/events.ts'
import { BelongsToFollowUp } from '../../src/ticket/follow-up.ts'
import { revise } from '../../src/ticket/revise.ts'
import {
  ada,
  charles,
  closed,
  eventOf,
  type Happened,
  kofi,
  minutesLater,
  msLater,
  refusalOf,
  reopenUntil,
  solved,
  ticketAfter,
  time,
} from '../support/given.ts'

const said = (text: string) => ({ text, fullText: null, attachments: [] })
const replied = (text: string, isThanks = false): Happened => ({
  ...{ type: 'replied', comment: said(text), receivedAt: minutesLater(2), alreadyTold: [], reopens: false, actor: ada },
  ...(isThanks ? { isThanks } : {}),
})
const edited = (revisedAt: Date): Happened => ({
  type: 'edited',
  eventId: 1,
  before: 'a',
  text: 'b',
  revisedAt,
  actor: ada,
})

function revised(
  history: Happened[],
  text: string | null,
  at = minutesLater(5),
  actor: StoredEvent['actor'] = ada,
  more: { line?: string; lostFiles?: string[] } = {},
) {
  const log = history.map((event, index) => ({ ...eventOf(event), id: index + 1, ticketId: 1042, commentId: 1 }))
  const command = { type: 'revise', ticketId: 1042, eventId: 1, before: 'a', text, revisedAt: at, ...more } as const
  const ticket = ticketAfter(...history)
  const outcome = revise(ticket, command, log as StoredEvent[], { actor, around: {} })
  return outcome instanceof BelongsToFollowUp ? 'follow-up' : outcome.map(({ type }) => type)
}

test('only its author changes a comment, and only one that can come from a message', () => {
  expect(revised([replied('a')], 'b')).toEqual(['edited'])
  for (const other of [charles, kofi, time])
    expect(refusalOf(() => revised([replied('a')], 'b', undefined, other))).toBe('not-yours')
  // A contact and an agent may have the same number.
  expect(refusalOf(() => revised([replied('a')], 'b', undefined, { kind: 'agent', id: ada.id }))).toBe('not-yours')
  const answered = { type: 'answered', comment: said('a') } as const
  expect(refusalOf(() => revised([answered], 'b', undefined, kofi))).toBe('not-yours')
  expect(revised([{ type: 'noted', comment: said('a') }], 'b', undefined, kofi)).toEqual(['edited'])
})

test('what is older than what is here, or comes after a deletion, is nothing', () => {
  const at = minutesLater(5)
  expect(revised([replied('a'), edited(at)], 'c', at)).toEqual([])
  expect(revised([replied('a'), edited(at)], 'c', msLater(-1, at))).toEqual([])
  expect(revised([replied('a'), edited(at)], 'c', msLater(1, at))).toEqual(['edited'])
  const deleted: Happened = { type: 'deleted', eventId: 1, before: 'a', actor: ada }
  for (const text of ['c', null]) expect(revised([replied('a'), deleted], text)).toEqual([])
  expect(revised([replied('a')], 'a')).toEqual([])
})

test('of lines that became one comment each has its own order, and a file that goes is a change though no word does', () => {
  const at = minutesLater(5)
  const of = (line: string) => ({ ...edited(at), line }) as Happened
  const line = { line: '1.1' }
  expect(revised([replied('a'), of('2.2')], 'c', msLater(-1, at), ada, line)).toEqual(['edited'])
  expect(revised([replied('a'), of('1.1')], 'c', msLater(-1, at), ada, line)).toEqual([])
  expect(revised([replied('a')], 'a', at, ada, { ...line, lostFiles: ['F1'] })).toEqual(['edited'])
  expect(revised([replied('a')], 'a', at, ada, line)).toEqual([])
})

test('an edit changes no status, but thanks that become more count as the reply they now are', () => {
  expect(revised([replied('a'), solved], 'It fails')).toEqual(['edited'])
  expect(revised([replied('Thanks', true), solved], 'Thank you!')).toEqual(['edited'])
  expect(revised([replied('Thanks', true), solved], 'It fails')).toEqual(['edited', 'reopened'])
  expect(revised([replied('Thanks', true), solved], 'It fails', reopenUntil)).toEqual(['edited', 'reopened'])
  expect(revised([replied('Thanks', true), solved], 'It fails', msLater(1, reopenUntil))).toBe('follow-up')
  expect(revised([replied('Thanks', true), solved, closed], 'It fails', msLater(2, reopenUntil))).toBe('follow-up')
  expect(revised([replied('Thanks', true), solved, closed], null)).toEqual(['deleted'])
})

test('a change leaves the ticket as it was', () => {
  const before = ticketAfter(replied('a'))
  const events = [edited(minutesLater(5)), { type: 'deleted', eventId: 1, before: 'a' }] as TicketEvent[]
  expect(ticketAfter(replied('a'), ...events)).toEqual(before)
})
