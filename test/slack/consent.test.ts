import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkView } from '../../src/sandbox/slack/validate/views.ts'
import { consentBlocks } from '../../src/slack/views/consent.ts'
import { ADA, BRUNO, eventually, GENERAL, KOFI, startWorld, type World } from '../support/world.ts'
import { ask, cardOf, fillIn, modalOf, openForm, rootOf, technical, toldTo } from './scenes.ts'
import { clientContext } from './tickets.ts'

let world: World

beforeAll(async () => {
  world = await startWorld({ mode: 'socket', at: new Date('2026-11-23T09:00:00Z') })
})
afterAll(() => world?.stop())

const consentIn = async (number: number) =>
  (await world.db.query('select consent from tickets where id = $1', [number])).rows[0].consent
const textOf = (blocks: unknown) => JSON.stringify(blocks)
const withdraw = (user: string, number: number) => {
  const root = rootOf(world, ADA, number)
  const value = JSON.stringify({ ticket: number })
  return world.slack.people.click(user, { channelId: root.channel, ts: root.ts }, 'consent.withdraw', { value })
}

test('TEC-11 TEC-12 X19 a ticked box is kept with form and time, shown to agents, and taken back by its author', async () => {
  const number = await ask(world, ADA, 'The checkout hangs')
  const { rows } = await world.db.query('select version from form_versions')
  const [ada] = (await world.db.query(`select contact_id from contact_slack_users where user_id = $1`, [ADA])).rows
  expect(await consentIn(number)).toEqual({
    given: true,
    contactId: Number(ada.contact_id),
    at: expect.stringMatching(/^2026-11-23T09:0\d:\d\d\.\d+Z$/),
    formVersion: rows[0].version,
    withdrawnAt: null,
  })
  expect(textOf(cardOf(world, number).blocks)).toContain('The solution may be shared anonymously (agreed')

  expect(await withdraw(ADA, number)).toEqual({ ok: true })
  await eventually(() => expect(toldTo(world, ADA).at(-1)).toMatch(/not shared from now on/))
  await world.settle()
  expect(await consentIn(number)).toMatchObject({ given: true, withdrawnAt: expect.stringMatching(/^2026-11-23T/) })
  const events = await world.db.query(
    `select actor_kind, actor_id from events where ticket_id = $1 and type = 'consent-withdrawn'`,
    [number],
  )
  expect(events.rows).toEqual([{ actor_kind: 'contact', actor_id: ada.contact_id }])
  expect(textOf(cardOf(world, number).blocks)).toContain('not to be shared any more')
  const root = textOf(rootOf(world, ADA, number).blocks)
  expect(root).toContain('You took back your consent (')
  expect(root).not.toContain('consent.withdraw"')
})

test('X19 it is taken back where the request is shown whole, and shown there as taken back', async () => {
  const number = await ask(world, ADA, 'Read me')
  await world.slack.people.slash(ADA, GENERAL, '/ticket', String(number))
  const { view } = await modalOf(world, ADA, 'request.modal')
  expect(textOf(view.blocks)).toContain('You agreed that the solution is shared anonymously')
  expect(textOf(view.blocks)).not.toContain('I agree to anonymously share')
  expect(await world.slack.people.click(ADA, { viewId: view.id }, 'consent.withdraw')).toEqual({ ok: true })
  await eventually(async () => {
    const after = textOf((await modalOf(world, ADA, 'request.modal')).view.blocks)
    expect(after).toContain('You took back your consent (')
    expect(after).not.toContain('consent.withdraw"')
  })
  expect(await consentIn(number)).toMatchObject({ withdrawnAt: expect.any(String) })
  await world.slack.people.close(ADA, view.id)
})

test('TEC-11 an unticked box is a no: agents read it, and there is nothing to take back', async () => {
  const { view } = await openForm(world, ADA)
  await fillIn(world, ADA, view.id, technical('No, thank you').slice(0, 4))
  await fillIn(world, ADA, view.id, [{ ...technical('No, thank you')[4], consent: [] }])
  const sent = await modalOf(world, ADA, 'intake.sent')
  const number = Number(/#(\d+)/.exec(textOf(sent.view.blocks))![1])
  await world.settle()
  expect(await consentIn(number)).toMatchObject({ given: false, withdrawnAt: null })
  expect(textOf(cardOf(world, number).blocks)).toContain('The solution is not to be shared')
  expect(textOf(rootOf(world, ADA, number).blocks)).not.toContain('consent.withdraw')
  await world.slack.people.close(ADA, view.id)
})

test('a forged press takes back nobody else’s consent, and a follow-up is another solution', async () => {
  const number = await ask(world, ADA, 'Mine')
  const other = await ask(world, BRUNO, 'Bruno’s')
  const root = rootOf(world, BRUNO, other)
  const status = root.blocks!.find(({ block_id }) => block_id === 'request.status')!
  const menu = status.accessory as unknown as { options: { value: string }[] }
  menu.options[0]!.value = JSON.stringify({ ticket: number })
  await world.slack.people.click(BRUNO, { channelId: root.channel, ts: root.ts }, 'consent.withdraw', {
    value: menu.options[0]!.value,
  })
  await world.settle()
  expect(await consentIn(number)).toMatchObject({ withdrawnAt: null })
  expect(await consentIn(other)).toMatchObject({ withdrawnAt: null })

  const card = cardOf(world, number)
  await world.slack.people.click(KOFI, { channelId: card.channel, ts: card.ts }, 'ticket.solve')
  await world.settle()
  await world.push(28 * 3_600_000)
  const late = rootOf(world, ADA, number)
  await world.slack.people.post(ADA, late.channel, { text: 'It is back.', threadTs: late.ts })
  await world.settle()
  const { rows } = await world.db.query('select id, consent from tickets where follow_up_of = $1', [number])
  expect(rows).toEqual([{ id: expect.anything(), consent: null }])
})

test('where a request is shown whole, what was agreed stands with its button', () => {
  const consent = { given: true, contactId: 1, at: new Date(), formVersion: 'v1', withdrawnAt: null }
  const blocks = (more: object) => consentBlocks({ id: 1042, consent: { ...consent, ...more } }, clientContext())
  const modal = (shown: ReturnType<typeof blocks>) =>
    checkView({ type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: shown } as never, 'modal')
  modal(blocks({}))
  expect(textOf(blocks({}))).toContain('so that other stores do not have the same problem')
  modal(blocks({ withdrawnAt: new Date() }))
  expect(textOf(blocks({ withdrawnAt: new Date() }))).not.toContain('consent.withdraw"')
  expect(blocks({ given: false })).toEqual([])
})
