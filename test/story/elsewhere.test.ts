import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, askByButton, cardOf, helpButton, modalOf, publicWords, rootOf, toldTo } from '../slack/scenes.ts'
import { press, writeMail } from '../support/acting.ts'
import { ADA, eventually, GENERAL, KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'

// Eve is of another workspace, whose admin gave her Ada's very address; Gus is a guest of ours. #general is shared.
const EVE = 'U0EVE'
const GUS = 'U0GUS'
/** Hal says that Gus’s address is his; Twin is the account that came after Gus’s. */
const HAL = 'U0HAL'
const TWIN = 'U0TWIN'
let world: World

beforeAll(async () => {
  world = await startWorld({
    mode: 'socket',
    prepare: ({ state }) => {
      const person = { tz: 'Europe/Berlin', locale: 'en-GB' }
      state
        .people()
        .push(
          { ...person, id: EVE, name: 'eve', realName: 'Eve Elsewhere', email: 'ada@acme.example', teamId: 'T0OTHER' },
          { ...person, id: GUS, name: 'gus', realName: 'Gus Guest', email: 'gus@guest.example', isRestricted: true },
          { ...person, id: HAL, name: 'hal', realName: 'Hal', email: 'gus@guest.example', emailConfirmed: false },
          { ...person, id: TWIN, name: 'twin', realName: 'Gus again', email: 'gus@guest.example' },
        )
      state.channel(GENERAL)!.members.push(EVE, GUS, 'U0DESKHAND')
    },
  })
  await ask(world, ADA, 'The secret of Ada')
})
afterAll(() => world?.stop())

/** The help button, once an agent has posted it. */

test('an agent posts a button that asks for help into a channel; a client’s same words are a subject (X4)', async () => {
  expect(await world.slack.people.slash(EVE, GENERAL, '/ticket', 'button')).toMatchObject({ error: 'unknown_command' })
  await world.slack.people.slash(ADA, GENERAL, '/ticket', 'button')
  const { view } = await modalOf(world, ADA)
  await world.slack.people.close(ADA, view.id)
  expect(helpButton(world)).toBeUndefined()
  await world.slack.people.slash(KOFI, GENERAL, '/ticket', 'button')
  await eventually(() => expect(helpButton(world)).toBeDefined())
  await world.slack.people.slash(KOFI, GENERAL, '/ticket', 'botón')
  await eventually(() => expect(JSON.stringify(world.slack.state.all(GENERAL))).toContain('Pedir ayuda'))
})

describe('somebody of another workspace (S7)', () => {
  test('asks by the button, gets a thread of their own, and is no contact of ours by the address they have there', async () => {
    const number = await askByButton(world, EVE, 'From elsewhere')
    const { rows } = await world.db.query(
      `select c.id, a.address from contact_slack_users u join contacts c on c.id = u.contact_id
       left join contact_addresses a on a.contact_id = c.id where u.user_id = $1`,
      [EVE],
    )
    expect(rows).toEqual([{ id: expect.any(Number), address: null }])
    expect(wordsOf(cardOf(world, number))).toContain('Eve Elsewhere')
    await world.slack.people.post(EVE, rootOf(world, EVE, number).channel, {
      text: 'One more thing.',
      threadTs: rootOf(world, EVE, number).ts,
    })
    await world.settle()
    expect(await publicWords(world, number)).toContain('One more thing.')
  })

  test('sees nothing of who has that address with us', async () => {
    await world.slack.people.openHome(EVE)
    await eventually(() => expect(JSON.stringify(world.slack.state.home(EVE)?.blocks)).toContain('From elsewhere'))
    expect(JSON.stringify(world.slack.state.home(EVE)!.blocks)).not.toContain('The secret of Ada')
    expect(JSON.stringify(world.slack.state.home(EVE)!.blocks)).not.toContain('ada@acme.example')
  })

  test('has an agent’s buttons under no circumstances, in a triage channel neither', async () => {
    const secret = cardOf(world, 1001)
    const blocks = world.slack.state.all(TRIAGE).find(({ ts }) => ts === secret.ts)!.blocks!
    Object.assign(helpButton(world)!, { blocks })
    for (const action of ['ticket.take', 'ticket.solve'])
      await world.slack.people.click(EVE, { channelId: GENERAL, ts: helpButton(world)!.ts }, action)
    await eventually(() => expect(toldTo(world, EVE)).toHaveLength(2))
    expect(new Set(toldTo(world, EVE))).toEqual(
      new Set(['Only the support team can do that. Write in your request and somebody will take care of it.']),
    )
    const { rows } = await world.db.query('select status, assignee_id from tickets where id = 1001')
    expect(rows).toEqual([{ status: 'open', assignee_id: null }])
  })
})

test('a guest of ours is a client like others, by the address our workspace invited them at (AUT-13)', async () => {
  await writeMail(world, { from: 'gus@guest.example', fromName: 'Gus', subject: 'By mail', text: 'I am Gus.' })
  await world.settle()
  await world.slack.people.openHome(GUS)
  await eventually(() => expect(JSON.stringify(world.slack.state.home(GUS)?.blocks)).toContain('By mail'))
})

test('who is deactivated is told by mail alone, and holds up nobody', async () => {
  const number = Number(
    (await world.db.query(`select max(id) as id from tickets where subject = 'By mail'`)).rows[0].id,
  )
  world.slack.state.people().find(({ id }) => id === GUS)!.deleted = true
  await press(world, KOFI, cardOf(world, number), 'ticket.solve')
  await world.settle()
  const { rows } = await world.db.query(
    `select kind, state from outbox where ticket_id = $1 and (kind = 'mail' or lane like 'dm:%') order by id desc limit 2`,
    [number],
  )
  expect(rows).toContainEqual({ kind: 'mail', state: 'done' })
  expect(rows.map(({ state }) => state)).not.toContain('waiting')
})

test('an address that Slack itself has not confirmed is nobody’s: it opens no history (AUT-14)', async () => {
  await world.slack.people.openHome(HAL)
  await eventually(() => expect(JSON.stringify(world.slack.state.home(HAL)?.blocks)).toContain('home.language'))
  expect(JSON.stringify(world.slack.state.home(HAL)?.blocks)).not.toContain('By mail')
  const { rows } = await world.db.query(
    `select count(*)::int as n from contact_addresses join contact_slack_users using (contact_id) where user_id = $1`,
    [HAL],
  )
  expect(rows).toEqual([{ n: 0 }])
})

test('two Slack users with one address are one contact, and the one that came later is told (AUT-13)', async () => {
  await world.slack.people.openHome(TWIN)
  await eventually(() => expect(JSON.stringify(world.slack.state.home(TWIN)?.blocks)).toContain('By mail'))
  const { rows } = await world.db.query(
    'select count(distinct contact_id)::int as n from contact_slack_users where user_id = any($1)',
    [[GUS, TWIN]],
  )
  expect(rows).toEqual([{ n: 1 }])
  await writeMail(world, { from: 'gus@guest.example', subject: 'To the new account', text: 'Me again.' })
  await world.settle()
  const number = Number((await world.db.query('select max(id) as id from tickets')).rows[0].id)
  expect(wordsOf(rootOf(world, TWIN, number))).toContain('To the new account')
})

test('a triage channel that is shared with another company gets an alarm and nothing about clients until it is not (S7)', async () => {
  const triage = world.slack.state.channel(TRIAGE)!
  triage.members.push(EVE)
  await world.push(61_000)
  const number = await ask(world, ADA, 'Not for other eyes')
  const said = () => world.slack.state.all(TRIAGE).map(({ text }) => text)
  expect(said().filter((text) => text.includes('shared with another company'))).toHaveLength(1)
  expect(said().join()).not.toContain('Not for other eyes')
  triage.members = triage.members.filter((id) => id !== EVE)
  await world.push(61_000)
  // Retries go by the database's own clock.
  await world.db.query(`update outbox set next_at = now() where state in ('waiting', 'trying')`)
  await world.db.query('update lanes set next_at = now()')
  await eventually(async () => {
    await world.settle()
    expect(wordsOf(cardOf(world, number))).toContain('Not for other eyes')
  })
})
