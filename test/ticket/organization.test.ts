import { describe, expect, test } from 'vitest'
import { decide } from '../../src/ticket/decide.ts'
import { managesOrganization, readDomains } from '../../src/ticket/organization.ts'
import {
  ada,
  ask,
  charles,
  kofi,
  mallory,
  minutesLater,
  refusalOf,
  solved,
  terms,
  ticketAfter,
} from '../support/given.ts'

const acme = { name: 'Acme', domains: ['acme.example', 'acme.test'], access: 'all' as const, members: [] }

describe('who manages the requests of an organisation (CLI-07, CLI-08)', () => {
  test.each([
    ['a proven address at a domain, all granted', acme, [{ address: 'Kim@Acme.test', isProven: true }], true],
    ['a claimed address at a domain, all granted', acme, [{ address: 'kim@acme.test', isProven: false }], false],
    ['a proven address elsewhere', acme, [{ address: 'kim@home.example', isProven: true }], false],
    ['a proven address at a subdomain', acme, [{ address: 'kim@x.acme.example', isProven: true }], false],
    ['a local part that looks like one', acme, [{ address: 'kim@acme.example@evil.example', isProven: true }], false],
    [
      'a named address, proven, also at no domain of theirs',
      { ...acme, access: 'named' as const, members: ['lee@free.example'] },
      [{ address: 'lee@free.example', isProven: true }],
      true,
    ],
    [
      'a colleague of the named one',
      { ...acme, access: 'named' as const, members: ['kim@acme.example'] },
      [{ address: 'max@acme.example', isProven: true }],
      false,
    ],
    [
      'a named address, only claimed',
      { ...acme, access: 'named' as const, members: ['kim@acme.example'] },
      [{ address: 'kim@acme.example', isProven: false }],
      false,
    ],
    [
      'anybody, once it is revoked',
      { ...acme, access: 'none' as const, members: ['kim@acme.example'] },
      [{ address: 'kim@acme.example', isProven: true }],
      false,
    ],
  ])('%s', (_, organization, addresses, manages) => {
    expect(managesOrganization(organization, addresses)).toBe(manages)
  })
})

describe('what a manager may do on a colleague’s request (CLI-07)', () => {
  const asked = (what: object, ...happened: Parameters<typeof ticketAfter>) => {
    const ticket = ticketAfter(...happened)
    const command = { ticketId: ticket.id, via: 'slack', source: 'test', actor: mallory, ...what } as never
    return (isManager: boolean) => decide(ticket, command, terms, minutesLater(1), [], { isManager })
  }

  test('reply, and is a CC from those words on', () => {
    const reply = asked({ ...ask.reply(), actor: mallory })
    expect(reply(true)).toMatchObject([{ type: 'joined', acceptedBy: null, actor: mallory }, { type: 'replied' }])
    expect(refusalOf(() => reply(false))).toBe('not-yours')
  })

  test('solve and reopen', () => {
    expect(asked(ask.solve)(true)).toMatchObject([{ type: 'solved' }])
    expect(asked(ask.reopen(), solved)(true)).toMatchObject([{ type: 'reopened' }])
    expect(refusalOf(() => asked(ask.solve)(false))).toBe('not-yours')
    expect(refusalOf(() => asked(ask.reopen(), solved)(false))).toBe('not-yours')
  })

  test('not rate, describe, or do what agents do', () => {
    for (const what of [
      { ...ask.rate(5), actor: mallory },
      { type: 'describe', answers: {} },
      ask.answer(),
      { type: 'note', comment: ask.reply().comment },
      { type: 'assign', agentId: kofi.id, expected: null },
      { type: 'pend' },
      { type: 'add-cc', contactIds: [mallory.id] },
      { type: 'remove-cc', contactIds: [charles.id] },
      { type: 'close', dueAt: minutesLater(1) },
    ])
      expect(refusalOf(() => asked(what, solved)(true))).toMatch(/not-yours|agents-only/)
  })

  test('the right is a client’s: time and staff gain nothing by it', () => {
    expect(refusalOf(() => asked({ ...ask.reply(), actor: kofi })(true))).toBe('agents-only')
    expect(asked({ ...ask.reply(), actor: ada })(true)).toMatchObject([{ type: 'replied' }])
  })
})

test('domains are read as people write them (CLI-09)', () => {
  expect(readDomains('@Example.com, shop.example.com;\nkim@agência.example  @example.com')).toEqual({
    domains: ['example.com', 'shop.example.com', 'agência.example'],
    bad: [],
  })
  expect(readDomains('@ example -a.example 10.0.0.1 a..b @*.example.com').bad).toEqual([
    '@',
    'example',
    '-a.example',
    '10.0.0.1',
    'a..b',
    '@*.example.com',
  ])
})
