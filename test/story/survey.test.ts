import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SeenMessage } from '../../src/sandbox/slack/types.ts'
import { cardOf, rootOf, statusOf, under } from '../slack/scenes.ts'
import { buttonIn, mailsTo, press, writeMail } from '../support/acting.ts'
import { ADA, eventually, KOFI, startWorld, type World, wordsOf } from '../support/world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const OLGA = 'olga@client.example' // only writes mail
let world: World

beforeAll(async () => {
  world = await startWorld({ mode: 'socket' })
  await world.slack.people.openHome(ADA)
  await eventually(() => expect(world.slack.state.home(ADA)).not.toBeNull())
})
afterAll(() => world?.stop())

describe('who is in Slack', () => {
  test('SUR-06 a bad rating within the window offers another look, and only their yes reopens', async () => {
    const number = await solved('ada@acme.example')
    await press(world, ADA, await survey(number), 'survey.rate.2')
    await world.settle()
    expect(await statusOf(world, number)).toBe('solved')
    expect(wordsOf(await survey(number))).toMatch(/sorry .* Shall we look at it again/)
    await press(world, ADA, await survey(number), 'request.reopen')
    await world.settle()
    expect(await statusOf(world, number)).toBe('open')
    // Whoever looks at it again reads why under the card.
    expect(buttonIn(await survey(number), 'request.reopen')).toBe(false)
  })

  test('a good rating offers no other look', async () => {
    await world.push(DAY)
    const number = await solved('ada@acme.example')
    await press(world, ADA, await survey(number), 'survey.rate.5')
    await world.settle()
    expect(buttonIn(await survey(number), 'request.reopen')).toBe(false)
  })

  test('nobody is asked to rate two requests within 12 hours; the second one only says where it can be rated', async () => {
    await world.push(DAY)
    const first = await solved('ada@acme.example')
    await world.push(HOUR)
    const second = await solved('ada@acme.example')
    expect(wordsOf(await survey(first))).toContain('How did we do?')
    expect(wordsOf(await survey(second))).not.toContain('How did we do?')
    expect(wordsOf(await survey(second))).toContain('If you like, rate this one')
    const mail = mailsTo(world, 'ada@acme.example').at(-1)!
    expect(mail.text).not.toContain('How did we do?')
    expect(mail.text.match(/\/survey\//g)).toHaveLength(1)
    await press(world, ADA, await survey(second), 'survey.rate.4')
    // The same request, solved again: its answer is still wanted.
    await press(world, ADA, rootOf(world, ADA, first), 'request.reopen')
    await world.settle()
    await solve(first)
    expect(wordsOf(await survey(first))).toContain('How did we do?')
    await world.push(12 * HOUR)
    const third = await solved('ada@acme.example')
    expect(wordsOf(await survey(third))).toContain('How did we do?')
  })

  test('who says nothing is reminded once, in the thread, and never again', async () => {
    await world.push(30 * DAY) // what is left of before is reminded of
    await world.push(DAY)
    const number = await solved('ada@acme.example')
    const mails = mailsTo(world, 'ada@acme.example').length
    await world.push(3 * DAY - HOUR)
    expect(await reminders(number)).toHaveLength(0)
    const closingMails = mailsTo(world, 'ada@acme.example').length - mails
    await world.push(2 * HOUR)
    expect(await reminders(number)).toHaveLength(1)
    // One way is enough.
    expect(mailsTo(world, 'ada@acme.example').length - mails).toBe(closingMails)
    await world.push(30 * DAY)
    expect(await reminders(number)).toHaveLength(1)
    // The reminder is answered where it stands, and both messages show the vote.
    await press(world, ADA, (await reminders(number))[0]!, 'survey.rate.4')
    await world.settle()
    expect(wordsOf(await survey(number))).toContain('★★★★☆')
    expect(
      under(world, rootOf(world, ADA, number), ADA).filter((message) => wordsOf(message).includes('★★★★☆')),
    ).toHaveLength(2)
  })

  test('who rated, or whose request is worked on again, is not reminded', async () => {
    await world.push(30 * DAY)
    await world.push(DAY)
    const rated = await solved('ada@acme.example')
    await press(world, ADA, await survey(rated), 'survey.rate.3')
    await world.push(DAY)
    const reopened = await solved('ada@acme.example')
    await press(world, ADA, rootOf(world, ADA, reopened), 'request.reopen')
    await world.push(10 * DAY)
    expect([...(await reminders(rated)), ...(await reminders(reopened))]).toEqual([])
  })
})

describe('who only writes mail', () => {
  test('SUR-01 is reminded once by mail, with a link to all they can rate', async () => {
    const [first, second] = [await solved(OLGA), await solved(OLGA)]
    await world.push(10 * DAY)
    const reminding = mailsTo(world, OLGA).filter(({ text }) => text.includes('only reminder'))
    // Asked once: the second was solved in the quiet hours of the first.
    expect(reminding).toHaveLength(1)
    expect(reminding[0]!.text).toContain(`#${first}`)
    expect(reminding[0]!.headers.get('auto-submitted')).toBe('auto-generated')
    const list = await (await fetch(linkIn(reminding[0]!.text, 'ratings'))).text()
    expect(list).toContain(`Request #${first}`)
    expect(list).toContain(`Request #${second}`)
    expect(list).toContain('2 of your requests were solved')
  })

  test('SUR-04, X12 the page lists my solved requests without a rating and leads to the survey of each', async () => {
    const link = linkIn(mailsTo(world, OLGA).findLast(({ text }) => text.includes('only reminder'))!.text, 'ratings')
    const list = await (await fetch(link)).text()
    const [rate] = /href="([^"]*\/survey\/[^"]*score=5)"/.exec(list)!.slice(1)
    const page = await (await fetch(rate!.replaceAll('&amp;', '&'))).text()
    expect(await votes()).toBe(0) // opening links counts nothing (W1)
    const proof = /name="page" value="([^"]+)"/.exec(page)![1]!
    const sent = await fetch(new URL(rate!.split('?')[0]!), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ page: proof, score: '5', comment: '' }).toString(),
    })
    expect(sent.status).toBe(200)
    expect(await votes()).toBe(1)
    const after = await (await fetch(link)).text()
    expect(after).toContain('One of your requests was solved')
    async function votes(): Promise<number> {
      const sql = `select count(*)::int as n from tickets t join contact_addresses a on a.contact_id = t.requester_id
        where a.address = $1 and rated_at is not null`
      return (await world.db.query(sql, [OLGA])).rows[0].n
    }
  })

  test('a list is opened by nothing else, nor for ever; every wrong link is answered alike', async () => {
    const link = linkIn(mailsTo(world, OLGA).findLast(({ text }) => text.includes('only reminder'))!.text, 'ratings')
    const absent = await (await fetch(`${world.url}/ratings/x`)).text()
    const [, contact, until, proof] = /ratings\/(\d+)\.(\d+)\.(\w+)$/.exec(link)!
    const other = proof!.startsWith('a') ? `b${proof!.slice(1)}` : `a${proof!.slice(1)}`
    for (const token of [
      `${Number(contact) + 1}.${until}.${proof}`,
      `${contact}.${Number(until) + 1}.${proof}`,
      `${contact}.${until}.${other}`,
      `${contact}.${until}.`,
      '0.0.aaaaaaaaaaaaaaaaaaaaaaaaaa',
    ]) {
      const answer = await fetch(`${world.url}/ratings/${token}`)
      expect([answer.status, await answer.text()]).toEqual([404, absent])
    }
    await world.push(31 * DAY)
    expect((await fetch(link)).status).toBe(404)
  })

  test('SUR-06 on the page, a bad rating offers another look, which a POST with what the page carries takes', async () => {
    await world.push(30 * DAY)
    const number = await solved(OLGA)
    const link = linkIn(mailsTo(world, OLGA).at(-1)!.text, 'survey').split('?')[0]!
    const post = async (fields: Record<string, string>) => {
      const page = await (await fetch(link)).text()
      const body = new URLSearchParams({
        page: /name="page" value="([^"]+)"/.exec(page)?.[1] ?? '',
        ...fields,
      }).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return (await fetch(link, { method: 'POST', headers, body })).text()
    }
    expect(await post({ score: '1', comment: '' })).toContain('Yes, look again')
    expect(await statusOf(world, number)).toBe('solved')
    await post({ again: 'yes', page: 'made-up' })
    expect(await statusOf(world, number)).toBe('solved')
    // What was typed beside it is why: whoever looks at it again reads it.
    expect(await post({ again: 'yes', comment: 'x'.repeat(1501) })).toContain('x'.repeat(1501))
    expect(await statusOf(world, number)).toBe('solved')
    expect(await post({ again: 'yes', comment: 'It is the lower tray' })).toContain('open again')
    expect(await statusOf(world, number)).toBe('open')
    const { rows } = await world.db.query('select rating_score, rating_comment from tickets where id = $1', [number])
    expect(rows).toEqual([{ rating_score: 1, rating_comment: 'It is the lower tray' }])
  })
})

/** A new request of this address, solved by an agent; its number. */
async function solved(from: string): Promise<number> {
  const subject = `Tray ${Math.random()}`
  await writeMail(world, { from, subject, text: 'Which tray?' })
  await world.settle()
  const number = (await world.db.query('select id from tickets where subject = $1', [subject])).rows[0].id
  await solve(number)
  return number
}

async function solve(number: number): Promise<void> {
  await press(world, KOFI, cardOf(world, number), 'ticket.solve')
  await world.settle()
}

/** The message that called the request solved last. */
const survey = async (number: number) => (await messagesOf(number, 'solved')).at(-1)!
const reminders = (number: number) => messagesOf(number, 'reminded')

/** The messages in Ada's thread that tell of events of this type, oldest first. */
async function messagesOf(number: number, type: string): Promise<SeenMessage[]> {
  const sql = 'select id from events where ticket_id = $1 and type = $2'
  const ids: number[] = (await world.db.query(sql, [number, type])).rows.map(({ id }) => Number(id))
  const eventOf = (message: SeenMessage) => Number(String(message.metadata?.event_payload.slot).split('/').at(-1))
  return under(world, rootOf(world, ADA, number), ADA).filter((message) => ids.includes(eventOf(message)))
}

const linkIn = (text: string, page: string) => new RegExp(`http\\S*/${page}/\\S+`).exec(text)![0]
