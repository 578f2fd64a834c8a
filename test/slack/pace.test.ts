import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeMail } from '../support/acting.ts'
import { ADA, eventually, KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'
import { ask, rootOf, under } from './scenes.ts'

let world: World

beforeAll(async () => {
  world = await startWorld({ mode: 'socket', pace: 'strict' })
})
afterAll(() => world?.stop())

const posts = (channel: string) =>
  world.slack.log.calls.filter(({ method, args }) => method === 'chat.postMessage' && args.channel === channel)
const cards = () => world.slack.state.messages(TRIAGE, { viewer: KOFI }).filter(({ metadata }) => metadata?.event_type)

test('a channel that is over Slack’s limit waits as long as Slack says, alone; nothing is lost or out of order', async () => {
  const number = await ask(world, ADA, 'The printer burns')
  world.slack.log.clear()
  world.slack.faults.fail('chat.postMessage', { retryAfter: 2 })
  const subjects = ['first', 'second', 'third']
  for (const subject of subjects) await writeMail(world, { from: 'kim@new.example', subject, text: `${subject} words` })
  const meanwhile = world.settle()
  await eventually(() => expect(posts(TRIAGE).some(({ status }) => status === 429)).toBe(true))
  await world.slack.people.post(ADA, rootOf(world, ADA, number).channel, { text: 'hello?' })
  await eventually(() => expect(posts(rootOf(world, ADA, number).channel).map(({ ok }) => ok)).toEqual([true]))
  await meanwhile
  await eventually(() => expect(cards()).toHaveLength(4))
  await eventually(() => expect(under(world, cards()[3]!, KOFI)).toHaveLength(1))
  expect(cards().map(({ text }) => /(printer|first|second|third)/.exec(text)![1])).toEqual(['printer', ...subjects])
  for (const [index, subject] of subjects.entries())
    expect(
      under(world, cards()[index + 1]!, KOFI)
        .map(wordsOf)
        .join(),
    ).toContain(`${subject} words`)
  const tried = posts(TRIAGE)
  for (const [index, { status, at }] of tried.entries())
    if (status === 429) expect(tried[index + 1]!.at - at).toBeGreaterThanOrEqual(index === 0 ? 1950 : 950)
})
