import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { reopenPresets, reopenUntil } from '../../src/ticket/reopen.ts'
import type { Calendar } from '../../src/ticket/schedule.ts'

const nineToSix: Calendar['week'][keyof Calendar['week']] = [['09:00', '18:00']]
const berlin: Calendar = {
  timeZone: 'Europe/Berlin',
  week: { mon: nineToSix, tue: nineToSix, wed: nineToSix, thu: nineToSix, fri: nineToSix },
  holidays: [],
}

describe('STA-05 preset vtex: 27 hours', () => {
  test('solved on Friday at 17:00 reopens until Saturday 20:00', () => {
    expect(window('vtex', '2026-11-20T17:00')).toBe('2026-11-21T20:00:00+01:00')
  })

  test('are 27 hours over both clock changes', () => {
    expect(window('vtex', '2026-03-28T17:00')).toBe('2026-03-29T21:00:00+02:00')
    expect(window('vtex', '2026-10-24T17:00')).toBe('2026-10-25T19:00:00+01:00')
  })

  test('do not look at who spoke last', () => {
    expect(window('vtex', '2026-11-20T17:00', '2026-11-01T09:00')).toBe('2026-11-21T20:00:00+01:00')
  })
})

describe('STA-06 preset vtex-es: 27 business hours', () => {
  test('solved on Friday at 17:00 reopens until Wednesday 17:00', () => {
    expect(window('vtex-es', '2026-11-20T17:00')).toBe('2026-11-25T17:00:00+01:00')
  })
})

describe("STA-12 preset bold: five days from the requester's last comment", () => {
  test('end at the same time of day, over a clock change too', () => {
    expect(window('bold', '2026-11-20T17:00', '2026-11-20T16:10')).toBe('2026-11-25T16:10:00+01:00')
    expect(window('bold', '2026-10-23T17:00', '2026-10-23T16:10')).toBe('2026-10-28T16:10:00+01:00')
  })

  test('leave 24 hours to a requester who was silent for a week before the ticket was solved', () => {
    expect(window('bold', '2026-11-20T17:00', '2026-11-13T17:00')).toBe('2026-11-21T17:00:00+01:00')
  })

  test('leave 24 hours when less than that is left', () => {
    expect(window('bold', '2026-11-20T17:00', '2026-11-16T09:00')).toBe('2026-11-21T17:00:00+01:00')
  })

  test('count from solving when the requester never wrote', () => {
    expect(window('bold', '2026-11-20T17:00')).toBe('2026-11-25T17:00:00+01:00')
  })

  test('count from solving when the comment carries a later time', () => {
    expect(window('bold', '2026-11-20T17:00', '2026-11-20T17:01')).toBe('2026-11-25T17:00:00+01:00')
  })
})

test('a window shorter than a day, counted from the last comment, is never stretched beyond itself', () => {
  const policy = { amount: 2, unit: 'hours', clock: 'elapsed', anchor: 'last-requester-comment' } as const
  const ticket = { solvedAt: at('2026-11-20T17:00'), lastRequesterCommentAt: at('2026-11-20T09:00') }
  expect(show(reopenUntil(policy, berlin, ticket))).toBe('2026-11-20T19:00:00+01:00')
})

test('business days end with the closing time of the last one', () => {
  const policy = { amount: 2, unit: 'days', clock: 'business', anchor: 'solved' } as const
  const ticket = { solvedAt: at('2026-11-20T17:00'), lastRequesterCommentAt: null }
  expect(show(reopenUntil(policy, berlin, ticket))).toBe('2026-11-24T18:00:00+01:00')
})

function window(preset: keyof typeof reopenPresets, solvedAt: string, lastComment?: string): string {
  const lastRequesterCommentAt = lastComment ? at(lastComment) : null
  return show(reopenUntil(reopenPresets[preset], berlin, { solvedAt: at(solvedAt), lastRequesterCommentAt }))
}

function at(wallTime: string): Date {
  return new Date(Temporal.PlainDateTime.from(wallTime).toZonedDateTime('Europe/Berlin').epochMilliseconds)
}

function show(moment: Date): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO('Europe/Berlin')
  return zoned.toString({ timeZoneName: 'never' })
}
