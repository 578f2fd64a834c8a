import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SANDBOX_AUTHSERV_ID } from '../../src/sandbox/mail/post-office.ts'
import { lastMailTo, mailsTo, press, type ReceivedMail, replyByMail, writeMail } from '../support/acting.ts'
import { eventually, KOFI, startWorld, TRIAGE, type World } from '../support/world.ts'

const HOUR = 3_600_000
let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

describe('when the window of a solved request is over', () => {
  let number: number
  let closed: ReceivedMail

  test('its requester reads once that it closed, what a reply does, and where to rate it; nobody else does', async () => {
    number = await opened('nina@acme.example', 'Slow search', ['carl@acme.example'])
    await solve(number)
    const copies = mailsTo(world, 'carl@acme.example').length
    await world.push(28 * HOUR)
    closed = await lastMailTo(world, 'nina@acme.example')
    expect(unwrapped(closed)).toContain(`Your request #${number} is closed now.`)
    expect(unwrapped(closed)).toContain('your reply starts a new request that is linked to this one')
    expect(closed.text).toContain(`${world.url}/survey/`)
    expect(closed.headers.get('auto-submitted')).toBe('auto-generated')
    expect(mailsTo(world, 'carl@acme.example')).toHaveLength(copies)
    await world.push(HOUR)
    expect(saying('nina@acme.example', 'is closed now')).toHaveLength(1)
  })

  test('a reply to that mail is received as a follow-up that names both and the deadline (X9)', async () => {
    await replyByMail(world, closed, 'It is slow again.')
    await world.settle()
    const { rows } = await world.db.query('select id from tickets where follow_up_of = $1', [number])
    const mail = await lastMailTo(world, 'nina@acme.example')
    expect(unwrapped(mail)).toMatch(/^Hello nina, Your reply came after \w+ \d+ \w+ \d{4}, \d\d:\d\d \(\w+\)/i)
    expect(unwrapped(mail)).toContain(
      `when your request #${number} closed, so we opened a new one for you: #${rows[0].id}.`,
    )
    expect(mail.headers.get('auto-submitted')).toBe('auto-replied')
    expect(mail.text).not.toContain('slow again')
    // What the form would ask was carried over.
    expect(mail.text).not.toContain('/describe/')
  })

  test('who went on before the sweep closed it is told by the follow-up alone', async () => {
    const late = await opened('omar@client.example', 'Late words')
    await solve(late)
    const solved = await lastMailTo(world, 'omar@client.example')
    await world.clock.push(28 * HOUR)
    await replyByMail(world, solved, 'One thing more.')
    await world.settle()
    await world.push(HOUR)
    expect(await status(late)).toBe('closed')
    expect(saying('omar@client.example', 'Your reply came after')).toHaveLength(1)
    expect(saying('omar@client.example', 'is closed now')).toHaveLength(0)
  })

  test('whoever has rated is not asked again', async () => {
    const rated = await opened('rita@client.example', 'Rated early')
    await solve(rated)
    const link = /http\S+\/survey\/\w+/.exec((await lastMailTo(world, 'rita@client.example')).text)![0]
    const page = await (await fetch(link)).text()
    const proof = /name="page" value="([^"]+)"/.exec(page)![1]!
    await fetch(link, { method: 'POST', body: new URLSearchParams({ page: proof, score: '5' }) })
    await world.push(28 * HOUR)
    const [mail] = saying('rita@client.example', 'is closed now')
    expect(mail!.text + mail!.html).not.toContain('survey')
  })

  test('a machine that asked is told nothing by a machine', async () => {
    await send({
      from: 'jira@client.example',
      subject: 'Build broke',
      text: 'It did.',
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    await world.settle()
    const { rows } = await world.db.query(`select id from tickets where subject = 'Build broke'`)
    await solve(rows[0].id)
    await world.push(28 * HOUR)
    expect(await status(rows[0].id)).toBe('closed')
    expect(saying('jira@client.example', 'is closed now')).toHaveLength(0)
  })
})

describe('what did not get through', () => {
  const film = {
    filename: 'PLAN of Gina.mov',
    contentType: 'video/quicktime',
    content: Buffer.alloc(5_000_001).toString('base64'),
  }

  test('is said where a new request is received', async () => {
    await send({ from: 'gina@client.example', subject: 'See the film', text: 'It shows it all.', attachments: [film] })
    await world.settle()
    const mails = mailsTo(world, 'gina@client.example')
    expect(mails).toHaveLength(1)
    expect(unwrapped(mails[0]!)).toContain('One file of your mail is larger than 5 MB, so we could not take it.')
    expect(mails[0]!.text + mails[0]!.html).not.toContain('PLAN')
  })

  test('of a reply is said in a mail of its own, to its writer alone, and once', async () => {
    const number = await opened('hugo@client.example', 'Film follows', ['iris@client.example'])
    const { replyTo } = await lastMailTo(world, 'hugo@client.example')
    const before = mailsTo(world, 'iris@client.example').length
    await send({
      from: 'hugo@client.example',
      to: [replyTo],
      subject: 'Film',
      text: 'Here.',
      attachments: [film, film],
    })
    await world.settle()
    const mail = await lastMailTo(world, 'hugo@client.example')
    expect(unwrapped(mail)).toContain(
      `Your mail about request #${number} reached us, but part of it did not get through.`,
    )
    expect(unwrapped(mail)).toContain('2 files of your mail are larger than 5 MB')
    expect(mail.headers.get('auto-submitted')).toBe('auto-replied')
    expect(mail.subject).toBe('Re: Film follows')
    expect(mail.text + mail.html).not.toContain('PLAN')
    expect(saying('hugo@client.example', 'did not get through')).toHaveLength(1)
    // The other one hears what was said, as ever.
    expect(mailsTo(world, 'iris@client.example')).toHaveLength(before + 1)
    expect(saying('iris@client.example', 'did not get through')).toHaveLength(0)
  })

  test('is not said to a machine, and never more than three times an hour', async () => {
    await opened('jon@client.example', 'Many films')
    const { replyTo } = await lastMailTo(world, 'jon@client.example')
    const write = (headers: Record<string, string> = {}) =>
      send({
        from: 'jon@client.example',
        to: [replyTo],
        subject: `F${Math.random()}`,
        text: 'x',
        headers,
        attachments: [film],
      })
    await write({ Precedence: 'bulk' })
    await world.settle()
    expect(saying('jon@client.example', 'did not get through')).toHaveLength(0)
    for (let n = 0; n < 4; n++) await write()
    await world.settle()
    // The acknowledgement was the first answer of the three.
    expect(saying('jon@client.example', 'did not get through')).toHaveLength(2)
  })

  test('of an encrypted mail are its words, which is said where it is received, whatever its program', async () => {
    for (const [n, head, body] of [
      [1, 'application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m', 'MIAGCSqGSIb3DQEHA6CAMIACAQAx'],
      [
        2,
        'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
        '--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n-----BEGIN PGP MESSAGE-----\r\nhQEM\r\n-----END PGP MESSAGE-----\r\n--b--',
      ],
      [3, 'text/plain', '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----'],
    ] as const) {
      const encoding = n === 1 ? 'Content-Transfer-Encoding: base64\r\n' : ''
      world.mail.deliver(
        Buffer.from(
          `From: Kim <kim${n}@client.example>\r\nTo: ${world.supportAddress}\r\nSubject: Secret ${n}\r\n` +
            `Message-ID: <secret-${n}@client.example>\r\nMIME-Version: 1.0\r\nContent-Type: ${head}\r\n${encoding}\r\n${body}\r\n`,
        ),
        { to: [world.supportAddress] },
      )
      await world.settle()
      const mail = await lastMailTo(world, `kim${n}@client.example`)
      expect(unwrapped(mail), head).toContain('Your mail is encrypted, so nobody here can read it.')
    }
  })
})

describe('a mail that nobody could read', () => {
  test('is told to its sender, known and proven, in their language, without a word of it, once a day', async () => {
    await opened('lena@client.example', 'Known before')
    await world.db.query(`update contacts set locale = 'es' where name = 'lena'`)
    for (const n of [1, 2]) {
      world.mail.deliver(inParts('lena@client.example', n), { to: [world.supportAddress] })
      await world.settle()
    }
    const { rows } = await world.db.query('select outcome, sender_proof from inbound_mails order by id desc limit 2')
    expect(rows).toEqual([1, 2].map(() => ({ outcome: 'unreadable', sender_proof: 'verified' })))
    const told = mailsTo(world, 'lena@client.example').filter(({ subject }) => subject.includes('No pudimos leer'))
    expect(told).toHaveLength(1)
    expect(unwrapped(told[0]!)).toMatch(/Tu correo del .*\d{4}, \d{1,2}:\d\d .*es demasiado grande o complejo/)
    expect(told[0]!.text + told[0]!.html).not.toContain('Many parts')
    expect(told[0]!.headers.get('auto-submitted')).toBe('auto-replied')
    expect(told[0]!.headers.get('in-reply-to')).toBe('<parts-1.lena@client.example>')
  })

  test('is not told to strangers, to those who cannot be proven, or to machines', async () => {
    await opened('mila@client.example', 'Known as well')
    const before = mailsTo(world, 'mila@client.example').length
    for (const raw of [
      inParts('nobody@client.example', 1),
      inParts('mila@client.example', 1, 'Precedence: bulk\r\n'),
      inParts('mila@client.example', 2, '', 'none'),
    ])
      world.mail.deliver(raw, { to: [world.supportAddress] })
    await world.settle()
    const { rows } = await world.db.query('select outcome from inbound_mails order by id desc limit 3')
    expect(rows.map(({ outcome }) => outcome)).toEqual(['unreadable', 'unreadable', 'unreadable'])
    expect(mailsTo(world, 'nobody@client.example')).toHaveLength(0)
    expect(mailsTo(world, 'mila@client.example')).toHaveLength(before)
  })
})

describe('somebody known by mail under two addresses', () => {
  test('joins them by the link in their first acknowledgement, and answers from either', async () => {
    const number = await opened('noor@client.example', 'From the office')
    const first = await lastMailTo(world, 'noor@client.example')
    const link = /http\S+\/addresses\/\w+/.exec(first.text)![0]
    expect(first.html).toContain(`href="${link}"`)
    const post = async (fields: Record<string, string>) =>
      (await fetch(link, { method: 'POST', body: new URLSearchParams(fields) })).text()
    const valueIn = (page: string, name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page)![1]!
    const asks = await post({ page: valueIn(await (await fetch(link)).text(), 'page'), address: 'Noor@Home.example' })
    await world.settle()
    const codeTo = async (address: string) => /^ {4}(\d{3} \d{3})$/m.exec((await lastMailTo(world, address)).text)![1]!
    expect(unwrapped(await lastMailTo(world, 'noor@home.example'))).toContain('Type it on the page')
    const done = await post({
      page: valueIn(asks, 'page'),
      own: valueIn(asks, 'own'),
      other: valueIn(asks, 'other'),
      code_own: await codeTo('noor@client.example'),
      code_other: await codeTo('noor@home.example'),
    })
    expect(done).toContain('Done: noor@home.example is yours now, too.')
    await send({ from: 'noor@home.example', to: [first.replyTo], subject: 'Re: From the office', text: 'From home.' })
    await world.settle()
    const { rows } = await world.db.query('select outcome, ticket_id from inbound_mails order by id desc limit 1')
    expect(rows).toEqual([{ outcome: 'reply', ticket_id: number }])
    await opened('noor@home.example', 'Another one')
    const mails = [...mailsTo(world, 'noor@home.example'), ...mailsTo(world, 'noor@client.example')]
    expect(mails.filter(({ text }) => text.includes('/addresses/'))).toHaveLength(1)
  })
})

/** A mail of more parts than are read. */
function inParts(from: string, n: number, more = '', dmarc = 'pass'): Buffer {
  const head =
    `Authentication-Results: ${SANDBOX_AUTHSERV_ID}; dmarc=${dmarc} header.from=client.example\r\n` +
    `From: Somebody <${from}>\r\nTo: ${world.supportAddress}\r\nSubject: Many parts\r\n` +
    `Message-ID: <parts-${n}.${from}>\r\nMIME-Version: 1.0\r\n${more}Content-Type: multipart/mixed; boundary=b\r\n\r\n`
  return Buffer.from(`${head}${'--b\r\n\r\nx\r\n'.repeat(1_200)}--b--\r\n`)
}

function unwrapped({ text }: ReceivedMail): string {
  return text.replace(/\s+/g, ' ')
}

function saying(address: string, words: string): ReceivedMail[] {
  return mailsTo(world, address).filter((mail) => unwrapped(mail).includes(words))
}

async function opened(from: string, subject: string, cc: string[] = []): Promise<number> {
  await writeMail(world, { from, fromName: from.split('@')[0]!, subject, text: 'It does not work.', cc })
  await world.settle()
  const { rows } = await world.db.query('select id from tickets where subject = $1', [subject])
  return rows[0].id
}

async function solve(number: number): Promise<void> {
  const slot = `${number}/card`
  const card = world.slack.state
    .messages(TRIAGE, { viewer: KOFI })
    .find((one) => one.metadata?.event_payload.slot === slot)!
  await press(world, KOFI, card, 'ticket.solve')
  await eventually(async () => expect(await status(number)).toBe('solved'))
  await world.settle()
}

async function status(number: number): Promise<string> {
  return (await world.db.query('select status from tickets where id = $1', [number])).rows[0].status
}

async function send(mail: object): Promise<void> {
  const answer = await fetch(`${world.url}/sandbox/mail/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: world.url },
    body: JSON.stringify({ to: [world.supportAddress], ...mail }),
  })
  expect(answer.status, await answer.clone().text()).toBe(200)
}
