import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { dmOf } from '../support/acting.ts'
import { ADA, BRUNO, eventually, GENERAL, startWorld, type World } from '../support/world.ts'
import { ask, modalOf, rootOf, toldTo } from './scenes.ts'

const NOT_OPENED = 'Please press once more.'
let world: World
let number: number

beforeAll(async () => {
  world = await startWorld({
    mode: 'socket',
    prepare: ({ state }) => state.channel(GENERAL)!.members.push('U0DESKHAND'),
  })
  number = await ask(world, ADA, 'The fan is loud')
  await world.slack.people.openHome(ADA)
  await eventually(() => expect(JSON.stringify(world.slack.state.home(ADA)?.blocks)).toContain('The fan is loud'))
  await world.settle()
})
beforeEach(async () => {
  const open = world.slack.state.modal(ADA)
  if (open) await world.slack.people.close(ADA, open.view.id, 'all')
})
afterEach(() => world.slack.faults.clear())
afterAll(() => world?.stop())

const inHome = () => ({ viewId: world.slack.state.home(ADA)!.id })
const lastDm = () => world.slack.state.messages(dmOf(world, ADA), { viewer: ADA }).at(-1)!

/** What somebody presses where there is no message to answer beside, and what opens when they press once more. */
const presses: Record<string, { press: () => Promise<unknown>; opens: string }> = {
  'the shortcut': { press: () => world.slack.people.globalShortcut(ADA, 'open_ticket'), opens: 'intake.page' },
  'Open a request': { press: () => world.slack.people.click(ADA, inHome(), 'home.open_ticket'), opens: 'intake.page' },
  'My addresses': { press: () => world.slack.people.click(ADA, inHome(), 'home.addresses'), opens: 'addresses.ask' },
  'My organisation': {
    press: () => world.slack.people.click(ADA, inHome(), 'home.organization'),
    opens: 'organization.ask',
  },
  'Help articles': { press: () => world.slack.people.click(ADA, inHome(), 'home.articles'), opens: 'articles.search' },
  'a request': {
    press: () => world.slack.people.click(ADA, inHome(), 'request.show', { blockId: `home.request.${number}` }),
    opens: 'request.modal',
  },
}

test.each(
  Object.entries(presses).flatMap(([name, press], index) => {
    const errors = ['expired_trigger_id', 'exchanged_trigger_id', 'ratelimited']
    return [{ name, ...press, error: errors[index % errors.length]! }]
  }),
)('$name that opens nothing ($error) is said in the direct message, with the button to press again', async (each) => {
  const before = lastDm().ts
  world.slack.faults.fail('views.open', each.error === 'ratelimited' ? { retryAfter: 30 } : { error: each.error })
  await each.press()
  const told = await eventually(() => {
    expect(lastDm().ts).not.toBe(before)
    return lastDm()
  })
  expect(told.text).toContain(NOT_OPENED)
  const action = /"action_id":"([^"]+)"/.exec(JSON.stringify(told.blocks))![1]!
  await world.slack.people.click(ADA, { channelId: told.channel, ts: told.ts }, action)
  await modalOf(world, ADA, each.opens)
})

test('a button of a message that opens nothing is answered beside it', async () => {
  await world.slack.people.slash(ADA, GENERAL, '/ticket', 'mine')
  const list = await eventually(() => {
    const last = world.slack.state.ephemerals(ADA).at(-1)
    expect(JSON.stringify(last?.blocks)).toContain('command.request')
    return last!
  })
  world.slack.faults.fail('views.open', { error: 'expired_trigger_id' })
  const block = `command.request.${number}`
  await world.slack.people.click(ADA, { channelId: list.channel, ts: list.ts }, 'request.show', { blockId: block })
  await eventually(() => expect(toldTo(world, ADA).at(-1)).toContain(NOT_OPENED))
})

test('a message shortcut too, also where we are not in the channel', async () => {
  const { channelId } = (await world.slack.people.openDm(ADA, BRUNO)) as { channelId: string }
  const { ts } = (await world.slack.people.post(BRUNO, channelId, { text: 'Ask them' })) as { ts: string }
  const before = lastDm().ts
  world.slack.faults.fail('views.open', { status: 500, error: 'internal_error' })
  await world.slack.people.messageShortcut(ADA, 'ticket_from_message', { channelId, ts })
  await eventually(() => expect(lastDm().ts).not.toBe(before))
  expect(lastDm().text).toContain(NOT_OPENED)
})

test('a window that nothing more opens on says so itself', async () => {
  await world.slack.people.click(ADA, inHome(), 'request.show', { blockId: `home.request.${number}` })
  const { view } = await modalOf(world, ADA, 'request.modal')
  world.slack.faults.fail('views.push', { error: 'expired_trigger_id' })
  await world.slack.people.click(ADA, { viewId: view.id }, 'request.reply')
  await eventually(() => expect(JSON.stringify(world.slack.state.modal(ADA)?.view.blocks)).toContain(NOT_OPENED))
  await world.slack.people.click(ADA, { viewId: view.id }, 'request.reply')
  await modalOf(world, ADA, 'request.reply')
})

test('a window that stays at “one moment”, because Slack takes nothing more, is told of too', {
  timeout: 25_000,
}, async () => {
  const before = lastDm().ts
  const client = await world.db.connect()
  await client.query('begin')
  await client.query('lock table tickets in access exclusive mode')
  try {
    await world.slack.people.click(ADA, inHome(), 'request.show', { blockId: `home.request.${number}` })
    await modalOf(world, ADA, 'intake.loading')
    world.slack.faults.fail('views.update', { status: 500, error: 'internal_error', times: 4 })
  } finally {
    await client.query('rollback')
    client.release()
  }
  await eventually(() => expect(lastDm().ts).not.toBe(before), 20_000)
  expect(lastDm().text).toContain(NOT_OPENED)
})

test('what happens in a thread meanwhile is none of this: events are told to nobody', async () => {
  const before = lastDm().ts
  const root = rootOf(world, ADA, number)
  await world.db.query('alter table comments rename to comments_away')
  await world.slack.people.post(ADA, root.channel, { text: 'Loud!', threadTs: root.ts })
  await world.slack.settled()
  await world.db.query('alter table comments_away rename to comments')
  expect(lastDm().ts).toBe(before)
})
