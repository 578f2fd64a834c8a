import { afterAll, beforeAll, expect, test } from 'vitest'
import { answer, ask, rootOf } from '../slack/scenes.ts'
import { mailsTo } from '../support/acting.ts'
import { ADA, BRUNO, eventually, startWorld, type World, wordsOf } from '../support/world.ts'

// Ada's Slack is English, Bruno's Brazilian; Ada would rather read Spanish.
let world: World

beforeAll(async () => {
  world = await startWorld({ mode: 'socket', at: new Date('2026-11-24T15:00:00Z') })
  await ask(world, ADA, 'The printer')
  await openHome(ADA)
})
afterAll(() => world?.stop())

const home = (user: string) => JSON.stringify(world.slack.state.home(user)?.blocks)
const openHome = async (user: string) => {
  await world.slack.people.openHome(user)
  await eventually(() => expect(home(user)).toContain('home.language'))
}
const choose = async (user: string, value: string) => {
  const view = world.slack.state.home(user)!
  expect(await world.slack.people.click(user, { viewId: view.id }, 'home.language', { value })).toMatchObject({
    ok: true,
  })
  await world.settle()
}

test('without a choice it is Slack’s language, and English where it has none of its own (X5)', async () => {
  expect(home(ADA)).toContain('Request history')
  await openHome(BRUNO)
  expect(home(BRUNO)).toContain('Painel de suporte')
  world.slack.state.people().find(({ id }) => id === BRUNO)!.locale = 'ja-JP'
  await world.push(3_700_000)
  await openHome(BRUNO)
  await eventually(() => expect(home(BRUNO)).toContain('Request history'))
})

test('the Home offers every language there is, each by its own name, and says the zone', () => {
  const shown = home(ADA)
  for (const name of ['Automatic, as in Slack', 'English', 'Español', 'Português']) expect(shown).toContain(name)
  expect(shown).toContain('Europe/Berlin')
})

test('a choice wins over Slack’s language, at once in the Home and in the threads', async () => {
  expect(wordsOf(rootOf(world, ADA, 1001))).toContain('Open')
  await choose(ADA, 'es')
  expect(home(ADA)).toContain('Historial de solicitudes')
  expect(home(ADA)).toContain('"initial_option":{"value":"es"')
  expect(wordsOf(rootOf(world, ADA, 1001))).toMatch(/Abierta|Solicitud|Estado/)
})

test('and moments are in digits then, for Slack says "today" in its own language', async () => {
  expect(home(ADA)).toContain('^{date_num} {time}|')
  expect(home(ADA)).not.toContain('date_short_pretty')
})

test('and in the mails that follow, with days and hours as that language writes them', async () => {
  await answer(world, 'U0KOFI', 1001, 'We look at it.', true)
  const [mail] = mailsTo(world, 'ada@acme.example').slice(-1)
  expect(mail!.text).toMatch(/solicitud/)
  expect(mail!.text).not.toMatch(/\brequest\b/)
})

test('back to automatic it is Slack’s again', async () => {
  await choose(ADA, 'auto')
  expect(home(ADA)).toContain('Request history')
  expect(home(ADA)).toContain('^{date_short_pretty} {time}|')
  expect(wordsOf(rootOf(world, ADA, 1001))).toContain('Awaiting your reply')
})

test('who chooses the language that Slack has them in keeps its region’s hours', async () => {
  world.slack.state.people().find(({ id }) => id === BRUNO)!.locale = 'en-US'
  await world.push(3_700_000)
  await openHome(BRUNO)
  await choose(BRUNO, 'en')
  const { rows } = await world.db.query(
    `select locale, language from contacts c join contact_slack_users u on u.contact_id = c.id where user_id = $1`,
    [BRUNO],
  )
  expect(rows).toEqual([{ locale: 'en-US', language: 'en' }])
  await ask(world, BRUNO, 'Twelve hours')
  expect(home(BRUNO)).toMatch(/\d{1,2}:\d{2} [AP]M/)
})
