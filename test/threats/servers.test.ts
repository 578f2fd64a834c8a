import { createServer as createTcp, type Server, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { MovableClock, systemClock } from '../../src/clock.ts'
import { watchMailbox } from '../../src/mail/mailbox.ts'
import { type OutgoingMail, writeMail } from '../../src/mail/outgoing.ts'
import { createTransport } from '../../src/mail/transport.ts'
import { MemoryStore } from '../mail/memory-store.ts'
import { eventually } from '../support/world.ts'

const clock = MovableClock.at(new Date('2026-11-23T09:00:00Z'))
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const mail: OutgoingMail = {
  from: { name: 'Acme Support', address: 'support@acme.test' },
  to: [{ name: 'Ada', address: 'ada@client.test' }],
  cc: [],
  subject: 'Your printer',
  text: 'Did you turn it on?',
  html: '<p>Did you turn it on?</p>',
  messageId: 'ours@acme.test',
  inReplyTo: null,
  references: [],
  headers: {},
  attachments: [],
}

describe('E45 no password and no mail leaves in clear, whatever a server says', () => {
  // 0.0.0.0 reaches this machine and is not one of the names under which plain text is allowed.
  test.each([
    ['E45 SMTP without STARTTLS', { EHLO: '250-mx\r\n250 AUTH PLAIN LOGIN' }],
    [
      'E45 SMTP that refuses STARTTLS',
      { EHLO: '250-mx\r\n250-STARTTLS\r\n250 AUTH PLAIN', STARTTLS: '454 4.7.0 Not now' },
    ],
    [
      'E45 SMTP that says more than yes to STARTTLS',
      { EHLO: '250-mx\r\n250 STARTTLS', STARTTLS: '220 go\r\n250-mx\r\n250 AUTH PLAIN' },
    ],
    ['E45 SMTP that speaks no TLS after it', { EHLO: '250-mx\r\n250 STARTTLS', STARTTLS: '220 go' }],
  ])('%s', async (_, answers) => {
    const { port, heard } = await smtp(answers)
    const transport = createTransport(`smtp://me:hidden@0.0.0.0:${port}`, {
      clock,
      connectTimeoutMs: 1_000,
      silenceTimeoutMs: 500,
    })
    expect(await transport.send(mail)).toMatchObject({ kind: 'later', response: expect.not.stringContaining('hidden') })
    expect(heard()).not.toMatch(/AUTH|MAIL FROM|hidden|aGlkZGVu/)
  })

  test('E45 SMTP whose certificate nobody vouches for', async () => {
    let logins = 0
    const server = new SMTPServer({
      secure: true, // with the certificate the package brings along
      onAuth: (_auth, _session, done) => {
        logins += 1
        done(null, { user: 'me' })
      },
    })
    server.on('error', () => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
    const { port } = server.server.address() as { port: number }
    expect(await createTransport(`smtps://me:hidden@127.0.0.1:${port}`, { clock }).send(mail)).toMatchObject({
      kind: 'later',
    })
    expect(logins).toBe(0)
  })

  test.each([
    [
      'E45 IMAP without STARTTLS',
      '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n',
      'IMAP4rev1 AUTH=PLAIN',
      'BAD unknown',
    ],
    ['E45 IMAP that refuses STARTTLS', '* OK ready\r\n', 'IMAP4rev1 STARTTLS AUTH=PLAIN', 'NO not now'],
    [
      'E45 IMAP that is logged in from the beginning',
      '* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n',
      'IMAP4rev1',
      'BAD unknown',
    ],
    [
      'E45 IMAP that says more than yes to STARTTLS',
      '* OK ready\r\n',
      'IMAP4rev1 STARTTLS',
      'OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN',
    ],
  ])('%s', async (_, greeting, capabilities, starttls) => {
    const heard: string[] = []
    let connections = 0
    const port = await listen((socket) => {
      connections += 1
      socket.write(greeting)
      socket.on('data', (chunk) => {
        const text = chunk.toString('latin1')
        heard.push(text)
        for (const line of text.split('\r\n').filter(Boolean)) {
          const [tag, verb = ''] = line.split(' ')
          const name = verb.toUpperCase()
          if (name === 'CAPABILITY') socket.write(`* CAPABILITY ${capabilities}\r\n${tag} OK\r\n`)
          else if (name === 'STARTTLS') socket.write(`${tag} ${starttls}\r\n`)
          else if (name === 'SELECT')
            socket.write(`* 1 EXISTS\r\n* OK [UIDVALIDITY 1]\r\n* OK [UIDNEXT 2]\r\n${tag} OK\r\n`)
          else socket.write(`${tag} OK\r\n`)
        }
      })
    })
    const store = new MemoryStore()
    const watched = watchMailbox({
      url: `imap://me:hidden@0.0.0.0:${port}`,
      clock: systemClock,
      log: { info: () => {}, warn: () => {} },
      store,
      from: 'all',
      retryMs: { first: 50, last: 50 },
      socketTimeoutMs: 300,
    })
    await eventually(() => expect(connections).toBeGreaterThan(1)) // it gave up, and tries again
    await pause(100)
    expect(watched.connected()).toBe(false)
    expect(watched.problem()).not.toContain('hidden')
    await watched.stop()
    expect(heard.join('')).not.toMatch(/LOGIN|AUTHENTICATE|SELECT|hidden|aGlkZGVu/i)
    expect(store.mails).toEqual([])
  })
})

describe('E47 what a server says decides whether a mail left, may leave, or never will', () => {
  test.each<[name: string, answers: Answers, outcome: object]>([
    ['E47 takes it', {}, { kind: 'done' }],
    ['E47 closes at once', { greeting: 'cut' }, { kind: 'later' }],
    ['E47 is too busy for us', { greeting: '421 4.3.2 Too many connections' }, { kind: 'later', code: 421 }],
    ['E47 does not talk to us', { greeting: '554 5.7.1 Your address is listed' }, { kind: 'later', code: 554 }],
    ['E47 refuses our password', { AUTH: '535 5.7.8 Wrong' }, { kind: 'later', code: 535 }],
    ['E47 greylists', { RCPT: '450 4.7.1 Greylisted, try again' }, { kind: 'later', code: 450 }],
    ['E47 is full for now', { MAIL: '452 4.3.1 No space' }, { kind: 'later', code: 452 }],
    ['E47 knows nobody there', { RCPT: '550 5.1.1 No such user' }, { kind: 'never', code: 550 }],
    ['E47 finds it too large', { MAIL: '552 5.3.4 Too large' }, { kind: 'never', code: 552 }],
    ['E47 wants it later after reading it', { body: '451 4.7.1 Try again' }, { kind: 'later', code: 451 }],
    ['E47 takes it for spam after reading it', { body: '554 5.7.1 Spam' }, { kind: 'never', code: 554 }],
    ['E47 goes away before it wants the mail', { DATA: 'cut' }, { kind: 'later' }],
    ['E47 says nothing to a recipient', { RCPT: 'silence' }, { kind: 'later' }],
    ['E47 goes away with the mail in its hands', { body: 'cut' }, { kind: 'unknown' }],
    ['E47 says nothing with the mail in its hands', { body: 'silence' }, { kind: 'unknown' }],
  ])('%s', async (_, answers, outcome) => {
    const { port, heard } = await smtp({ EHLO: '250-mx\r\n250 AUTH PLAIN', ...answers })
    const transport = createTransport(`smtp://me:pw@127.0.0.1:${port}`, { clock, silenceTimeoutMs: 300 })
    expect(await transport.send(mail)).toMatchObject(outcome)
    // Whatever becomes of it, it goes under the id it was given, so that a repeat is known for one.
    const id = /Message-ID: (\S+)/i.exec(heard())?.[1]
    expect(id ?? '<ours@acme.test>').toBe('<ours@acme.test>')
  })

  test('E39 no line of a mail of ours ends it early', async () => {
    const { port, heard } = await smtp({})
    const evil = ['.', '\r.\r', '\n.\n', '\r\n.\r\nMAIL FROM:<a@b>\r\n', '\r\n.\rRCPT TO:<v@victim.test>', '..'].join(
      'x\r\n',
    )
    const transport = createTransport(`smtp://127.0.0.1:${port}`, { clock })
    expect(await transport.send({ ...mail, text: evil, html: `<pre>${evil}</pre>` })).toMatchObject({ kind: 'done' })
    const said = heard()
    const data = said.slice(said.indexOf('DATA\r\n') + 6)
    expect(data.split('\r\n.\r\n')).toHaveLength(2)
    // A bare line feed or return is what servers disagree about (CVE-2023-51764).
    expect(data.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })
})

test('E25 a field that is an object with a path or a URL reads no file and asks no server', async () => {
  const asked: string[] = []
  const port = await listen((socket) => socket.on('data', (chunk) => void asked.push(chunk.toString())))
  for (const source of [
    { path: '/etc/hostname' },
    { href: `http://127.0.0.1:${port}/x` },
    { path: `http://127.0.0.1:${port}/y` },
  ])
    for (const field of ['subject', 'text', 'html', 'messageId'] as const) {
      const evil = { ...mail, [field]: source, attachments: [] } as unknown as OutgoingMail
      const raw = await writeMail(evil, new Date(0)).then(({ raw }) => raw.toString(), String)
      expect(raw).not.toContain(hostname())
    }
  for (const content of [{ path: '/etc/hostname' }, { href: `http://127.0.0.1:${port}/x` }]) {
    const file = { filename: 'a.txt', contentType: 'text/plain', content: content as never }
    await writeMail({ ...mail, attachments: [file] }, new Date(0)).then(
      ({ raw }) => expect(raw.toString()).not.toContain(Buffer.from('root').toString('base64')),
      (error) => expect(String(error)).toMatch(/access|invalid|must be/i),
    )
  }
  expect(asked).toEqual([])
})

type Answers = Partial<Record<'greeting' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'body', string>>

/** An SMTP server that answers as told ('cut': closes, 'silence': nothing), else as one that takes everything. */
async function smtp(answers: Answers): Promise<{ port: number; heard(): string }> {
  const heard: string[] = []
  const port = await listen((socket) => {
    const say = (answer: string) => {
      if (answer === 'cut') socket.destroy()
      else if (answer !== 'silence') socket.write(`${answer}\r\n`)
    }
    let inData = false
    let body = ''
    say(answers.greeting ?? '220 ready')
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1')
      heard.push(text)
      if (inData) {
        body += text
        if (!body.endsWith('\r\n.\r\n')) return
        inData = false
        return say(answers.body ?? '250 OK')
      }
      const verb = text.split(/[\s:]/)[0]!.toUpperCase() as keyof Answers
      const usual: Answers = { EHLO: '250 mx', DATA: '354 go', AUTH: '235 OK', STARTTLS: '502 No' }
      const answer = answers[verb] ?? usual[verb] ?? '250 OK'
      if (verb === 'DATA' && answer.startsWith('354')) inData = true
      say(answer)
    })
  })
  return { port, heard: () => heard.join('') }
}

async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createTcp((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as { port: number }).port
}
