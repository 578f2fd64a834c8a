import { afterAll, beforeAll, expect, test } from 'vitest'
import { answer, ask, cardOf, publicWords, rootOf, statusOf, under } from '../slack/scenes.ts'
import { buttonIn, dmOf, lastMailTo, mailsTo, press, replyByMail } from '../support/acting.ts'
import { ADA, KOFI, startWorld, type World, wordsOf } from '../support/world.ts'

const HOUR = 3_600_000
let world: World
let number: number

beforeAll(async () => {
  world = await startWorld({ mode: 'socket' })
})
afterAll(() => world?.stop())

test('thanks for a solved request are kept and reopen nothing: Ada and staff are told, and one press does it after all', async () => {
  await solvedWith('Try the upper tray.')
  await say('Thanks a lot, Kofi! 🙏')
  expect(await statusOf(world, number)).toBe('solved')
  expect(await publicWords(world, number)).toContain('Thanks a lot, Kofi! 🙏')
  const told = last(under(world, rootOf(world, ADA, number), ADA))
  expect(wordsOf(told)).toMatch(/We read this as thanks, so your request stays solved\. .* Press Reopen by /)
  expect(wordsOf(told)).not.toContain('Kofi! 🙏')
  const staffs = last(under(world, cardOf(world, number), KOFI))
  expect(wordsOf(staffs)).toContain('Read as thanks, so the ticket stays solved')
  expect(buttonIn(staffs, 'ticket.reopen')).toBe(true)

  await press(world, ADA, told, 'request.reopen')
  await world.settle()
  expect(await statusOf(world, number)).toBe('open')
  const after = [...under(world, rootOf(world, ADA, number), ADA), ...under(world, cardOf(world, number), KOFI)].filter(
    (message) => /as thanks/.test(message.text),
  )
  expect(after).toHaveLength(2)
  for (const message of after) {
    expect(wordsOf(message)).toContain('been reopened since')
    expect(JSON.stringify(message.blocks)).not.toContain('.reopen')
  }
})

test('an agent who reads more in it reopens it by one press too', async () => {
  await solvedWith('Try the lower tray.')
  await say('ok 👍')
  expect(await statusOf(world, number)).toBe('solved')
  await press(world, KOFI, last(under(world, cardOf(world, number), KOFI)), 'ticket.reopen')
  await world.settle()
  expect(await statusOf(world, number)).toBe('open')
})

test('an answer to our question reopens, however short', async () => {
  await solvedWith('It is fixed. Shall we delete the old queue too?')
  await say('ok 👍')
  expect(await statusOf(world, number)).toBe('open')
})

test('thanks with anything more reopen', async () => {
  await solvedWith('It is fixed.')
  await say('Thanks, but the second printer too')
  expect(await statusOf(world, number)).toBe('open')
})

test('thanks by mail reopen nothing, no machine answers them, and a further mail with words does', async () => {
  await solvedWith('It is fixed.')
  const mail = await lastMailTo(world, 'ada@acme.example')
  const mails = mailsTo(world, 'ada@acme.example').length
  await replyByMail(world, mail, 'Thank you very much!\n\nBest regards,\nAda')
  await world.settle()
  expect(await statusOf(world, number)).toBe('solved')
  expect(mailsTo(world, 'ada@acme.example')).toHaveLength(mails)
  const told = last(under(world, rootOf(world, ADA, number), ADA))
  expect(wordsOf(told)).toContain('Thank you very much!')
  expect(buttonIn(told, 'request.reopen')).toBe(true)

  await replyByMail(world, mail, 'Now the paper jams again.')
  await world.settle()
  expect(await statusOf(world, number)).toBe('open')
})

test('after the window thanks open no follow-up, are kept on the closed ticket, and other words do open one', async () => {
  await solvedWith('It is fixed.')
  await world.push(28 * HOUR)
  expect(await statusOf(world, number)).toBe('closed')
  const { count } = await tickets()
  await say('Muchas gracias por la ayuda')
  expect(await tickets()).toEqual({ count })
  expect(await publicWords(world, number)).toContain('Muchas gracias por la ayuda')
  expect(wordsOf(last(under(world, rootOf(world, ADA, number), ADA)))).toContain('stays closed')
  const staffs = last(under(world, cardOf(world, number), KOFI))
  expect(wordsOf(staffs)).toContain('opened no follow-up')
  expect(buttonIn(staffs, 'ticket.reopen')).toBe(false)

  await say('The upper tray jams now.')
  expect(await tickets()).toEqual({ count: count + 1 })
})

test('a reaction changes nothing and is not even listened to', async () => {
  await solvedWith('It is fixed.')
  const before = await events()
  const message = last(under(world, rootOf(world, ADA, number), ADA))
  expect(await world.slack.people.react(ADA, message.channel, message.ts, 'thumbsdown')).toMatchObject({ ok: true })
  await world.settle()
  expect(await statusOf(world, number)).toBe('solved')
  expect(await events()).toBe(before)
})

async function solvedWith(words: string) {
  number = await ask(world, ADA, `Tray ${Math.random()}`)
  await answer(world, KOFI, number, words)
  await press(world, KOFI, cardOf(world, number), 'ticket.solve')
  await world.settle()
}

async function say(text: string) {
  const root = rootOf(world, ADA, number)
  expect(await world.slack.people.post(ADA, dmOf(world, ADA), { text, threadTs: root.ts })).toMatchObject({ ok: true })
  await world.settle()
}

const last = <T>(list: T[]) => list.at(-1)!
const tickets = async () => ({ count: Number((await world.db.query('select count(*) from tickets')).rows[0].count) })
const events = async () => (await world.db.query('select count(*) from events')).rows[0].count
