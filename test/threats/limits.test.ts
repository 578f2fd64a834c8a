import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buttonIn, mailsTo } from '../support/acting.ts'
import { KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'
import { MALLORY, receive } from './scene.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

describe('E26 a mail over a limit ends as unreadable: kept whole, shown to staff, and the next one is read', () => {
  const many = (count: number, text: string) => text.repeat(count)
  test.each([
    [
      'E26 3,000 parts',
      `Content-Type: multipart/mixed; boundary=b\n\n${many(3_000, '--b\nContent-Type: text/plain\n\nx\n')}--b--`,
    ],
    ['E26 5 MB of header', `X-Long: ${many(5_000_000, 'y')}\n\nWords`],
    ['E26 100,000 address fields', `${many(100_000, `Cc: a@x.example\nTo: ${'b'.repeat(30)}@x.example\n`)}\nWords`],
  ])('%s', async (name, content) => {
    const { outcome, id } = await read(name, content)
    expect(outcome).toBe('unreadable')
    const notice = world.slack.state
      .messages(TRIAGE, { viewer: KOFI })
      .find(({ metadata }) => metadata?.event_payload.slot === `mail-notice/${id}`)!
    expect(wordsOf(notice)).toContain('could not be read')
    expect(buttonIn(notice, 'mail.open')).toBe(true)
    expect((await read('after it', 'Content-Type: text/plain\n\nStill here.')).outcome).toBe('ticket')
  })

  test.each([
    ['E26 parts nested 200 deep', nested(200)],
    ['E26 20,000 people copied', `Cc: ${many(20_000, 'p@x.example, ')}z@x.example\n\nWords`],
    ['E26 40,000 references', `References: ${many(40_000, '<r@x.example>\n ')}\n\nWords`],
    ['E27 an address of 200,000 brackets', `Cc: ${many(200_000, '(')}\nReply-To: ${many(100_000, '<"(')}\n\nWords`],
    ['E27 50,000 groups in each other', `To: ${many(50_000, 'a:')}b@x.example${many(50_000, ';')}\n\nWords`],
    [
      'E28 1 MB of mailto: and dots',
      `Content-Type: text/plain\n\n${many(120_000, 'mailto:a@')}${many(200_000, 'http://a.')}`,
    ],
    ['E28 1 MB of quote marks and dashes', `Content-Type: text/plain\n\n${many(300_000, '>- ')}`],
    ['E29 a bomb of quoted-printable', `Content-Transfer-Encoding: quoted-printable\n\n${many(400_000, '=20')}`],
    [
      'E29 html of 2,000 pictures in itself',
      `Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>Words</p>${many(2_000, '<img src="cid:p">')}\n--b\nContent-Type: image/png\nContent-ID: <p>\nContent-Transfer-Encoding: base64\n\n${many(20_000, 'A'.repeat(76))}\n--b--`,
    ],
  ])('%s is a ticket, read within the ten seconds that a mail has', async (name, content) => {
    expect((await read(name, content)).outcome).toBe('ticket')
  })
})

test('E29 a packed file stays packed, as it came', async () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000))
  const { ticketId } = await read(
    'packed',
    `Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/gzip; name=a.gz\nContent-Encoding: gzip\nContent-Transfer-Encoding: base64\n\n${bomb.toString('base64')}\n--b--`,
  )
  expect(await filesOf(ticketId)).toEqual([{ name: 'a.gz', size: bomb.length, refused: null }])
})

describe('E30 size', () => {
  test('E30 a file over the limit is refused with a note where its ticket is read; the words and other files arrive', async () => {
    const large = randomBytes(6_000_000).toString('base64')
    const { ticketId } = await read(
      'large file',
      `Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the film.\n--b\nContent-Type: video/mp4; name=film.mp4\nContent-Transfer-Encoding: base64\n\n${large}\n--b\nContent-Type: text/plain; name=log.txt\nContent-Disposition: attachment\n\nlog\n--b--`,
    )
    expect(await filesOf(ticketId)).toEqual([
      { name: 'film.mp4', size: 6_000_000, refused: 'too-large' },
      { name: 'log.txt', size: 3, refused: null },
    ])
    const words = threadWords(ticketId)
    expect(words).toContain('See the film.')
    expect(words).toMatch(/film\.mp4.*too large/i)
  })

  test('E30 a line of 10 MB, and 5 MB of text, are tickets; the rest of the text stays in the original', async () => {
    const line = await read('long line', `Content-Type: text/plain\n\n${'word '.repeat(2_000_000)}`)
    expect(line.outcome).toBe('ticket')
    expect(threadWords(line.ticketId)).toContain('word word')
    const text = await read('long text', `Content-Type: text/plain\n\n${'A line of words.\n'.repeat(300_000)}`)
    expect(text.outcome).toBe('ticket')
  })
})

test('E31 NUL, half characters and bytes of no charset reach neither the database nor a job as such', async () => {
  const bytes = Buffer.concat([
    Buffer.from(
      `From: "N\u0000ul" <${MALLORY}>\r\nTo: ${world.supportAddress}\r\nSubject: =?utf-8?q?N=00ul_=ED=A0=80?= =?utf-16?b?2D0=?= \r\nMessage-ID: <nul@evil.example>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nZero \u0000 here `,
    ),
    Buffer.from([0xed, 0xa0, 0x80, 0xff, 0xfe, 0xc0, 0x80]),
    Buffer.from(
      '\r\n--b\r\nContent-Type: text/plain; name="n\u0000ul.txt"\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n',
    ),
  ])
  await receive(world, bytes)
  const { rows } = await world.db.query(
    `select m.outcome, m.attempts, c.text, f.name from inbound_mails m join comments c on c.ticket_id = m.ticket_id
     join attachments f on f.comment_id = c.id where m.message_id = 'nul@evil.example'`,
  )
  expect(rows).toMatchObject([{ outcome: 'ticket', attempts: 1, text: expect.stringContaining('Zero') }])
  expect(JSON.stringify(rows)).not.toMatch(/\\u0000|\\ud[89a-f]/i)
})

test('E32 E33 files of any name and kind are kept under generated names and leave only as downloads', async () => {
  const names = [
    '../../../../etc/cron.d/pwn',
    '..\\\\..\\\\boot.ini',
    '.htaccess',
    '\u200b.htaccess',
    'a\u202egpj.exe',
    'shell.pht',
    'CON',
    'x.svg',
    'page.html',
    `${'n'.repeat(400)}.txt`,
  ]
  const types = ['text/html', 'image/svg+xml', 'application/xml', 'text/plain']
  const parts = names.map(
    (name, at) =>
      `--b\nContent-Type: ${types[at % types.length]}; charset=utf-8\nContent-Disposition: ${at % 2 ? 'inline' : 'attachment'}; filename="${name}"\n\n<script>alert(${at})</script>\n`,
  )
  const { ticketId } = await read('names', `Content-Type: multipart/mixed; boundary=b\n\n${parts.join('')}--b--`)
  const files = await filesOf(ticketId)
  expect(files).toHaveLength(names.length)
  for (const { name } of files) {
    expect(name).not.toMatch(/[/\\\u0000-\u001f\u200b\u202a-\u202e]|^\./)
    expect(name.length).toBeLessThanOrEqual(255)
  }
  const { rows } = await world.db.query(
    'select f.id, f.name from attachments f join comments c on c.id = f.comment_id where c.ticket_id = $1',
    [ticketId],
  )
  const urls = [...threadWords(ticketId).matchAll(/http:\/\/127\.0\.0\.1:\d+\/files\/[^\s"|>\\]+/g)].map(([url]) => url)
  expect(new Set(urls).size).toBe(rows.length)
  for (const url of new Set(urls)) {
    const answer = await fetch(url)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toContain('sandbox')
  }
})

let mails = 0

/** Puts a mail into the mailbox; how it ended. */
async function read(name: string, content: string) {
  mails += 1
  const head = `From: limits-${mails}@evil.example\nTo: ${world.supportAddress}\nSubject: ${name}\nMessage-ID: <limits-${mails}@evil.example>\nMIME-Version: 1.0`
  await receive(world, Buffer.from(`${head}\n${content}\n`.replaceAll('\n', '\r\n')))
  const { rows } = await world.db.query(
    'select id, outcome, ticket_id, length(raw) as bytes from inbound_mails order by id desc limit 1',
  )
  expect(rows[0].bytes).toBeGreaterThanOrEqual(content.length)
  expect(mailsTo(world, 'victim@victim.test')).toEqual([])
  return { id: rows[0].id as number, outcome: rows[0].outcome as string, ticketId: rows[0].ticket_id as number }
}

async function filesOf(ticketId: number): Promise<{ name: string; size: number; refused: string | null }[]> {
  const { rows } = await world.db.query(
    'select f.name, f.size::int, f.refused from attachments f join comments c on c.id = f.comment_id where c.ticket_id = $1 order by f.id',
    [ticketId],
  )
  return rows
}

function threadWords(number: number): string {
  const card = world.slack.state
    .messages(TRIAGE, { viewer: KOFI })
    .find((message) => message.metadata?.event_payload.slot === `${number}/card`)!
  const under = world.slack.state
    .messages(TRIAGE, { viewer: KOFI, threadTs: card.ts })
    .filter(({ ts }) => ts !== card.ts)
  return under.map(wordsOf).join('\n')
}

function nested(depth: number, at = 0): string {
  return at === depth
    ? 'Content-Type: text/plain\n\nDeep words\n'
    : `Content-Type: multipart/mixed; boundary=n${at}\n\n--n${at}\n${nested(depth, at + 1)}\n--n${at}--`
}
