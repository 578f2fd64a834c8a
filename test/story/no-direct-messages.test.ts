import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SeenMessage } from '../../src/sandbox/slack/types.ts'
import { answer, askByButton, cardOf, helpButton, modalOf, rootOf, toldTo, under } from '../slack/scenes.ts'
import { lastMailTo, mailsTo, press, replyByMail, writeMail } from '../support/acting.ts'
import { eventually, GENERAL, KOFI, startWorld, type World, wordsOf } from '../support/world.ts'

// All are of another workspace, whose admin gave Eve Ada's very address. #general is shared with them.
const EVE = 'U0EVE'
const YAN = 'U0YAN'
const words = ['user_not_found', 'user_not_visible', 'channel_not_found', 'invalid_user_combination', 'user_disabled']
const others = words.map((word, at) => ({ id: `U0OTHER${at}`, word }))
let world: World

beforeAll(async () => {
  world = await startWorld({
    mode: 'socket',
    prepare: ({ state }) => {
      const person = { tz: 'Europe/Berlin', locale: 'en-GB', teamId: 'T0OTHER' }
      const named = [
        { ...person, id: EVE, name: 'eve', realName: 'Eve Elsewhere', email: 'ada@acme.example', noAppDms: true },
        { ...person, id: YAN, name: 'yan', realName: 'Yan Yonder' },
        ...others.map(({ id }) => ({ ...person, id, name: id.toLowerCase(), realName: id })),
      ]
      state.people().push(...named)
      state.channel(GENERAL)!.members.push(...named.map(({ id }) => id), 'U0DESKHAND')
    },
  })
  await world.slack.people.slash(KOFI, GENERAL, '/ticket', 'button')
  await eventually(() => expect(helpButton(world)).toBeDefined())
})
afterAll(() => world?.stop())

describe('somebody of another workspace whom Slack lets us send no direct message', () => {
  let number: number

  test('is told where they pressed the button that their request is here, once, with what they can do next', async () => {
    number = await askByButton(world, EVE, 'From elsewhere')
    expect(toldTo(world, EVE)).toEqual([
      `🎫 Your request #${number} has reached us. Slack lets us send you no direct messages here, so only you see this line.\n` +
        'Only you see this, and it is gone when Slack restarts. To miss nothing, add your mail address: then we answer by mail. Press View to read and answer here.',
    ])
    expect(world.slack.state.ephemerals(EVE)[0]!.channel).toBe(GENERAL)
    expect(await outcomes(number)).toEqual({ done: expect.any(Number), never: expect.any(Number) })
  })

  test('and the agents see it on the card and under it, with how that person is told instead', async () => {
    expect(wordsOf(cardOf(world, number))).toContain('Slack lets us send Eve Elsewhere no direct messages.')
    expect(wordsOf(cardOf(world, number))).toContain(`What is new is said in <#${GENERAL}>`)
    const told = under(world, cardOf(world, number), KOFI).filter((message) => wordsOf(message).includes('no direct'))
    expect(told).toHaveLength(1)
  })

  test('hears there of each answer, once, and reads it by the button', async () => {
    await answer(world, KOFI, number, 'Have you tried it off and on?')
    const told = toldTo(world, EVE)
    expect(told).toHaveLength(2)
    expect(told[1]).toContain(`There is news on your request #${number}: From elsewhere`)
    expect(told.join()).not.toContain('off and on')
    await press(world, EVE, lastWhisper(EVE), 'request.show')
    const { view } = await modalOf(world, EVE, 'request.modal')
    expect(JSON.stringify(view.blocks)).toContain('Have you tried it off and on?')
    await world.slack.people.close(EVE, view.id)
    expect(underCard(number).at(-1)).toContain('is told beside the others of a channel')
  })

  test('is told it all by mail once they have shown an address to be theirs, and no more in the channel', async () => {
    await addAddress(EVE, 'eve@elsewhere.example')
    const before = toldTo(world, EVE).length
    await answer(world, KOFI, number, 'And now?')
    expect(mailsTo(world, 'eve@elsewhere.example').filter(({ text }) => text.includes('And now?'))).toHaveLength(1)
    expect(toldTo(world, EVE)).toHaveLength(before)
    expect(wordsOf(cardOf(world, number))).toContain('Everything goes to them by mail (eve@elsewhere.example).')
  })

  test('what they open then is confirmed in both, and answered by mail; nobody is told twice after a restart', async () => {
    const second = await askByButton(world, EVE, 'Another one')
    expect(toldTo(world, EVE).at(-1)).toContain('You hear from us by mail, at eve@elsewhere.example.')
    const count = toldTo(world, EVE).length
    const mails = mailsTo(world, 'eve@elsewhere.example').length
    await world.restart()
    await world.settle()
    await world.push(60_000)
    expect(toldTo(world, EVE)).toHaveLength(count)
    expect(mailsTo(world, 'eve@elsewhere.example')).toHaveLength(mails)
    expect(
      mailsTo(world, 'eve@elsewhere.example').filter(({ subject }) => subject.includes(`#${second}`)),
    ).toHaveLength(1)
  })

  test('gets direct messages as everybody does as soon as Slack takes them', async () => {
    world.slack.state.people().find(({ id }) => id === EVE)!.noAppDms = false
    const third = await askByButton(world, EVE, 'The third')
    expect(wordsOf(rootOf(world, EVE, third))).toContain('The third')
    expect(wordsOf(cardOf(world, third))).not.toContain('no direct messages')
    await answer(world, KOFI, number, 'The first one again.')
    expect(
      under(world, rootOf(world, EVE, number), EVE)
        .map(wordsOf)
        .join(),
    ).toContain('The first one again.')
  })
})

describe('somebody whose channel is shared no more', () => {
  let number: number

  test('is sent what another wrote by mail, which they would have read in Slack alone; nothing twice', async () => {
    number = await askByButton(world, YAN, 'Yonder')
    await addAddress(YAN, 'yan@yonder.example')
    await writeMail(world, {
      from: 'yan@yonder.example',
      cc: ['zoe@yonder.example'],
      subject: 'By mail',
      text: 'Hello.',
    })
    await world.settle()
    const mailed = Number((await world.db.query('select max(id) as id from tickets')).rows[0].id)
    expect(wordsOf(rootOf(world, YAN, mailed))).toContain('By mail')
    await answer(world, KOFI, mailed, 'Hello to you two.')
    await world.slack.people.kick(KOFI, GENERAL, YAN)
    await replyByMail(world, await lastMailTo(world, 'zoe@yonder.example'), 'Zoe says so too.')
    await world.settle()
    const got = mailsTo(world, 'yan@yonder.example').filter(({ text }) => text.includes('Zoe says so too.'))
    expect(got).toHaveLength(1)
    expect(await outcomes(mailed)).not.toHaveProperty('waiting')
    await answer(world, KOFI, mailed, 'Thank you both.')
    expect(mailsTo(world, 'yan@yonder.example').filter(({ text }) => text.includes('Thank you both.'))).toHaveLength(1)
  })

  test('and has no address: agents read that nothing reaches them, instead of silence', async () => {
    await world.db.query(`delete from contact_addresses where address = 'yan@yonder.example'`)
    await answer(world, KOFI, number, 'Can you read this?')
    await answer(world, KOFI, number, 'Or this?')
    expect(underCard(number).filter((text) => text.includes('Nothing you answer reaches them'))).toHaveLength(1)
    expect(underCard(number).at(-1)).toContain('cannot be reached')
    expect(await outcomes(number)).not.toHaveProperty('waiting')
  })
})

test.each(others)(
  'Slack saying $word means the same: told where they asked, and nothing is tried again',
  async ({ id, word }) => {
    world.slack.faults.fail('conversations.open', { error: word, times: 9 })
    const number = await askByButton(world, id, `Refused by ${word}`)
    world.slack.faults.clear()
    expect(toldTo(world, id)).toHaveLength(1)
    expect(underCard(number).filter((text) => text.includes('no direct messages'))).toHaveLength(1)
    expect(await outcomes(number)).not.toHaveProperty('waiting')
  },
)

const lastWhisper = (user: string): SeenMessage => world.slack.state.ephemerals(user).at(-1)!
const underCard = (number: number) => under(world, cardOf(world, number), KOFI).map(wordsOf)

/** Adds an address as its owner does: by the button, and the code that was mailed. */
async function addAddress(user: string, address: string): Promise<void> {
  if (world.slack.state.ephemerals(user).length > 0) await press(world, user, lastWhisper(user), 'home.addresses')
  else {
    await world.slack.people.openHome(user)
    const home = await eventually(() => world.slack.state.home(user)!)
    await world.slack.people.click(user, { viewId: home.id }, 'home.addresses')
  }
  const { view } = await modalOf(world, user, 'addresses.ask')
  await world.slack.people.submit(user, view.id, { address })
  await world.settle()
  const code = /\d{3} \d{3}/.exec(mailsTo(world, address).at(-1)!.text)![0]
  const asked = await modalOf(world, user, 'addresses.code')
  await world.slack.people.submit(user, asked.view.id, { code })
  const done = await modalOf(world, user, 'intake.done')
  await world.slack.people.close(user, done.view.id)
  await world.settle()
}

/** How many effects of a ticket ended in which way. */
async function outcomes(number: number): Promise<Record<string, number>> {
  const { rows } = await world.db.query(
    `select state, count(*)::int as n from outbox where ticket_id = $1 and state <> 'folded' group by state`,
    [number],
  )
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
}
