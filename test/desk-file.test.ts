import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readDeskFile } from '../src/desk-file.ts'
import { usualHistory } from '../src/ticket/history.ts'
import { reopenPresets } from '../src/ticket/reopen.ts'
import { accountsOf, routeOf, termsOf, timeZoneOf, triageChannelOf } from '../src/ticket/routing.ts'

const shipped = await readFile('templates/desk.yaml', 'utf8')
const desk = await readDeskFile('templates', { branches: ['technical', 'financial', 'commercial'] })

describe('the shipped desk', () => {
  test('has the five regions of the sources, each with its calendar', () => {
    expect(Object.values(desk.regions).map(({ name }) => name)).toEqual([
      'LATAM (except Brazil)',
      'APAC',
      'Brazil',
      'United States',
      'EMEA',
    ])
    expect(desk.calendars.emea!.week).toEqual({
      mon: [['09:00', '18:00']],
      tue: [['09:00', '18:00']],
      wed: [['09:00', '18:00']],
      thu: [['09:00', '18:00']],
      fri: [['09:00', '18:00']],
    })
  })

  test('has the reopening windows of the sources, 27 hours by default', () => {
    expect(desk.reopenPolicies).toEqual(reopenPresets)
    const solvedAt = new Date('2026-11-20T16:00:00Z')
    const { reopenUntil } = termsOf(desk, 'emea')
    expect(reopenUntil({ solvedAt, lastRequesterCommentAt: null })).toEqual(new Date('2026-11-21T19:00:00Z'))
  })

  test("offers both of Acme's stores to Ada, one to the agency, and to a stranger none", () => {
    const offered = (address: string) => accountsOf(desk, address).map(({ name }) => name)
    expect(offered('Ada@ACME.example')).toEqual(['Acme Berlin', 'Acme São Paulo'])
    expect(offered('livia@agencia.example')).toEqual(['Acme São Paulo'])
    expect(offered('mallory@notacme.example')).toEqual([])
    expect(offered('acme.example')).toEqual([])
  })

  test("routes by the store's region, a commercial request to Sales support, a stranger's mail to the default", () => {
    expect(routeOf(desk, { accountKey: 'acme-berlin', branch: 'technical' })).toEqual({
      regionKey: 'emea',
      groupKey: 'emea',
    })
    expect(routeOf(desk, { accountKey: 'acme-berlin', branch: 'commercial' })).toEqual({
      regionKey: 'emea',
      groupKey: 'sales',
    })
    expect(routeOf(desk, { accountKey: null, branch: null })).toEqual({ regionKey: 'us', groupKey: 'us' })
  })

  test('keeps working for tickets of a region, group or store taken out of the file', () => {
    expect(routeOf(desk, { accountKey: 'constructor', branch: 'gone' })).toEqual({ regionKey: 'us', groupKey: 'us' })
    expect(timeZoneOf(desk, 'gone')).toBe('America/New_York')
    expect(triageChannelOf(desk, 'gone', 'C0123456789')).toBe('C0123456789')
  })
})

test('a desk file from before history was in it has all filters, and solved requests among the active ones (X7, X8)', async () => {
  const own = await readWith(
    'history:\n  filters: [active, open, pending, solved, closed]\n  solvedIsActive: true\n',
    '',
  )
  expect(own).toMatchObject({ history: usualHistory })
  expect(desk.history).toEqual(usualHistory)
})

test('a group with a channel of its own gets its tickets there', async () => {
  const own = await readWith(
    'sales: { name: Sales support }',
    'sales: { name: Sales support, triageChannel: C0SALES4567 }',
  )
  expect(own).toMatchObject({ groups: { sales: { triageChannel: 'C0SALES4567' } } })
})

test('a day may have several intervals, and days of their own', async () => {
  const own = await readWith('mon-fri: [08:00-18:00]', 'mon-thu: [08:00-12:00, 13:00-18:00]\n      sun: [00:00-24:00]')
  expect(own).toHaveProperty('calendars.latam.week.thu', [
    ['08:00', '12:00'],
    ['13:00', '18:00'],
  ])
  expect(own).toHaveProperty('calendars.latam.week.sun', [['00:00', '24:00']])
  expect(own).not.toHaveProperty('calendars.latam.week.fri')
})

test('a store has a name; only the choice of who finds theirs in no list may do without', async () => {
  const nameless = await readWith('name: Acme Berlin', 'whenUnknown: false')
  expect(String(nameless)).toContain('write its name; only an account with whenUnknown: true can do without')
  expect(desk.accounts.unlisted).toMatchObject({ whenUnknown: true })
  expect(desk.accounts.unlisted?.name).toBeUndefined()
})

describe('a mistake is named with its line, its place and what to do', () => {
  test.each([
    [
      'an unknown calendar',
      'calendar: emea,',
      'calendar: emae,',
      'regions.emea.calendar is "emae", which is not under calendars: did you mean "emea"?',
    ],
    [
      'an unknown policy',
      'calendar: us, reopenPolicy: vtex,',
      'calendar: us, reopenPolicy: forever,',
      'regions.us.reopenPolicy is "forever", which is not under reopenPolicies: use one of vtex, vtex-es, bold, or add it there',
    ],
    [
      'an unknown group',
      'commercial: sales',
      'commercial: salse',
      'branches.commercial is "salse", which is not under groups: did you mean "sales"?',
    ],
    [
      'an unknown branch',
      'commercial: sales',
      'comercial: sales',
      'branches.comercial is no branch of the form: did you mean "commercial"?',
    ],
    [
      'an unknown region',
      'defaultRegion: us',
      'defaultRegion: usa',
      'defaultRegion is "usa", which is not under regions: did you mean "us"?',
    ],
    ['an unknown setting', 'company: VTEX', 'compny: VTEX', 'compny is no setting: correct it or take it out'],
    [
      'an unknown zone',
      'timeZone: Europe/Berlin',
      'timeZone: Europe/Berlim',
      'calendars.emea.timeZone "Europe/Berlim" is no time zone',
    ],
    [
      'an interval of another shape',
      'mon-fri: [08:00-18:00]',
      'mon-fri: [8-18]',
      'calendars.latam.week.mon-fri.0 is wrong: write an interval as 09:00-18:00',
    ],
    [
      'a time that does not exist',
      'mon-fri: [08:00-18:00]',
      'mon-fri: [08:00-25:00]',
      'calendars.latam.week.mon-fri.0 "25:00" is no time of day',
    ],
    [
      'a day that does not exist',
      'mon-fri: [08:00-18:00]',
      'mon-fry: [08:00-18:00]',
      'calendars.latam.week.mon-fry is no day',
    ],
    [
      'a day given twice',
      'mon-fri: [08:00-18:00]',
      'mon-fri: [08:00-18:00]\n      wed: [08:00-12:00]',
      'calendars.latam.week.wed gives wed again, after mon-fri',
    ],
    ['a calendar that never opens', 'mon-fri: [08:00-18:00]', 'mon-fri: []', 'calendars.latam.week never opens'],
    ['a date that does not exist', '"2028-11-23"', '"2028-11-32"', 'calendars.us.holidays.6 "2028-11-32" is no date'],
    ['a window of nothing', 'amount: 5', 'amount: 0', 'reopenPolicies.bold.amount is wrong: write a number above 0'],
    [
      'half a day',
      'amount: 5',
      'amount: 0.5',
      'reopenPolicies.bold.amount is wrong: write a whole number of days, or use hours',
    ],
    [
      'a status that is none',
      'filters: [active, open, pending, solved, closed]',
      'filters: [open, new]',
      'history.filters.1 is wrong: write only active, open, pending, solved, closed',
    ],
    [
      'a filter twice',
      'filters: [active, open, pending, solved, closed]',
      'filters: [open, open]',
      'history.filters is wrong: name each once',
    ],
    [
      'a word that is neither yes nor no',
      'solvedIsActive: true',
      'solvedIsActive: maybe',
      'history.solvedIsActive is wrong: write true or false',
    ],
    [
      'a channel by name',
      '{ name: Support EMEA }',
      '{ name: Support EMEA, triageChannel: "#emea" }',
      "groups.emea.triageChannel is wrong: write the channel's id",
    ],
    [
      'a domain everybody has',
      'members: [livia@agencia.example]',
      'members: []\n  cheap:\n    name: Cheap\n    region: us\n    domains: [Gmail.com]',
      'accounts.cheap.domains.0 is wrong: everybody can have an address there',
    ],
    [
      'a member without an address',
      'livia@agencia.example',
      'livia',
      'accounts.acme-sao-paulo.members.0 is wrong: write an address',
    ],
  ])('%s', async (_, before, after, problem) => {
    const changed = shipped.replace(before, after)
    const key = problem
      .split(' ')[0]!
      .split('.')
      .findLast((part) => !/^\d+$/.test(part))!
    const { message } = (await readWith(before, after)) as Error
    expect(message).toContain(`desk.yaml:${lineWith(changed, after, key)} ${problem}`)
  })

  test('two mistakes are told at once', async () => {
    const changed = shipped
      .replace('timeZone: America/Bogota', 'timeZone: Bogota')
      .replace('commercial: sales', 'commercial: x')
    expect(((await readText(changed)) as Error).message.split('\n')).toHaveLength(2)
  })

  test('what is not YAML', async () => {
    expect(((await readText('company: [VTEX')) as Error).message).toMatch(/desk\.yaml:1 is not YAML/)
    expect(((await readText('company: A\ncompany: B')) as Error).message).toMatch(
      /desk\.yaml:2 is not YAML: Map keys must be unique/,
    )
    expect(((await readText('')) as Error).message).toMatch(/desk\.yaml:1 the file is wrong/)
  })

  test('a file that is not there', async () => {
    await expect(readDeskFile('/nowhere')).rejects.toThrow(
      '/nowhere/desk.yaml is missing: restore it, or correct TEMPLATES_DIR',
    )
  })
})

/** The line of the file that the key of a changed place stands on. */
function lineWith(text: string, after: string, key: string): number {
  const start = text.indexOf(after)
  const inside = after.lastIndexOf(`${key}:`)
  const at = inside >= 0 ? start + inside : text.lastIndexOf(`${key}:`, start + after.length)
  return text.slice(0, at).split('\n').length
}

function readWith(before: string, after: string): Promise<unknown> {
  expect(shipped).toContain(before)
  return readText(shipped.replace(before, after))
}

async function readText(text: string): Promise<unknown> {
  const dir = await mkdtemp(join(tmpdir(), 'desk-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  await writeFile(join(dir, 'desk.yaml'), text)
  return readDeskFile(dir, { branches: ['technical', 'financial', 'commercial'] }).catch((error) => error)
}
