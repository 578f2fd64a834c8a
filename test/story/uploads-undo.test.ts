import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { cardOf, modalOf, rootOf, under } from '../slack/scenes.ts'
import { press, writeMail } from '../support/acting.ts'
import { ADA, eventually, KOFI, startWorld, type World, wordsOf } from '../support/world.ts'

// An answer can be taken back for ten minutes: until it leaves, its files have not left either.
let world: World
let number: number

beforeAll(async () => {
  world = await startWorld({ mode: 'socket', undoSeconds: 600 })
  await world.slack.people.openHome(ADA)
  await eventually(() => expect(world.slack.state.home(ADA)).not.toBeNull())
})
afterAll(() => world?.stop())
beforeEach(async () => {
  const subject = `Tray ${Math.random()}`
  await writeMail(world, { from: 'ada@acme.example', subject, text: 'Which tray?' })
  await world.settle()
  number = (await world.db.query('select id from tickets where subject = $1', [subject])).rows[0].id
  await press(world, KOFI, cardOf(world, number), 'ticket.reply')
  const { view } = await modalOf(world, KOFI, 'agent.reply')
  const bytes = Buffer.from('press here')
  const file = await world.slack.people.upload(KOFI, { name: 'manual.txt', mimetype: 'text/plain', bytes })
  expect(await world.slack.people.submit(KOFI, view.id, { reply: 'The upper one.', files: [file.id] })).toMatchObject({
    ok: true,
  })
  // Fetched from Slack and shown to staff, who may still take it back.
  await eventually(async () => {
    await world.settle()
    expect(namesIn('card')).toEqual(['manual.txt'])
  })
})

test('the requester gets words and files when the answer leaves, and not when its files arrive', async () => {
  expect(hers()).not.toContain('The upper one.')
  expect(namesIn('root')).toEqual([])
  await world.push(600_000)
  await eventually(async () => {
    await world.settle()
    expect(namesIn('root')).toEqual(['manual.txt'])
  })
  expect(hers()).toContain('The upper one.')
  expect(namesIn('card')).toEqual(['manual.txt'])
})

test('what is taken back is never uploaded to the requester', async () => {
  const said = under(world, cardOf(world, number), KOFI).find(({ text }) => text.includes('The upper one.'))!
  await press(world, KOFI, said, 'ticket.undo')
  await world.settle()
  expect(
    (await world.db.query(`select from events where ticket_id = $1 and type = 'withdrawn'`, [number])).rowCount,
  ).toBe(1)
  await world.push(600_000)
  await world.settle()
  expect(hers()).not.toContain('The upper one.')
  expect(namesIn('root')).toEqual([])
})

const hers = () =>
  under(world, rootOf(world, ADA, number), ADA)
    .map(wordsOf)
    .join()

function namesIn(where: 'card' | 'root'): string[] {
  const message = where === 'card' ? cardOf(world, number) : rootOf(world, ADA, number)
  const viewer = where === 'card' ? KOFI : ADA
  return under(world, message, viewer).flatMap(({ fileObjects }) => fileObjects.map(({ name }) => name))
}
