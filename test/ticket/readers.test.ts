import { expect, test } from 'vitest'
import { numberIn } from '../../src/ticket/history.ts'
import { type ReaderAct, type ReaderRole, readerActs, readerRole } from '../../src/ticket/readers.ts'
import { printerTicket, reopenUntil, standings } from '../slack/tickets.ts'

const roles: ReaderRole[] = ['requester', 'cc', 'member']
const acts = (standing: keyof typeof standings, now = reopenUntil) =>
  roles.map((role) => readerActs(printerTicket({ standing: standings[standing] }).ticket, role, now))

test.each<[keyof typeof standings, ReaderAct[][]]>([
  ['open', [['reply', 'solve'], ['reply'], ['reply', 'solve']]],
  ['pending', [['reply', 'solve'], ['reply'], ['reply', 'solve']]],
  ['solved', [['reply', 'reopen', 'rate'], ['reply'], ['reply', 'reopen']]],
  ['closed', [['follow-up', 'rate'], ['follow-up'], ['follow-up']]],
])('of %s requests its requester, its CCs and who manages the organisation can do their own', (standing, expected) => {
  expect(acts(standing)).toEqual(expected)
})

test('to the very minute a solved request can be reopened, and a moment later only followed up (X3, FUP-01)', () => {
  expect(acts('solved', new Date(reopenUntil.getTime() + 1))).toEqual([
    ['follow-up', 'rate'],
    ['follow-up'],
    ['follow-up'],
  ])
})

test('a rating is final when the request has closed', () => {
  const rating = { score: 4, comment: null, at: reopenUntil }
  const { ticket } = printerTicket({ standing: standings.closed, ticket: { rating } })
  expect(readerActs(ticket, 'requester', reopenUntil)).toEqual(['follow-up'])
})

test('nobody else is a reader, whatever they manage otherwise', () => {
  const { ticket } = printerTicket()
  expect([1, 2, 3].map((id) => readerRole(ticket, id, false))).toEqual(['requester', 'cc', null])
  expect([1, 2, 3].map((id) => readerRole(ticket, id, true))).toEqual(['requester', 'member', 'member'])
})

test('a number alone is a request’s, as people write it; anything more is words', () => {
  expect(['1042', ' #1042 ', 'n.º 1042', 'No 1042'].map(numberIn)).toEqual([1042, 1042, 1042, 1042])
  expect(['', 'ORD-1042', '1042 again', '10.42', '#', '9'.repeat(16)].map(numberIn)).toEqual(Array(6).fill(null))
})
