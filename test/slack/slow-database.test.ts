import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADA, BRUNO, eventually, KOFI, LUCIA, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'
import {
  answer,
  ask,
  cardOf,
  fillIn,
  modalOf,
  openForm,
  publicWords,
  rootOf,
  statusOf,
  technical,
  under,
} from './scenes.ts'

let world: World
let first: number
let second: number

beforeAll(async () => {
  world = await startWorld()
  first = await ask(world, ADA, 'The first')
  second = await ask(world, LUCIA, 'The second')
})
afterAll(() => world?.stop())

const click = (user: string, message: { channel: string; ts: string }, actionId: string) =>
  world.slack.people.click(user, { channelId: message.channel, ts: message.ts }, actionId)
const shows = (user: string) => world.slack.state.modal(user)?.view.callbackId

/** Does everything at once while no statement gets through, until all of it is acknowledged or given up by Slack. */
async function whileStuck(doing: () => Promise<unknown>[], then: () => unknown = () => {}): Promise<void> {
  await world.settle()
  world.slack.log.clear()
  const client = await world.db.connect()
  try {
    await client.query('begin')
    const { rows } = await client.query(
      `select string_agg(quote_ident(tablename), ', ') as tables from pg_tables where schemaname = 'public'`,
    )
    await client.query(`lock table ${rows[0].tables} in access exclusive mode`)
    const seen = await Promise.all(doing())
    await world.slack.settled()
    for (const each of seen) expect(each).toMatchObject({ ok: true })
    await then()
  } finally {
    await client.query('rollback')
    client.release()
  }
  for (const { name, ackMs, error } of world.slack.log.deliveries) {
    expect(error, name).toBeUndefined()
    expect(ackMs, name).toBeLessThan(2_800)
  }
  const refused = world.slack.log.calls.filter(({ ok, error }) => !ok && error !== 'internal_error')
  expect(refused).toEqual([])
}

test('with a database that answers nothing, pages, replies, buttons, words and Home are acknowledged, and shown when it does', async () => {
  const ada = await openForm(world, ADA)
  await fillIn(world, ADA, ada.view.id, technical('x').slice(0, 2))
  await click(LUCIA, cardOf(world, first), 'ticket.reply')
  const reply = await modalOf(world, LUCIA, 'agent.reply')
  const root = rootOf(world, ADA, first)
  await whileStuck(
    () => [
      world.slack.people.submit(ADA, ada.view.id, technical('Typed slowly')[2]),
      world.slack.people.slash(BRUNO, 'C0GENERAL', '/ticket'),
      click(KOFI, cardOf(world, second), 'ticket.reply'),
      world.slack.people.submit(LUCIA, reply.view.id, { reply: 'Sent while stuck' }),
      click(KOFI, cardOf(world, second), 'ticket.take'),
      world.slack.people.post(ADA, root.channel, { text: 'Said while stuck', threadTs: root.ts }),
      world.slack.people.post(KOFI, TRIAGE, { text: 'Noted while stuck', threadTs: cardOf(world, second).ts }),
      world.slack.people.openHome(ADA),
    ],
    () => {
      expect([ADA, BRUNO, KOFI, LUCIA].map(shows)).toEqual(Array(4).fill('intake.loading'))
      expect(world.slack.state.home(ADA)?.callbackId).toBe('home.loading')
    },
  )
  expect(JSON.stringify((await modalOf(world, ADA)).view.blocks)).toContain('Problem impact')
  expect(JSON.stringify((await modalOf(world, BRUNO)).view.blocks)).toContain('Acme Berlin')
  expect(JSON.stringify((await modalOf(world, KOFI, 'agent.reply')).view.blocks)).toContain('Lucía')
  expect(JSON.stringify((await modalOf(world, LUCIA, 'intake.done')).view.blocks)).toContain(String(first))
  await eventually(async () => {
    await world.settle()
    expect((await publicWords(world, first)).slice(1).sort()).toEqual(['Said while stuck', 'Sent while stuck'])
    expect(wordsOf(cardOf(world, second))).toContain('Kofi Mensah')
    const { rows } = await world.db.query(`select text from comments where not is_public`)
    expect(rows).toEqual([{ text: 'Noted while stuck' }])
    expect(JSON.stringify(world.slack.state.home(ADA)?.blocks)).toContain('The first')
  })
  for (const user of [KOFI, LUCIA]) await world.slack.people.close(user, world.slack.state.modal(user)!.view.id)
})

test('so are Back, the last page, the shortcut, a vote and its comment', async () => {
  const bruno = await modalOf(world, BRUNO)
  await fillIn(world, BRUNO, bruno.view.id, technical('From Bruno').slice(0, 4))
  await answer(world, KOFI, second, 'Done.')
  await click(KOFI, cardOf(world, second), 'ticket.solve')
  await eventually(async () => expect(await statusOf(world, second)).toBe('solved'))
  await world.settle()
  const survey = () => under(world, rootOf(world, LUCIA, second), LUCIA).at(-1)!
  await click(LUCIA, survey(), 'survey.rate.4')
  await eventually(() => expect(JSON.stringify(survey().blocks)).toContain('survey.comment'))
  const ada = await modalOf(world, ADA)
  await whileStuck(
    () => [
      world.slack.people.click(ADA, { viewId: ada.view.id }, 'intake.back'),
      world.slack.people.submit(BRUNO, bruno.view.id, technical('From Bruno')[4]),
      world.slack.people.globalShortcut(KOFI, 'open_ticket'),
      click(LUCIA, survey(), 'survey.comment'),
      click(LUCIA, survey(), 'survey.rate.5'),
    ],
    () => expect([ADA, BRUNO, KOFI, LUCIA].map(shows)).toEqual(Array(4).fill('intake.loading')),
  )
  expect(JSON.stringify((await modalOf(world, ADA)).view.blocks)).toContain('Typed slowly')
  expect(JSON.stringify((await modalOf(world, BRUNO, 'intake.sent')).view.blocks)).toMatch(/#\d{4}/)
  expect(JSON.stringify((await modalOf(world, KOFI)).view.blocks)).toContain('Kofi Mensah')
  const comment = await modalOf(world, LUCIA, 'survey.comment')
  await eventually(() => expect(wordsOf(survey())).toContain('★★★★★'))
  await whileStuck(() => [world.slack.people.submit(LUCIA, comment.view.id, { comment: 'Slow, but kind' })])
  await modalOf(world, LUCIA, 'intake.done')
  const { rows } = await world.db.query('select rating_score, rating_comment from tickets where id = $1', [second])
  expect(rows).toEqual([{ rating_score: 5, rating_comment: 'Slow, but kind' }])
})

test('what follows “one moment” comes even when Slack first fails to take it', async () => {
  const { view } = await modalOf(world, KOFI)
  await fillIn(world, KOFI, view.id, [{ account: 'unlisted' }])
  await whileStuck(
    () => [world.slack.people.submit(KOFI, view.id, { branch: 'financial' })],
    () => world.slack.faults.fail('views.update', { status: 500, error: 'internal_error' }),
  )
  expect(JSON.stringify((await modalOf(world, KOFI)).view.blocks)).toContain('Admin is blocked')
})

test('/ticket with a number says one moment, and then all it has to say', async () => {
  await whileStuck(
    () => [
      world.slack.people.slash(ADA, 'C0GENERAL', '/ticket', String(first)),
      world.slack.people.slash(BRUNO, 'C0GENERAL', '/ticket', 'search dragons'),
    ],
    () => eventually(() => expect([ADA, BRUNO].map(shows)).toEqual(['intake.loading', 'intake.loading'])),
  )
  expect(JSON.stringify((await modalOf(world, ADA, 'request.modal')).view.blocks)).toContain('The first')
  expect(JSON.stringify((await modalOf(world, BRUNO, 'intake.answer')).view.blocks)).toContain('dragons')
  for (const user of [ADA, BRUNO]) await world.slack.people.close(user, world.slack.state.modal(user)!.view.id, 'all')
})
