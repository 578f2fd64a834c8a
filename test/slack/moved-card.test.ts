import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lastMailTo, press, replyByMail, thread } from '../support/acting.ts'
import { BRUNO, eventually, GENERAL, KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'
import { cardOf } from './scenes.ts'

// Sales have a channel of their own. A mail opens at the desk's; its answers tell that it is for sales.
let world: World
let folder: string
let number: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskhand-templates-'))
  await cp('templates', folder, { recursive: true })
  const file = join(folder, 'desk.yaml')
  const sales = `sales: { name: Sales support, triageChannel: ${GENERAL} }`
  await writeFile(file, (await readFile(file, 'utf8')).replace('sales: { name: Sales support }', sales))
  world = await startWorld({
    mode: 'socket',
    templatesDir: folder,
    prepare: (slack) => {
      slack.state.channel(GENERAL)!.members.push('U0DESKHAND')
    },
  })
  const mail = [
    ...['From: Nina <nina@client.example>', `To: ${world.supportAddress}`, 'Subject: A new shop'],
    ...['Message-ID: <shop@client.example>', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', ''],
    ...['--b', 'Content-Type: text/plain', '', 'We want to sell in Peru.', '--b'],
    ...['Content-Type: text/plain; name=plan.txt', 'Content-Disposition: attachment; filename=plan.txt', ''],
    ...['the plan', '--b--', ''],
  ]
  world.mail.deliver(Buffer.from(mail.join('\r\n')), { to: [world.supportAddress] })
  await world.settle()
  number = (await world.db.query('select id from tickets')).rows[0].id
  expect(wordsOf(cardOf(world, number))).toContain('A new shop')
  await replyByMail(world, await lastMailTo(world, 'nina@client.example'), 'need 3')
  await world.settle()
})
afterAll(async () => {
  await world?.stop()
  await rm(folder, { recursive: true, force: true })
})

const inTriage = () => world.slack.state.messages(TRIAGE, { viewer: KOFI })

test('the card stands in the channel of its new team, with all that was said', () => {
  const card = cardOf(world, number, GENERAL, BRUNO)
  expect(wordsOf(card)).toContain('Commercial')
  const below = thread(world, GENERAL, card.ts, BRUNO).map(wordsOf)
  expect(below).toHaveLength(3)
  expect(below.join()).toContain('We want to sell in Peru.')
  expect(below.join()).toContain('Nina said:')
})

test('with it go the files, once, as files', async () => {
  const filesAt = (channel: string) =>
    world.slack.state
      .messages(channel, { viewer: BRUNO })
      .flatMap(({ ts }) =>
        thread(world, channel, ts, BRUNO).flatMap(({ fileObjects }) => fileObjects.map(({ name }) => name)),
      )
  await eventually(async () => {
    await world.settle()
    expect(filesAt(GENERAL)).toEqual(['plan.txt'])
  })
  expect(filesAt(TRIAGE)).toEqual(['plan.txt'])
})

test('where it stood before, it says so and has no buttons', () => {
  const left = inTriage().filter((message) => wordsOf(message).includes(`#${number}`))
  expect(left).toHaveLength(1)
  expect(wordsOf(left[0]!)).toContain(`Ticket #${number} belongs to another team now: <#${GENERAL}>`)
  expect(JSON.stringify(left[0]!.blocks)).not.toContain('button')
})

test('its new team works on it, and it stays one card', async () => {
  await press(world, BRUNO, cardOf(world, number, GENERAL, BRUNO), 'ticket.take')
  await eventually(() => expect(wordsOf(cardOf(world, number, GENERAL, BRUNO))).toContain('Bruno Dias'))
  await replyByMail(world, await lastMailTo(world, 'nina@client.example'), 'And in Chile.')
  await world.settle()
  const card = cardOf(world, number, GENERAL, BRUNO)
  expect(thread(world, GENERAL, card.ts, BRUNO).map(wordsOf).join()).toContain('And in Chile.')
  expect(inTriage().filter((message) => wordsOf(message).includes('A new shop'))).toEqual([])
})
