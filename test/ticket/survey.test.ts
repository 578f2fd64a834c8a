import { expect, test } from 'vitest'
import { decide, type Terms } from '../../src/ticket/decide.ts'
import { isBad } from '../../src/ticket/rating.ts'
import {
  ada,
  closed,
  type Happened,
  kofi,
  minutesLater,
  pended,
  rated,
  solved,
  terms,
  ticketAfter,
  time,
} from '../support/given.ts'

const DAY = 24 * 60
const remindAt = minutesLater(3 * DAY)
const asked: Happened = { ...solved, remindAt }

const withSurvey = (mayAsk: boolean, remindAfterMs: number | null = 3 * DAY * 60_000): Terms => ({
  ...terms,
  survey: { mayAsk, remindAfterMs },
})
const happens = (history: Happened[], command: object, now: Date, said = withSurvey(true)) => {
  const events = decide(
    ticketAfter(...history),
    { ticketId: 1042, via: 'slack', source: 'x', ...command } as never,
    said,
    now,
  )
  if (!Array.isArray(events)) throw new Error('this belongs to a follow-up')
  return events.map(({ actor: _, via: _v, at: _a, ...happening }) => happening)
}
const solve = { type: 'solve', actor: kofi }
const remind = { type: 'remind-to-rate', dueAt: remindAt, actor: time }

test('solving asks for a rating and sets the time of the one reminder (SUR-01)', () => {
  const now = minutesLater(0)
  expect(happens([], solve, now).at(-1)).toMatchObject({ type: 'solved', remindAt })
  expect(happens([], solve, now, withSurvey(true, null)).at(-1)).not.toHaveProperty('remindAt')
  expect(happens([], solve, now, withSurvey(false)).at(-1)).toMatchObject({ type: 'solved', asks: false })
  expect(happens([], solve, now, withSurvey(false)).at(-1)).not.toHaveProperty('remindAt')
})

test('who rated before is not asked again when it is solved again', () => {
  const reopened: Happened = { type: 'reopened', byReply: false, actor: ada }
  expect(happens([solved, rated, reopened], solve, minutesLater(1)).at(-1)).toEqual({
    type: 'solved',
    reopenUntil: expect.any(Date),
  })
})

test('the reminder comes at its time, once, also to a closed ticket, and not before', () => {
  expect(happens([asked], remind, minutesLater(3 * DAY - 1))).toEqual([])
  expect(happens([asked], remind, remindAt)).toEqual([{ type: 'reminded', asks: true }])
  expect(happens([asked, closed], remind, remindAt)).toEqual([{ type: 'reminded', asks: true }])
  expect(happens([asked, { type: 'reminded', asks: true, actor: time }], remind, remindAt)).toEqual([])
  // Asked for another ticket a short time ago: let pass, and never made up for.
  expect(happens([asked], remind, remindAt, withSurvey(false))).toEqual([{ type: 'reminded', asks: false }])
})

test.each<[string, Happened[]]>([
  ['rated', [rated]],
  ['reopened', [{ type: 'reopened', byReply: false, actor: ada }]],
  ['waiting for its requester', [pended]],
  [
    'solved again',
    [
      { type: 'reopened', byReply: false, actor: ada },
      { ...solved, remindAt: minutesLater(9 * DAY) },
    ],
  ],
])('a ticket that is %s by then is not reminded of', (_, since) => {
  expect(happens([asked, ...since], remind, remindAt)).toEqual([])
})

test('only time reminds', () => {
  expect(() => happens([asked], { ...remind, actor: kofi }, remindAt)).toThrow()
  expect(() => happens([asked], { ...remind, actor: ada }, remindAt)).toThrow()
})

test('one and two of five call for another look, three does not (SUR-06)', () => {
  const at = minutesLater(1)
  expect([1, 2, 3, 4, 5].filter((score) => isBad({ score, comment: null, at }))).toEqual([1, 2])
  expect(isBad(null)).toBe(false)
})
