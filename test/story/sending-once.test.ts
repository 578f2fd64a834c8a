import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buttonIn, mailsTo, press, thread, writeMail } from '../support/acting.ts'
import { eventually, KOFI, LUCIA, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'

let world: World
let number: number
let address: string

beforeAll(async () => {
  world = await startWorld({ mode: 'socket' })
})
afterAll(() => world?.stop())
beforeEach(async () => {
  address = `${Math.random().toString(36).slice(2)}@client.example`
  await writeMail(world, { from: address, subject: `From ${address}`, text: 'Hello?' })
  await world.settle()
  const { rows } = await world.db.query('select id from tickets where subject = $1', [`From ${address}`])
  number = rows[0].id
})

describe('E47 a connection that breaks when the mail was given over', () => {
  test('is no second mail when the Sent folder has it', async () => {
    world.mail.faults.cutAfterData(1)
    await answer('Once only.')
    expect(await stateOf('reply')).toBe('trying')
    await timePasses()
    expect(await stateOf('reply')).toBe('done')
    expect(withWords('Once only.')).toHaveLength(1)
    expect(underCard('We do not know')).toHaveLength(0)
  })

  test('and is found nowhere: an agent is asked, and it is sent again as the same mail', async () => {
    const asked = await lost('Perhaps lost.')
    expect(withWords('Perhaps lost.')).toHaveLength(0)
    const { rows } = await world.db.query(
      `select message_id from outbox where ticket_id = $1 and effect->>'template' = 'reply'`,
      [number],
    )
    await press(world, LUCIA, asked, 'mail.send-again')
    await eventually(async () => {
      await world.settle()
      expect(withWords('Perhaps lost.').map(({ messageId }) => messageId)).toEqual([`<${rows[0].message_id}>`])
    })
    const [after] = underCard('We do not know')
    expect(wordsOf(after!)).toMatch(/Lucía.* had it sent again/)
    expect(buttonIn(after!, 'mail.send-again')).toBe(false)
  })

  test('pressed by two, it is sent again once; the second is told', async () => {
    const asked = await lost('Lost once more.')
    await Promise.all([press(world, LUCIA, asked, 'mail.send-again'), press(world, KOFI, asked, 'mail.send-again')])
    await eventually(async () => {
      await world.settle()
      expect(withWords('Lost once more.')).toHaveLength(1)
    })
    const { rows } = await world.db.query(
      `select count(*)::int as n from events where ticket_id = $1 and type = 'unstuck'`,
      [number],
    )
    expect(rows).toEqual([{ n: 1 }])
  })

  test('taken as sent, it is never sent again', async () => {
    const asked = await lost('Let it be.')
    await press(world, KOFI, asked, 'mail.assume-sent')
    await eventually(async () => {
      await world.settle()
      expect(wordsOf(underCard('We do not know')[0]!)).toContain('takes it as sent')
    })
    await timePasses()
    expect(withWords('Let it be.')).toHaveLength(0)
    expect(await stateOf('reply')).toBe('done')
  })

  test('lost again when sent again, it is asked about again', async () => {
    const asked = await lost('Twice lost.')
    world.mail.faults.loseAfterData(1)
    await press(world, KOFI, asked, 'mail.send-again')
    await eventually(async () => {
      await timePasses()
      expect(underCard('We do not know')).toHaveLength(2)
    })
    expect(underCard('We do not know').filter((message) => buttonIn(message, 'mail.send-again'))).toHaveLength(1)
  })
})

describe('E47 a server that does not take mail for now', () => {
  test('gets it later, in order with what comes after, and staff hear nothing of a short wait', async () => {
    world.mail.faults.temporary(address, 1)
    await answer('First.')
    await ask('ticket.solve')
    await world.settle()
    expect(withWords('First.')).toHaveLength(0)
    await timePasses()
    const mine = mailsTo(world, address).slice(-2)
    expect(mine[0]!.text).toContain('First.')
    expect(mine[1]!.text).toMatch(/solved/i)
    expect(underCard('is waiting')).toHaveLength(0)
  })

  test('shows on the card after an hour with its words, and when it has left', async () => {
    world.mail.faults.temporary(address, 3, 451, '4.7.1 Greylisted, come back')
    await answer('Patience.')
    await timePasses('2 hours')
    const [waiting] = underCard('is waiting')
    expect(wordsOf(waiting!)).toContain('Greylisted, come back')
    await timePasses('1 hour')
    expect(underCard('is waiting')).toHaveLength(1)
    await timePasses('1 hour')
    expect(withWords('Patience.')).toHaveLength(1)
    await eventually(async () => {
      await world.settle()
      expect(wordsOf(underCard('is waiting')[0]!)).toContain('It has left')
    })
  })

  test('is tried for two days, then the mail is given up', async () => {
    world.mail.faults.temporary(address, 100)
    await answer('Never.')
    await timePasses('3 hours')
    await timePasses('49 hours')
    expect(await stateOf('reply')).toBe('never')
    const [back] = underCard('came back')
    expect(wordsOf(back!)).toContain('Try again later')
    expect(buttonIn(back!, 'mail.lift')).toBe(false)
    expect(wordsOf(underCard('is waiting')[0]!)).toContain('given up')
    world.mail.faults.temporary(address, 0)
  })
})

describe('an address that is refused for good', () => {
  test('gets no more mail, which the card says, until an agent lifts it', async () => {
    world.mail.faults.refuse(address, 550, '5.1.1 No such user here')
    await answer('Are you there?')
    await world.settle()
    const [back] = underCard('came back')
    expect(wordsOf(back!)).toContain('5.1.1 No such user here')
    expect(buttonIn(back!, 'mail.lift')).toBe(true)

    world.mail.faults.temporary(address, 0)
    await answer('And now?')
    expect(withWords('And now?')).toHaveLength(0)
    const [spared] = underCard('was not sent to')
    expect(wordsOf(spared!)).toContain('5.1.1 No such user here')

    await press(world, LUCIA, spared!, 'mail.lift')
    await eventually(async () => {
      await world.settle()
      for (const message of [...underCard('came back'), ...underCard('was not sent to')]) {
        expect(wordsOf(message)).toContain('mail sent to this address again')
        expect(buttonIn(message, 'mail.lift')).toBe(false)
      }
    })
    await answer('Once more.')
    expect(withWords('Once more.')).toHaveLength(1)
  })

  test('for this mail only is written to again: a full mailbox, a policy', async () => {
    world.mail.faults.refuse(address, 552, '5.2.2 Mailbox full')
    await answer('Too much?')
    expect(buttonIn(underCard('came back')[0]!, 'mail.lift')).toBe(false)
    world.mail.faults.temporary(address, 0)
    await answer('Better now.')
    expect(withWords('Better now.')).toHaveLength(1)
  })
})

describe('E18 a report that names our mail', () => {
  test('suppresses the address that mail was for', async () => {
    await answer('Do you read this?')
    await report(address, '5.1.1')
    expect(buttonIn(underCard('came back')[0]!, 'mail.lift')).toBe(true)
    await answer('And this?')
    expect(withWords('And this?')).toHaveLength(0)
  })

  test('E19 suppresses nobody else', async () => {
    await answer('Do you read this?')
    await report('victim@client.example', '5.1.1')
    const { rows } = await world.db.query(`select address from suppressions where address like 'victim%'`)
    expect(rows).toEqual([])
    expect(buttonIn(underCard('came back')[0]!, 'mail.lift')).toBe(false)
  })

  test('answers whether a mail of unknown fate left', async () => {
    const asked = await lost('Did it leave?')
    await report(address, '5.2.2')
    expect(await stateOf('reply')).toBe('done')
    const [after] = underCard('We do not know')
    expect(wordsOf(after!)).toContain('It has left')
    await press(world, KOFI, asked, 'mail.send-again').catch(() => {})
    await timePasses()
    expect(withWords('Did it leave?')).toHaveLength(0)
  })
})

test('what is due and not done for more than five minutes is a named problem of /readyz', async () => {
  // Its lane is held by another process that hangs, so that nobody tries it meanwhile: 7303015 is the class of these locks.
  const other = await world.db.connect()
  await other.query(`select pg_advisory_lock(7303015, hashtext('none'))`)
  await world.db.query(
    `insert into outbox (key, kind, lane, effect, next_at) values ('stuck', 'mail', 'none', '{"kind":"mail"}', now() - interval '7 minutes')`,
  )
  const caughtUp = world.product.catchUp()
  await eventually(async () => expect((await world.product.ready()).outbox).toContain('due for 7 minutes'))
  await world.db.query(`delete from outbox where key = 'stuck'`)
  other.release(true)
  await caughtUp
  await world.product.catchUp()
  expect((await world.product.ready()).outbox).toBe(true)
})

/** Kofi's answer, whose connection broke behind DATA without the server keeping it; the message that asks what to do. */
async function lost(text: string) {
  world.mail.faults.loseAfterData(1)
  await answer(text)
  return eventually(async () => {
    await timePasses()
    const [asked] = underCard('We do not know')
    expect(buttonIn(asked!, 'mail.send-again')).toBe(true)
    return asked!
  })
}

/** A server's report (RFC 3464) about our last reply, as if it had not reached `recipient`. */
async function report(recipient: string, status: string): Promise<void> {
  const { rows } = await world.db.query(
    `select message_id from outbox where ticket_id = $1 and effect->>'template' = 'reply' order by id desc limit 1`,
    [number],
  )
  const raw = `From: MAILER-DAEMON@mx.client.example
To: ${world.supportAddress}
Return-Path: <>
Subject: Undelivered Mail Returned to Sender
Message-ID: <${Math.random()}@mx.client.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.client.example

Final-Recipient: rfc822; ${recipient}
Action: failed
Status: ${status}

--b
Content-Type: message/rfc822

Message-ID: <${rows[0].message_id}>
Subject: Re: hello

Hello
--b--
`
  world.mail.deliver(Buffer.from(raw.replaceAll('\n', '\r\n')), { to: [world.supportAddress] })
  await world.settle()
}

async function answer(text: string): Promise<void> {
  const open = world.slack.state.modal(KOFI)
  if (open) await world.slack.people.close(KOFI, open.view.id, 'all')
  await ask('ticket.reply')
  const modal = await eventually(() => {
    expect(world.slack.state.modal(KOFI)?.view.callbackId).toBe('agent.reply')
    return world.slack.state.modal(KOFI)!
  })
  expect(await world.slack.people.submit(KOFI, modal.view.id, { reply: text })).toMatchObject({ ok: true })
  await world.settle()
}

async function ask(actionId: string): Promise<void> {
  await press(world, KOFI, card(), actionId)
}

/** As if this time had passed for what waits to be tried again. */
async function timePasses(time = '10 minutes'): Promise<void> {
  await world.db.query(
    `update outbox set next_at = least(next_at, now()), first_tried_at = first_tried_at - $1::interval
     where ticket_id = $2 and state in ('waiting', 'trying')`,
    [time, number],
  )
  await world.db.query(`update lanes set next_at = now() where lane like 'mail:%'`)
  await world.settle()
}

async function stateOf(template: string): Promise<string> {
  const { rows } = await world.db.query(
    `select state from outbox where ticket_id = $1 and effect->>'template' = $2 order by id desc limit 1`,
    [number, template],
  )
  return rows[0].state
}

function withWords(words: string) {
  return mailsTo(world, address).filter(({ text }) => text.split('\n').slice(0, 12).join().includes(words))
}

function card() {
  const slot = `${number}/card`
  return world.slack.state.messages(TRIAGE, { viewer: KOFI }).find((one) => one.metadata?.event_payload.slot === slot)!
}

function underCard(words: string) {
  return thread(world, TRIAGE, card().ts, KOFI).filter((message) => wordsOf(message).includes(words))
}
