import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answer, ask, cardOf, modalOf, publicWords, toldTo, under } from '../slack/scenes.ts'
import { lastMailTo, mailsTo, replyByMail, writeMail } from '../support/acting.ts'
import { eventually, GENERAL, KOFI, startWorld, type World, wordsOf } from '../support/world.ts'

// Ann has two accounts with one address, the second made later. Ben has one, and writes from two addresses.
const ANN = 'U0ANN'
const ANN_LATER = 'U0ANNLATER'
const BEN = 'U0BEN'
const [ANNS, WORK, HOME] = ['ann@acme.example', 'ben@acme.example', 'ben@home.example']
let world: World

beforeAll(async () => {
  world = await startWorld({
    mode: 'socket',
    prepare: ({ state }) => {
      const person = { tz: 'Europe/Berlin', locale: 'en-GB' }
      state
        .people()
        .push(
          { ...person, id: ANN, name: 'ann', realName: 'Ann', email: ANNS },
          { ...person, id: ANN_LATER, name: 'ann2', realName: 'Ann', email: ANNS },
          { ...person, id: BEN, name: 'ben', realName: 'Ben', email: WORK },
        )
      state.channel(GENERAL)!.members.push(ANN, ANN_LATER, BEN)
    },
  })
})
afterAll(() => world?.stop())

describe('two Slack users who are one contact', () => {
  let first: number
  let second: number
  const anns = [ANN, ANN_LATER]

  beforeAll(async () => {
    first = await ask(world, ANN, 'Of the first account')
    await world.slack.people.openHome(ANN_LATER)
    await eventually(() => expect(homeOf(ANN_LATER)).toContain('Of the first account'))
    second = await ask(world, ANN_LATER, 'Of the second account')
  })

  test.each(anns)('%s sees both requests in the App Home and by “/ticket mine”, each once', async (user) => {
    await world.slack.people.openHome(user)
    await eventually(() => expect(homeOf(user)).toContain('Of the second account'))
    for (const subject of ['Of the first account', 'Of the second account'])
      expect(homeOf(user).split(subject).length - 1).toBe(1)
    const before = toldTo(world, user).length
    await world.slack.people.slash(user, GENERAL, '/ticket', 'mine')
    await eventually(() => expect(world.slack.state.ephemerals(user)).toHaveLength(before + 1))
    const list = JSON.stringify(world.slack.state.ephemerals(user).at(-1)!.blocks)
    for (const subject of ['Of the first account', 'Of the second account'])
      expect(list.split(subject).length - 1).toBe(1)
  })

  test.each(anns)('%s opens either request with its whole conversation', async (user) => {
    for (const [number, subject] of [
      [first, 'Of the first account'],
      [second, 'Of the second account'],
    ] as const) {
      await world.slack.people.slash(user, GENERAL, '/ticket', String(number))
      const { view } = await modalOf(world, user, 'request.modal')
      expect(JSON.stringify(view.blocks)).toContain(`About: ${subject}`)
      await world.slack.people.close(user, view.id)
    }
  })

  test('an answer stands in one thread of one of them, and is mailed once', async () => {
    for (const number of [first, second]) {
      const words = `An answer to ${number}.`
      await answer(world, KOFI, number, words)
      expect(inDms(words)).toBe(1)
      expect(mailed(ANNS, words)).toBe(1)
    }
  })

  test('what either writes is a comment once, shown to agents once, and mailed or posted back to neither', async () => {
    for (const user of anns) {
      const words = `Words of ${user}.`
      await world.slack.people.slash(user, GENERAL, '/ticket', `reply ${first} ${words}`)
      await eventually(async () => expect(await publicWords(world, first)).toContain(words))
      await world.settle()
      expect((await publicWords(world, first)).filter((each) => each.includes(words))).toHaveLength(1)
      expect(under(world, cardOf(world, first), KOFI).filter((each) => wordsOf(each).includes(words))).toHaveLength(1)
      expect(mailed(ANNS, words)).toBe(0)
      expect(inDms(words)).toBeLessThanOrEqual(1)
    }
  })

  const inDms = (words: string) =>
    anns.flatMap((user) => {
      const dm = world.slack.state.dm(user)
      return dm ? world.slack.state.all(dm.id).filter((message) => wordsOf(message).includes(words)) : []
    }).length
})

describe('one person with two addresses', () => {
  test('has what was asked from either in the Home and by “/ticket mine” once, each with its whole conversation', async () => {
    await writeMail(world, { from: HOME, fromName: 'Ben', subject: 'From home', text: 'It is cold here.' })
    await world.settle()
    await ask(world, BEN, 'From work')
    await link(BEN, HOME)
    for (const subject of ['From home', 'From work']) expect(homeOf(BEN).split(subject).length - 1).toBe(1)
    await world.slack.people.slash(BEN, GENERAL, '/ticket', 'mine')
    await eventually(() => expect(world.slack.state.ephemerals(BEN)).toHaveLength(1))
    const list = JSON.stringify(world.slack.state.ephemerals(BEN)[0]!.blocks)
    for (const subject of ['From home', 'From work']) expect(list.split(subject).length - 1).toBe(1)
    await world.slack.people.slash(BEN, GENERAL, '/ticket', String(await numberOf('From home')))
    const { view } = await modalOf(world, BEN, 'request.modal')
    expect(JSON.stringify(view.blocks)).toContain('It is cold here.')
    await world.slack.people.close(BEN, view.id)
  })

  test('is no CC of their own request: a copy to the other address of theirs is told them once', async () => {
    await writeMail(world, { from: HOME, cc: [WORK], subject: 'To myself', text: 'For both of me.' })
    await world.settle()
    const number = await numberOf('To myself')
    const { rows } = await world.db.query('select count(*)::int as n from ticket_ccs where ticket_id = $1', [number])
    expect(rows).toEqual([{ n: 0 }])
    expect([mailed(HOME, `#${number}`), mailed(WORK, `#${number}`)].sort()).toEqual([0, 1])
    await answer(world, KOFI, number, 'To all of you.')
    expect([mailed(HOME, 'To all of you.'), mailed(WORK, 'To all of you.')].sort()).toEqual([0, 1])
    const dm = world.slack.state.dm(BEN)!
    expect(world.slack.state.all(dm.id).filter((each) => wordsOf(each).includes('To all of you.'))).toHaveLength(1)
  })

  test('what they write from either is a comment once, and mailed to neither', async () => {
    const number = await numberOf('To myself')
    const last = await lastMailTo(world, WORK)
    await replyByMail(world, last, 'From work, by mail.')
    await writeMail(world, { from: HOME, to: [last.replyTo], subject: 'Re: To myself', text: 'From home, by mail.' })
    await world.settle()
    for (const words of ['From work, by mail.', 'From home, by mail.']) {
      expect((await publicWords(world, number)).filter((each) => each.includes(words))).toHaveLength(1)
      expect([mailed(HOME, words), mailed(WORK, words)]).toEqual([0, 0])
    }
  })
})

const homeOf = (user: string) => JSON.stringify(world.slack.state.home(user)?.blocks ?? [])

/** In how many mails of ours to an address these are the new words, or in the subject. */
function mailed(address: string, words: string): number {
  const ours = mailsTo(world, address).filter(({ from }) => from.includes(world.supportAddress))
  const fresh = (text: string) => text.replace(/\s+/g, ' ').split('>')[0]!
  return ours.filter(({ text, subject }) => subject.includes(words) || fresh(text).includes(words)).length
}

async function numberOf(subject: string): Promise<number> {
  return Number((await world.db.query('select id from tickets where subject = $1', [subject])).rows[0].id)
}

/** Adds an address by the code that was mailed to it. */
async function link(user: string, address: string): Promise<void> {
  await world.slack.people.openHome(user)
  const home = await eventually(() => {
    expect(homeOf(user)).toContain('home.addresses')
    return world.slack.state.home(user)!
  })
  await world.slack.people.click(user, { viewId: home.id }, 'home.addresses')
  const { view } = await modalOf(world, user, 'addresses.ask')
  await world.slack.people.submit(user, view.id, { address })
  await world.settle()
  const code = /\d{3} \d{3}/.exec(mailsTo(world, address).at(-1)!.text)![0]
  await modalOf(world, user, 'addresses.code')
  await world.slack.people.submit(user, view.id, { code })
  await modalOf(world, user, 'intake.done')
  await world.slack.people.close(user, view.id)
  await world.settle()
}
