import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import {
  addOpenDays,
  addOpenTime,
  type Calendar,
  checkCalendar,
  isOpen,
  nextOpen,
  openTimeBetween,
  weekdays,
} from '../../src/ticket/schedule.ts'

const HOUR = 60
const nineToSix: Calendar = calendarOf('Europe/Berlin', ['09:00', '18:00'], ['mon', 'tue', 'wed', 'thu', 'fri'])

describe('27 business hours', () => {
  test('solved on Friday at 17:00, Monday to Friday 9 to 18, end on Wednesday at 17:00 exactly', () => {
    const end = addOpenTime(nineToSix, at(nineToSix, '2026-11-20T17:00'), 27 * HOUR)
    expect(wall(nineToSix, end)).toBe('2026-11-25T17:00:00')
  })

  test('that fill the last day end at closing time, not at the next opening', () => {
    const end = addOpenTime(nineToSix, at(nineToSix, '2026-11-23T09:00'), 27 * HOUR)
    expect(wall(nineToSix, end)).toBe('2026-11-25T18:00:00')
  })

  test('begin at the next opening when solved at night', () => {
    const end = addOpenTime(nineToSix, at(nineToSix, '2026-11-20T22:30'), 1 * HOUR)
    expect(wall(nineToSix, end)).toBe('2026-11-23T10:00:00')
  })

  test('keep seconds and milliseconds', () => {
    const end = addOpenTime(nineToSix, at(nineToSix, '2026-11-20T17:00:12.345'), 27 * HOUR)
    expect(wall(nineToSix, end)).toBe('2026-11-25T17:00:12.345')
  })
})

test('no open time to add is the moment itself, even when closed', () => {
  const sunday = at(nineToSix, '2026-11-22T12:00')
  expect(addOpenTime(nineToSix, sunday, 0)).toEqual(sunday)
})

test('a negative amount of open time is refused', () => {
  expect(() => addOpenTime(nineToSix, new Date(0), -1)).toThrow(/zero or more/)
  expect(() => addOpenTime(nineToSix, new Date(0), Number.NaN)).toThrow(/zero or more/)
})

test('the lunch break of a day with two intervals is closed', () => {
  const lunch: Calendar = {
    ...nineToSix,
    week: {
      mon: [
        ['09:00', '12:00'],
        ['13:00', '18:00'],
      ],
    },
  }
  expect(isOpen(lunch, at(lunch, '2026-11-23T11:59:59'))).toBe(true)
  expect(isOpen(lunch, at(lunch, '2026-11-23T12:00'))).toBe(false)
  expect(wall(lunch, nextOpen(lunch, at(lunch, '2026-11-23T12:00')))).toBe('2026-11-23T13:00:00')
  expect(wall(lunch, addOpenTime(lunch, at(lunch, '2026-11-23T11:00'), 2 * HOUR))).toBe('2026-11-23T14:00:00')
  expect(openTimeBetween(lunch, at(lunch, '2026-11-23T00:00'), at(lunch, '2026-11-30T10:00'))).toBe(9 * HOUR)
})

test('holidays are closed, those of one year and those of every year', () => {
  const calendar = { ...nineToSix, holidays: ['2026-11-23', '11-24'] }
  expect(wall(calendar, addOpenTime(calendar, at(calendar, '2026-11-20T17:00'), 2 * HOUR))).toBe('2026-11-25T10:00:00')
  expect(isOpen(calendar, at(calendar, '2027-11-23T10:00'))).toBe(true)
  expect(isOpen(calendar, at(calendar, '2027-11-24T10:00'))).toBe(false)
})

test('open around the clock has no gap at midnight', () => {
  const always = calendarOf('Europe/Berlin', ['00:00', '24:00'], [...weekdays])
  const from = at(always, '2026-11-20T23:59')
  expect(addOpenTime(always, from, 27 * HOUR).getTime() - from.getTime()).toBe(27 * 3_600_000)
  expect(isOpen(always, at(always, '2026-11-21T00:00'))).toBe(true)
  expect(nextOpen(always, from)).toEqual(from)
})

test('open time between two moments in the wrong order is negative', () => {
  const [a, b] = [at(nineToSix, '2026-11-23T10:00'), at(nineToSix, '2026-11-24T10:00')]
  expect(openTimeBetween(nineToSix, b, a)).toBe(-openTimeBetween(nineToSix, a, b))
  expect(openTimeBetween(nineToSix, a, b)).toBe(9 * HOUR)
})

test('open days end with closing time and jump over weekends and holidays', () => {
  const calendar = { ...nineToSix, holidays: ['2026-11-24'] }
  expect(wall(calendar, addOpenDays(calendar, at(calendar, '2026-11-20T17:00'), 2))).toBe('2026-11-25T18:00:00')
})

describe('when clocks change', () => {
  // 27 business hours from Friday 17:00, over a weekend in which the clock changes, are still Wednesday 17:00.
  test.each([
    ['America/New_York', '2026-03-06', '2026-03-11'],
    ['America/New_York', '2026-10-30', '2026-11-04'],
    ['Europe/Madrid', '2026-03-27', '2026-04-01'],
    ['Europe/Madrid', '2026-10-23', '2026-10-28'],
    ['America/Santiago', '2026-04-03', '2026-04-08'],
    ['America/Santiago', '2026-09-04', '2026-09-09'],
    ['Australia/Lord_Howe', '2026-04-03', '2026-04-08'],
    ['Australia/Lord_Howe', '2026-10-02', '2026-10-07'],
    ['America/Sao_Paulo', '2026-10-16', '2026-10-21'],
    ['America/Sao_Paulo', '2026-02-13', '2026-02-18'],
  ])('office hours in %s keep their wall time over the weekend after %s', (timeZone, friday, wednesday) => {
    const calendar = { ...nineToSix, timeZone }
    const end = addOpenTime(calendar, at(calendar, `${friday}T17:00`), 27 * HOUR)
    expect(wall(calendar, end)).toBe(`${wednesday}T17:00:00`)
  })

  // A day that is open around the clock has as many minutes as really pass.
  test.each([
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    ['Europe/Madrid', '2026-03-29', 23],
    ['Europe/Madrid', '2026-10-25', 25],
    ['America/Santiago', '2026-04-04', 25], // at midnight the clock goes back to 23:00 of the same day
    ['America/Santiago', '2026-09-06', 23], // this day begins at 01:00
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['America/Sao_Paulo', '2026-10-18', 24],
  ])('%s on %s is %d hours long', (timeZone, date, hours) => {
    const always = calendarOf(timeZone, ['00:00', '24:00'], [...weekdays])
    const start = Temporal.PlainDate.from(date).toZonedDateTime(timeZone)
    const end = Temporal.PlainDate.from(date).add({ days: 1 }).toZonedDateTime(timeZone)
    const [a, b] = [new Date(start.epochMilliseconds), new Date(end.epochMilliseconds)]
    expect(openTimeBetween(always, a, b)).toBe(hours * HOUR)
    expect(addOpenTime(always, a, hours * HOUR)).toEqual(b)
  })

  test('an hour the clock skips is never open, and one it repeats is open twice', () => {
    const night = calendarOf('Europe/Madrid', ['02:00', '03:00'], ['sun'])
    const minutesOn = (date: string) => openTimeBetween(night, at(night, `${date}T00:00`), at(night, `${date}T12:00`))
    expect(minutesOn('2026-03-29')).toBe(0)
    expect(minutesOn('2026-10-25')).toBe(120)
    expect(minutesOn('2026-11-01')).toBe(60)
  })

  test('an interval that begins inside the skipped hour begins when the clock has jumped', () => {
    const night = calendarOf('Europe/Madrid', ['02:30', '06:00'], ['sun'])
    expect(wall(night, nextOpen(night, at(night, '2026-03-29T00:00')))).toBe('2026-03-29T03:00:00')
  })
})

describe('compared with walking minute by minute', () => {
  const zones = [
    'America/New_York',
    'Europe/Madrid',
    'America/Santiago',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
    'Asia/Kathmandu',
    'Africa/Cairo',
  ]
  const changes = [
    '2026-03-05',
    '2026-03-26',
    '2026-04-02',
    '2026-04-22',
    '2026-09-03',
    '2026-10-01',
    '2026-10-22',
    '2026-10-29',
  ]

  test.each(zones)('arithmetic in %s agrees', (timeZone) => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = randomFrom(seed)
      const calendar = randomCalendar(timeZone, random)
      const day = Temporal.PlainDate.from(changes[Math.floor(random() * changes.length)]!)
      const start = day.toZonedDateTime(timeZone).epochMilliseconds + Math.floor(random() * 1440) * 60_000
      const walked = walk(calendar, start, 5 * 1440)
      const total = walked.at(-1)!
      const label = `seed ${seed}, ${JSON.stringify(calendar)}, from ${new Date(start).toISOString()}`
      expect(openTimeBetween(calendar, new Date(start), new Date(start + 5 * 1440 * 60_000)), label).toBe(total)
      for (const wanted of [1, Math.ceil(total / 3), total]) {
        if (wanted < 1 || wanted > total) continue
        const minute = walked.indexOf(wanted)
        expect(addOpenTime(calendar, new Date(start), wanted).getTime(), `${wanted} min, ${label}`).toBe(
          start + minute * 60_000,
        )
      }
    }
  })

  /** Open minutes that have passed after each minute: the slow and obvious way. */
  function walk(calendar: Calendar, start: number, minutes: number): number[] {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: calendar.timeZone,
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    const passed = [0]
    for (let minute = 0; minute < minutes; minute++) {
      const part = Object.fromEntries(format.formatToParts(start + minute * 60_000).map((p) => [p.type, p.value]))
      const time = `${part.hour}:${part.minute}`
      const weekday = part.weekday!.toLowerCase() as (typeof weekdays)[number]
      const holiday = calendar.holidays.includes(`${part.year}-${part.month}-${part.day}`)
      const open = !holiday && (calendar.week[weekday] ?? []).some(([from, until]) => from <= time && time < until)
      passed.push(passed[minute]! + (open ? 1 : 0))
    }
    return passed
  }

  function randomCalendar(timeZone: string, random: () => number): Calendar {
    const week: Calendar['week'] = {}
    for (const weekday of weekdays) {
      const cuts = Array.from({ length: 4 }, () => Math.floor(random() * 97) * 15).sort((a, b) => a - b)
      const times = cuts.map(
        (cut) => `${String(Math.floor(cut / 60)).padStart(2, '0')}:${String(cut % 60).padStart(2, '0')}`,
      )
      week[weekday] = [
        [times[0]!, times[1]!],
        [times[2]!, times[3]!],
      ].filter(([a, b]) => a! < b!) as [string, string][]
    }
    return { timeZone, week, holidays: random() < 0.5 ? ['2026-03-28', '2026-10-24'] : [] }
  }

  function randomFrom(seed: number): () => number {
    let state = seed
    return () => {
      state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
      return state / 4_294_967_296
    }
  }
})

describe('a calendar that cannot be used is refused when it is read', () => {
  test('the shipped shape is in order', () => {
    expect(checkCalendar({ ...nineToSix, holidays: ['2026-12-25', '02-29'] })).toEqual([])
  })

  test.each([
    ['no open time', { week: {} }, /never opens/],
    ['only empty days', { week: { mon: [] } }, /never opens/],
    ['an unknown zone', { timeZone: 'Europe/Berlim' }, /Europe\/Berlim.*no time zone/],
    ['an hour that does not exist', { week: { mon: [['09:00', '25:00']] } }, /"25:00" is no time of day/],
    ['a time after 24:00', { week: { mon: [['09:00', '24:30']] } }, /"24:30" is no time of day/],
    ['an interval over midnight', { week: { mon: [['22:00', '06:00']] } }, /split it at midnight/],
    [
      'intervals that overlap',
      {
        week: {
          mon: [
            ['09:00', '12:00'],
            ['11:00', '14:00'],
          ],
        },
      },
      /put them in order/,
    ],
    ['a date that does not exist', { holidays: ['2026-02-29'] }, /"2026-02-29" is no date/],
  ] as [string, Partial<Calendar>, RegExp][])('%s', (_, change, text) => {
    expect(
      checkCalendar({ ...nineToSix, ...change })
        .map((problem) => problem.text)
        .join(),
    ).toMatch(text)
  })

  test('and one that holidays close for good fails instead of searching forever', () => {
    const years = Array.from({ length: 366 }, (_, day) =>
      Temporal.PlainDate.from('2024-01-01').add({ days: day }).toString().slice(5),
    )
    expect(() => addOpenTime({ ...nineToSix, holidays: years }, new Date(0), 1)).toThrow(/does not open/)
    expect(() => nextOpen({ ...nineToSix, holidays: years }, new Date(0))).toThrow(/does not open/)
  })
})

function calendarOf(timeZone: string, interval: [string, string], days: (typeof weekdays)[number][]): Calendar {
  return { timeZone, week: Object.fromEntries(days.map((day) => [day, [interval]])), holidays: [] }
}

function at(calendar: Calendar, wallTime: string): Date {
  return new Date(Temporal.PlainDateTime.from(wallTime).toZonedDateTime(calendar.timeZone).epochMilliseconds)
}

function wall(calendar: Calendar, moment: Date): string {
  return Temporal.Instant.fromEpochMilliseconds(moment.getTime())
    .toZonedDateTimeISO(calendar.timeZone)
    .toPlainDateTime()
    .toString()
}
