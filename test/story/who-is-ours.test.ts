import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ask,
  askByButton,
  cardOf,
  helpButton,
  modalOf,
  openForm,
  rootOf,
  statusOf,
  toldTo,
  under,
} from '../slack/scenes.ts'
import { mailsTo, press, writeMail } from '../support/acting.ts'
import { ADA, eventually, GENERAL, KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'

// The workspace is one of Acme's organization; so is that of Sia, who is in the team's channel, and of Sol, who is not.
const SIA = 'W0SIA'
const SOL = 'W0SOL'
/** Of another organization; Slack says neither their zone nor their address. */
const BEA = 'U0BEA'
/** No channel is shared with them any more. */
const STRANGER = 'U0STRANGER'
/** Guests: of several channels, and of one. Gil was let into the team's channel. */
const GUS = 'U0GUS'
const SIM = 'U0SIM'
const GIL = 'U0GIL'
let world: World

beforeAll(async () => {
  world = await startWorld({
    mode: 'socket',
    workspace: { enterpriseId: 'E0ACME' },
    prepare: ({ state }) => {
      const person = { tz: 'Europe/Berlin', locale: 'en-GB' }
      const sister = { ...person, teamId: 'T0SISTER', enterpriseId: 'E0ACME' }
      const other = { tz: '', locale: '', teamId: 'T0OTHER', enterpriseId: 'E0OTHER' }
      const people = [
        { ...sister, id: SIA, name: 'sia', realName: 'Sia Sister', email: 'sia@acme.example' },
        { ...sister, id: SOL, name: 'sol', realName: 'Sol Sister', email: 'sol@acme.example', locale: 'es-ES' },
        { ...other, id: BEA, name: 'bea', realName: 'Bea Elsewhere' },
        { ...other, id: STRANGER, name: 'stranger', realName: 'A Stranger', email: 'ada@acme.example' },
        { ...person, id: GUS, name: 'gus', realName: 'Gus Guest', email: 'gus@guest.example', isRestricted: true },
        { ...person, id: SIM, name: 'sim', realName: 'Sim Guest', email: 'sim@guest.example', isUltraRestricted: true },
        { ...person, id: GIL, name: 'gil', realName: 'Gil Guest', email: 'gil@guest.example', isRestricted: true },
      ]
      state.people().push(...people)
      state.channel(GENERAL)!.members.push('U0DESKHAND', ...people.map(({ id }) => id))
      state.channel(TRIAGE)!.members.push(SIA, GIL)
    },
  })
  await world.slack.people.slash(KOFI, GENERAL, '/ticket', 'button')
  await eventually(() => expect(helpButton(world)).toBeDefined())
})
afterAll(() => world?.stop())

describe('somebody of a sister workspace of our Enterprise organization', () => {
  test('is a client as ours are: by command, by the address their organization vouches for, in their language', async () => {
    await writeMail(world, { from: 'sol@acme.example', fromName: 'Sol', subject: 'By mail', text: 'I am Sol.' })
    await world.settle()
    const { view } = await openForm(world, SOL)
    expect(JSON.stringify(view)).toContain('Cuenta')
    await world.slack.people.close(SOL, view.id)
    await world.slack.people.openHome(SOL)
    await eventually(() => expect(JSON.stringify(world.slack.state.home(SOL)?.blocks)).toContain('By mail'))
    const number = await askByButton(world, SOL, 'By the button')
    expect(wordsOf(rootOf(world, SOL, number))).toContain('By the button')
    expect(mailsTo(world, 'sol@acme.example').filter(({ subject }) => subject.includes(`#${number}`))).toHaveLength(1)
    expect(toldTo(world, SOL)).toEqual([])
  })

  test('is one person, whichever workspace Slack names', async () => {
    const { rows } = await world.db.query(
      'select distinct team_id, contact_id from contact_slack_users where user_id = $1',
      [SOL],
    )
    expect(rows).toHaveLength(1)
    const number = await ask(world, SOL, 'Words in a thread')
    const { channel, ts } = rootOf(world, SOL, number)
    await world.slack.people.post(SOL, channel, { text: 'One more thing.', threadTs: ts })
    await world.settle()
    expect(await contactsOf(SOL)).toBe(1)
    expect(under(world, cardOf(world, number), KOFI).map(wordsOf).join()).toContain('One more thing.')
  })

  test('works here as an agent where they are in the team’s channel, which is not shared with another company', async () => {
    const number = await ask(world, ADA, 'For the sister')
    await press(world, SIA, cardOf(world, number), 'ticket.take')
    await world.settle()
    expect(wordsOf(cardOf(world, number))).toContain('Sia Sister')
    expect(toldTo(world, SIA)).toEqual([])
    // A word that only agents know is a subject to whoever is not in that channel.
    await world.slack.people.slash(SOL, GENERAL, '/ticket', 'button')
    const { view } = await modalOf(world, SOL)
    await world.slack.people.close(SOL, view.id)
  })
})

describe('somebody of another organization of whom Slack says little', () => {
  test('without zone, language and address asks and is answered, with times as the desk has them', async () => {
    const number = await askByButton(world, BEA, 'From Bea')
    const root = wordsOf(rootOf(world, BEA, number))
    expect(root).toContain('From Bea')
    const { rows } = await world.db.query(
      `select c.locale, c.time_zone, (select count(*)::int from contact_addresses a where a.contact_id = c.id) as addresses
       from contacts c join contact_slack_users u on u.contact_id = c.id where u.user_id = $1`,
      [BEA],
    )
    expect(rows).toEqual([{ locale: null, time_zone: null, addresses: 0 }])
    await press(world, KOFI, cardOf(world, number), 'ticket.solve')
    await world.settle()
    expect(
      under(world, rootOf(world, BEA, number), BEA)
        .map(wordsOf)
        .join(),
    ).toMatch(/December 2026, \d\d:\d\d/)
  })

  test('a stranger is nobody of ours by whatever address they have, and never an agent', async () => {
    const shared = world.slack.state.channel(GENERAL)!
    shared.members = shared.members.filter((id) => id !== STRANGER)
    world.slack.state.channel(TRIAGE)!.members.push(STRANGER)
    const secret = await ask(world, ADA, 'The secret of Ada')
    await press(world, STRANGER, cardOf(world, secret), 'ticket.take')
    await world.slack.people.openHome(STRANGER)
    await eventually(() => expect(world.slack.state.home(STRANGER)).not.toBe(null))
    expect(JSON.stringify(world.slack.state.home(STRANGER))).not.toContain('The secret of Ada')
    expect(wordsOf(cardOf(world, secret))).not.toContain('A Stranger')
    world.slack.state.channel(TRIAGE)!.members.pop()
  })
})

describe('a guest of ours', () => {
  test.each([
    ['of several channels', GUS],
    ['of one channel', SIM],
  ])(
    '%s has no command and no shortcut, asks by the button and by the App Home, and gets a thread and mail',
    async (_, guest) => {
      for (const refused of [
        await world.slack.people.slash(guest, GENERAL, '/ticket'),
        await world.slack.people.globalShortcut(guest, 'open_ticket'),
        await world.slack.people.messageShortcut(guest, 'ticket_from_message', {
          channelId: GENERAL,
          ts: helpButton(world)!.ts,
        }),
      ])
        expect(refused).toMatchObject({ ok: false })
      const number = await askByButton(world, guest, `From ${guest}`)
      expect(wordsOf(rootOf(world, guest, number))).toContain(`From ${guest}`)
      const address = `${guest.slice(2).toLowerCase()}@guest.example`
      expect(mailsTo(world, address).filter(({ subject }) => subject.includes(`#${number}`))).toHaveLength(1)
      await world.slack.people.openHome(guest)
      const home = await eventually(() => {
        expect(JSON.stringify(world.slack.state.home(guest)?.blocks)).toContain(`From ${guest}`)
        return world.slack.state.home(guest)!
      })
      await world.slack.people.click(guest, { viewId: home.id }, 'home.open_ticket')
      const { view } = await modalOf(world, guest)
      await world.slack.people.close(guest, view.id)
    },
  )

  test('in the team’s channel reads along, and decides nothing', async () => {
    const number = await ask(world, ADA, 'Not for guests')
    for (const action of ['ticket.take', 'ticket.solve']) await press(world, GIL, cardOf(world, number), action)
    await eventually(() => expect(toldTo(world, GIL)).toHaveLength(2))
    expect(toldTo(world, GIL)[0]).toContain('Only the support team can do that')
    expect(await statusOf(world, number)).toBe('open')
    expect(wordsOf(cardOf(world, number))).not.toContain('Gil')
  })
})

async function contactsOf(user: string): Promise<number> {
  const { rows } = await world.db.query(
    'select count(distinct contact_id)::int as n from contact_slack_users where user_id = $1',
    [user],
  )
  return rows[0].n
}
