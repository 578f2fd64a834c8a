import { Temporal } from 'temporal-polyfill'

/**
 * When a team works, and arithmetic with it. Opening hours are wall time of the zone, so they keep their place when
 * clocks change; how much time passed is always real elapsed time, so a night with a skipped hour is an hour shorter.
 */
export type Calendar = {
  /** IANA name, such as Europe/Berlin. */
  timeZone: string
  /** Intervals of each weekday, `HH:MM` to `HH:MM`; a day left out is closed; `24:00` is the end of the day. */
  week: Partial<Record<Weekday, [from: string, until: string][]>>
  /** Dates on which nobody works: `YYYY-MM-DD`, or `MM-DD` for every year. */
  holidays: string[]
}

export type Weekday = (typeof weekdays)[number]
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const MINUTE_MS = 60_000
// Long enough for any run of holidays a team has; without an end, a calendar that never opens would be searched forever.
const SEARCH_DAYS = 3 * 366

/** The first moment by which `minutes` of open time have passed since `from`; `from` itself for 0. Fractions count. */
export function addOpenTime(calendar: Calendar, from: Date, minutes: number): Date {
  if (!(minutes >= 0)) throw new RangeError(`cannot add ${minutes} minutes of open time: ask for zero or more`)
  let leftMs = Math.round(minutes * MINUTE_MS)
  if (leftMs === 0) return from
  let daysWithout = 0
  for (let day = dayOf(calendar, from); daysWithout < SEARCH_DAYS; day = day.add({ days: 1 })) {
    daysWithout++
    for (const { start, end } of openOn(calendar, day)) {
      const openMs = end - Math.max(start, from.getTime())
      if (openMs <= 0) continue
      if (openMs >= leftMs) return new Date(end - openMs + leftMs)
      leftMs -= openMs
      daysWithout = 0
    }
  }
  throw neverOpen(calendar, from)
}

/** Closing time of the `days`th date after that of `from` on which the calendar opens at all. `days` is a whole number. */
export function addOpenDays(calendar: Calendar, from: Date, days: number): Date {
  if (!Number.isInteger(days) || days < 1) throw new RangeError(`cannot add ${days} open days: ask for 1, 2, 3, …`)
  let left = days
  let day = dayOf(calendar, from)
  for (let daysWithout = 0; daysWithout < SEARCH_DAYS; daysWithout++) {
    day = day.add({ days: 1 })
    const closing = openOn(calendar, day).at(-1)
    if (!closing) continue
    if (--left === 0) return new Date(closing.end)
    daysWithout = 0
  }
  throw neverOpen(calendar, from)
}

/** Minutes of open time from `a` to `b`, with fractions; negative when `b` is the earlier one. */
export function openTimeBetween(calendar: Calendar, a: Date, b: Date): number {
  if (b < a) return -openTimeBetween(calendar, b, a)
  let ms = 0
  const last = dayOf(calendar, b)
  for (let day = dayOf(calendar, a); Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    for (const { start, end } of openOn(calendar, day)) {
      ms += Math.max(0, Math.min(end, b.getTime()) - Math.max(start, a.getTime()))
    }
  }
  return ms / MINUTE_MS
}

/** Whether somebody works at this moment; the end of an interval is already closed. */
export function isOpen(calendar: Calendar, at: Date): boolean {
  return openOn(calendar, dayOf(calendar, at)).some(({ start, end }) => start <= at.getTime() && at.getTime() < end)
}

/** `at` itself when open, else the next moment of opening. */
export function nextOpen(calendar: Calendar, at: Date): Date {
  let day = dayOf(calendar, at)
  for (let days = 0; days < SEARCH_DAYS; days++, day = day.add({ days: 1 })) {
    for (const { start, end } of openOn(calendar, day)) {
      if (end > at.getTime()) return new Date(Math.max(start, at.getTime()))
    }
  }
  throw neverOpen(calendar, at)
}

/** Where a calendar is wrong, as path and what to do; empty when it can be used. To be asked when settings are read. */
export function checkCalendar(calendar: Calendar): { path: (string | number)[]; text: string }[] {
  const problems: { path: (string | number)[]; text: string }[] = []
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(calendar.timeZone)
  } catch {
    problems.push({
      path: ['timeZone'],
      text: `"${calendar.timeZone}" is no time zone: use an IANA name such as Europe/Berlin or America/Sao_Paulo`,
    })
  }
  for (const weekday of weekdays) {
    let previousEnd = 0
    calendar.week[weekday]?.forEach(([from, until], index) => {
      const path = ['week', weekday, index]
      const [start, end] = [minuteOfDay(from), minuteOfDay(until)]
      if (Number.isNaN(start + end)) {
        const wrong = Number.isNaN(start) ? from : until
        problems.push({ path, text: `"${wrong}" is no time of day: write "09:00" to "24:00", with quotes` })
      } else if (end <= start) {
        problems.push({ path, text: `${from} to ${until} ends before it starts: split it at midnight over two days` })
      } else if (start < previousEnd) {
        problems.push({
          path,
          text: `${from} begins before the interval above it ends: put them in order or join them`,
        })
      }
      if (end > previousEnd) previousEnd = end
    })
  }
  calendar.holidays.forEach((holiday, index) => {
    if (!isHoliday(holiday)) {
      problems.push({
        path: ['holidays', index],
        text: `"${holiday}" is no date: write "YYYY-MM-DD", or "MM-DD" for every year, with quotes`,
      })
    }
  })
  if (weekdays.every((weekday) => !calendar.week[weekday]?.length)) {
    problems.push({ path: ['week'], text: 'never opens: give at least one day an interval' })
  }
  return problems
}

function dayOf(calendar: Calendar, at: Date): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(calendar.timeZone).toPlainDate()
}

/** The open intervals of one day in epoch milliseconds, in order. A moment is open when the clock on the wall says so. */
function openOn(calendar: Calendar, day: Temporal.PlainDate): { start: number; end: number }[] {
  const date = day.toString()
  const intervals = calendar.week[weekdays[day.dayOfWeek - 1]!]
  if (!intervals?.length || calendar.holidays.includes(date) || calendar.holidays.includes(date.slice(5))) return []
  const midnight = day.toZonedDateTime('UTC').epochMilliseconds
  return stretchesOf(calendar, day).flatMap(({ start, end, offsetMs }) =>
    intervals
      .map(([from, until]) => ({
        start: Math.max(start, midnight + minuteOfDay(from) * MINUTE_MS - offsetMs),
        end: Math.min(end, midnight + minuteOfDay(until) * MINUTE_MS - offsetMs),
      }))
      .filter((open) => open.start < open.end),
  )
}

/** The day cut where the clock jumps: stretches in which the zone keeps one offset from UTC. */
function stretchesOf(calendar: Calendar, day: Temporal.PlainDate): { start: number; end: number; offsetMs: number }[] {
  const first = day.toZonedDateTime(calendar.timeZone)
  const next = day.add({ days: 1 }).toZonedDateTime(calendar.timeZone)
  const [start, end] = [first.epochMilliseconds, next.epochMilliseconds]
  const offsetMs = first.offsetNanoseconds / 1e6
  const jump = first.offset === next.offset ? undefined : first.getTimeZoneTransition('next')
  if (!jump || jump.epochMilliseconds >= end) return [{ start, end, offsetMs }]
  return [
    { start, end: jump.epochMilliseconds, offsetMs },
    { start: jump.epochMilliseconds, end, offsetMs: jump.offsetNanoseconds / 1e6 },
  ]
}

/** Minutes since midnight; NaN for what is no time of day. */
function minuteOfDay(time: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(time) ?? []
  const total = Number(hours) * 60 + Number(minutes)
  return total <= 24 * 60 ? total : Number.NaN
}

function isHoliday(text: string): boolean {
  // 29 February has to be a date, so a date without a year is tried in a leap year.
  const date = /^\d{2}-\d{2}$/.test(text) ? `2024-${text}` : text
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return false
  try {
    return Temporal.PlainDate.from(date, { overflow: 'reject' }).toString() === date
  } catch {
    return false
  }
}

function neverOpen(calendar: Calendar, from: Date): Error {
  return new Error(
    `the calendar for ${calendar.timeZone} does not open in the three years after ${from.toISOString()}: give its week an interval or take out holidays`,
  )
}
