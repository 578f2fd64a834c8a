import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SeenMessage } from '../../src/sandbox/slack/types.ts'
import { ask } from '../slack/scenes.ts'
import { buttonIn, dmOf, press } from '../support/acting.ts'
import { ADA, eventually, GENERAL, startWorld, type World } from '../support/world.ts'

const BOT = 'U0DESKHAND'
let world: World
let dm: string

beforeAll(async () => {
  const prepare = ({ state }: World['slack']) => void state.channel(GENERAL)!.members.push(BOT)
  world = await startWorld({ mode: 'socket', prepare })
  await world.slack.people.openDm(ADA)
  dm = dmOf(world, ADA)
  // Only admins may delete what the app wrote.
  for (const person of world.slack.state.people()) person.isAdmin = true
})
afterEach(() => world.slack.faults.clear())
afterAll(() => world?.stop())
beforeEach(async () => {
  await world.settle()
  await world.db.query(`update talks set last_at = last_at - interval '1 hour'`)
  world.slack.log.clear()
})

test('whoever writes to the app is asked at once', async () => {
  const before = questions().length
  const sent = performance.now()
  await world.slack.people.post(ADA, dm, { text: 'The bell is mute' })
  await eventually(() => expect(questions()).toHaveLength(before + 1), 3_000)
  expect(performance.now() - sent).toBeLessThan(3_000) // a second, on a machine that does nothing else
})

test('a crash between the question and the note of it asks nobody twice, and what is pressed meanwhile is shown on it', async () => {
  const before = questions().length
  await say('The door squeaks')
  const question = questions().at(-1)!
  // As a process leaves it that is killed after Slack took the message.
  const crashed = async () => {
    await world.db.query('delete from slack_messages where slot = $1', [`way-in/${talkIn(question)}`])
    await world.db.query(`update outbox set state = 'trying', done_at = null where key = $1`, [
      `way-in/${talkIn(question)}/asked`,
    ])
  }
  await crashed()
  await world.restart()
  await world.settle()
  expect(questions()).toHaveLength(before + 1)
  expect(posts('chat.postMessage')).toHaveLength(1)

  await crashed()
  await press(world, ADA, question, 'way-in.drop')
  await world.restart()
  await world.settle()
  expect(questions()).toHaveLength(before)
  await eventually(() => expect(shown(question)?.text).toContain('Nothing was sent'))
  expect(posts('chat.postMessage')).toHaveLength(1)
})

test('a question whose answer was lost is found again; one that Slack puts off is asked once, with all lines', async () => {
  const before = questions().length
  world.slack.faults.fail('chat.postMessage', { acceptThenDrop: true })
  await say('The lamp flickers')
  await eventually(async () => {
    await world.settle()
    expect(await waiting()).toBe(0)
  }, 15_000)
  expect(questions()).toHaveLength(before + 1)
  expect(posts('chat.postMessage')).toHaveLength(1)

  await world.db.query(`update talks set last_at = last_at - interval '1 hour'`)
  world.slack.faults.fail('chat.postMessage', { retryAfter: 1 })
  await say('The lamp is out')
  await say('now')
  await world.slack.faults.redeliver(2)
  await eventually(async () => {
    await world.settle()
    expect(await waiting()).toBe(0)
  }, 15_000)
  expect(questions()).toHaveLength(before + 2)
  const { rows } = await world.db.query('select text from talk_words where talk_id = $1 order by ts', [
    talkIn(questions().at(-1)!),
  ])
  expect(rows).toEqual([{ text: 'The lamp is out' }, { text: 'now' }])
}, 40_000)

test('words that are gone, with their thread or by themselves, are not asked about, and hold up nobody', async () => {
  const before = questions().length
  const root = await post(dm, 'Thanks!')
  world.slack.faults.fail('chat.postMessage', { retryAfter: 1 })
  const inThread = await world.slack.people.post(ADA, dm, { text: 'Under this', threadTs: root })
  expect(inThread).toMatchObject({ ok: true })
  const alone = await post(dm, 'The gate is open')
  expect(await world.slack.people.delete(ADA, dm, alone)).toEqual({ ok: true })
  world.slack.faults.fail('chat.postMessage', { error: 'thread_not_found' })
  await world.db.query(`update talks set last_at = last_at - interval '1 hour'`)
  await say('The clock is slow')
  await eventually(async () => {
    await world.settle()
    expect(await waiting()).toBe(0)
  })
  expect(questions()).toHaveLength(before + 1)
  expect(await talkWords(questions().at(-1)!)).toEqual(['The clock is slow'])
  expect(await ended('way-in')).toEqual(['nothing can be said any more where the words are'])
})

test('a question that was deleted in Slack is not asked anew by what became of the words', async () => {
  await say('The blind is down')
  const question = questions().at(-1)!
  world.slack.faults.fail('chat.update', { retryAfter: 1 })
  await press(world, ADA, question, 'way-in.drop')
  expect(await world.slack.people.delete(ADA, dm, question.ts)).toEqual({ ok: true })
  await eventually(async () => {
    await world.settle()
    expect(await waiting()).toBe(0)
  })
  expect(posts('chat.update').map(({ ok }) => ok)).toEqual([false, false])
  expect(posts('chat.postMessage')).toHaveLength(1)
})

test('who calls us by name in a channel is asked once, too: after a refusal for now, and not again when nobody knows', async () => {
  const before = told().length
  world.slack.faults.fail('chat.postEphemeral', { retryAfter: 1 })
  await mention('The lift is stuck')
  await eventually(() => expect(told()).toHaveLength(before + 1))
  world.slack.faults.fail('chat.postEphemeral', { acceptThenDrop: true })
  await mention('The lift is still stuck')
  await eventually(async () => {
    await world.settle()
    expect(await waiting()).toBe(0)
  }, 15_000)
  expect(told()).toHaveLength(before + 2)
  expect(posts('chat.postEphemeral').filter(({ ok }) => ok)).toHaveLength(2)
  expect(await ended('way-in')).toContain('they may have been told, and cannot be asked')
  await world.slack.faults.redeliver(2)
  await world.settle()
  expect(told()).toHaveLength(before + 2)
}, 30_000)

test('of a link in a channel nobody is told twice, and where Slack lets us say nothing, nothing is tried again', async () => {
  const number = await ask(world, ADA, 'The tap drips')
  const before = told().length
  world.slack.faults.fail('chat.postEphemeral', { error: 'not_in_channel' })
  await post(GENERAL, `${world.url}/requests/${number}`)
  await world.settle()
  expect(told()).toHaveLength(before)
  expect(await waiting()).toBe(0)
  expect(await ended('linked')).toEqual(['they, we or the thread are not in that channel any more'])

  await post(GENERAL, `${world.url}/requests/${number}`)
  await post(GENERAL, `${world.url}/requests/${number}`) // another message is another answer
  await world.slack.faults.redeliver(4)
  await eventually(async () => {
    await world.settle()
    expect(told()).toHaveLength(before + 2)
  })
})

async function post(channel: string, text: string): Promise<string> {
  const sent = await world.slack.people.post(ADA, channel, { text })
  expect(sent).toMatchObject({ ok: true })
  await world.slack.settled()
  return (sent as { ts: string }).ts
}

async function say(text: string): Promise<void> {
  await post(dm, text)
  await world.settle()
}

async function mention(text: string): Promise<void> {
  await world.slack.people.post(ADA, GENERAL, { text, mentions: [BOT] })
  await world.settle()
}

const all = () => world.slack.state.messages(dm, { viewer: ADA })
const questions = () => all().filter((message) => buttonIn(message, 'way-in.open') && !message.ephemeral)
const shown = ({ ts }: SeenMessage) => all().find((message) => message.ts === ts)
const told = () => world.slack.state.ephemerals(ADA)
const posts = (method: string) => world.slack.log.calls.filter((call) => call.method === method)
const talkIn = (message: SeenMessage) => /talk[^0-9a-f]+([0-9a-f-]{36})/.exec(JSON.stringify(message.blocks))![1]!
const talkWords = async (message: SeenMessage) =>
  (await world.db.query('select text from talk_words where talk_id = $1', [talkIn(message)])).rows.map(
    ({ text }) => text,
  )
const waiting = async () =>
  (await world.db.query(`select from outbox where state in ('waiting', 'trying')`)).rowCount ?? 0
const ended = async (place: string) =>
  (
    await world.db.query(
      `select problem from outbox where state in ('never', 'unknown') and effect->'slot'->>'place' = $1 order by id`,
      [place],
    )
  ).rows.map(({ problem }) => problem)
