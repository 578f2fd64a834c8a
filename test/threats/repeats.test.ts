import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mailsTo } from '../support/acting.ts'
import { startWorld, type World } from '../support/world.ts'
import { command, MALLORY, mailOf, OLGA, openTarget, receive } from './scene.ts'

const HOUR = 60 * 60_000
let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

describe('E21 the same mail twice is one event', () => {
  test('E21 delivered again with other trace headers, by another way, or read anew', async () => {
    const mail = written('Twice', 'twice@client.example', 'Once is enough.')
    await receive(world, mail)
    const again = Buffer.concat([
      Buffer.from('Return-Path: <list@x.example>\r\nDelivered-To: support@desk.example\r\nReceived: from a by b\r\n'),
      mail,
    ])
    await receive(world, again, again)
    world.mail.faults.renumberInbox()
    await world.settle()
    expect(await outcomesOf('twice@client.example')).toEqual(['ticket', 'duplicate'])
    expect(await commentsWith('Once is enough.')).toBe(1)
    expect(mailsTo(world, OLGA)).toHaveLength(1)
  })

  test('E21 the same words without a Message-ID, at another time, are two', async () => {
    const bare = (date: string) =>
      mailOf(`From: ${OLGA}\nTo: ${world.supportAddress}\nSubject: Bare\nDate: ${date}`, 'Again and again.', PASS)
    await receive(world, bare('Mon, 23 Nov 2026 10:00:00 +0000'), bare('Tue, 24 Nov 2026 10:00:00 +0000'))
    expect(await commentsWith('Again and again.')).toBe(2)
  })
})

describe('E22 nothing is dropped for its Message-ID', () => {
  test('E22 whoever takes the id first, in any form, the other mail is kept', async () => {
    const id = 'pre-empted@client.example'
    await receive(world, written('First', id, 'I was first.', MALLORY, 'dmarc=pass header.from=evil.example'))
    await receive(world, written('Real', id, 'The real one.'), written('Real', ` ${id} `, 'Another real one.'))
    expect(await outcomesOf(id)).toEqual(['ticket', 'ticket', 'ticket'])
  })

  test('E22 an id of 70 KB is no id and stops nothing', async () => {
    const id = `${randomBytes(52_000).toString('base64url')}@evil.example`
    const mail = `From: ${MALLORY}\nTo: ${world.supportAddress}\nSubject: Long id\nMessage-ID: <${id}>\nReferences: <${id}>\nIn-Reply-To: <${id}>`
    await receive(world, mailOf(mail, 'A long id.', 'dmarc=pass header.from=evil.example'))
    const { rows } = await world.db.query(`select outcome, message_id from inbound_mails where subject = 'Long id'`)
    expect(rows).toEqual([{ outcome: 'ticket', message_id: null }])
  })
})

test('E23 timers go by when the server took a mail, whatever its date says', async () => {
  const target = await openTarget(world)
  await command(world, target.number, 'solve')
  const dates = ['Thu, 01 Jan 1970 00:00:00 +0000', 'Fri, 01 Jan 2099 00:00:00 +0000', 'Foo, 99 Bar 99999', '']
  for (const [at, date] of dates.entries()) {
    const fields = `From: ${OLGA}\nTo: ${world.supportAddress}\nSubject: Dated ${at}\nMessage-ID: <dated-${at}@client.example>${date && `\nDate: ${date}`}`
    await receive(world, mailOf(fields, `Dated ${at}, I need help.`, PASS))
  }
  const { rows } = await world.db.query(
    `select c.at, t.opened_at from comments c join tickets t on t.id = c.ticket_id where c.text like 'Dated %'`,
  )
  expect(rows).toHaveLength(dates.length)
  const now = world.clock.now().getTime()
  for (const { at, opened_at } of rows) {
    expect(Math.abs(at.getTime() - now)).toBeLessThan(HOUR)
    expect(Math.abs(opened_at.getTime() - now)).toBeLessThan(HOUR)
  }
  // A reply dated long before the end reopens nothing after it.
  await world.push(28 * HOUR)
  const late = `From: ${OLGA}\nTo: ${target.replyAddress}\nSubject: Re: Invoice\nMessage-ID: <late@client.example>\nDate: Mon, 23 Nov 2020 10:00:00 +0000`
  await receive(world, mailOf(late, 'It still fails, since 2020.', PASS))
  expect(await outcomesOf('late@client.example')).toEqual(['follow-up'])
})

test('E38 a mail without words, or cut off anywhere, is a ticket with its original kept', async () => {
  const whole = `From: ${OLGA}\nTo: ${world.supportAddress}\nSubject: Cut SUBJECT\nMessage-ID: <cut-SUBJECT@client.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSome words SUBJECT.\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQKJVBERi0xLjQK\n--b--\n`
  const ends = ['--b--', 'JVBERi', 'name=a', 'words', 'Content-Type: text', '--b\n']
  for (const [at, end] of ends.entries()) {
    const text = whole.replaceAll('SUBJECT', String(at))
    await receive(world, Buffer.from(text.slice(0, text.indexOf(end)).replaceAll('\n', '\r\n')))
  }
  await receive(world, Buffer.from(`From: ${OLGA}\r\nTo: ${world.supportAddress}\r\nSubject: Cut 6`))
  const { rows } = await world.db.query(
    `select outcome, length(raw) as bytes, ticket_id from inbound_mails where subject like 'Cut %' order by id`,
  )
  expect(rows.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 7 }, () => 'ticket'))
  expect(rows.every(({ bytes, ticket_id }) => bytes > 50 && ticket_id !== null)).toBe(true)
})

test('E39 what looks like the end of a mail inside of one is words: one mail is one event', async () => {
  const before = await mails()
  const inside = ['\r\n.\r\n', '\n.\r\n', '\n.\n', '\r.\r', '\r\n.\n']
  for (const [at, end] of inside.entries()) {
    const head = `From: ${OLGA}\r\nTo: ${world.supportAddress}\r\nSubject: Smuggled ${at}\r\nMessage-ID: <smuggled-${at}@client.example>\r\n\r\n`
    const second = `MAIL FROM:<admin@desk.example>\r\nRCPT TO:<${world.supportAddress}>\r\nDATA\r\nFrom: admin@desk.example\r\nSubject: Second\r\n\r\nSecond mail.`
    await receive(world, Buffer.from(`${head}First ${at}.${end}${second}\r\n`))
  }
  expect((await mails()) - before).toBe(inside.length)
  const { rows } = await world.db.query(`select count(*)::int as n from inbound_mails where subject = 'Second'`)
  expect(rows).toEqual([{ n: 0 }])
})

test('E46 our own mail that comes back, through a plus address, a rule or a list, goes round once', async () => {
  const target = await openTarget(world)
  const ours = mailsTo(world, OLGA).at(-1)!
  const raw = world.mail.mailboxOf(OLGA).at(-1)!.raw
  const sentBefore = world.mail.sentBy(world.supportAddress).length
  const own = `From: Support <support+x@desk.example>\nTo: ${target.replyAddress}\nSubject: ${ours.subject}`
  await receive(
    world,
    raw, // forwarded as it is
    Buffer.from(raw.toString().replace(/^From: .*(\r\n .*)*/m, `From: ${OLGA}`)), // a list that takes its author's place
    mailOf(
      `${own}\nMessage-ID: <again-1@desk.example>`,
      'From a plus address of ours.',
      'dmarc=pass header.from=desk.example',
    ),
    mailOf(
      `${own.replace(/^From.*/, `From: ${MALLORY}\nSender: ${world.supportAddress}`)}\nMessage-ID: <again-2@x.example>`,
      'By us for another.',
      PASS,
    ),
  )
  const { rows } = await world.db.query('select outcome from inbound_mails order by id desc limit 4')
  expect(rows.map(({ outcome }) => outcome)).toEqual(['loop', 'loop', 'loop', 'loop'])
  expect(world.mail.sentBy(world.supportAddress)).toHaveLength(sentBefore)
})

const PASS = 'dmarc=pass header.from=client.example'

function written(subject: string, id: string, words: string, from = OLGA, results = PASS): Buffer {
  return mailOf(`From: ${from}\nTo: ${world.supportAddress}\nSubject: ${subject}\nMessage-ID: <${id}>`, words, results)
}

async function outcomesOf(messageId: string): Promise<string[]> {
  const { rows } = await world.db.query('select outcome from inbound_mails where message_id = $1 order by id', [
    messageId,
  ])
  return rows.map(({ outcome }) => outcome)
}

async function commentsWith(words: string): Promise<number> {
  const { rows } = await world.db.query('select count(*)::int as n from comments where text = $1', [words])
  return rows[0].n
}

async function mails(): Promise<number> {
  return (await world.db.query('select count(*)::int as n from inbound_mails')).rows[0].n
}
