import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ledgerAddsUp } from '../../src/mail/ledger.ts'
import { mailsTo, press, writeMail } from '../support/acting.ts'
import { eventually, KOFI, startWorld, type World } from '../support/world.ts'
import { fetched, rawMail, shown } from './rows.ts'

const HOUR = 3_600_000
let world: World

beforeAll(async () => {
  world = await startWorld({ mode: 'http' })
  await writeMail(world, { from: 'kim@new.example', subject: 'The printer eats invoices', text: 'Please help.' })
  await world.settle()
})
afterAll(() => world?.stop())

describe('every mail fetched has one row with one end', () => {
  const ends: [outcome: string, rule: string, raw: () => string | Promise<string>][] = [
    ['ticket', 'none', () => rawMail(world, { subject: 'Another request' }, 'Where is my order?')],
    [
      'reply',
      'ticket-reply',
      async () => rawMail(world, { from: 'kim@new.example', to: await replyAddress() }, 'Any news?'),
    ],
    [
      'held',
      'ticket-reply',
      async () => rawMail(world, { from: 'eve@evil.example', to: await replyAddress() }, 'Me too'),
    ],
    [
      'automatic',
      'automatic-reply',
      () => rawMail(world, { subject: 'Away', 'auto-submitted': 'auto-replied' }, 'I am away.'),
    ],
    [
      'bounce',
      'delivery-report',
      () => rawMail(world, { from: 'mailer-daemon@x.example', subject: 'Undelivered mail' }, '550'),
    ],
    ['spam', 'spam', () => rawMail(world, { subject: 'Cheap', 'x-spam-flag': 'YES' }, 'Buy now')],
    ['loop', 'loop', () => rawMail(world, { from: world.supportAddress, subject: 'Round' }, 'and round')],
    [
      'rejected',
      'dmarc-report',
      () => rawMail(world, { subject: 'Report domain: x.example Submitter: y Report-ID: 1' }, 'xml'),
    ],
    ['unreadable', 'parser', () => 'no header at all'],
  ]

  test.each(ends)('%s', async (outcome, rule, raw) => {
    expect(await fetched(world, await raw())).toMatchObject({ outcome, rule, state: 'done', first_outcome: null })
  })

  test('duplicate, which knows of what', async () => {
    const words = rawMail(world, { subject: 'Twice', 'message-id': '<twice@x.example>' }, 'The same words')
    const first = await fetched(world, words)
    // The same words over another way: other bytes, one event.
    const second = await fetched(world, `Received: from elsewhere\r\n${words}`)
    expect(second).toMatchObject({ outcome: 'duplicate', saw: { facts: { knownDuplicateOf: first.id } } })
  })

  test('follow-up, when the reply came too late', async () => {
    const to = await replyAddress()
    const { rows } = await world.db.query(`select id from tickets where id = 1001`)
    await press(world, KOFI, shown(world, '1001/card'), 'ticket.solve')
    await world.push(40 * HOUR)
    const late = await fetched(world, rawMail(world, { from: 'kim@new.example', to }, 'It is back'))
    expect(late).toMatchObject({ outcome: 'follow-up', rule: 'ticket-reply' })
    expect(late.ticket_id).toBeGreaterThan(rows[0].id)
  })

  test('what the rule saw has who, whom and which tickets, and no word of the mail', async () => {
    const held = await fetched(
      world,
      rawMail(world, { from: 'Eve <eve@evil.example>', to: await replyAddress() }, 'Secret words'),
    )
    expect(held.saw).toMatchObject({
      from: 'Eve <eve@evil.example>',
      facts: { tokenTicket: { ticketId: held.ticket_id, participants: ['kim@new.example'] } },
    })
    expect(JSON.stringify(held.saw)).not.toContain('Secret')
  })

  test('the database takes no end without an outcome, and no outcome it does not know', async () => {
    for (const change of [`outcome = null`, `outcome = 'lost'`, `state = 'stored'`])
      await expect(world.db.query(`update inbound_mails set ${change} where outcome = 'spam'`)).rejects.toThrow('check')
  })

  test('a mail that is there under a second UID is accounted for, and read once', async () => {
    const before = await count('inbound_mails')
    world.mail.faults.renumberInbox()
    await eventually(async () => {
      await world.settle()
      expect(await count('fetched_mails')).toBeGreaterThan(before)
    })
    expect(await count('inbound_mails')).toBe(before)
    expect(await ready()).toEqual({ status: 'ready' })
  })
})

describe('what does not add up is a problem of /readyz', () => {
  test('a mail that nobody gets to for ten minutes', async () => {
    const { rows } = await world.db.query(`select id from inbound_mails where outcome = 'spam' limit 1`)
    const back = `update inbound_mails set state = 'stored', outcome = null, retry_at = now() + interval '1 day' where id = $1`
    await world.db.query(back, [rows[0].id])
    await world.settle()
    expect(await ready()).toEqual({ status: 'ready' })
    // Somebody holds its row, as an intake that hangs does.
    const holder = await world.db.connect()
    await holder.query('begin')
    await holder.query(`update inbound_mails set retry_at = now() - interval '11 minutes' where id = $1`, [rows[0].id])
    await holder.query('commit')
    await holder.query('begin')
    await holder.query('select from inbound_mails where id = $1 for update', [rows[0].id])
    expect(await ledgerAddsUp(world.db)).toBe(
      `1 mails wait to be understood for over 10 minutes: see the log, and npm run -s mail -- explain ${rows[0].id}`,
    )
    await holder.query('commit')
    holder.release()
    await world.settle()
    expect(await ready()).toEqual({ status: 'ready' })
  })

  test('a fetched mail whose row is gone', async () => {
    const { rows } = await world.db.query(`select * from fetched_mails order by mail_id limit 1`)
    await world.db.query(`update fetched_mails set mail_id = 999999 where mail_id = $1`, [rows[0].mail_id])
    await world.settle()
    expect(await ready()).toMatchObject({ notReady: { ledger: expect.stringContaining(' fetched mails of INBOX') } })
    await world.db.query(`update fetched_mails set mail_id = $1 where mail_id = 999999`, [rows[0].mail_id])
    await world.settle()
    expect(await ready()).toEqual({ status: 'ready' })
  })
})

/** The secret address that Kim's first mail from us asks to answer to. */
async function replyAddress(): Promise<string> {
  await world.settle()
  return mailsTo(world, 'kim@new.example')[0]!.replyTo
}

async function ready(): Promise<unknown> {
  return (await fetch(`${world.url}/readyz`)).json()
}

async function count(table: string): Promise<number> {
  const { rows } = await world.db.query(`select count(*)::int as n from ${table}`)
  return rows[0].n
}
