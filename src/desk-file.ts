import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { deskFileShape, type WrittenDeskFile } from './desk-file-shape.ts'
import type { DeskFile } from './ticket/routing.ts'
import { type Calendar, checkCalendar, type Weekday, weekdays } from './ticket/schedule.ts'
import { lineOf, type Place } from './yaml-place.ts'

/**
 * `<dir>/desk.yaml`, checked. Throws a DeskFileError that lists every problem at once, each with file, line, path and
 * what to do: a typing error found at the start is a typing error, found on Friday night it is a lost ticket.
 * `branches`: the branches of the form, so that a group for one that does not exist is found too.
 */
export async function readDeskFile(dir: string, options: { branches?: string[] } = {}): Promise<DeskFile> {
  const file = join(dir, 'desk.yaml')
  const text = await readFile(file, 'utf8').catch((cause) => {
    const why = cause.code === 'ENOENT' ? 'is missing: restore it, or correct TEMPLATES_DIR' : cause.message
    throw new DeskFileError([`${file} ${why}`])
  })
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  if (document.errors.length > 0) {
    throw new DeskFileError(
      document.errors.map(
        ({ message, linePos }) => `${file}:${linePos?.[0].line ?? 1} is not YAML: ${message.split('\n')[0]}`,
      ),
    )
  }
  const say = ({ path, text: what }: Trouble) =>
    `${file}:${lineOf(document, lines, path)} ${path.join('.') || 'the file'} ${what}`
  const read = deskFileShape.safeParse(document.toJS())
  if (!read.success) throw new DeskFileError(read.error.issues.flatMap(troubleWith).map(say))
  const desk = deskFrom(read.data)
  const troubles = [...checkCalendars(read.data, desk), ...checkReferences(read.data, options.branches)]
  if (troubles.length > 0) throw new DeskFileError(troubles.map(say))
  return desk
}

/** A desk file that cannot be used; the message has one line for each problem. */
export class DeskFileError extends Error {
  readonly problems: string[]

  constructor(problems: string[]) {
    super(problems.join('\n'))
    this.name = 'DeskFileError'
    this.problems = problems
  }
}

type Trouble = { path: Place; text: string }

function troubleWith(issue: { code: string; path: PropertyKey[]; message: string; keys?: string[] }): Trouble[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
  if (issue.code !== 'unrecognized_keys') return [{ path, text: `is wrong: ${issue.message}` }]
  return (issue.keys ?? []).map((key) => ({ path: [...path, key], text: 'is no setting: correct it or take it out' }))
}

function deskFrom({ calendars, accounts, ...rest }: WrittenDeskFile): DeskFile {
  return {
    ...rest,
    calendars: Object.fromEntries(Object.entries(calendars).map(([key, one]) => [key, calendarFrom(one)])),
    accounts: Object.fromEntries(
      Object.entries(accounts).map(([key, one]) => [
        key,
        {
          ...one,
          domains: one.domains.map((domain) => domain.toLowerCase().replace(/^@/, '')),
          members: one.members.map((member) => member.toLowerCase()),
          registered: one.registered.map((address) => address.toLowerCase()),
        },
      ]),
    ),
  }
}

function calendarFrom(written: WrittenDeskFile['calendars'][string]): Calendar {
  const week: Calendar['week'] = {}
  for (const [days, intervals] of Object.entries(written.week)) {
    for (const day of daysOf(days)) {
      week[day] = intervals.map((interval) => interval.split('-') as [string, string])
    }
  }
  return { timeZone: written.timeZone, week, holidays: written.holidays }
}

/** The weekdays a key such as `mon-fri` or `sat` means; none when it means nothing. */
function daysOf(key: string): readonly Weekday[] {
  const [first, last = first] = key.split('-').map((day) => weekdays.indexOf(day as Weekday))
  return first === undefined || first < 0 || last! < 0 ? [] : weekdays.slice(first, last! + 1)
}

function checkCalendars(written: WrittenDeskFile, desk: DeskFile): Trouble[] {
  return Object.entries(written.calendars).flatMap(([key, { week }]) => {
    const path: Place = ['calendars', key]
    const given = new Map<Weekday, string>()
    const troubles: Trouble[] = []
    for (const days of Object.keys(week)) {
      if (daysOf(days).length === 0) {
        const text = 'is no day: write mon, tue, wed, thu, fri, sat, sun, or two of them as mon-fri'
        troubles.push({ path: [...path, 'week', days], text })
      }
      for (const day of daysOf(days)) {
        const before = given.get(day)
        if (before)
          troubles.push({ path: [...path, 'week', days], text: `gives ${day} again, after ${before}: give it once` })
        given.set(day, days)
      }
    }
    // The same wrong interval would be told for each day of mon-fri.
    const told = new Set<string>()
    for (const problem of troubles.length > 0 ? [] : checkCalendar(desk.calendars[key]!)) {
      const place = problem.path.map((part) => given.get(part as Weekday) ?? part)
      if (!told.has(place.join())) troubles.push({ path: [...path, ...place], text: problem.text })
      told.add(place.join())
    }
    return troubles
  })
}

/** Every name that stands for something elsewhere in the file stands for something that is there. */
function checkReferences(desk: WrittenDeskFile, branches: string[] | undefined): Trouble[] {
  const troubles: Trouble[] = []
  refer(['defaultRegion'], desk.defaultRegion, 'regions')
  for (const [key, region] of Object.entries(desk.regions)) {
    refer(['regions', key, 'calendar'], region.calendar, 'calendars')
    refer(['regions', key, 'reopenPolicy'], region.reopenPolicy, 'reopenPolicies')
    refer(['regions', key, 'group'], region.group, 'groups')
  }
  for (const [key, mailbox] of Object.entries(desk.mailboxes))
    refer(['mailboxes', key, 'group'], mailbox.group, 'groups')
  for (const [key, account] of Object.entries(desk.accounts))
    refer(['accounts', key, 'region'], account.region, 'regions')
  for (const [key, group] of Object.entries(desk.branches)) {
    refer(['branches', key], group, 'groups')
    if (branches && !branches.includes(key)) {
      troubles.push({ path: ['branches', key], text: `is no branch of the form${nearMiss(key, branches)}` })
    }
  }
  return troubles

  function refer(path: Place, name: string, to: 'regions' | 'calendars' | 'reopenPolicies' | 'groups'): void {
    const names = Object.keys(desk[to])
    if (!names.includes(name))
      troubles.push({ path, text: `is "${name}", which is not under ${to}${nearMiss(name, names)}` })
  }
}

/** What to do about a name that is not known: the one that was probably meant, or all there are. */
function nearMiss(name: string, names: string[]): string {
  const near = names
    .filter((one) => changes(one, name) <= name.length / 2)
    .sort((a, b) => changes(a, name) - changes(b, name))[0]
  return near ? `: did you mean "${near}"?` : `: use one of ${names.join(', ')}, or add it there`
}

/** Letters to add, take out or change to make `a` of `b` (Levenshtein 1966). */
function changes(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}
