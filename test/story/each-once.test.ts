import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answer, rootOf } from '../slack/scenes.ts'
import { dmOf, lastMailTo, mailsTo, replyByMail, writeMail } from '../support/acting.ts'
import { ADA, eventually, KOFI, startWorld, type World, wordsOf } from '../support/world.ts'

const addresses = { ada: 'ada@acme.example', charles: 'charles@new.example', bruno: 'bruno@acme.example' }
let world: World
let number: number

/** Ada asks by mail and is in Slack; Charles and Bruno are copied: the one known by mail alone, the other in Slack too. */
beforeAll(async () => {
  world = await startWorld({ mode: 'socket' })
  await world.slack.people.openHome(ADA)
  await world.slack.people.openHome('U0BRUNO')
  await eventually(() => expect(world.slack.state.home(ADA)).not.toBeNull())
  const cc = [addresses.charles, addresses.bruno]
  await writeMail(world, { from: addresses.ada, cc, subject: 'Which tray', text: 'Which one?' })
  await world.settle()
  number = (await world.db.query(`select id from tickets where subject = 'Which tray'`)).rows[0].id
  await answer(world, KOFI, number, 'The upper one, for all of you.')
})
afterAll(() => world?.stop())

const ways: Record<
  string,
  { says: (words: string) => Promise<unknown>; adaReadsIt: 'slack' | 'mail and slack' | 'own' }
> = {
  'the requester in Slack': {
    says: (text) => world.slack.people.post(ADA, dmOf(world, ADA), { text, threadTs: rootOf(world, ADA, number).ts }),
    adaReadsIt: 'own',
  },
  'the requester by mail': { says: (text) => byMail(addresses.ada, text), adaReadsIt: 'slack' },
  'a CC by mail': { says: (text) => byMail(addresses.charles, text), adaReadsIt: 'slack' },
  'a CC who is in Slack too, by mail': { says: (text) => byMail(addresses.bruno, text), adaReadsIt: 'slack' },
  'an agent': { says: (text) => answer(world, KOFI, number, text), adaReadsIt: 'mail and slack' },
}
const authors: Record<string, keyof typeof addresses | null> = {
  'the requester in Slack': 'ada',
  'the requester by mail': 'ada',
  'a CC by mail': 'charles',
  'a CC who is in Slack too, by mail': 'bruno',
  'an agent': null,
}

describe.each(Object.keys(ways))('RTE-03: what %s says', (way) => {
  const words = `Words of ${way}, ${Math.random()}.`
  const author = authors[way]

  beforeAll(async () => {
    await ways[way]!.says(words)
    await world.settle()
  })

  test('is mailed to each other person once, and to nobody who wrote it or reads it in their own thread', () => {
    const expected = Object.fromEntries(
      Object.keys(addresses).map((person) => {
        const reads = person === 'ada' ? ways[way]!.adaReadsIt === 'mail and slack' : person !== author
        return [person, reads ? 1 : 0]
      }),
    )
    const mailed = Object.fromEntries(
      Object.entries(addresses).map(([person, address]) => [person, said(address, words)]),
    )
    expect(mailed).toEqual(expected)
  })

  test("stands in the requester's thread once", () => {
    const root = rootOf(world, ADA, number)
    const thread = world.slack.state.messages(root.channel, { viewer: ADA, threadTs: root.ts })
    expect(thread.filter((message) => wordsOf(message).includes(words))).toHaveLength(1)
  })

  test('is told in Slack to no CC', () => {
    const dm = world.slack.state.dm('U0BRUNO')
    const told = dm ? world.slack.state.messages(dm.id, { viewer: 'U0BRUNO' }) : []
    expect(told.filter((message) => wordsOf(message).includes(words))).toEqual([])
  })
})

test('a mail that went to another by itself is not mailed to them once more', async () => {
  const last = await lastMailTo(world, addresses.charles)
  const to = [last.replyTo, addresses.bruno]
  const words = `Words for all, ${Math.random()}.`
  const sent = await fetch(`${world.url}/sandbox/mail/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: world.url },
    body: JSON.stringify({ from: addresses.charles, to, subject: 'Re: Which tray', text: words, inReplyTo: last.id }),
  })
  expect(sent.status).toBe(200)
  await world.settle()
  expect(said(addresses.bruno, words)).toBe(1)
})

async function byMail(address: string, text: string) {
  await replyByMail(world, await lastMailTo(world, address), text)
}

/** In how many mails these are the new words: the history below a mail repeats what was said before. */
function said(address: string, words: string): number {
  return mailsTo(world, address).filter(({ text }) => text.replace(/\s+/g, ' ').split('>')[0]!.includes(words)).length
}
