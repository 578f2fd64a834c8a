import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { ADA, BRUNO, eventually, GENERAL, KOFI, startWorld, TRIAGE, type World } from '../support/world.ts'
import { ask, modalOf } from './scenes.ts'

let world: World
let number: number

beforeAll(async () => {
  world = await startWorld()
  number = await ask(world, ADA, 'The safe is open')
})
afterEach(() => world.slack.faults.clear())
afterAll(() => world?.stop())

/** What is asked of Slack is remembered for a minute. */
const forgotten = () => world.push(61_000)

async function typed(user: string, text: string): Promise<string> {
  const before = world.slack.state.ephemerals(user).length
  await world.slack.people.slash(user, GENERAL, '/ticket', text)
  return eventually(() => {
    const told = world.slack.state.ephemerals(user)
    expect(told.length).toBeGreaterThan(before)
    return told.at(-1)!.text.replaceAll(text, 'N')
  })
}

test.each(['is_archived', 'channel_not_found', 'internal_error'])(
  'where Slack cannot say who is an agent (%s), a client learns nothing of others’ numbers, and has help and the form',
  async (error) => {
    await forgotten()
    world.slack.faults.fail('conversations.members', { error, times: 1_000 })
    expect(await typed(BRUNO, String(number))).toBe(await typed(BRUNO, '999999'))
    expect(await typed(BRUNO, 'help')).toContain('/ticket')
    const { ts } = (await world.slack.people.post(BRUNO, GENERAL, { text: 'My till is stuck' })) as { ts: string }
    await world.slack.people.messageShortcut(BRUNO, 'ticket_from_message', { channelId: GENERAL, ts })
    const { view } = await modalOf(world, BRUNO)
    await world.slack.people.close(BRUNO, view.id, 'all')
  },
)

test('in a triage channel that another company reads, a link shows nothing of its request (S7)', async () => {
  await forgotten()
  const { state, people } = world.slack
  const link = { text: `${world.url}/requests/${number}` }
  const shown = async () => {
    const { ts } = (await people.post(KOFI, TRIAGE, link)) as { ts: string }
    await world.settle()
    return JSON.stringify(state.all(TRIAGE).find((each) => each.ts === ts)?.attachments ?? null)
  }
  const person = { name: 'eve', realName: 'Eve', email: 'eve@other.example', tz: 'Europe/Berlin', locale: 'en-GB' }
  state.people().push({ ...person, id: 'U0EVE', teamId: 'T0OTHER' })
  expect(await shown()).toContain('The safe is open')
  state.channel(TRIAGE)!.members.push('U0EVE')
  await forgotten()
  expect(await shown()).toBe('null')
})
