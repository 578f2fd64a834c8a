import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { writeMail } from '../support/acting.ts'
import { ADA, eventually, KOFI, LUCIA, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'
import { answer, ask, cardOf, publicWords, rootOf, statusOf, under } from './scenes.ts'

let world: World
let number: number
let lucias: number

beforeAll(async () => {
  world = await startWorld()
  number = await ask(world, ADA, 'The printer burns')
  lucias = await ask(world, LUCIA, 'The till is stuck')
  // Only admins may delete what the app wrote.
  for (const person of world.slack.state.people()) person.isAdmin = true
})
afterEach(() => world.slack.faults.clear())
afterAll(() => world?.stop())

const posts = (channel: string) =>
  world.slack.log.calls.filter(({ method, args }) => method === 'chat.postMessage' && args.channel === channel)
const cards = () => world.slack.state.messages(TRIAGE, { viewer: KOFI }).filter(({ metadata }) => metadata?.event_type)
const says = <T extends { text: string }>(messages: T[], words: string) =>
  messages.filter(({ text }) => text.includes(words))

test('a post whose answer was lost is found by its metadata, even when looking fails at first; a failed one is posted once', async () => {
  world.slack.faults.fail('chat.postMessage', { acceptThenDrop: true })
  world.slack.faults.fail('conversations.history', { retryAfter: 1 })
  world.slack.log.clear()
  await writeMail(world, { from: 'kim@new.example', subject: 'fourth', text: 'fourth words' })
  await world.settle()
  await eventually(() => expect(posts(TRIAGE)).toHaveLength(1))
  world.slack.faults.fail('chat.postMessage', { error: 'internal_error', status: 500 })
  await answer(world, KOFI, number, 'Pull the plug, please.')
  const root = rootOf(world, ADA, number)
  await eventually(() => expect(posts(root.channel)).toHaveLength(1))
  // Meanwhile even the message it belongs under goes away.
  expect(await world.slack.people.delete(ADA, root.channel, root.ts)).toEqual({ ok: true })
  world.slack.faults.fail('chat.postMessage', { acceptThenDrop: true })
  await answer(world, KOFI, lucias, 'Turn it off.')
  await eventually(() => expect(posts(rootOf(world, LUCIA, lucias).channel)).toHaveLength(1))

  await eventually(() => {
    expect(says(under(world, rootOf(world, ADA, number), ADA), 'Pull the plug')).toHaveLength(1)
    expect(says(under(world, cardOf(world, lucias), KOFI), 'Turn it off')).toHaveLength(1)
    const found = says(cards(), 'fourth')
    expect(found).toHaveLength(1)
    expect(under(world, found[0]!, KOFI)).toHaveLength(1)
    expect(says(under(world, cardOf(world, number), KOFI), 'Pull the plug')).toHaveLength(1)
  }, 14_000)
  expect(posts(rootOf(world, LUCIA, lucias).channel)).toHaveLength(1)
  expect(says(under(world, rootOf(world, LUCIA, lucias), LUCIA), 'Turn it off')).toHaveLength(1)
  expect(posts(TRIAGE).filter(({ ok, args }) => ok && !args.thread_ts)).toHaveLength(1)
}, 20_000)

test('every event delivered once more changes nothing', async () => {
  const root = rootOf(world, ADA, number)
  await world.slack.people.post(ADA, root.channel, { text: 'It is out.', threadTs: root.ts })
  await world.slack.people.post(KOFI, TRIAGE, { text: 'She did it', threadTs: cardOf(world, number).ts })
  await world.slack.people.openHome(ADA)
  await world.settle()
  const counts = `select (select count(*) from events)::int as events, (select count(*) from comments)::int as comments,
    (select count(*) from outbox)::int as outbox`
  const before = (await world.db.query(counts)).rows
  const messages = () => world.slack.state.all(root.channel).length + world.slack.state.all(TRIAGE).length
  const shown = messages()
  await world.slack.faults.redeliver(50)
  await world.settle()
  expect((await world.db.query(counts)).rows).toEqual(before)
  expect(messages()).toBe(shown)
})

test('what is said while the socket is cut, and while Slack asks for a new one, arrives once', async () => {
  const root = rootOf(world, ADA, number)
  const say = (text: string) => world.slack.people.post(ADA, root.channel, { text, threadTs: root.ts })
  world.slack.faults.dropSockets()
  await say('after the cut')
  await eventually(async () => expect(await publicWords(world, number)).toContain('after the cut'))
  world.slack.faults.refreshSockets()
  await say('after the refresh')
  await eventually(async () => expect(await publicWords(world, number)).toContain('after the refresh'))
  const words = await publicWords(world, number)
  expect(words.filter((each) => each.startsWith('after'))).toEqual(['after the cut', 'after the refresh'])
  await eventually(async () => expect(await world.product.ready()).toMatchObject({ slack: true }))
})

test('a card that was deleted in Slack comes back with the next thing that happens, and what was said stands under it', async () => {
  await world.settle()
  const before = cardOf(world, number)
  expect(await world.slack.people.delete(KOFI, TRIAGE, before.ts)).toEqual({ ok: true })
  const root = rootOf(world, ADA, number)
  await world.slack.people.post(ADA, root.channel, { text: 'still there?', threadTs: root.ts })
  await eventually(async () => {
    await world.settle()
    expect(cardOf(world, number).ts).not.toBe(before.ts)
    expect(says(under(world, cardOf(world, number), KOFI), 'still there?')).toHaveLength(1)
  })
  const card = cardOf(world, number)
  await world.slack.people.delete(KOFI, TRIAGE, card.ts)
  await writeMail(world, { from: 'kim@new.example', subject: 'fifth', text: 'fifth words' })
  await world.slack.people.click(ADA, { channelId: root.channel, ts: root.ts }, 'request.solve')
  await eventually(async () => {
    await world.settle()
    expect(wordsOf(cardOf(world, number))).toContain('Solved')
  })
  expect(await statusOf(world, number)).toBe('solved')
})
