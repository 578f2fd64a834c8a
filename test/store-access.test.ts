import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readDeskFile } from '../src/desk-file.ts'
import { createLinking, type Linking } from '../src/linking.ts'
import { codesProblem } from '../src/mailed-code.ts'
import { createSecrets } from '../src/secrets.ts'
import { ensureMailContact, people } from '../src/store/people.ts'
import { createStoreAccess, type StoreAccess } from '../src/store-access.ts'
import { accountChoices, isNotListed, storesOf } from '../src/ticket/routing.ts'
import { HOUR, startDesk, type TestDesk } from './support/desk.ts'

const MINUTE = 60_000
const STORE = 'loja@acme-sp.example'
const secrets = createSecrets('a secret of these tests')
const deskFile = await readDeskFile('templates')
let desk: TestDesk
let access: StoreAccess
let linking: Linking
let mallory: number

beforeAll(async () => {
  desk = await startDesk()
  const { database, clock, woken } = desk
  const queue = { wakeLane: async (_tx: unknown, lane: string) => void woken.push(lane), fetchFile: async () => {} }
  const parts = { database, clock, queue, secrets, triageChannelOf: () => 'CTRIAGE', mailHost: 'desk.example' }
  access = createStoreAccess(parts)
  linking = createLinking(parts)
  mallory = await database.transaction((tx) =>
    ensureMailContact(tx, { name: 'Mallory', address: 'mallory@evil.example' }, null, clock.now()),
  )
})
afterAll(() => desk?.end())
beforeEach(() => desk.clock.push(2 * HOUR))

const opened = async (contactId: number) =>
  (await people(desk.database, [contactId]))[0]!.storeAddresses!.flatMap((address) => storesOf(deskFile, address))
const wrong = (codeId: string) => (secrets.linkingCode(codeId) === '111111' ? '222222' : '111111')

describe('access to a store by a mailed code (AUT-03)', () => {
  test('the right code opens the store to several people, and takes nothing from anybody', async () => {
    for (const { id } of [desk.charles, desk.ada]) {
      const { codeId } = await access.ask(id, 'Loja@ACME-sp.example')
      expect(await access.confirm(id, codeId, ` ${secrets.linkingCode(codeId)} `)).toEqual({ address: STORE })
      expect((await opened(id)).map(({ key }) => key)).toContain('acme-sao-paulo')
    }
    expect(await desk.count('contact_addresses', `address = '${STORE}'`)).toBe(0)
    expect(await desk.count('contacts', 'merged_into is not null')).toBe(0)
  })

  test('is good for once, for who asked, for what was asked, and for fifteen minutes', async () => {
    const { codeId, until } = await access.ask(desk.ada.id, STORE)
    const code = secrets.linkingCode(codeId)
    expect(Math.round((until.getTime() - desk.clock.now().getTime()) / MINUTE)).toBe(15)
    await expect(access.confirm(desk.charles.id, codeId, code)).rejects.toMatchObject({ code: 'access-code-over' })
    await expect(linking.confirm(desk.ada.id, codeId, code)).rejects.toMatchObject({ code: 'code-over' })
    await desk.clock.push(15 * MINUTE + 1)
    await expect(access.confirm(desk.ada.id, codeId, code)).rejects.toMatchObject({ code: 'access-code-over' })
    const own = await linking.ask(desk.ada.id, 'ada@club.example')
    await expect(access.confirm(desk.ada.id, own.codeId, secrets.linkingCode(own.codeId))).rejects.toMatchObject({
      code: 'access-code-over',
    })
  })

  test('the same right answer sent twice is right twice', async () => {
    const { codeId } = await access.ask(desk.ada.id, STORE)
    const code = secrets.linkingCode(codeId)
    expect([await access.confirm(desk.ada.id, codeId, code), await access.confirm(desk.ada.id, codeId, code)]).toEqual([
      { address: STORE },
      { address: STORE },
    ])
  })

  test('five wrong tries, in a row or at once, end it', async () => {
    const { codeId } = await access.ask(desk.ada.id, STORE)
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => access.confirm(desk.ada.id, codeId, wrong(codeId))),
    )
    const codes = tries.map((each) => each.status === 'rejected' && each.reason.code)
    expect(codes.filter((code) => code === 'code-wrong')).toHaveLength(4)
    await expect(access.confirm(desk.ada.id, codeId, secrets.linkingCode(codeId))).rejects.toMatchObject({
      code: 'access-code-over',
    })
  })

  test('a known and an unknown address are answered alike, by the same work (W5, W6)', async () => {
    const work = async (address: string) => {
      const before = desk.woken.length
      const { codeId, until } = await access.ask(desk.ada.id, address)
      const { rows } = await desk.database.query('select kind, lane, state from outbox where key = $1', [
        `code/${codeId}`,
      ])
      const inMinutes = Math.round((until.getTime() - desk.clock.now().getTime()) / MINUTE)
      return { inMinutes, rows, woken: desk.woken.slice(before) }
    }
    expect(await work(STORE)).toEqual(await work('nobody@nowhere.example'))
  })
})

describe('how many codes are mailed an hour (W5)', () => {
  test('five to a person, five to an address, whatever they are for', async () => {
    for (let turn = 0; turn < 3; turn++) await access.ask(desk.ada.id, `a${turn}@one.example`)
    for (let turn = 0; turn < 2; turn++) await linking.ask(desk.ada.id, `b${turn}@one.example`)
    await expect(access.ask(desk.ada.id, STORE)).rejects.toMatchObject({ code: 'too-many-codes' })
    await desk.clock.push(2 * HOUR)
    for (let turn = 0; turn < 5; turn++) await access.ask([desk.ada, desk.charles][turn % 2]!.id, STORE)
    await expect(access.ask(mallory, STORE)).rejects.toMatchObject({ code: 'too-many-codes' })
    await expect(access.ask(mallory, 'loja+1@acme-sp.example')).rejects.toMatchObject({
      code: 'too-many-codes',
    })
    await desk.clock.push(HOUR + 1)
    await access.ask(desk.charles.id, STORE)
  })

  test('whoever asks for many uses up nobody else’s: not to that mailbox, not of the whole desk', async () => {
    const said: (string | undefined)[] = []
    for (let turn = 0; turn < 4; turn++) said.push(await refusal(access.ask(mallory, `loja+${turn}@acme-sp.example`)))
    expect(said).toEqual([undefined, undefined, undefined, 'too-many-codes'])
    await access.ask(desk.ada.id, STORE)
    await access.ask(desk.ada.id, STORE)
    await desk.clock.push(HOUR + 1)
    // Sixty people with five codes each were all there were for everybody.
    await askedBefore(300, `n || '@many' || n || '.example'`)
    await access.ask(desk.ada.id, STORE)
  })

  test('what is asked for on a page, where anybody may be, leaves its owner what they can ask for in Slack', async () => {
    for (let turn = 0; turn < 4; turn++) await linking.askBoth(desk.ada.id, `p${turn}@page.example`)
    expect(await desk.count('linking_codes', `contact_id = ${desk.ada.id} and purpose = 'page'`)).toBeGreaterThan(4)
    await linking.ask(desk.ada.id, 'ada@page.example')
    for (let turn = 0; turn < 2; turn++) await access.ask(desk.ada.id, 'ada@acme.example')
  })

  test('sixty to a company’s domain, which is told to agents once; other domains and a provider’s go on', async () => {
    await askedBefore(60, `n || '@victim.example'`)
    for (const name of ['a', 'b'])
      expect(await refusal(access.ask(desk.ada.id, `${name}@victim.example`))).toBe('no-codes-now')
    expect(await alarms()).toEqual([{ about: 'codes-to-domain', address: 'victim.example' }])
    await access.ask(desk.ada.id, STORE)
    await askedBefore(60, `n || '@gmail.com'`)
    await linking.ask(desk.ada.id, 'ada.of.acme@gmail.com')
    await desk.clock.push(HOUR + 1)
    await access.ask(desk.ada.id, 'a@victim.example')
  })

  test('three thousand by everybody together: agents are told, and the operator', async () => {
    expect(await codesProblem(desk)).toBe(null)
    await askedBefore(3_000, `n || '@many' || n || '.example'`)
    expect(await refusal(access.ask(desk.ada.id, STORE))).toBe('no-codes-now')
    expect(await alarms()).toContainEqual({ about: 'codes-of-all', address: '' })
    expect(await codesProblem(desk)).toContain('3000 codes were asked for within an hour')
    await desk.clock.push(HOUR + 1)
    expect(await codesProblem(desk)).toBe(null)
    await access.ask(desk.ada.id, STORE)
  })

  /** Codes that Charles, who stands for many, asked for this minute; `address` in SQL, of `n`. */
  async function askedBefore(count: number, address: string): Promise<void> {
    await desk.database.query(
      `insert into linking_codes (contact_id, address, asked_at, expires_at)
       select $1, ${address}, $2, $2 from generate_series(1, $3::int) n`,
      [desk.charles.id, desk.clock.now(), count],
    )
  }

  async function alarms() {
    const { rows } = await desk.database.query(
      `select effect->'slot'->>'about' as about, effect->'slot'->>'address' as address from outbox
       where effect->'slot'->>'place' = 'mail-alarm' order by id`,
    )
    return rows
  }
})

async function refusal(asked: Promise<unknown>): Promise<string | undefined> {
  return asked.then(
    () => undefined,
    (error) => error.code,
  )
}

describe('the list of stores (AUT-03)', () => {
  test('has those of the proven addresses first, then the one that everybody may choose', () => {
    const keys = (...addresses: string[]) => accountChoices(deskFile, addresses, 'Not listed').map(({ key }) => key)
    expect(keys('ada@acme.example')).toEqual(['acme-berlin', 'acme-sao-paulo', 'unlisted'])
    expect(keys('livia@agencia.example', 'ADA@home.example')).toEqual(['acme-sao-paulo', 'unlisted'])
    expect(keys(STORE)).toEqual(['acme-sao-paulo', 'unlisted'])
    expect(keys()).toEqual(['unlisted'])
  })

  test('where the desk file has none for everybody, there is one all the same, and it is none of the stores', () => {
    const { unlisted: _, ...accounts } = deskFile.accounts
    const [only] = accountChoices({ ...deskFile, accounts }, [], 'Not listed')
    expect(only).toEqual({ key: 'not-listed', name: 'Not listed' })
    expect([only!.key, 'acme-berlin', null].map((key) => isNotListed({ ...deskFile, accounts }, key))).toEqual([
      true,
      false,
      false,
    ])
  })
})
