import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ImapFlow } from 'imapflow'
import { createTransport } from 'nodemailer'
import { afterEach, describe, expect, test } from 'vitest'
import { MovableClock } from '../../../src/clock.ts'
import { type MailServer, type MailServerOptions, startMailServer } from '../../../src/sandbox/mail/mail-server.ts'
import type { MailboxSummary, Message, MessageSummary, SendResult } from '../../../src/sandbox/mail/types.ts'

const support = 'support@acme.test'
const ada = { address: 'ada@client.test', name: 'Ada Lovelace' }
const closers: (() => unknown)[] = []

async function start(options: Partial<MailServerOptions> = {}): Promise<MailServer> {
  const clock = MovableClock.at(new Date('2026-11-09T17:00:00Z'))
  const server = await startMailServer({ clock, supportAddress: support, people: [ada], ...options })
  closers.push(() => server.close())
  return server
}

async function imap(server: MailServer): Promise<ImapFlow> {
  const { hostname, port, username, password } = new URL(server.imapUrl)
  const auth = { user: decodeURIComponent(username), pass: password }
  const client = new ImapFlow({
    host: hostname,
    port: Number(port),
    secure: false,
    doSTARTTLS: false,
    auth,
    logger: false,
  })
  client.on('error', () => {})
  await client.connect()
  closers.push(() => client.close())
  return client
}

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const mail = (subject: string, body = 'Hello') =>
  Buffer.from(
    `From: Ada <ada@client.test>\r\nTo: ${support}\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@x>\r\n\r\n${body}\r\n`,
  )

describe('the IMAP side', () => {
  test('hands out the exact bytes, their size and the time by the clock, without marking them read', async () => {
    const server = await start()
    const raw = Buffer.concat([mail('bytes'), Buffer.from([0xff, 0x80, 0x00, 0xe4, 10, 13, 10])])
    server.deliver(raw)
    const client = await imap(server)
    const box = await client.mailboxOpen('INBOX')
    const got = await client.fetchOne(
      '1',
      { source: true, size: true, internalDate: true, flags: true, uid: true },
      { uid: true },
    )
    if (!got) throw new Error('no mail')
    expect(got.source?.equals(raw)).toBe(true)
    expect(got.size).toBe(raw.length)
    expect(new Date(got.internalDate ?? 0).toISOString()).toBe('2026-11-09T17:00:00.000Z')
    expect(got.flags).toEqual(new Set())
    expect(box.uidNext).toBe(2)
    expect(box.uidValidity).toBe(BigInt(Date.parse('2026-11-09T17:00:00Z') / 1000))
  })

  test('tells an idling client of a new mail at once', async () => {
    const server = await start()
    const client = await imap(server)
    await client.mailboxOpen('INBOX')
    const told = new Promise<number>((resolve) => client.on('exists', ({ count }) => resolve(count)))
    const idling = client.idle()
    server.deliver(mail('news'))
    expect(await told).toBe(1)
    await client.noop()
    await idling
  })

  test('finds what was sent by its Message-ID in the folder marked as Sent', async () => {
    const server = await start()
    const transport = createTransport(server.smtpUrl)
    await transport.sendMail({
      from: support,
      to: ada.address,
      subject: 'Re',
      text: 'Hi',
      messageId: '<ours@acme.test>',
    })
    const client = await imap(server)
    const sent = (await client.list()).find(({ specialUse }) => specialUse === '\\Sent')
    expect(sent?.path).toBe('Sent')
    await client.mailboxOpen('Sent')
    expect(await client.search({ header: { 'Message-ID': '<ours@acme.test>' } }, { uid: true })).toEqual([1])
    expect(await client.search({ header: { 'Message-ID': '<other@acme.test>' } }, { uid: true })).toEqual([])
  })
})

describe('the SMTP side', () => {
  test('takes mail to anybody, plus addresses included, and vouches for an aligned sender', async () => {
    const server = await start()
    const transport = createTransport(server.smtpUrl.replace(/\/\/.*@/, '//'))
    await transport.sendMail({
      from: ada.address,
      to: ['support+tok3n@acme.test', 'new@client.test'],
      subject: 'Hi',
      text: 'x',
    })
    const [got] = server.mailboxOf(support)
    expect(got?.raw.toString()).toContain('dmarc=pass header.from=client.test')
    expect(got?.raw.toString()).toContain('Return-Path: <ada@client.test>')
    expect(server.mailboxOf('new@client.test')).toHaveLength(1)
    expect(server.sentBy(support)).toHaveLength(0)
  })

  test('refuses the addresses named after their failure, and those it was told to', async () => {
    const server = await start()
    const transport = createTransport(server.smtpUrl)
    const send = (to: string) =>
      transport.sendMail({ from: support, to, text: 'x' }).then(
        () => 250,
        (error) => error.responseCode,
      )
    expect(await send('temperror@x.test')).toBe(451)
    expect(await send('permerror@x.test')).toBe(550)
    server.faults.refuse('full@x.test', 552, '5.2.2 Mailbox full')
    expect(await send('full@x.test')).toBe(552)
    server.faults.temporary('busy@x.test')
    expect([await send('busy@x.test'), await send('busy@x.test')]).toEqual([451, 250])
  })
})

describe('mail kept in a folder', () => {
  test('is there after a restart, with its UIDs, flags and times, and UIDs are never given twice', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'mail-'))
    const first = await start({ dataDir })
    for (const subject of ['one', 'two', 'three']) first.deliver(mail(subject))
    const client = await imap(first)
    const before = await client.mailboxOpen('INBOX')
    await client.messageFlagsAdd('1', ['\\Seen'], { uid: true })
    await client.messageDelete('3', { uid: true })
    client.close()
    await first.close()

    const second = await start({ dataDir })
    const box = await (await imap(second)).mailboxOpen('INBOX')
    expect(box.uidValidity).toBe(before.uidValidity)
    expect(box.uidNext).toBe(4)
    expect(second.mailboxOf(support).map(({ uid, flags }) => [uid, flags])).toEqual([
      [1, ['\\Seen']],
      [2, []],
    ])
    expect(second.mailboxOf(support)[1]?.raw.equals(mail('two'))).toBe(true)
  })
})

test('a log torn by a killed process costs only the mail nobody was told of', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'mail-'))
  const first = await start({ dataDir })
  first.deliver(mail('one'))
  await first.close()
  writeFileSync(join(dataDir, '2.eml'), 'From: half a ma')
  appendFileSync(join(dataDir, 'index.jsonl'), '{"op":"add","id":"2","mailb')
  const second = await start({ dataDir })
  second.deliver(mail('two'))
  const third = await start({ dataDir })
  expect(third.mailboxOf(support).map(({ uid, raw }) => [uid, raw.length])).toEqual([
    [1, mail('one').length],
    [2, mail('two').length],
  ])
})

describe('the routes of the page', () => {
  async function page(server: MailServer) {
    const http = createServer(async (req, res) => {
      if (!(await server.handle(req, res))) res.writeHead(418).end()
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    closers.push(
      () => http.closeAllConnections(),
      () => http.close(),
    )
    const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}/sandbox/mail`
    const get = async <T>(path: string) => (await (await fetch(base + path)).json()) as T
    const post = async (body: unknown) => {
      const headers = { 'content-type': 'application/json' }
      return (await (
        await fetch(`${base}/send`, { method: 'POST', headers, body: JSON.stringify(body) })
      ).json()) as SendResult
    }
    return { base, get, post }
  }

  test('a person reads what the desk sent and answers it as Gmail would', async () => {
    const server = await start()
    const { base, get, post } = await page(server)
    const events = (await fetch(`${base}/events`)).body!.pipeThrough(new TextDecoderStream()).getReader()
    await events.read()
    await createTransport(server.smtpUrl).sendMail({
      from: { name: 'Acme Support', address: support },
      replyTo: 'support+tok3n@acme.test',
      to: ada.address,
      subject: 'Your printer',
      text: 'Did you turn it on?',
      html: '<p>Did you <b>turn</b> it on? <img src="cid:logo"></p>',
      attachments: [{ filename: 'logo.png', content: Buffer.from('png'), cid: 'logo' }],
      messageId: '<1@acme.test>',
      date: new Date('2026-11-09T16:59:00Z'),
    })
    const boxes = await get<MailboxSummary[]>('/mailboxes')
    expect(boxes.find(({ address }) => address === ada.address)?.folders[0]).toEqual({
      name: 'INBOX',
      total: 1,
      unread: 1,
    })
    const [first] = await get<MessageSummary[]>(`/messages?mailbox=${ada.address}`)
    expect(first).toMatchObject({
      subject: 'Your printer',
      preview: 'Did you turn it on?',
      unread: true,
      thread: '<1@acme.test>',
    })
    const message = await get<Message>(`/messages/${first?.id}`)
    expect(message.reply).toEqual({
      to: [{ name: '', address: 'support+tok3n@acme.test' }],
      subject: 'Re: Your printer',
    })
    const html = await fetch(`${base}/messages/${first?.id}/html`)
    expect(html.headers.get('content-security-policy')).toContain('sandbox')
    expect(await html.text()).toContain(`data:image/png;base64,${Buffer.from('png').toString('base64')}`)

    const { messageId, refused } = await post({
      from: ada.address,
      to: message.reply.to.map(({ address }) => address),
      subject: message.reply.subject,
      text: 'Oh. Now it works!',
      inReplyTo: message.id,
      attachments: [{ filename: 'photo.txt', contentType: 'text/plain', content: btoa('see?') }],
    })
    expect(refused).toEqual([])
    const raw = server.mailboxOf(support)[0]?.raw.toString() ?? ''
    expect(raw).toContain('In-Reply-To: <1@acme.test>')
    expect(raw).toContain('On Mon, Nov 9, 2026 at')
    expect(raw).toContain('gmail_quote')
    expect(raw).toContain('> Did you turn it on?')
    const [answer] = await get<MessageSummary[]>(`/messages?mailbox=${support}`)
    expect(answer).toMatchObject({
      preview: 'Oh. Now it works!',
      thread: '<1@acme.test>',
      attachments: 1,
      unread: true,
    })
    expect((await get<Message>(`/messages/${answer?.id}`)).messageId).toBe(messageId)
    const file = await fetch(`${base}/messages/${answer?.id}/attachments/0`)
    expect(await file.text()).toBe('see?')
    expect(server.mailboxOf(support)[0]?.flags).toEqual([])
    expect((await events.read()).value).toContain('"type":"arrived"')
    await events.cancel()
  })

  test('says what is wrong with a request', async () => {
    const { get, post } = await page(await start())
    expect(await get('/messages?mailbox=nobody@x.test')).toMatchObject({ error: expect.stringContaining('no mailbox') })
    expect(await get('/messages/99')).toMatchObject({ error: expect.stringContaining('no mail 99') })
    expect(await post({ from: 'x' })).toMatchObject({ error: expect.stringContaining('Not sent') })
    expect((await post({ from: ada.address, to: ['permerror@x.test'], subject: '', text: '' })).refused).toHaveLength(1)
  })
})
