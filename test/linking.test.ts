import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLinking, type Linking } from '../src/linking.ts'
import { createSecrets } from '../src/secrets.ts'
import { ticketInFull } from '../src/store/in-full.ts'
import { mergeContacts } from '../src/store/merge-contacts.ts'
import { contactOfAddress, ensureMailContact, ensureSlackContact } from '../src/store/people.ts'
import { joinedBy } from '../src/ticket/readers.ts'
import { Refusal, type RefusalCode } from '../src/ticket/refusal.ts'
import { HOUR, startDesk, type TestDesk } from './support/desk.ts'

const MINUTE = 60_000
const secrets = createSecrets('a secret of these tests')
let desk: TestDesk
let linking: Linking
/** Who Ada is when she writes from home: by mail only, so far. */
let adaAtHome: number
let home: string
let homes = 0

beforeAll(async () => {
  desk = await startDesk()
  const { database, clock, woken } = desk
  const queue = { wakeLane: async (_tx: unknown, lane: string) => void woken.push(lane), fetchFile: async () => {} }
  const parts = { database, clock, queue, secrets, triageChannelOf: () => 'CTRIAGE', mailHost: 'desk.example' }
  linking = createLinking(parts)
})
afterAll(() => desk?.end())

beforeEach(async () => {
  await desk.clock.push(2 * HOUR)
  homes += 1
  home = `ada@home${homes}.example`
  adaAtHome = await contact(home)
})

describe('the right code', () => {
  test('makes the other’s tickets and copies hers; comments and the log keep who they name', async () => {
    const theirs = await desk.open({ requesterId: adaAtHome, ccIds: [desk.charles.id] }, { actor: who(adaAtHome) })
    const copied = await desk.open({ requesterId: desk.charles.id, ccIds: [adaAtHome] }, { actor: desk.charles })
    const both = await desk.open(
      { requesterId: desk.charles.id, ccIds: [adaAtHome, desk.ada.id] },
      { actor: desk.charles },
    )
    const herself = await desk.open({ requesterId: adaAtHome, ccIds: [desk.ada.id] }, { actor: who(adaAtHome) })

    await desk.database.query('update contacts set asked_to_rate_at = now() where id = $1', [adaAtHome])
    expect(await link(home)).toEqual({ address: home, tickets: 2 })

    // Who was asked for a rating under one address is not asked again so soon under the other.
    expect(await desk.count('contacts', `id = ${desk.ada.id} and asked_to_rate_at is not null`)).toBe(1)
    expect(await desk.ticket(theirs)).toMatchObject({ requesterId: desk.ada.id, ccIds: [desk.charles.id] })
    expect(await desk.ticket(copied)).toMatchObject({ requesterId: desk.charles.id, ccIds: [desk.ada.id] })
    expect(await desk.ticket(both)).toMatchObject({ requesterId: desk.charles.id, ccIds: [desk.ada.id] })
    expect(await desk.ticket(herself)).toMatchObject({ requesterId: desk.ada.id, ccIds: [] })
    expect(await desk.count('comments', `author_id = ${adaAtHome} and author_kind = 'contact'`)).toBe(2)
    expect(await desk.count('events', `actor_id = ${adaAtHome}`)).toBe(2)
    expect(await desk.count('contacts', `id = ${adaAtHome} and merged_into = ${desk.ada.id}`)).toBe(1)
    // What she writes from either is hers, and she is written to where she always was.
    expect(await contactOfAddress(desk.database, home)).toMatchObject({ id: desk.ada.id, address: 'ada@acme.example' })
    await desk.reply(theirs, {}, { actor: desk.ada })
  })

  test('shows her no more of a ticket that she was added to late: the log still knows when', async () => {
    const ticketId = await desk.open({ requesterId: desk.charles.id, ccIds: [] }, { actor: desk.charles })
    await desk.ask({ type: 'add-cc', ticketId, contactIds: [adaAtHome] })
    await link(home)
    const names = { account: () => null, group: () => 'Support', fileUrl: () => '' }
    const full = await ticketInFull(desk.database, ticketId, names)
    expect(full?.ccs).toMatchObject([{ id: desk.ada.id, formerIds: expect.arrayContaining([adaAtHome]) }])
    expect(full?.events.at(-1)).toMatchObject({ type: 'joined', contactIds: [adaAtHome] })
  })

  test('of somebody who was two already, too', async () => {
    const { database, clock } = desk
    const older = await ensureThird()
    const ticketId = await desk.open({ requesterId: desk.charles.id, ccIds: [] }, { actor: desk.charles })
    await desk.ask({ type: 'add-cc', ticketId, contactIds: [older] })
    await database.transaction((tx) => mergeContacts(tx, older, adaAtHome, clock.now()))
    await link(home)
    const names = { account: () => null, group: () => 'Support', fileUrl: () => '' }
    const full = (await ticketInFull(database, ticketId, names))!
    const [joined] = full.events.filter(({ type }) => type === 'joined')
    expect(joinedBy(full, full.ccs[0]!)).toBe(joined!.id)
    function ensureThird() {
      const sender = { name: 'Ada', address: `ada@third${homes}.example` }
      return database.transaction((tx) => ensureMailContact(tx, sender, null, clock.now()))
    }
  })

  test('sends a mail that waited to both of her addresses once', async () => {
    const ticketId = await desk.open({ requesterId: adaAtHome, ccIds: [desk.ada.id] }, { actor: who(adaAtHome) })
    await desk.ask({ type: 'solve', ticketId })
    const waiting = () =>
      desk.count('outbox', `ticket_id = ${ticketId} and state = 'waiting' and effect->>'template' = 'solved'`)
    expect(await waiting()).toBe(2)
    await link(home)
    expect(await waiting()).toBe(1)
    expect(
      await desk.count(
        'outbox',
        `ticket_id = ${ticketId} and (effect->>'contactId')::bigint = ${adaAtHome} and state = 'waiting'`,
      ),
    ).toBe(0)
  })

  test('makes an address of nobody hers', async () => {
    expect(await link('ada@club.example')).toEqual({ address: 'ada@club.example', tickets: 0 })
    expect((await contactOfAddress(desk.database, 'ada@club.example'))?.id).toBe(desk.ada.id)
  })

  test('works once, whoever sends it how often: ten at once are one', async () => {
    await desk.open({ requesterId: adaAtHome, ccIds: [] }, { actor: who(adaAtHome) })
    const { codeId } = await linking.ask(desk.ada.id, home)
    const code = secrets.linkingCode(codeId)
    const ends = await Promise.all(Array.from({ length: 10 }, () => linking.confirm(desk.ada.id, codeId, code)))
    expect(ends.filter(({ tickets }) => tickets === 1)).toHaveLength(1)
    expect(ends.every(({ address }) => address === home)).toBe(true)
  })

  test('with blanks and a dash, as people copy it, is right', async () => {
    const { codeId } = await linking.ask(desk.ada.id, home)
    const code = secrets.linkingCode(codeId)
    await linking.confirm(desk.ada.id, codeId, ` ${code.slice(0, 3)} - ${code.slice(3)}`)
  })

  test('of somebody else’s asking is none', async () => {
    const { codeId } = await linking.ask(desk.ada.id, home)
    expect(await refusal(linking.confirm(desk.charles.id, codeId, secrets.linkingCode(codeId)))).toBe('code-over')
    expect((await contactOfAddress(desk.database, home))?.id).toBe(adaAtHome)
  })

  test('works for fifteen minutes', async () => {
    const { codeId, until } = await linking.ask(desk.ada.id, home)
    await desk.clock.push(until.getTime() - desk.clock.now().getTime() + 1)
    expect(await refusal(linking.confirm(desk.ada.id, codeId, secrets.linkingCode(codeId)))).toBe('code-over')
    const again = await linking.ask(desk.ada.id, home)
    await desk.clock.push(15 * MINUTE - 1_000)
    await linking.confirm(desk.ada.id, again.codeId, secrets.linkingCode(again.codeId))
  })

  test('does not make two people of Slack one', async () => {
    const slack = { teamId: 'TACME', userId: `U${homes}` }
    const profile = { name: 'Bruno', address: `bruno@home${homes}.example`, locale: null, timeZone: null }
    const bruno = await desk.database.transaction((tx) => ensureSlackContact(tx, slack, profile, desk.clock.now()))
    const { codeId } = await linking.ask(desk.ada.id, profile.address)
    for (let turn = 0; turn < 2; turn++)
      expect(await refusal(linking.confirm(desk.ada.id, codeId, secrets.linkingCode(codeId)))).toBe(
        turn === 0 ? 'address-in-slack' : 'code-over',
      )
    expect((await contactOfAddress(desk.database, profile.address))?.id).toBe(bruno)
  })
})

test('after five wrong tries even the right code works no longer', async () => {
  const { codeId } = await linking.ask(desk.ada.id, home)
  const code = secrets.linkingCode(codeId)
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
  const said: (RefusalCode | undefined)[] = []
  for (let turn = 0; turn < 5; turn++) said.push(await refusal(linking.confirm(desk.ada.id, codeId, wrong)))
  expect(said).toEqual(['code-wrong', 'code-wrong', 'code-wrong', 'code-wrong', 'code-over'])
  expect(await refusal(linking.confirm(desk.ada.id, codeId, code))).toBe('code-over')
})

test('fifty guesses at once are five', async () => {
  const { codeId } = await linking.ask(desk.ada.id, home)
  const guesses = Array.from({ length: 50 }, (_, index) => String(index).padStart(6, '0'))
  await Promise.all(guesses.map((guess) => refusal(linking.confirm(desk.ada.id, codeId, guess))))
  expect(await desk.count('linking_codes', `id = '${codeId}' and tries = 5`)).toBe(1)
})

test('at most five are mailed in an hour, for a person and to an address, also when asked for at once', async () => {
  const asks = Array.from({ length: 8 }, (_, index) => refusal(linking.ask(desk.ada.id, `${index}.${home}`)))
  expect((await Promise.all(asks)).filter((code) => code === 'too-many-codes')).toHaveLength(3)
  await desk.clock.push(HOUR + 1)
  const people = await Promise.all(Array.from({ length: 6 }, (_, index) => contact(`p${index}.${home}`)))
  const said: (RefusalCode | undefined)[] = []
  for (const person of people) said.push(await refusal(linking.ask(person, home)))
  expect(said).toEqual([undefined, undefined, undefined, undefined, undefined, 'too-many-codes'])
  await desk.clock.push(HOUR + 1)
  await linking.ask(desk.ada.id, home)
})

test('an address that is proven hers needs no code', async () => {
  expect(await refusal(linking.ask(desk.ada.id, 'Ada@Acme.example'))).toBe('already-yours')
})

test('neither the code nor anything it could be guessed from is stored', async () => {
  const { codeId } = await linking.ask(desk.ada.id, home)
  const { rows } = await desk.database.query(
    'select l.*, o.* from linking_codes l, outbox o where l.id = $1 and o.key = $2',
    [codeId, `code/${codeId}`],
  )
  expect(rows).toHaveLength(1)
  expect(JSON.stringify({ ...rows[0], id: null, key: null, effect: null, message_id: null })).not.toContain(
    secrets.linkingCode(codeId),
  )
  expect(createSecrets('another secret').linkingCode(codeId)).not.toBe(secrets.linkingCode(codeId))
})

test('codes are six digits, zeros in front too, and spread evenly', () => {
  const codes = Array.from({ length: 20_000 }, (_, index) => secrets.linkingCode(String(index)))
  expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true)
  const withZero = codes.filter((code) => code.startsWith('0')).length
  expect(withZero).toBeGreaterThan(1_700)
  expect(withZero).toBeLessThan(2_300)
})

async function link(address: string) {
  const { codeId } = await linking.ask(desk.ada.id, address)
  return linking.confirm(desk.ada.id, codeId, secrets.linkingCode(codeId))
}

function contact(address: string): Promise<number> {
  return desk.database.transaction((tx) => ensureMailContact(tx, { name: 'Ada', address }, null, desk.clock.now()))
}

function who(id: number) {
  return { kind: 'contact', id } as const
}

async function refusal(work: Promise<unknown>): Promise<RefusalCode | undefined> {
  return work.then(
    () => undefined,
    (error) => {
      if (error instanceof Refusal) return error.code
      throw error
    },
  )
}
