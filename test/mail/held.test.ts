import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buttonIn, lastMailTo, mailsTo, press, replyByMail, writeMail } from '../support/acting.ts'
import { ADA, eventually, KOFI, LUCIA, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'
import { fetched, latest, rawMail, rowOf, shown, statusOf } from './rows.ts'

const HOUR = 3_600_000
let world: World

beforeAll(async () => {
  world = await startWorld({ mode: 'http' })
  await writeMail(world, { from: 'kim@new.example', subject: 'The printer eats invoices', text: 'Please help.' })
  await world.settle()
})
afterAll(() => world?.stop())

describe('E5 mail that waits for a person', () => {
  const waits = async (subject: string) => {
    await writeMail(world, {
      from: `${subject}@partner.example`,
      fromName: 'Dora',
      to: [await replyAddress()],
      subject,
      text: `We know <!channel> about ${subject}`,
    })
    await world.settle()
    const { rows } = await world.db.query('select * from inbound_mails order by id desc limit 1')
    expect(rows[0]).toMatchObject({ outcome: 'held' })
    const id: number = rows[0].id
    return { id, ticketId: rows[0].ticket_id as number, notice: () => shown(world, `mail-notice/${id}`) }
  }

  test('is shown with who, what, why, the ticket it wanted and three buttons', async () => {
    const held = await waits('toner')
    const words = wordsOf(held.notice())
    expect(words).toContain(`A mail waits beside ticket #${held.ticketId}`)
    expect(words).toContain('Dora')
    expect(words).toContain('toner@partner.example')
    expect(words).toContain('about toner')
    expect(words).toContain('Somebody who is not on this request answered it.')
    for (const id of ['mail.accept', 'mail.open', 'mail.discard']) expect(buttonIn(held.notice(), id)).toBe(true)
    expect(world.slack.state.mentions(TRIAGE)).toEqual([])
  })

  test('accepted by ten presses at once, its words and its sender join once, and the notice says by whom', async () => {
    const held = await waits('paper')
    const { notice } = held
    const pressed = notice()
    await Promise.all(
      Array.from({ length: 5 }, () => [KOFI, LUCIA])
        .flat()
        .map((who) => press(world, who, pressed, 'mail.accept')),
    )
    await eventually(async () =>
      expect(await rowOf(world, held.id)).toMatchObject({ outcome: 'reply', decision: 'accepted' }),
    )
    await world.settle()
    expect(await saidOn(held.ticketId, 'We know%about paper')).toBe(1)
    expect(await ccsOf(held.ticketId)).toEqual(['paper@partner.example'])
    expect(await eventsOf(held.id)).toEqual(['joined', 'replied'])
    await eventually(() =>
      expect(wordsOf(notice())).toMatch(/(Kofi|Luc)[^"]* accepted this mail: it is part of ticket #/),
    )
    expect(buttonIn(notice(), 'mail.accept')).toBe(false)
  })

  test('a second agent is told who was first, by a button that is still on their screen', async () => {
    const held = await waits('ink')
    const stale = held.notice()
    await press(world, KOFI, stale, 'mail.accept')
    await eventually(async () => expect(await rowOf(world, held.id)).toMatchObject({ decision: 'accepted' }))
    world.slack.log.clear()
    await press(world, LUCIA, stale, 'mail.discard')
    await eventually(() => {
      const told = world.slack.log.calls.find(({ method }) => method === 'chat.postEphemeral')
      expect(told?.args).toMatchObject({
        user: LUCIA,
        text: expect.stringContaining('Kofi Mensah has already decided'),
      })
    })
    expect(await rowOf(world, held.id)).toMatchObject({ outcome: 'reply', decision: 'accepted' })
  })

  test('who was let in hears what the requester hears, and may answer from then on', async () => {
    await world.settle()
    const before = mailsTo(world, 'paper@partner.example').length
    await writeMail(world, {
      from: 'kim@new.example',
      to: [await replyAddress()],
      subject: 'Re: x',
      text: 'Thanks, Dora!',
    })
    await world.settle()
    const heard = mailsTo(world, 'paper@partner.example').slice(before)
    expect(heard).toHaveLength(1)
    await replyByMail(world, heard[0]!, 'You are welcome.')
    await world.settle()
    expect((await latest(world)).outcome).toBe('reply')
  })

  test('accepted after its ticket closed, it becomes a follow-up with its sender on it', async () => {
    await writeMail(world, { from: 'zoe@new.example', subject: 'Closing soon', text: 'Hello' })
    await world.settle()
    const number = (await latest(world)).ticket_id
    const to = (await lastMailTo(world, 'zoe@new.example')).replyTo
    await writeMail(world, { from: 'dan@partner.example', to: [to], subject: 'Re: Closing soon', text: 'Wait!' })
    await world.settle()
    const { id } = await latest(world)
    await press(world, KOFI, shown(world, `${number}/card`), 'ticket.solve')
    await eventually(async () => expect(await statusOf(world, number)).toBe('solved'))
    await world.push(60 * HOUR)
    expect(await statusOf(world, number)).toBe('closed')
    await press(world, KOFI, shown(world, `mail-notice/${id}`), 'mail.accept')
    await eventually(async () => expect(await rowOf(world, id)).toMatchObject({ outcome: 'follow-up' }))
    const row = await rowOf(world, id)
    expect(row.ticket_id).not.toBe(number)
    expect(await ccsOf(row.ticket_id)).toEqual(['dan@partner.example'])
    expect(await ccsOf(number)).toEqual([])
    const { rows } = await world.db.query('select requester_id, follow_up_of from tickets where id = $1', [
      row.ticket_id,
    ])
    expect(rows[0]).toMatchObject({ follow_up_of: number })
  })

  test('as a new ticket it is its sender’s, and the ticket it wanted stays as it was', async () => {
    const held = await waits('glue')
    const ccs = await ccsOf(held.ticketId)
    await press(world, KOFI, held.notice(), 'mail.open')
    await eventually(async () =>
      expect(await rowOf(world, held.id)).toMatchObject({ outcome: 'ticket', decision: 'opened' }),
    )
    const { ticket_id } = await rowOf(world, held.id)
    expect(ticket_id).not.toBe(held.ticketId)
    expect(await saidOn(ticket_id, '%about glue')).toBe(1)
    expect(await ccsOf(held.ticketId)).toEqual(ccs)
    await eventually(async () => {
      await world.settle()
      expect(wordsOf(held.notice())).toContain(`opened ticket #${ticket_id} from this mail`)
    })
  })

  test('discarded, it changes nothing and stays whole', async () => {
    const held = await waits('nothing')
    await press(world, LUCIA, held.notice(), 'mail.discard')
    await eventually(async () =>
      expect(await rowOf(world, held.id)).toMatchObject({ outcome: 'rejected', first_outcome: 'held' }),
    )
    expect(await saidOn(held.ticketId, '%about nothing')).toBe(0)
    expect((await rowOf(world, held.id)).raw.toString()).toContain('about nothing')
  })

  test('spam becomes a ticket when an agent says so, and nobody is answered by a machine', async () => {
    const { id } = await fetched(
      world,
      rawMail(world, { from: 'sam@shop.example', subject: 'Prize', 'x-spam-flag': 'YES' }, 'A real order'),
    )
    await press(world, KOFI, shown(world, `mail-notice/${id}`), 'mail.open')
    await eventually(async () =>
      expect(await rowOf(world, id)).toMatchObject({ outcome: 'ticket', first_outcome: 'spam' }),
    )
    await world.settle()
    expect(mailsTo(world, 'sam@shop.example')).toEqual([])
  })

  test('what nobody could read becomes a ticket with the original as its file, if it names somebody', async () => {
    const parts = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(1_500)
    const raw = rawMail(
      world,
      { from: 'pat@parts.example', subject: 'Parts', 'content-type': 'multipart/mixed; boundary=b' },
      parts,
    )
    const { id, outcome } = await fetched(world, raw)
    expect(outcome).toBe('unreadable')
    await press(world, KOFI, shown(world, `mail-notice/${id}`), 'mail.open')
    await eventually(async () => expect(await rowOf(world, id)).toMatchObject({ outcome: 'ticket' }))
    const { rows } = await world.db.query(
      'select f.name from attachments f join comments c on c.id = f.comment_id where c.ticket_id = $1',
      [(await rowOf(world, id)).ticket_id],
    )
    expect(rows).toEqual([{ name: `mail-${id}.eml` }])
  })

  test('nobody but agents decides, whatever a signed payload says', async () => {
    const held = await waits('power')
    const strangers = [
      { id: ADA, team_id: 'T0SANDBOX' },
      { id: KOFI, team_id: 'T0OTHER' },
      { id: 'U0NOBODY', team_id: 'T0SANDBOX' },
    ]
    for (const action of ['mail.accept', 'mail.open', 'mail.discard'])
      for (const user of strangers) await pressSigned(user, action, JSON.stringify({ mail: held.id }))
    for (const value of [
      '',
      '{}',
      '{"mail":"1"}',
      '{"mail":1e99}',
      '{"mail":-1}',
      '{"mail":999999}',
      '{"mail":1}',
      'null',
    ])
      await pressSigned({ id: KOFI, team_id: 'T0SANDBOX' }, 'mail.accept', value)
    await world.settle()
    expect(await rowOf(world, held.id)).toMatchObject({ outcome: 'held', decision: null })
  })
})

/** The secret address that our first mail to Kim asks to answer to. */
async function replyAddress(): Promise<string> {
  await world.settle()
  return mailsTo(world, 'kim@new.example')[0]!.replyTo
}

async function saidOn(ticketId: number, pattern: string): Promise<number> {
  const { rows } = await world.db.query(
    'select count(*)::int as n from comments where ticket_id = $1 and text like $2',
    [ticketId, pattern],
  )
  return rows[0].n
}

async function ccsOf(ticketId: number): Promise<string[]> {
  const { rows } = await world.db.query(
    'select a.address from ticket_ccs c join contact_addresses a using (contact_id) where ticket_id = $1 order by 1',
    [ticketId],
  )
  return rows.map(({ address }) => address)
}

async function eventsOf(mailId: number): Promise<string[]> {
  const { rows } = await world.db.query('select type from events where source like $1 order by id', [
    `mail/${mailId}/%`,
  ])
  return rows.map(({ type }) => type)
}

let presses = 0

/** A press as Slack would sign it, by whomever: the page lets nobody press what it does not show them. */
async function pressSigned(user: { id: string; team_id: string }, actionId: string, value: string): Promise<void> {
  presses += 1
  const action = { type: 'button', action_id: actionId, block_id: 'mail.actions', value, action_ts: `${presses}.0` }
  const payload = {
    type: 'block_actions',
    user,
    team: { id: user.team_id },
    channel: { id: TRIAGE },
    container: { type: 'message', message_ts: '1.1', channel_id: TRIAGE },
    message: { ts: '1.1', text: 'x' },
    actions: [{ ...action, text: { type: 'plain_text', text: 'x' } }],
  }
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  const at = Math.floor(Date.now() / 1000)
  const signature = `v0=${createHmac('sha256', world.signingSecret).update(`v0:${at}:${body}`).digest('hex')}`
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': String(at),
    'x-slack-signature': signature,
  }
  expect((await fetch(`${world.url}/slack/events`, { method: 'POST', headers, body })).status).toBe(200)
}
