import { afterAll, beforeAll, expect, test } from 'vitest'
import { answer, ask, cardOf, drawnAgain, modalOf, statusOf } from '../slack/scenes.ts'
import { press, writeMail } from '../support/acting.ts'
import { ADA, BRUNO, eventually, KOFI, startWorld, TRIAGE, type World } from '../support/world.ts'

// Bruno looks at his Home all the while, and only others do something: Ada asks, Kofi answers.
const PACE_MS = 400
let world: World
let door: number
beforeAll(async () => {
  world = await startWorld({ mode: 'socket', paceMs: PACE_MS })
  await ask(world, BRUNO, 'Bruno is somebody here')
  await writeMail(world, {
    from: 'ada@acme.example',
    cc: ['bruno@acme.example'],
    subject: 'The door squeaks',
    text: 'Since Monday.',
  })
  await world.settle()
  const { rows } = await world.db.query(`select id::int from tickets where subject = 'The door squeaks'`)
  door = rows[0].id
  await look('cc')
})
afterAll(() => world?.stop())

test('CLI-06: a request that somebody is copied on changes in their open Home by itself', async () => {
  expect(rowOf(door)).toContain('Aberto')
  await answer(world, KOFI, door, 'Which door?', true)
  await eventually(() => expect(rowOf(door)).toContain('⏳ Aguardando'))
  await press(world, KOFI, cardOf(world, door), 'ticket.solve')
  await eventually(() => expect(rowOf(door)).toContain('Resolvido'))
  expect(await statusOf(world, door)).toBe('solved')
})

test('CLI-07, CLI-08: so does the list of an organisation once it is granted, a new request of a colleague among it', async () => {
  expect(homeOf(BRUNO)).not.toContain('home.scope.organization')
  await access('all')
  await eventually(() => expect(homeOf(BRUNO)).toContain('home.scope.organization'))
  // Of what is granted while the Home is open the changes are followed from then on.
  await show('organization')
  const window = await ask(world, ADA, 'The window is stuck')
  await eventually(() => expect(rowOf(window)).toContain('Aberto'))
  await answer(world, KOFI, window, 'Which window?', true)
  await eventually(() => expect(rowOf(window)).toContain('⏳ Aguardando'))
})

test('a storm of changes draws a Home a few times, and the last drawing shows the end of it', async () => {
  const storm = await ask(world, ADA, 'It storms')
  await eventually(() => expect(rowOf(storm)).toContain('Aberto'))
  await world.settle()
  const before = [drawings(BRUNO), drawings(ADA)]
  const { deskAt } = world.product.forSamples
  const began = performance.now()
  for (let n = 0; n < 12; n += 1)
    await deskAt(world.clock).handle({
      type: 'answer',
      ticketId: n % 2 ? storm : door,
      comment: { text: `Gust ${n}`, fullText: null, attachments: [] },
      waits: n === 11,
      actor: await kofi(),
      via: 'slack',
      source: `test/gust/${n}`,
    })
  const paces = Math.ceil((performance.now() - began) / PACE_MS)
  await world.settle()
  await eventually(() => expect(rowOf(storm)).toContain('⏳ Aguardando'))
  // Once at the first change, once for whatever came within each pace, once at the end.
  for (const [n, user] of [BRUNO, ADA].entries())
    expect(drawings(user) - before[n]!, user).toBeLessThanOrEqual(paces + 1)
})

test('nobody’s Home is drawn for others’ requests once they have not looked at it for hours', async () => {
  await world.push(5 * 3_600_000)
  await world.settle()
  const before = drawings(BRUNO)
  const late = await ask(world, ADA, 'Too late for Bruno')
  await world.settle()
  expect(drawings(BRUNO)).toBe(before)
  await look('organization')
  expect(rowOf(late)).toContain('Aberto')
})

test('a Home that Slack refuses holds up nobody else’s', async () => {
  world.slack.faults.fail('views.publish', { error: 'internal_error', times: 2 }) // Ada’s own is drawn at the same time
  const first = await ask(world, ADA, 'The gate')
  await eventually(async () => expect(await ends()).toContain('never'))
  await answer(world, KOFI, first, 'Which gate?', true)
  await eventually(() => expect(rowOf(first)).toContain('⏳ Aguardando'))
})

test('CLI-08: what is revoked goes from a Home that is open', async () => {
  await look('organization')
  expect(homeOf(BRUNO)).toContain('The gate')
  await access('none')
  await eventually(() => expect(homeOf(BRUNO)).not.toContain('The gate'))
  expect(homeOf(BRUNO)).not.toContain('home.scope.organization')
})

const homeOf = (user: string) => JSON.stringify(world.slack.state.home(user)?.blocks)

function drawings(user: string): number {
  return world.slack.log.calls.filter(({ method, args }) => method === 'views.publish' && args.user_id === user).length
}

function rowOf(number: number): string {
  const block = world.slack.state.home(BRUNO)?.blocks.find(({ block_id }) => block_id === `home.request.${number}`)
  return JSON.stringify(block ?? null)
}

/** Bruno opens his Home and looks at these. */
async function look(scope: string): Promise<void> {
  await drawnAgain(world, BRUNO, () => world.slack.people.openHome(BRUNO))
  await show(scope)
}

const show = (scope: string) =>
  drawnAgain(world, BRUNO, () =>
    world.slack.people.click(BRUNO, { viewId: world.slack.state.home(BRUNO)!.id }, `home.scope.${scope}`),
  )

async function kofi() {
  const { rows } = await world.db.query<{ id: number }>('select min(id)::int as id from agents')
  return { kind: 'agent', id: rows[0]!.id } as const
}

/** Kofi says who may read the requests of acme.example. */
async function access(granted: string): Promise<void> {
  await world.slack.people.slash(KOFI, TRIAGE, '/ticket', 'organisation @acme.example')
  const { view } = await modalOf(world, KOFI, 'organization.grant')
  const values = { name: 'Acme', access: granted }
  expect(await world.slack.people.submit(KOFI, view.id, values)).toMatchObject({ ok: true, next: 'updated' })
  await world.slack.people.close(KOFI, view.id)
}

async function ends(): Promise<string[]> {
  return (await world.db.query(`select state from outbox where lane = 'homes'`)).rows.map(({ state }) => state)
}
