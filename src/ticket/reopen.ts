import { Temporal } from 'temporal-polyfill'
import { addOpenDays, addOpenTime, type Calendar } from './schedule.ts'

/** How long a reply reopens a solved ticket (STA-05..10); each region of the desk file names one. */
export type ReopenPolicy = {
  amount: number
  unit: 'hours' | 'days'
  clock: 'elapsed' | 'business'
  anchor: 'solved' | 'last-requester-comment'
}

/** The windows the sources name: 27 hours, 27 business hours, five days since the requester's last word (X1, X2). */
export const reopenPresets = {
  vtex: { amount: 27, unit: 'hours', clock: 'elapsed', anchor: 'solved' },
  'vtex-es': { amount: 27, unit: 'hours', clock: 'business', anchor: 'solved' },
  bold: { amount: 5, unit: 'days', clock: 'elapsed', anchor: 'last-requester-comment' },
} satisfies Record<string, ReopenPolicy>

/**
 * The promise behind `anchor: last-requester-comment`. A ticket solved a week after the requester's last word would
 * otherwise close the moment it is called solved, before they could have read so.
 */
export const FAIR_CHANCE_HOURS = 24

/**
 * The last moment at which a received reply still reopens the ticket; a reply at exactly this moment does (X3).
 * Computed once, when solved, and stored: a policy changed later moves no deadline somebody was told.
 *
 * Elapsed hours are exact, over a clock change too: 27 hours are 27 hours. Elapsed days end at the same wall time in
 * the calendar's zone, since "within five days" is read on a calendar. Business hours are open time of the calendar.
 * A business day is a date on which the calendar opens at all: five of them end with closing time of the fifth such
 * date after the anchor's. Counted from the requester's last comment, the end is never earlier than
 * FAIR_CHANCE_HOURS after solving, nor than the whole window where that is shorter.
 */
export function reopenUntil(
  policy: ReopenPolicy,
  calendar: Calendar,
  ticket: { solvedAt: Date; lastRequesterCommentAt: Date | null },
): Date {
  const { solvedAt, lastRequesterCommentAt } = ticket
  if (policy.anchor === 'solved' || !lastRequesterCommentAt || lastRequesterCommentAt > solvedAt) {
    return windowEnd(policy, calendar, solvedAt)
  }
  const end = windowEnd(policy, calendar, lastRequesterCommentAt)
  const wholeWindow = windowEnd(policy, calendar, solvedAt)
  const fairChance = new Date(solvedAt.getTime() + FAIR_CHANCE_HOURS * 3_600_000)
  return later(end, earlier(fairChance, wholeWindow))
}

function windowEnd(policy: ReopenPolicy, calendar: Calendar, anchor: Date): Date {
  const { amount, unit, clock } = policy
  if (clock === 'business') {
    return unit === 'hours' ? addOpenTime(calendar, anchor, amount * 60) : addOpenDays(calendar, anchor, amount)
  }
  if (unit === 'hours') return new Date(anchor.getTime() + amount * 3_600_000)
  const wall = Temporal.Instant.fromEpochMilliseconds(anchor.getTime()).toZonedDateTimeISO(calendar.timeZone)
  return new Date(wall.add({ days: amount }).epochMilliseconds)
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b
}
