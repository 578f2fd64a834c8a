import { afterAll, beforeAll, expect, test } from 'vitest'
import { answer, cardOf, fillIn, modalOf, openForm, publicWords, rootOf, technical } from '../slack/scenes.ts'
import { lastMailTo, mailsTo, replyByMail } from '../support/acting.ts'
import { ADA, KOFI, startWorld, type World, wordsOf } from '../support/world.ts'

// How a request finds its team, and the answer its way back.
let world: World
let number: number

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

async function opened(pages: ReturnType<typeof technical>): Promise<number> {
  const { view } = await openForm(world, ADA)
  await fillIn(world, ADA, view.id, pages)
  const sent = await modalOf(world, ADA, 'intake.sent')
  await world.slack.people.close(ADA, view.id)
  return Number(/#(\d+)/.exec(JSON.stringify(sent.view.blocks))![1])
}
const groupOf = async (id: number) =>
  (await world.db.query('select group_key, region_key from tickets where id = $1', [id])).rows[0]

test('RTE-01 a new request goes to the team of its store, and what one team takes from all goes there', async () => {
  const [, ...pages] = technical('Sem estoque')
  number = await opened([{ account: 'acme-sao-paulo' }, ...pages])
  expect(await groupOf(number)).toEqual({ group_key: 'brazil', region_key: 'brazil' })
  const [, ...others] = technical('No stock')
  expect(await groupOf(await opened([{ account: 'acme-berlin' }, ...others]))).toEqual({
    group_key: 'emea',
    region_key: 'emea',
  })
  const commercial = await opened([
    { account: 'acme-sao-paulo' },
    { branch: 'commercial' },
    { commercial: '1' },
    { trade_policy_name: 'B2B', trade_policy_purpose: 'b2b' },
  ])
  expect(await groupOf(commercial)).toEqual({ group_key: 'sales', region_key: 'brazil' })
})

test('RTE-02 its card stands in the team’s channel as soon as it is sent, with nobody’s name and the first button to take it', async () => {
  await world.slack.settled()
  await world.settle()
  const card = cardOf(world, number)
  expect(wordsOf(card)).toContain('nobody yet')
  const { rows } = await world.db.query(
    `select extract(epoch from o.done_at - t.opened_at)::float as seconds from outbox o join tickets t on t.id = o.ticket_id
     where t.id = $1 and o.effect -> 'slot' ->> 'place' = 'card'`,
    [number],
  )
  expect(rows[0].seconds).toBeLessThan(60)
})

test('RTE-03 the answer reaches who asked by mail', async () => {
  await answer(world, KOFI, number, 'Which product is it?', true)
  const mail = await lastMailTo(world, 'ada@acme.example')
  expect(mail.subject).toContain('Sem estoque')
  expect(mail.text).toContain('Which product is it?')
})

test('RTE-04 whichever way somebody takes, every word stands on the ticket, and everybody has it', async () => {
  await replyByMail(world, mailsTo(world, 'ada@acme.example').at(-1)!, 'The red one.')
  await world.settle()
  const root = rootOf(world, ADA, number)
  await world.slack.people.post(ADA, root.channel, { text: 'And the blue one.', threadTs: root.ts })
  await world.settle()
  expect(await publicWords(world, number)).toEqual([
    expect.stringContaining('Sem estoque'),
    'Which product is it?',
    'The red one.',
    'And the blue one.',
  ])
})
