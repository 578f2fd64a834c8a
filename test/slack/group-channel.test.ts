import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  ADA,
  BRUNO,
  eventually,
  GENERAL,
  KOFI,
  LUCIA,
  startWorld,
  TRIAGE,
  type World,
  wordsOf,
} from '../support/world.ts'
import { ask, cardOf, statusOf, toldTo, under } from './scenes.ts'

// EMEA's tickets have a public channel of their own, with other members than the desk's.
let world: World
let folder: string
let emeas: number
let desks: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskhand-templates-'))
  await cp('templates', folder, { recursive: true })
  const file = join(folder, 'desk.yaml')
  const desk = (await readFile(file, 'utf8')).replace(
    'emea: { name: Support EMEA }',
    `emea: { name: Support EMEA, triageChannel: ${GENERAL} }`,
  )
  await writeFile(file, desk)
  world = await startWorld({
    mode: 'socket',
    templatesDir: folder,
    prepare: (slack) => {
      const channel = slack.state.channel(GENERAL)!
      channel.members = [...channel.members.filter((id) => id !== KOFI), 'U0DESKHAND']
    },
  })
  emeas = await ask(world, ADA, 'For EMEA')
  desks = await ask(world, LUCIA, 'For the desk')
})
afterAll(async () => {
  await world?.stop()
  await rm(folder, { recursive: true, force: true })
})

const events = async () => (await world.db.query('select count(*)::int as n from events')).rows[0].n

test('a group’s tickets stand in its own channel, others in the desk’s', () => {
  expect(wordsOf(cardOf(world, emeas, GENERAL, BRUNO))).toContain('For EMEA')
  expect(wordsOf(cardOf(world, desks))).toContain('For the desk')
  expect(JSON.stringify(world.slack.state.all(TRIAGE))).not.toContain('For EMEA')
  expect(JSON.stringify(world.slack.state.all(GENERAL))).not.toContain('For the desk')
})

test('its members are the group’s agents, for its tickets only: buttons and notes', async () => {
  const card = cardOf(world, emeas, GENERAL, BRUNO)
  await world.slack.people.click(BRUNO, { channelId: GENERAL, ts: card.ts }, 'ticket.take')
  await eventually(() => expect(wordsOf(cardOf(world, emeas, GENERAL, BRUNO))).toContain('Bruno Dias'))
  await world.slack.people.post(BRUNO, GENERAL, { text: 'mine now', threadTs: card.ts })
  await eventually(async () => {
    const { rows } = await world.db.query('select text, author_kind from comments where not is_public')
    expect(rows).toEqual([{ text: 'mine now', author_kind: 'agent' }])
  })
  const before = await events()
  // A button with the number of a ticket of the other channel: what it carries is a hint, never a right.
  const mine = world.slack.state.all(GENERAL).find(({ ts }) => ts === card.ts)!
  const kept = mine.blocks
  Object.assign(mine, { blocks: cardOf(world, desks).blocks })
  await world.slack.people.click(BRUNO, { channelId: GENERAL, ts: card.ts }, 'ticket.solve')
  await eventually(() => expect(toldTo(world, BRUNO).at(-1)).toMatch(/^Only the support team can do that/))
  const desk = world.slack.state.all(TRIAGE).find(({ ts }) => ts === cardOf(world, desks).ts)!
  const deskBlocks = desk.blocks
  Object.assign(desk, { blocks: kept })
  await world.slack.people.click(KOFI, { channelId: TRIAGE, ts: desk.ts }, 'ticket.solve')
  await eventually(() => expect(toldTo(world, KOFI).at(-1)).toMatch(/^Only the support team can do that/))
  Object.assign(mine, { blocks: kept })
  Object.assign(desk, { blocks: deskBlocks })
  expect(await events()).toBe(before)
  expect(await statusOf(world, emeas)).toBe('open')
})

test('what people say beside the cards of a channel is nobody’s note', async () => {
  const before = await events()
  const { ts } = (await world.slack.people.post(ADA, GENERAL, { text: 'lunch?' })) as { ok: true; ts: string }
  await world.slack.people.post(BRUNO, GENERAL, { text: 'yes', threadTs: ts })
  await world.settle()
  expect(await events()).toBe(before)
  expect(under(world, cardOf(world, emeas, GENERAL, BRUNO), BRUNO)).toHaveLength(2)
})
