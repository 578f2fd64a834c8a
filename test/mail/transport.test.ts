import { createServer, type Server } from 'node:net'
import { Readable } from 'node:stream'
import { simpleParser } from 'mailparser'
import { afterEach, expect, test } from 'vitest'
import { MovableClock } from '../../src/clock.ts'
import { findSent } from '../../src/mail/sent-folder.ts'
import { createTransport, type OutgoingMail, type TransportOptions } from '../../src/mail/transport.ts'
import { type MailServer, startMailServer } from '../../src/sandbox/mail/mail-server.ts'

const support = 'support@acme.test'
const ada = { name: 'Ada Lovelace', address: 'ada@client.test' }
const clock = MovableClock.at(new Date('2026-11-09T17:00:00Z'))
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const mail: OutgoingMail = {
  from: { name: 'Acme Support', address: support },
  replyTo: { name: 'Acme Support', address: 'support+tok3n@acme.test' },
  to: [ada],
  cc: [],
  subject: 'Your printer',
  text: 'Did you turn it on?\n.\nReally?',
  html: '<p>Did you turn it on?</p>',
  messageId: 'ours-1@acme.test',
  inReplyTo: '<hers@client.test>',
  references: ['first@client.test', '<hers@client.test>'],
  headers: { 'Auto-Submitted': 'auto-replied' },
  attachments: [],
}

async function serve(options: Partial<TransportOptions> = {}) {
  const server = await startMailServer({ clock, supportAddress: support, people: [ada] })
  closers.push(() => server.close())
  return { server, transport: createTransport(server.smtpUrl, { clock, ...options }) }
}

const arrived = async (server: MailServer, address = ada.address) =>
  simpleParser(server.mailboxOf(address)[0]?.raw ?? Buffer.alloc(0))

test('a mail arrives as it was written, threaded, dated by the clock, with its files', async () => {
  const { server, transport } = await serve()
  const pdf = { filename: 'a.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF') }
  const log = { filename: 'b.log', contentType: 'text/plain', content: Readable.from([Buffer.from('streamed')]) }
  const outcome = await transport.send({ ...mail, attachments: [pdf, log] })
  expect(outcome).toMatchObject({ kind: 'done', refused: [], serverMessageId: null })
  const got = await arrived(server)
  expect(got.messageId).toBe('<ours-1@acme.test>')
  expect(got.inReplyTo).toBe('<hers@client.test>')
  expect(got.references).toEqual(['<first@client.test>', '<hers@client.test>'])
  expect(got.replyTo?.value[0]?.address).toBe('support+tok3n@acme.test')
  expect(got.date?.toISOString()).toMatch(/^2026-11-09T17:00:/)
  expect(got.headers.get('auto-submitted')).toBe('auto-replied')
  expect(got.text).toBe('Did you turn it on?\n.\nReally?')
  expect(got.html).toContain('<p>Did you turn it on?</p>')
  expect(got.attachments.map(({ filename, content }) => [filename, content.toString()])).toEqual([
    ['a.pdf', '%PDF'],
    ['b.log', 'streamed'],
  ])
})

test('a refusal that is final, one that is not, and one of several recipients are told apart', async () => {
  const { server, transport } = await serve()
  const to = (...addresses: string[]) =>
    transport.send({ ...mail, to: addresses.map((address) => ({ name: '', address })) })
  expect(await to('permerror@x.test')).toMatchObject({ kind: 'never', code: 550 })
  expect(await to('temperror@x.test')).toMatchObject({ kind: 'later', code: 451 })
  expect(await to('temperror@x.test', 'permerror@x.test')).toMatchObject({ kind: 'later' })
  expect(await to('ada@client.test', 'permerror@x.test')).toMatchObject({
    kind: 'done',
    refused: [{ address: 'permerror@x.test', code: 550 }],
  })
  server.faults.refuse('full@x.test', 552, '5.2.2 Mailbox full')
  expect(await to('full@x.test')).toEqual({ kind: 'never', code: 552, response: '552 5.2.2 Mailbox full' })
})

test('a server that is not there, does not answer, or knows another password means later', async () => {
  const { server, transport } = await serve()
  const impatient = createTransport(server.smtpUrl, { clock, silenceTimeoutMs: 250 })
  expect(await impatient.send({ ...mail, to: [{ name: '', address: 'timeout@x.test' }] })).toMatchObject({
    kind: 'later',
  })
  const wrong = createTransport(server.smtpUrl.replace(':sandbox@', ':typo@'), { clock })
  expect(await wrong.send(mail)).toMatchObject({ kind: 'later', code: 535 })
  await expect(wrong.verify()).rejects.toThrow(/SMTP_URL.*535/)
  await transport.verify()
  await server.close()
  expect(await transport.send(mail)).toMatchObject({ kind: 'later', code: null })
})

test('E47 a connection cut behind the mail leaves it unknown, and the Sent folder tells which it was', async () => {
  const { server, transport } = await serve()
  server.faults.cutAfterData(1)
  expect(await transport.send({ ...mail, messageId: 'left@acme.test' })).toMatchObject({ kind: 'unknown' })
  server.faults.loseAfterData(1)
  expect(await transport.send({ ...mail, messageId: 'lost@acme.test' })).toMatchObject({ kind: 'unknown' })
  expect(await findSent({ url: server.imapUrl }, 'left@acme.test')).toBe(true)
  expect(await findSent({ url: server.imapUrl }, 'lost@acme.test')).toBe(false)
  expect(server.mailboxOf(ada.address)).toHaveLength(1)
})

test('E47 an answer after the mail is an answer: refused for now, or for good', async () => {
  for (const [answer, kind] of [
    ['452 4.3.1 Disk full', 'later'],
    ['554 5.7.1 Looks like spam', 'never'],
  ]) {
    const port = await scripted(answer ?? '')
    const transport = createTransport(`smtp://127.0.0.1:${port}`, { clock })
    expect(await transport.send(mail)).toMatchObject({ kind, response: answer })
  }
})

test('the Message-ID a server put in the place of ours is told', async () => {
  const port = await scripted(
    '250 2.0.0 OK <DB8@DB8.eurprd04.prod.outlook.com> [Hostname=DB8.eurprd04.prod.outlook.com]',
  )
  const transport = createTransport(`smtp://127.0.0.1:${port}`, { clock })
  expect(await transport.send(mail)).toMatchObject({
    kind: 'done',
    serverMessageId: '<DB8@DB8.eurprd04.prod.outlook.com>',
  })
})

test('E24 an address is one address, never two, and never a header', async () => {
  const { server, transport } = await serve()
  const bad = [
    'a@x,victim@y.test',
    'a@x\r\nBcc: victim@y.test',
    '<a@x.test>',
    'a b@x.test',
    'a@x@y',
    '',
    'a\u0001@x.test',
  ]
  for (const address of bad)
    expect(await transport.send({ ...mail, to: [{ name: '', address }] })).toMatchObject({ kind: 'never', code: null })
  expect(await transport.send({ ...mail, to: [] })).toMatchObject({ kind: 'never' })
  expect(server.mailboxOf('victim@y.test')).toEqual([])
})

test('E24 what people chose cannot add a header, a path or a second Message-ID', async () => {
  const { server, transport } = await serve()
  await transport.send({
    ...mail,
    to: [{ name: 'Ada\r\nBcc: victim@y.test', address: ada.address }],
    subject: 'Hi\r\nX-Evil: 1\u2028X-Evil: 2\u0085X-Evil: 3',
    references: ['<a@x>\r\nX-Evil: 4'],
    headers: { 'X-Ticket': '7\r\nX-Evil: 5' },
    attachments: [
      { filename: '../../etc/\u202Efdp.exe\r\nX-Evil: 6', contentType: 'text/plain', content: Buffer.from('') },
    ],
  })
  const got = await arrived(server)
  expect(got.subject).toBe('Hi X-Evil: 1 X-Evil: 2 X-Evil: 3')
  expect([...got.headers.keys()]).not.toContain('x-evil')
  expect([...got.headers.keys()]).not.toContain('bcc')
  expect(got.attachments[0]?.filename).toBe('fdp.exe X-Evil: 6')
  expect(server.mailboxOf('victim@y.test')).toEqual([])
})

test('E45 a password does not travel in clear to another machine', async () => {
  const heard: string[] = []
  const port = await scripted('250 OK', heard)
  const transport = createTransport(`smtp://me:hidden@0.0.0.0:${port}`, { clock })
  expect(await transport.send(mail)).toMatchObject({ kind: 'later', response: expect.not.stringContaining('hidden') })
  expect(heard.join()).toContain('EHLO')
  expect(heard.join()).not.toContain('AUTH')
  expect(() => createTransport('https://me:hidden@x', { clock })).toThrow(/^(?!.*hidden).*SMTP_URL/)
})

/** A server that takes everything and answers the mail itself with `answer`. */
async function scripted(answer: string, heard: string[] = []): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {})
    let inData = false
    socket.write('220 ready\r\n')
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1')
      heard.push(text)
      if (inData) {
        if (!text.endsWith('\r\n.\r\n')) return
        inData = false
        return socket.write(`${answer}\r\n`)
      }
      if (text.startsWith('DATA')) {
        inData = true
        return socket.write('354 go\r\n')
      }
      socket.write(text.startsWith('EHLO') ? '250-me\r\n250 AUTH PLAIN\r\n' : '250 OK\r\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  closers.push(() => server.close())
  return (server.address() as { port: number }).port
}
