import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADA, eventually, GENERAL, startWorld, type World } from '../support/world.ts'
import { ask, drawnAgain, publicWords } from './scenes.ts'

let world: World
let number: number

beforeAll(async () => {
  world = await startWorld()
  number = await ask(world, ADA, 'Ünïcödé invoices of 50% off_by_one')
})
afterAll(() => world?.stop())

/** What people paste: more than anybody types, what no database takes, and what others take for more than words. */
const odd: Record<string, { typed: string; finds: boolean }> = {
  'a NUL': { typed: 'inv\u0000oices', finds: false },
  'words parted by a NUL': { typed: 'invoices\u000050', finds: true },
  'half an emoji': { typed: 'invoices \ud83d', finds: true },
  'an emoji across the limit': { typed: `${'x'.repeat(199)}😀`, finds: false },
  'wildcards of SQL': { typed: '%', finds: false },
  'other wildcards': { typed: 'inv%es _', finds: false },
  'quotes and operators': { typed: `invoices' | "' & !:* \\`, finds: true },
  'right to left': { typed: '\u202einvoices\u202c', finds: true },
}
const flood = Array.from({ length: 2_500 }, (_, n) => `word${n}`).join(' ')

test.each(Object.entries(odd))('the command looks for %s as for any words', async (_, { typed, finds }) => {
  expect(await byCommand(typed)).toMatch(finds ? new RegExp(`#${number}`) : /None of your requests has/)
})

test('the command takes of ten thousand letters, or of thousands of words, as much as anybody types', async () => {
  expect(await byCommand('x'.repeat(10_000))).toContain('None of your requests has')
  expect(await byCommand(flood)).toContain('None of your requests has')
  expect(await byCommand(`invoices${' '.repeat(300)}${flood}`)).toContain(`#${number}`)
})

test.each(Object.entries(odd))('the App Home looks for %s as for any words', async (_, { typed, finds }) => {
  const found = await inHome(typed)
  expect(found).not.toContain('intake.problem')
  expect(found.includes(`home.request.${number}`)).toBe(finds)
})

test('a long reply with a slip in its word goes out whole, or opens where it is written; never cut', async () => {
  const words = 'one two '.repeat(200).trim()
  await runMeant(`repyl ${number} ${words}`)
  await eventually(async () => expect((await publicWords(world, number)).at(-1)).toBe(words))
  const longer = 'three four '.repeat(250)
  await runMeant(`repyl ${number} ${longer}`)
  await eventually(() => expect(world.slack.state.modal(ADA)?.view.callbackId).toBe('request.reply'))
  await world.settle()
  expect((await publicWords(world, number)).filter((each) => each.includes('three'))).toEqual([])
})

async function told(doing: () => Promise<unknown>) {
  const before = world.slack.state.ephemerals(ADA).length
  await doing()
  return eventually(() => {
    const all = world.slack.state.ephemerals(ADA)
    expect(all.length).toBeGreaterThan(before)
    return all.at(-1)!
  })
}

async function byCommand(typed: string): Promise<string> {
  return JSON.stringify(await told(() => world.slack.people.slash(ADA, GENERAL, '/ticket', `search ${typed}`)))
}

async function runMeant(typed: string): Promise<void> {
  const near = await told(() => world.slack.people.slash(ADA, GENERAL, '/ticket', typed))
  await world.slack.people.click(ADA, { channelId: near.channel, ts: near.ts }, 'command.run')
}

/** Types into the search of the App Home, whatever a client would let through; what is shown then, modal and Home. */
async function inHome(typed: string): Promise<string> {
  await drawnAgain(world, ADA, () => world.slack.people.openHome(ADA))
  const home = world.slack.state.home(ADA)!
  const block = home.blocks.map(({ block_id }) => String(block_id)).find((id) => id.startsWith('home.search.'))!
  await drawnAgain(world, ADA, () => world.slack.people.fill(ADA, home.id, block, typed.slice(0, 201)))
  return JSON.stringify([world.slack.state.modal(ADA)?.view.callbackId, world.slack.state.home(ADA)?.blocks])
}
