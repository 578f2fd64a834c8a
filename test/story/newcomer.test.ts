import { afterAll, beforeAll, expect, test } from 'vitest'
import { answer, cardOf } from '../slack/scenes.ts'
import { mailsTo, press, replyByMail, writeMail } from '../support/acting.ts'
import { ADA, eventually, KOFI, startWorld, type World } from '../support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

const ours = (address: string) =>
  mailsTo(world, address)
    .filter(({ from }) => from.includes(world.supportAddress))
    .map(({ text }) => text.replace(/\s+/g, ' '))
const offers = (text: string) => text.includes('your requests are then in one history')
const contactsOf = async (address: string) =>
  (await world.db.query('select contact_id, is_proven from contact_addresses where address = $1', [address])).rows

test('a first mail makes its writer a contact, whom their later mails find again (AUT-13)', async () => {
  await writeMail(world, { from: 'kim@new.example', fromName: 'Kim', subject: 'One', text: 'Please help.' })
  await world.settle()
  const [first] = await contactsOf('kim@new.example')
  expect(first).toMatchObject({ is_proven: false })
  await writeMail(world, { from: 'Kim@New.example', fromName: 'Kim', subject: 'Two', text: 'Please help again.' })
  await world.settle()
  expect(await contactsOf('kim@new.example')).toEqual([first])
})

test('the first acknowledgement alone offers to bring what came before together (AUT-15, X20)', () => {
  expect(ours('kim@new.example').map(offers)).toEqual([true, false])
})

test('another address is another person, without store and history, whatever name it carries (AUT-14, X20)', async () => {
  await answer(world, KOFI, 1001, 'The secret of Kim.')
  await writeMail(world, { from: 'kim@home.example', fromName: 'Kim', subject: 'Three', text: 'It is me, Kim.' })
  await world.settle()
  const [one, other] = [await contactsOf('kim@new.example'), await contactsOf('kim@home.example')]
  expect(other[0].contact_id).not.toBe(one[0].contact_id)
  const { rows } = await world.db.query('select account_key, follow_up_of, requester_id from tickets where id = 1003')
  expect(rows).toEqual([{ account_key: null, follow_up_of: null, requester_id: other[0].contact_id }])
  await answer(world, KOFI, 1003, 'Hello.')
  expect(ours('kim@home.example').join()).not.toMatch(/secret|#1001|#1002/)
})

test('who is in Slack with the address is the same contact from their first mail on (AUT-13)', async () => {
  await writeMail(world, { from: 'ada@acme.example', subject: 'By mail', text: 'Before she ever opened Slack.' })
  await world.settle()
  await world.slack.people.openHome(ADA)
  await eventually(() => expect(JSON.stringify(world.slack.state.home(ADA)?.blocks)).toContain('By mail'))
  expect(await contactsOf('ada@acme.example')).toMatchObject([{ is_proven: true }])
  await press(world, KOFI, cardOf(world, 1004), 'ticket.solve')
  await world.settle()
  await replyByMail(world, mailsTo(world, 'ada@acme.example').at(-1)!, 'It is not.')
  await world.settle()
  const { rows } = await world.db.query('select status from tickets where id = 1004')
  expect(rows).toEqual([{ status: 'open' }])
})
