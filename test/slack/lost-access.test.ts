import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { grant } from '../../src/store/organizations.ts'
import { ADA, BRUNO, eventually, GENERAL, KOFI, startWorld, type World } from '../support/world.ts'
import { answer, ask, modalOf, publicWords, statusOf } from './scenes.ts'

const SECRET = 'The code is kingfisher'
const NONE = /Não há nenhum chamado #\d+ aqui para você/
let world: World
let number: number
let ids: { agent: number; bruno: number }

beforeAll(async () => {
  world = await startWorld()
  await world.slack.people.openHome(BRUNO)
  number = await ask(world, ADA, 'The gate')
  await answer(world, KOFI, number, 'Hello.')
  const found = await world.db.query(
    `select (select min(id)::int from agents) as agent,
       (select contact_id::int from contact_slack_users where user_id = '${BRUNO}') as bruno`,
  )
  ids = found.rows[0]
})
afterAll(() => world?.stop())

/** Two ways in which somebody else's request is theirs to read, and how each ends. */
const ways = {
  'whose copy is taken away': {
    begin: () => copy('add-cc'),
    end: () => copy('remove-cc'),
  },
  'whose organisation’s grant is taken back': {
    begin: () => granted('all'),
    end: () => granted('none'),
  },
}

describe.each(Object.entries(ways))('somebody %s while a window is open', (_, { begin, end }) => {
  beforeEach(async () => {
    await closeAll()
    await begin()
    await answer(world, KOFI, number, `${SECRET}.`)
    await world.db.query(
      `insert into comments (ticket_id, author_kind, author_id, is_public, via, text, at)
       select ticket_id, author_kind, author_id, true, via, text, at from comments, generate_series(1, 12)
       where id = (select max(id) from comments)`,
    )
    await world.slack.people.slash(BRUNO, GENERAL, '/ticket', String(number))
    await modalOf(world, BRUNO, 'request.modal')
    expect(shown()).toContain(SECRET)
  })

  test('reads no other page of it, and sends nothing', async () => {
    const open = world.slack.state.modal(BRUNO)!.view
    await world.slack.people.click(BRUNO, { viewId: open.id }, 'request.reply')
    const { view } = await modalOf(world, BRUNO, 'request.reply')
    await end()
    const before = await publicWords(world, number)
    expect(await world.slack.people.submit(BRUNO, view.id, { reply: 'Let me in' })).toMatchObject({ ok: false })
    expect(shown()).toMatch(NONE)
    await world.slack.people.close(BRUNO, view.id)
    await world.slack.people.click(BRUNO, { viewId: open.id }, 'request.earlier')
    await eventually(() => expect(shown()).toMatch(NONE))
    expect(shown()).not.toContain(SECRET)
    expect(await publicWords(world, number)).toEqual(before)
  })

  test('finds and reads it nowhere, and does nothing to it', async () => {
    await end()
    await closeAll()
    for (const words of [
      `search kingfisher`,
      `search ${number}`,
      String(number),
      `solve ${number}`,
      `rate ${number} 1`,
    ]) {
      const told = await typed(words)
      expect(told).not.toContain('kingfisher 1')
      expect(told).not.toContain('The gate')
    }
    await world.slack.people.openHome(BRUNO)
    await world.settle()
    expect(JSON.stringify(world.slack.state.home(BRUNO)?.blocks)).not.toContain('The gate')
    expect(await statusOf(world, number)).toBe('open')
  })
})

async function copy(type: 'add-cc' | 'remove-cc'): Promise<void> {
  const { deskAt } = world.product.forSamples
  const actor = { kind: 'agent', id: ids.agent } as const
  const source = `test/${type}/${Math.random()}`
  await deskAt(world.clock).handle({ type, ticketId: number, contactIds: [ids.bruno], actor, via: 'slack', source })
  await world.settle()
}

async function granted(access: 'all' | 'none'): Promise<void> {
  const { database } = world.product.forSamples
  const [{ id } = { id: null }] = (
    await database.query<{ id: number }>(
      `select organization_id as id from organization_domains where domain = 'acme.example'`,
    )
  ).rows
  const about = { name: 'Acme', domains: ['acme.example'], access, members: [] }
  const by = { agentId: ids.agent, ticketId: null, source: `test/${Math.random()}`, at: world.clock.now() }
  await database.transaction((tx) => grant(tx, id, about, by))
}

const shown = () => JSON.stringify(world.slack.state.modal(BRUNO))

async function closeAll(): Promise<void> {
  const open = world.slack.state.modal(BRUNO)
  if (open) await world.slack.people.close(BRUNO, open.view.id, 'all')
}

async function typed(text: string): Promise<string> {
  const before = world.slack.state.ephemerals(BRUNO).length
  await world.slack.people.slash(BRUNO, GENERAL, '/ticket', text)
  return eventually(() => {
    const told = world.slack.state.ephemerals(BRUNO)
    expect(told.length).toBeGreaterThan(before)
    return JSON.stringify(told.at(-1))
  })
}
