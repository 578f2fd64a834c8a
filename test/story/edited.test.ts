import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answer, ask, cardOf, publicWords, rootOf, statusOf, under } from '../slack/scenes.ts'
import { dmOf, mailsTo, press } from '../support/acting.ts'
import { ADA, eventually, KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'

const CHARLES = 'charles@acme.example'
let world: World
let number: number
let dm: string

beforeAll(async () => {
  world = await startWorld({ mode: 'http' })
})
afterAll(() => world?.stop())
beforeEach(async () => {
  number = await ask(world, ADA, `Tray ${Math.random()}`)
  dm = dmOf(world, ADA)
})

test('an edit of their own message changes the comment: staff read the new words with a mark, and nobody is mailed twice', async () => {
  await copyCharles()
  const ts = await say('The uper tray jams.')
  expect(mailed('The uper tray jams.')).toBe(1)
  await edit(ts, 'The upper tray &amp; the lower one jam.')
  expect(await publicWords(world, number)).toContain('The upper tray &amp; the lower one jam.')
  const [shown] = underCard('the lower one')
  expect(wordsOf(shown!)).toMatch(/✏️ Edited /)
  expect(underCard('uper tray')).toEqual([])
  expect(mailed('the lower one')).toBe(0)
  // The words from before stay with the log.
  expect(await happened('edited')).toMatchObject([{ before: 'The uper tray jams.' }])

  await answer(world, KOFI, number, 'Open the flap.')
  expect(mailed('the lower one')).toBe(1)
  expect(mailed('uper tray')).toBe(1)
})

test('a deletion takes the words and the file from everybody, and only the log keeps the words', async () => {
  await copyCharles()
  const ts = await say('My password is hunter2.', [{ name: 'pw.txt', mimetype: 'text/plain', bytes: Buffer.from('x') }])
  const link = await eventually(async () => {
    await world.settle()
    const found = /"(http[^"]*\/files\/[^"]*)"/.exec(JSON.stringify(underCard('hunter2')))?.[1]
    expect(found).toBeDefined()
    return found!
  })
  expect((await fetch(link)).status).toBe(200)
  expect(await world.slack.people.delete(ADA, dm, ts)).toEqual({ ok: true })
  await world.settle()
  expect(underCard('hunter2')).toEqual([])
  expect(underCard('pw.txt')).toEqual([])
  expect(underCard('removed this message')).toHaveLength(1)
  expect((await fetch(link)).status).toBe(404)
  expect(await publicWords(world, number)).not.toContain('My password is hunter2.')
  expect(await happened('deleted')).toMatchObject([{ before: 'My password is hunter2.' }])
  const before = mailed('hunter2')
  await answer(world, KOFI, number, 'Please never send one.')
  expect(mailed('hunter2')).toBe(before)
})

test('an edit while the mails to the others wait is what they read; a deletion leaves them without', async () => {
  await copyCharles()
  const ts = await say('Whatever.')
  const { rows } = await world.db.query(
    `select event_id from outbox where ticket_id = $1 and kind = 'mail' order by id desc limit 1`,
    [number],
  )
  // As if the mail server had not taken it yet.
  await world.db.query(
    `update outbox set state = 'waiting', done_at = null, attempts = 0, next_at = now() + interval '1 hour',
       not_before = now() + interval '1 hour' where event_id = $1 and kind = 'mail'`,
    [rows[0].event_id],
  )
  expect(await world.slack.people.delete(ADA, dm, ts)).toEqual({ ok: true })
  await world.settle()
  const states = await world.db.query(`select state from outbox where event_id = $1 and kind = 'mail'`, [
    rows[0].event_id,
  ])
  expect(states.rows.map(({ state }) => state)).toEqual(['withdrawn'])
})

test("an agent's note follows its message too, and is nobody else's business", async () => {
  const card = cardOf(world, number)
  const posted = await world.slack.people.post(KOFI, TRIAGE, { text: 'A scret', threadTs: card.ts })
  const { ts } = posted as { ts: string }
  await world.settle()
  expect(await world.slack.people.edit(KOFI, TRIAGE, ts, 'A secret')).toEqual({ ok: true })
  await world.settle()
  const notes = await world.db.query('select text from comments where ticket_id = $1 and not is_public', [number])
  expect(notes.rows).toEqual([{ text: 'A secret' }])
  expect(await world.slack.people.delete(KOFI, TRIAGE, ts)).toEqual({ ok: true })
  await world.settle()
  expect((await happened('deleted')).length).toBe(1)
  expect(JSON.stringify(under(world, rootOf(world, ADA, number), ADA))).not.toContain('secret')
})

test('a link that unfurls, an edit of another, and the same edit once more change nothing', async () => {
  const ts = await say('See example.com')
  const message = { user: ADA, ts, thread_ts: rootOf(world, ADA, number).ts, text: 'See example.com' }
  await deliver({ subtype: 'message_changed', message, previous_message: message })
  await deliver({
    subtype: 'message_changed',
    message: { ...message, text: 'Evil', edited: { user: KOFI, ts: '9999999999.000100' } },
    previous_message: message,
  })
  expect(await happened('edited')).toEqual([])
  const changed = { ...message, text: 'See example.org', edited: { user: ADA, ts: '1900000000.000100' } }
  for (const _ of [1, 2]) await deliver({ subtype: 'message_changed', message: changed, previous_message: message })
  // An earlier one that comes later.
  const older = { ...message, text: 'See example.net', edited: { user: ADA, ts: '1800000000.000100' } }
  await deliver({ subtype: 'message_changed', message: older, previous_message: message })
  expect(await publicWords(world, number)).toContain('See example.org')
  expect(await happened('edited')).toHaveLength(1)
})

test('an edit or a deletion that comes before its message is what the message says', async () => {
  const root = rootOf(world, ADA, number)
  const early = (ts: string, text: string) => ({ user: ADA, ts, thread_ts: root.ts, text })
  const typo = early('1800000000.000200', 'Teh flap')
  const edited = { ...typo, text: 'The flap', edited: { user: ADA, ts: '1800000001.000200' } }
  await deliver({ subtype: 'message_changed', message: edited, previous_message: typo })
  await deliver(typo)
  const gone = early('1800000000.000300', 'Oops')
  await deliver({ subtype: 'message_deleted', ts: '1800000002.000100', deleted_ts: gone.ts, previous_message: gone })
  for (const _ of [1, 2]) await deliver(gone)
  const words = await publicWords(world, number)
  expect(words).toContain('The flap')
  expect(words).not.toContain('Teh flap')
  expect(words).not.toContain('Oops')
})

test('so it is of a line that stands alone; one that was deleted before it got here is not asked about', async () => {
  const alone = (ts: string, text: string) => ({ user: ADA, ts, text })
  const gone = alone('1800000000.000400', 'My password is hunter4')
  await deliver({ subtype: 'message_deleted', ts: '1800000002.000200', deleted_ts: gone.ts, previous_message: gone })
  for (const _ of [1, 2]) await deliver(gone)
  expect((await world.db.query('select from talks')).rowCount).toBe(0)
  const typo = alone('1800000000.000500', 'Teh bell')
  const edited = { ...typo, text: 'The bell', edited: { user: ADA, ts: '1800000001.000500' } }
  await deliver({ subtype: 'message_changed', message: edited, previous_message: typo })
  for (const _ of [1, 2]) await deliver(typo)
  expect((await world.db.query('select text from talk_words')).rows).toEqual([{ text: 'The bell' }])
  // One that was asked about keeps no change for later.
  await world.db.query('delete from talk_words')
  await deliver({ subtype: 'message_deleted', ts: '1800000003.000500', deleted_ts: typo.ts, previous_message: typo })
  expect((await world.db.query('select from early_changes')).rowCount).toBe(0)
})

test('thanks that become more than thanks reopen after all', async () => {
  await answer(world, KOFI, number, 'Fixed.')
  await press(world, KOFI, cardOf(world, number), 'ticket.solve')
  await world.settle()
  const ts = await say('Thanks!')
  expect(await statusOf(world, number)).toBe('solved')
  await edit(ts, 'Thanks! The lower tray still jams.')
  expect(await statusOf(world, number)).toBe('open')
})

async function say(text: string, files: { name: string; mimetype: string; bytes: Buffer }[] = []): Promise<string> {
  const sent = await world.slack.people.post(ADA, dm, { text, threadTs: rootOf(world, ADA, number).ts, files })
  expect(sent).toMatchObject({ ok: true })
  await world.settle()
  return (sent as { ts: string }).ts
}

async function edit(ts: string, text: string) {
  expect(await world.slack.people.edit(ADA, dm, ts, text)).toEqual({ ok: true })
  await world.settle()
}

async function copyCharles() {
  const { rows } = await world.db.query(
    `insert into contacts (name, created_at) values ('Charles', now()) returning id`,
  )
  await world.db.query(
    `insert into contact_addresses (address, contact_id) values ($2, $1)
     on conflict (address) do update set contact_id = excluded.contact_id`,
    [rows[0].id, CHARLES],
  )
  await world.db.query('insert into ticket_ccs (ticket_id, contact_id) values ($1, $2)', [number, rows[0].id])
}

const mailed = (words: string) => mailsTo(world, CHARLES).filter(({ text }) => text.includes(words)).length
const underCard = (words: string) =>
  under(world, cardOf(world, number), KOFI).filter((message) => wordsOf(message).includes(words))
const happened = async (type: string) =>
  (await world.db.query('select data from events where ticket_id = $1 and type = $2', [number, type])).rows.map(
    ({ data }) => data,
  )

let events = 0

/** What Slack would send, signed as Slack signs it. */
async function deliver(event: object) {
  const body = JSON.stringify({
    type: 'event_callback',
    team_id: 'T0SANDBOX',
    event_id: `EvTEST${++events}`,
    event_time: 1,
    event: { type: 'message', channel: dm, channel_type: 'im', ...event },
  })
  const at = String(Math.floor(Date.now() / 1000))
  const signature = `v0=${createHmac('sha256', world.signingSecret).update(`v0:${at}:${body}`).digest('hex')}`
  const answered = await fetch(`${world.url}/slack/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-slack-request-timestamp': at, 'x-slack-signature': signature },
    body,
  })
  expect(answered.status).toBe(200)
  await world.settle()
}
