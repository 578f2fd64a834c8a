import { afterAll, beforeAll, expect, test } from 'vitest'
import { homeOpened } from '../../src/store/home-views.ts'
import { ensureSlackContact } from '../../src/store/people.ts'
import { SECOND, said, startDesk, type TestDesk } from '../support/desk.ts'

// Lin is copied on Ada's request and has her Home open. What agents say leaves ten seconds later.
let world: TestDesk
let lin: number
let ticketId: number
beforeAll(async () => {
  world = await startDesk({ parts: { undoMs: 10 * SECOND } })
  const now = world.clock.now()
  lin = await world.database.transaction((tx) => {
    const profile = { name: 'Lin', address: null, locale: null, timeZone: null }
    return ensureSlackContact(tx, { teamId: 'TACME', userId: 'ULIN' }, profile, now)
  })
  await homeOpened(world.database, lin, now)
  ticketId = await world.open({ ccIds: [lin] })
})
afterAll(() => world?.end())

const drawings = async () => {
  const { rows } = await world.database.query<{ held: boolean; contact: number }>(
    `select coalesce(not_before > now() + interval '5 seconds', false) as held, (effect->'slot'->>'contactId')::int as contact
     from outbox where lane = 'homes' and state = 'waiting' order by id`,
  )
  return rows
}
const drawn = () => world.database.query(`update outbox set state = 'done' where lane = 'homes'`)

test('what changes before a Home is drawn is drawn with it', async () => {
  expect(await drawings()).toEqual([{ held: false, contact: lin }])
  expect(world.woken).toContain('homes')
  await world.reply(ticketId)
  await world.reply(ticketId)
  expect(await drawings()).toHaveLength(1)
})

test('whoever draws it waits for a change that counts on it', async () => {
  const { rows } = await world.database.query<{ id: number }>(`select id from outbox where lane = 'homes'`)
  await world.database.transaction(async (tx) => {
    await world.desk.handle({ type: 'solve', ticketId, actor: world.kofi, via: 'slack', source: 'test/held' }, tx)
    const draws = world.database.transaction(async (other) => {
      await other.query(`set local lock_timeout = '100ms'`)
      await other.query(`update outbox set state = 'trying' where id = $1`, [rows[0]!.id])
    })
    await expect(draws).rejects.toThrow('lock timeout')
  })
  await drawn()
})

test('an answer that can still be taken back is drawn in nobody’s Home before it leaves', async () => {
  await world.ask({ type: 'answer', ticketId, comment: said(), waits: true })
  expect(await drawings()).toEqual([{ held: true, contact: lin }])
  await drawn()
})

test('notes draw nobody’s Home, and who is taken off sees it go', async () => {
  await world.ask({ type: 'note', ticketId, comment: said() })
  expect(await drawings()).toEqual([])
  await world.ask({ type: 'remove-cc', ticketId, contactIds: [lin] })
  expect(await drawings()).toMatchObject([{ contact: lin }])
  await drawn()
  await world.reply(ticketId)
  expect(await drawings()).toEqual([])
})

test('a request that a lying mail opened in somebody’s name shows in nobody’s Home', async () => {
  await world.open({ ccIds: [lin], comment: { ...said(), proof: 'failed' } })
  expect(await drawings()).toEqual([])
})
