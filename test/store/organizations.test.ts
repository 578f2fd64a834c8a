import { afterAll, beforeAll, expect, test } from 'vitest'
import { isPublicDomain } from '../../src/public-domains.ts'
import {
  DomainTaken,
  grant,
  lastGrant,
  managedOrganizations,
  membersOf,
  organization,
} from '../../src/store/organizations.ts'
import { ensureMailContact, ensureSlackContact, linkAddress } from '../../src/store/people.ts'
import { said, startDesk, type TestDesk } from '../support/desk.ts'

// Kim (Slack) and Lee (mail alone) work at agency.example; Ada and her ticket are of acme.example.
let world: TestDesk
let kim: number
let lee: number
let adas: number
let acme: number
const both = ['acme.example', 'agency.example']

beforeAll(async () => {
  world = await startDesk()
  const now = world.clock.now()
  await world.database.transaction(async (tx) => {
    const profile = { name: 'Kim', address: 'kim@agency.example', locale: null, timeZone: null }
    kim = await ensureSlackContact(tx, { teamId: 'TACME', userId: 'UKIM' }, profile, now)
    lee = await ensureMailContact(tx, { name: 'Lee', address: 'lee@agency.example' }, null, now)
  })
  adas = await world.open()
})
afterAll(() => world?.end())

const give = (id: number | null, access: 'all' | 'named' | 'none', members: string[], source: string, domains = both) =>
  world.database.transaction((tx) =>
    grant(
      tx,
      id,
      { name: 'Acme & Agency', access, domains, members },
      { agentId: world.kofi.id, ticketId: null, source, at: world.clock.now() },
    ),
  )
const as = (contactId: number) => ({ actor: { kind: 'contact' as const, id: contactId } })
const solve = (contactId: number) => world.ask({ type: 'solve', ticketId: adas }, as(contactId))
const manages = async (contactId: number) => (await managedOrganizations(world.database, contactId)).map(({ id }) => id)

test('nobody manages a colleague’s request before it is granted (CLI-08)', async () => {
  await expect(solve(kim)).rejects.toMatchObject({ code: 'not-yours' })
})

test('all with a proven address do once it is; a mail address proves nothing (CLI-07, CLI-08)', async () => {
  acme = await give(null, 'all', [], 'grant/1')
  expect([await manages(kim), await manages(lee)]).toEqual([[acme], []])
  await expect(solve(lee)).rejects.toMatchObject({ code: 'not-yours' })
  expect((await solve(kim)).events.map(({ type }) => type)).toEqual(['solved'])
  expect((await membersOf(world.database, [acme])).sort()).toEqual([world.ada.id, world.charles.id, kim, lee].sort())
})

test('a manager’s words reopen it, and make them a CC who is told of what follows', async () => {
  const { events } = await world.reply(adas, { comment: said('Not yet.') }, as(kim))
  expect(events.map(({ type }) => type)).toEqual(['joined', 'reopened', 'replied'])
  expect((await world.ticket(adas)).ccIds).toContain(kim)
})

test('of named ones only they do, from the moment their address is proven', async () => {
  await give(acme, 'named', ['lee@agency.example'], 'grant/2')
  expect([await manages(kim), await manages(lee)]).toEqual([[], []])
  await world.database.transaction((tx) => linkAddress(tx, 'lee@agency.example', lee, world.clock.now()))
  expect(await manages(lee)).toEqual([acme])
})

test('the same submission twice grants once; who granted what and when is kept, and revoking is a grant too', async () => {
  expect(await give(acme, 'none', ['lee@agency.example'], 'grant/3')).toBe(acme)
  expect(await give(null, 'all', [], 'grant/3')).toBe(acme)
  expect(await organization(world.database, acme)).toMatchObject({ access: 'none', domains: both })
  expect(await manages(lee)).toEqual([])
  expect(await lastGrant(world.database, acme)).toEqual({ agent: 'Kofi', at: expect.any(Date) })
  const { rows } = await world.database.query('select granted from organization_grants order by id')
  expect(rows.map(({ granted }) => granted.access)).toEqual(['all', 'named', 'none'])
})

test('a domain is one organisation’s: a second one is refused with nothing changed', async () => {
  await expect(give(null, 'all', [], 'grant/4', ['new.example', 'acme.example'])).rejects.toThrow(DomainTaken)
  expect(await world.count('organizations')).toBe(1)
})

test('a request that a lying mail opened in somebody’s name is no colleague’s to manage', async () => {
  await give(acme, 'all', [], 'grant/5')
  const lie = await world.open({ comment: { ...said('Give me all.'), proof: 'failed' } }, { actor: world.ada })
  await expect(world.ask({ type: 'solve', ticketId: lie }, as(kim))).rejects.toMatchObject({ code: 'not-yours' })
})

test('a mail provider’s domain is everybody’s, so it is no organisation’s', () => {
  for (const domain of ['gmail.com', 'uol.com.br', 'gmx.de', 'proton.me', 'fastmail.com', 'mailinator.com'])
    expect(isPublicDomain(domain)).toBe(true)
  for (const domain of ['example.com', 'acme.example', 'vtex.com', 'microsoft.com'])
    expect(isPublicDomain(domain)).toBe(false)
})
