import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ask, cardOf, modalOf, rootOf, under } from '../slack/scenes.ts'
import { dmOf, press } from '../support/acting.ts'
import { ADA, eventually, KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'

let world: World
let number: number

beforeAll(async () => {
  world = await startWorld({ mode: 'socket' })
})
afterAll(() => world?.stop())
beforeEach(async () => {
  for (let open = world.slack.state.modal(KOFI); open; open = world.slack.state.modal(KOFI))
    await world.slack.people.close(KOFI, open.view.id)
  number = await ask(world, ADA, `Tray ${Math.random()}`)
})

test('an agent attaches files to a reply: they are in the mail itself and linked in Slack', async () => {
  const bytes = Buffer.from('a picture of the flap')
  await reply('See the picture.', [await upload('flap.png', bytes, 'image/png')])
  const mail = await mailWith('See the picture.')
  expect(mail).toMatch(/Content-Disposition: attachment; filename=flap\.png/i)
  expect(mail).toContain(bytes.toString('base64'))
  expect(mail).not.toContain('/files/')
  const shown = under(world, rootOf(world, ADA, number), ADA).find(({ text }) => text.includes('See the picture'))
  expect(JSON.stringify(shown?.blocks)).toContain('/files/')
})

test('what is too large for a mail, or refused by mail servers, is behind its link, and the words say so', async () => {
  const large = Buffer.alloc(4_900_000, 1)
  const files = await Promise.all([
    ...['a.bin', 'b.bin', 'c.bin'].map((name) => upload(name, Buffer.concat([large, Buffer.from(name)]))),
    upload('run.exe', Buffer.from('MZ')),
  ])
  await reply('All the logs.', files)
  const mail = await mailWith('All the logs.')
  expect(mail.match(/Content-Disposition: attachment/gi)).toHaveLength(2)
  expect(mail).toMatch(/filename=a\.bin/)
  expect(mail).not.toMatch(/filename=(c\.bin|run\.exe)/)
  expect(mail.length).toBeLessThan(18_100_000)
  const words = mail.slice(0, 20_000).replace(/=\r\n/g, '')
  expect(words).toContain('are behind their links')
  expect(words).toMatch(/\/files\/[^\s]*c\.bin/)
  expect(words).toMatch(/\/files\/[^\s]*run\.exe/)
})

test('a mail waits for files that are still on their way, and leaves with them', async () => {
  world.slack.faults.fail('files.info', { error: 'internal_error', status: 500 })
  await reply('Here it is.', [await upload('late.txt', Buffer.from('late words'))])
  const mail = await mailWith('Here it is.', 30_000)
  expect(mail).toMatch(/filename=late\.txt/)
}, 40_000)

test('a file that is larger than the desk keeps is refused beside its field, and nothing is sent', async () => {
  const card = cardOf(world, number)
  await press(world, KOFI, card, 'ticket.reply')
  const { view } = await modalOf(world, KOFI, 'agent.reply')
  const file = await upload('huge.bin', Buffer.alloc(5_000_001))
  const sent = await world.slack.people.submit(KOFI, view.id, { reply: 'Huge', files: [file] })
  expect(JSON.stringify(sent)).toMatch(/huge\.bin is larger than 5 MB/)
  expect(
    (await world.db.query(`select from events where ticket_id = $1 and type = 'answered'`, [number])).rowCount,
  ).toBe(0)
})

test('a file dropped under the card stays there until its agent sends it to the requester', async () => {
  const file = { name: 'manual.txt', mimetype: 'text/plain', bytes: Buffer.from('press the button') }
  await world.slack.people.post(KOFI, TRIAGE, { text: 'the manual', threadTs: cardOf(world, number).ts, files: [file] })
  await world.settle()
  expect(JSON.stringify(under(world, rootOf(world, ADA, number), ADA))).not.toContain('manual.txt')
  const offered = world.slack.state.ephemerals(KOFI).at(-1)!
  expect(wordsOf(offered)).toContain('Only the team sees this file.')
  const { rows } = await world.db.query(
    'select id from comments where ticket_id = $1 and not is_public order by id desc limit 1',
    [number],
  )
  await world.slack.people.click(KOFI, { channelId: offered.channel, ts: offered.ts }, 'note.send')
  const { view } = await modalOf(world, KOFI, 'agent.reply')
  expect(JSON.stringify(view.blocks)).toContain('Go along: manual.txt')
  expect(JSON.parse(view.privateMetadata ?? '{}')).toEqual({ ticket: number, along: rows[0].id })
  expect(await world.slack.people.submit(KOFI, view.id, { reply: 'The manual for you.' })).toMatchObject({ ok: true })
  await world.settle()
  const mail = await mailWith('The manual for you.')
  expect(mail).toMatch(/filename=manual\.txt/)
  expect(mail).not.toContain('the manual\r\n')
})

test('a file that came by mail is linked in the requester’s thread and under the card', async () => {
  const boundary = 'b1'
  const raw = [
    ...['From: Ada <ada@acme.example>', `To: ${world.supportAddress}`, 'Subject: A photo', 'MIME-Version: 1.0'],
    ...[`Message-ID: <photo-${number}@acme.example>`, `Content-Type: multipart/mixed; boundary=${boundary}`, ''],
    ...[`--${boundary}`, 'Content-Type: text/plain', '', 'See the photo.', `--${boundary}`],
    ...['Content-Type: image/png; name=photo.png', 'Content-Disposition: attachment; filename=photo.png'],
    ...['Content-Transfer-Encoding: base64', '', Buffer.from('a photo').toString('base64'), `--${boundary}--`, ''],
  ].join('\r\n')
  world.mail.deliver(Buffer.from(raw), { to: [world.supportAddress] })
  await world.settle()
  const { rows } = await world.db.query(`select id from tickets where subject = 'A photo' order by id desc limit 1`)
  await eventually(async () => {
    await world.settle()
    expect(JSON.stringify(under(world, cardOf(world, rows[0].id), KOFI))).toContain('photo.png')
  })
  expect(JSON.stringify(under(world, cardOf(world, rows[0].id), KOFI))).toContain('/files/')
  expect(dmOf(world, ADA)).not.toBe('D-none')
})

async function reply(text: string, files: string[]) {
  await press(world, KOFI, cardOf(world, number), 'ticket.reply')
  const { view } = await modalOf(world, KOFI, 'agent.reply')
  expect(await world.slack.people.submit(KOFI, view.id, { reply: text, files })).toMatchObject({ ok: true })
  await world.settle()
}

async function upload(name: string, bytes: Buffer, mimetype = 'application/octet-stream'): Promise<string> {
  return (await world.slack.people.upload(KOFI, { name, mimetype, bytes })).id
}

/** The raw mail to Ada that says this. */
function mailWith(words: string, timeout = 15_000): Promise<string> {
  return eventually(async () => {
    await world.settle()
    const found = world.mail.mailboxOf('ada@acme.example').map(({ raw }) => raw.toString('utf8'))
    const mail = found.find((raw) => raw.slice(0, 30_000).includes(words))
    expect(mail, `no mail says ${words}`).toBeDefined()
    return mail!
  }, timeout)
}
