import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { draftOf, finishDraft, saveDraft, unfinishedDraft } from '../../src/store/drafts.ts'
import {
  contactOfAddress,
  contactOfSlackUser,
  ensureMailContact,
  ensureSlackContact,
  people,
} from '../../src/store/people.ts'
import { startDesk, type TestDesk } from '../support/desk.ts'

let desk: TestDesk
beforeAll(async () => {
  desk = await startDesk()
})
afterAll(() => desk.end())

const slack = (userId: string, address: string | null) =>
  desk.database.transaction((tx) =>
    ensureSlackContact(
      tx,
      { teamId: 'T1', userId },
      { name: 'Grace', address, locale: 'en', timeZone: null },
      new Date(),
    ),
  )
const mail = (address: string) =>
  desk.database.transaction((tx) => ensureMailContact(tx, { name: 'Grace', address }, null, new Date()))

test('who writes a mail and clicks in Slack for the first time at the same moment is one person', async () => {
  for (let i = 0; i < 10; i++) {
    const address = `Grace${i}@Acme.example`
    const ids = await Promise.all([
      slack(`U${i}`, address),
      mail(address),
      slack(`U${i}`, address),
      mail(address.toUpperCase()),
    ])
    expect(new Set(ids).size).toBe(1)
    const [person] = await people(desk.database, ids)
    expect(person).toMatchObject({ address: address.toLowerCase(), slack: { teamId: 'T1', userId: `U${i}` } })
  }
})

test('the same user id in two workspaces is two people', async () => {
  const here = await slack('UTWIN', null)
  const there = await desk.database.transaction((tx) =>
    ensureSlackContact(
      tx,
      { teamId: 'T2', userId: 'UTWIN' },
      { name: 'Other', address: null, locale: null, timeZone: null },
      new Date(),
    ),
  )
  expect(here).not.toBe(there)
  expect((await contactOfSlackUser(desk.database, { teamId: 'T2', userId: 'UTWIN' }))?.id).toBe(there)
})

test('an address that no column takes is found again under what is left of it', async () => {
  const id = await mail('gr\u0000ace@evil.example')
  expect((await contactOfAddress(desk.database, 'grace@evil.example'))?.id).toBe(id)
  expect((await contactOfAddress(desk.database, 'GR\u0000ace@evil.example'))?.id).toBe(id)
})

test('a draft is one per person, theirs alone, and keeps what was typed whatever the characters', async () => {
  const user = { teamId: 'T1', userId: 'UDRAFT' }
  const open = () =>
    unfinishedDraft(desk.database, user, { id: randomUUID(), page: 'one', answers: {}, formVersion: 'v1' }, new Date())
  const [first, second] = await Promise.all([open(), open()])
  expect(first.id).toBe(second.id)
  await saveDraft(desk.database, { ...first, page: 'two', answers: { steps: 'a\u0000b \ud83d' } }, new Date())
  expect(await draftOf(desk.database, user, first.id)).toMatchObject({ page: 'two', answers: { steps: 'ab \ufffd' } })
  for (const userId of ['UOTHER', 'udraft'])
    expect(await draftOf(desk.database, { ...user, userId }, first.id)).toBeNull()
  for (const id of ['', '1', "' or true", `${first.id}0`]) expect(await draftOf(desk.database, user, id)).toBeNull()
})

test('a draft that was sent is not typed into any more, and the next one is new', async () => {
  const user = { teamId: 'T1', userId: 'USENT' }
  const open = () =>
    unfinishedDraft(desk.database, user, { id: randomUUID(), page: 'one', answers: {}, formVersion: 'v1' }, new Date())
  const sent = await open()
  const ticketId = await desk.open()
  await desk.database.transaction((tx) => finishDraft(tx, sent.id, ticketId, new Date()))
  await saveDraft(desk.database, { ...sent, page: 'two', answers: { steps: 'late' } }, new Date())
  expect(await draftOf(desk.database, user, sent.id)).toEqual({ ...sent, ticketId })
  expect((await open()).id).not.toBe(sent.id)
})

test('a draft that nobody touched for a month is gone, whoever opens a form next; one that was sent stays', async () => {
  const open = (userId: string, at: string) =>
    unfinishedDraft(
      desk.database,
      { teamId: 'T1', userId },
      { id: randomUUID(), page: 'one', answers: {}, formVersion: 'v1' },
      new Date(at),
    )
  const kept = async ({ id }: { id: string }, userId: string) =>
    (await draftOf(desk.database, { teamId: 'T1', userId }, id)) !== null
  const [old, sent, recent] = [
    await open('UOLD', '2026-01-01T00:00:00Z'),
    await open('USENDER', '2026-01-01T00:00:00Z'),
    await open('URECENT', '2026-01-02T00:00:00Z'),
  ]
  const ticketId = await desk.open()
  await desk.database.transaction((tx) => finishDraft(tx, sent.id, ticketId, new Date('2026-01-01T00:00:00Z')))
  await open('UNEXT', '2026-01-31T12:00:00Z')
  expect([await kept(old, 'UOLD'), await kept(sent, 'USENDER'), await kept(recent, 'URECENT')]).toEqual([
    false,
    true,
    true,
  ])
})
