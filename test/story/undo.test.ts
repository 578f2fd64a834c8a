import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buttonIn, dmOf, mailsTo, press, thread, writeMail } from '../support/acting.ts'
import { ADA, eventually, GENERAL, KOFI, LUCIA, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'

const CHARLES = 'charles@acme.example'
let world: World
let number: number
let mails: number

beforeAll(async () => {
  world = await startWorld({ mode: 'socket', undoSeconds: 600 })
  // So that she is known in Slack, and has a thread about what she mails.
  await world.slack.people.openHome(ADA)
  await eventually(() => expect(world.slack.state.home(ADA)).not.toBeNull())
})
afterAll(() => world?.stop())
beforeEach(async () => {
  await closeModal()
  const subject = `Tray ${Math.random()}`
  await writeMail(world, { from: 'ada@acme.example', cc: [CHARLES], subject, text: 'Which tray?' })
  await world.settle()
  number = (await world.db.query('select id from tickets where subject = $1', [subject])).rows[0].id
  mails = mailsTo(world, 'ada@acme.example').length
})

test('before it leaves, staff read where an answer goes and when, and nobody outside reads it', async () => {
  await answer('The upper one.', true)
  const message = underCard('The upper one.')
  expect(wordsOf(message)).toMatch(
    /Goes to Ada .*in Slack and by mail .*and to 1 CC, in (600|59\d) seconds, at <!date\^\d+\^\{time_secs\}\|/,
  )
  expect(buttonIn(message, 'ticket.undo')).toBe(true)
  expect(await status()).toBe('pending')
  expect(outside()).not.toContain('The upper one.')
  expect(wordsOf(request())).not.toContain('Awaiting')
  expect(mailsTo(world, 'ada@acme.example')).toHaveLength(mails)
})

test('it leaves when the time is over, once to each, and the message says so without the button', async () => {
  await answer('The lower one.', true)
  await endWindow()
  const message = underCard('The lower one.')
  expect(wordsOf(message)).toContain('Sent to Ada')
  expect(buttonIn(message, 'ticket.undo')).toBe(false)
  expect(wordsOfThread().split('The lower one.').length).toBeGreaterThan(1)
  for (const address of ['ada@acme.example', CHARLES])
    expect(mailsTo(world, address).filter(({ text }) => text.includes('The lower one.'))).toHaveLength(1)
  expect(wordsOf(request())).toContain('Awaiting')
})

test('nobody outside finds an answer by its words before it has left, nor one that was taken back', async () => {
  const found = async (words: string) => {
    const before = world.slack.state.ephemerals(ADA).length
    await world.slack.people.slash(ADA, GENERAL, '/ticket', `search ${words}`)
    return eventually(() => {
      const told = world.slack.state.ephemerals(ADA)
      expect(told.length).toBeGreaterThan(before)
      return wordsOf(told.at(-1)!).includes(`#${number}`)
    })
  }
  const secret = `zebrafish${number}`
  await answer(`The code is ${secret}.`, false)
  expect(await found(secret)).toBe(false)
  expect(await found(`Which tray ${secret}`)).toBe(false)
  expect(await found('Which tray')).toBe(true)
  await endWindow()
  expect(await found(`Which tray ${secret}`)).toBe(true)

  const wrong = `jellyfish${number}`
  await answer(`The code is ${wrong}.`, false)
  await press(world, KOFI, underCard(wrong), 'ticket.undo')
  await endWindow()
  expect(await found(wrong)).toBe(false)
})

test('a pushed clock brings its end nearer, as if the time had passed', async () => {
  await answer('Neither tray.', true)
  await world.push(580_000)
  expect(buttonIn(underCard('Neither tray.'), 'ticket.undo')).toBe(true)
  expect(outside()).not.toContain('Neither tray.')
  await world.push(20_000)
  expect(buttonIn(underCard('Neither tray.'), 'ticket.undo')).toBe(false)
  expect(wordsOf(underCard('Neither tray.'))).toContain('Sent to Ada')
  for (const address of ['ada@acme.example', CHARLES])
    expect(mailsTo(world, address).filter(({ text }) => text.includes('Neither tray.'))).toHaveLength(1)
})

test('taken back, it leaves the ticket to nobody again, as it was', async () => {
  await answer('A tray of sand.', false)
  const assignee = async () =>
    (await world.db.query('select assignee_id from tickets where id = $1', [number])).rows[0].assignee_id
  expect(await assignee()).not.toBeNull()
  await press(world, KOFI, underCard('A tray of sand.'), 'ticket.undo')
  await eventually(async () => expect(await assignee()).toBeNull())
  await endWindow()
  expect(wordsOf(card())).not.toContain('Kofi')
})

test('another agent takes it back: nobody has seen it, the ticket is open again, and they get its words', async () => {
  await answer('Any tray will do.', true)
  await press(world, LUCIA, underCard('Any tray will do.'), 'ticket.undo')
  const modal = await eventually(() => {
    const open = world.slack.state.modal(LUCIA)
    expect(open?.view.callbackId).toBe('agent.reply')
    return open!
  })
  expect(JSON.stringify(modal.view.blocks)).toContain('"initial_value":"Any tray will do."')
  expect(JSON.stringify(modal.view.blocks)).toContain('initial_options')
  expect(await status()).toBe('open')
  await endWindow()
  const message = underCard('Any tray will do.')
  expect(wordsOf(message)).toMatch(/Lucía.* took it back before it left/)
  expect(buttonIn(message, 'ticket.undo')).toBe(false)
  expect(outside()).not.toContain('Any tray will do.')
  expect(wordsOf(request())).not.toContain('Awaiting')

  const sent = await world.slack.people.submit(LUCIA, modal.view.id, { reply: 'Only the upper tray.' })
  expect(sent).toMatchObject({ ok: true })
  await endWindow()
  const [mail] = mailsTo(world, CHARLES).slice(-1)
  expect(mail!.text).toContain('Only the upper tray.')
  expect(mail!.text).not.toContain('Any tray will do.')
})

test('what has left is not taken back, and the presser is told', async () => {
  await answer('None of them.', false)
  const message = underCard('None of them.')
  await world.db.query(`update outbox set not_before = null, next_at = now() where ticket_id = $1 and kind = 'mail'`, [
    number,
  ])
  await world.settle()
  await press(world, KOFI, message, 'ticket.undo')
  await eventually(() =>
    expect(JSON.stringify(world.slack.state.modal(KOFI)?.view.blocks)).toContain('has already left'),
  )
  await endWindow()
  expect(outside()).toContain('None of them.')
})

describe('pressed at the very moment it leaves', () => {
  test('either it has left to everybody or to nobody', { timeout: 60_000 }, async () => {
    const ends = { left: 0, takenBack: 0 }
    for (let round = 0; round < 12; round++) {
      const words = `Round ${round} of ${number}.`
      await answer(words, true)
      const message = underCard(words)
      await world.db.query(
        `update outbox set next_at = now() + make_interval(secs => $2), not_before = case when not_before is null then null
           else now() + make_interval(secs => $2) end where ticket_id = $1 and state = 'waiting'`,
        [number, 0.05 + 0.01 * round],
      )
      const settling = world.product.catchUp()
      await new Promise((resolve) => setImmediate(resolve))
      await press(world, KOFI, message, 'ticket.undo')
      await settling
      await endWindow()
      const left = [
        ...['ada@acme.example', CHARLES].map(
          (to) => mailsTo(world, to).filter(({ text }) => text.includes(words)).length,
        ),
        wordsOfThread().includes(words) ? 1 : 0,
      ]
      const { rows } = await world.db.query(
        `select state from outbox o join events e on e.id = o.event_id
        join comments c on c.id = e.comment_id where c.text = $1 and (o.kind = 'mail'
          or effect->'slot'->>'place' = 'request-thread')`,
        [words],
      )
      const states = new Set(rows.map(({ state }) => state))
      if (states.has('withdrawn')) ends.takenBack++
      else ends.left++
      expect([...states]).toHaveLength(1)
      expect(left).toEqual(states.has('withdrawn') ? [0, 0, 0] : [1, 1, 1])
      await closeModal()
    }
    expect(ends.left + ends.takenBack).toBe(12)
  })
})

/** Kofi answers by the button of the card. */
async function answer(text: string, waits: boolean): Promise<void> {
  await press(world, KOFI, card(), 'ticket.reply')
  const modal = await eventually(() => {
    const open = world.slack.state.modal(KOFI)
    expect(open?.view.callbackId).toBe('agent.reply')
    return open!
  })
  const sent = await world.slack.people.submit(KOFI, modal.view.id, {
    reply: text,
    ...(waits ? { wait: ['wait'] } : {}),
  })
  expect(sent).toMatchObject({ ok: true })
  await world.settle()
}

async function closeModal(): Promise<void> {
  const open = world.slack.state.modal(KOFI)
  if (open) await world.slack.people.close(KOFI, open.view.id, 'all')
}

/** As if the seconds had passed. */
async function endWindow(): Promise<void> {
  await world.settle()
  await world.db.query(
    `update outbox set next_at = now(), not_before = null where state = 'waiting' and ticket_id = $1`,
    [number],
  )
  await world.settle()
}

function card() {
  const slot = `${number}/card`
  return world.slack.state.messages(TRIAGE, { viewer: KOFI }).find((one) => one.metadata?.event_payload.slot === slot)!
}

function underCard(words: string) {
  const found = thread(world, TRIAGE, card().ts, KOFI).filter((message) => wordsOf(message).includes(words))
  expect(found).toHaveLength(1)
  return found[0]!
}

function request() {
  const mine = (slot: unknown) => String(slot).startsWith(`${number}/request/`)
  const all = world.slack.state.messages(dmOf(world, ADA), { viewer: ADA })
  return all.find((message) => mine(message.metadata?.event_payload.slot))!
}

function wordsOfThread(): string {
  return thread(world, dmOf(world, ADA), request().ts, ADA).map(wordsOf).join()
}

/** All that people outside have of this ticket. */
function outside(): string {
  const texts = ['ada@acme.example', CHARLES].flatMap((address) => mailsTo(world, address).map(({ text }) => text))
  return `${wordsOfThread()} ${texts.join()}`
}

async function status(): Promise<string> {
  return (await world.db.query('select status from tickets where id = $1', [number])).rows[0].status
}
