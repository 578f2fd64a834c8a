import { afterEach, expect, test } from 'vitest'
import { MovableClock } from '../../src/clock.ts'
import { type MailboxOptions, type MailStore, type WatchedMailbox, watchMailbox } from '../../src/mail/mailbox.ts'
import { type MailServer, startMailServer } from '../../src/sandbox/mail/mail-server.ts'
import { MemoryStore } from './memory-store.ts'

const support = 'support@acme.test'
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const clock = MovableClock.at(new Date('2026-11-09T17:00:00Z'))
const mail = (subject: string, bytes = 10) =>
  Buffer.from(`From: ada@client.test\r\nTo: ${support}\r\nSubject: ${subject}\r\n\r\n${'x'.repeat(bytes)}\r\n`)
const deliver = (server: MailServer, ...subjects: string[]) => {
  for (const subject of subjects) server.deliver(mail(subject))
}

async function serve(): Promise<MailServer> {
  const server = await startMailServer({ clock, supportAddress: support, people: [] })
  closers.push(() => server.close())
  return server
}

function watch(server: MailServer, store: MailStore, options: Partial<MailboxOptions> = {}) {
  const logged: string[] = []
  const log = {
    info: (data: object, message: string) => logged.push(message + JSON.stringify(data)),
    warn: (data: object, message: string) => logged.push(message + JSON.stringify(data)),
  }
  const retryMs = { first: 1, last: 20 }
  const watched = watchMailbox({ url: server.imapUrl, clock, log, store, from: 'all', retryMs, ...options })
  closers.push(() => watched.stop())
  return Object.assign(watched, { logged })
}

const seen = (server: MailServer) => server.mailboxOf(support).map(({ flags }) => flags.includes('\\Seen'))

test('mail is saved whole, in UID order, with the time the server received it, and marked read after that', async () => {
  const server = await serve()
  const store = new MemoryStore()
  deliver(server, 'one', 'two', 'three')
  store.beforeSave = ({ uid }) => expect(seen(server)[uid - 1]).toBe(false)
  const mailbox = watch(server, store)
  await mailbox.sweepNow()
  expect(store.subjects).toEqual(['one', 'two', 'three'])
  expect(store.mails[0]?.raw.equals(mail('one'))).toBe(true)
  expect(store.mails[0]?.sizeOnServer).toBe(mail('one').length)
  expect(store.mails[0]?.receivedAt.toISOString()).toMatch(/^2026-11-09T17:00:\d\d\.000Z$/)
  expect(seen(server)).toEqual([true, true, true])
  expect(mailbox.connected()).toBe(true)
})

test('E40 a mailbox never seen before is read from the next mail on', async () => {
  const server = await serve()
  const store = new MemoryStore()
  deliver(server, 'years ago')
  const mailbox = watch(server, store, { from: 'new' })
  await mailbox.sweepNow()
  deliver(server, 'today')
  await mailbox.sweepNow()
  expect(store.subjects).toEqual(['today'])
  expect(seen(server)).toEqual([false, true])
})

test('an idling connection is told of new mail without a poll', async () => {
  const server = await serve()
  const store = new MemoryStore()
  const mailbox = watch(server, store)
  await mailbox.sweepNow()
  const saved = new Promise((resolve) => {
    store.beforeSave = resolve
  })
  deliver(server, 'news')
  await saved
})

test('a sweep promises the time it began, never the time it ended', async () => {
  const server = await serve()
  const store = new MemoryStore()
  const mailbox = watch(server, store)
  await mailbox.sweepNow()
  store.beforeSave = () => clock.push(3_600_000)
  store.readTo = []
  const before = clock.now()
  deliver(server, 'slow to save')
  await mailbox.sweepNow()
  expect(store.readTo[0]!.getTime()).toBeLessThan(before.getTime() + 60_000)
})

test('what cannot be saved is neither marked read nor passed over, and nothing behind it is saved first', async () => {
  const server = await serve()
  const store = new MemoryStore()
  deliver(server, 'one', 'two')
  store.failures = 3
  const mailbox = watch(server, store)
  await mailbox.sweepNow()
  expect(store.subjects).toEqual(['one', 'two'])
  expect(mailbox.logged.join()).toContain('the database is away')
})

test('a sweep that fails promises nothing', async () => {
  const server = await serve()
  const store = new MemoryStore()
  deliver(server, 'one')
  store.failures = 1
  store.beforeSave = () => expect(store.readTo).toEqual([])
  await watch(server, store).sweepNow()
  expect(store.readTo).toHaveLength(1)
})

test('E42 no mail is lost or doubled when connections break while mail is handed out', async () => {
  const server = await serve()
  const store = new MemoryStore()
  const subjects = Array.from({ length: 60 }, (_, i) => `mail ${i}`)
  deliver(server, ...subjects)
  server.faults.cutInFetch(3)
  const mailbox = watch(server, store)
  await mailbox.sweepNow()
  server.faults.dropImap()
  deliver(server, 'after the drop')
  await mailbox.sweepNow()
  expect(store.subjects).toEqual([...subjects, 'after the drop'])
})

test('E38 E42 a mail that comes back shorter than the server says is read again, not saved', async () => {
  const server = await serve()
  const store = new MemoryStore()
  deliver(server, 'whole')
  server.faults.shortRead(3)
  const mailbox = watch(server, store)
  await mailbox.sweepNow()
  expect(store.mails.map(({ raw }) => raw.equals(mail('whole')))).toEqual([true])
  expect(mailbox.logged.join()).toContain('bytes of UID 1')
})

test('a server that always names a wrong size does not stop the mail behind it', async () => {
  const server = await serve()
  const store = new MemoryStore()
  deliver(server, 'wrong size')
  server.faults.shortRead(5)
  const mailbox = watch(server, store)
  await mailbox.sweepNow()
  expect(store.mails[0]?.raw.length).toBeLessThan(store.mails[0]?.sizeOnServer ?? 0)
  deliver(server, 'next')
  await mailbox.sweepNow()
  expect(store.mails).toHaveLength(2)
})

test('E41 when UIDs are given anew, everything is read again and the store knows it has it', async () => {
  const server = await serve()
  const store = new MemoryStore()
  deliver(server, 'one', 'two')
  const mailbox = watch(server, store)
  await mailbox.sweepNow()
  const before = store.at
  server.faults.renumberInbox()
  deliver(server, 'three')
  await mailbox.sweepNow()
  expect(store.subjects).toEqual(['one', 'two', 'three'])
  expect(store.at).toMatchObject({ uidValidity: BigInt(before?.uidValidity ?? 0) + 1n, lastUid: 3 })
})

test('E41 when UIDs are given anew, mail from before the desk is still left alone', async () => {
  const server = await serve()
  const store = new MemoryStore()
  deliver(server, 'years ago')
  await clock.push(7_200_000)
  const mailbox = watch(server, store, { from: 'new' })
  await mailbox.sweepNow()
  deliver(server, 'ours')
  await mailbox.sweepNow()
  server.faults.renumberInbox()
  deliver(server, 'ours too')
  await mailbox.sweepNow()
  expect(store.subjects).toEqual(['ours', 'ours too'])
})

test('E30 a mail of 20 MB arrives whole', async () => {
  const server = await serve()
  const store = new MemoryStore()
  const big = mail('big', 20 * 1024 * 1024)
  server.deliver(big)
  deliver(server, 'small')
  await watch(server, store).sweepNow()
  expect(store.mails[0]?.raw.equals(big)).toBe(true)
  expect(store.subjects).toEqual(['big', 'small'])
})

test('a wrong password is reported without being told, and tried again', async () => {
  const server = await serve()
  const url = server.imapUrl.replace(':sandbox@', ':s3cret-typo@')
  const mailbox = watch(server, new MemoryStore(), { url })
  const swept = mailbox.sweepNow().catch((error: Error) => error.message)
  await expect.poll(() => mailbox.logged.length).toBeGreaterThan(1)
  expect(mailbox.connected()).toBe(false)
  expect(mailbox.logged.join()).toContain('not readable')
  expect(mailbox.logged.join()).not.toContain('s3cret-typo')
  await mailbox.stop()
  expect(await swept).toBe('The mailbox is no longer watched')
})

test('E45 a password does not travel in clear to another machine', async () => {
  const { imapOptions } = await import('../../src/mail/imap-connection.ts')
  expect(await imapOptions({ url: 'imap://me:pw@mail.acme.test' })).toMatchObject({ secure: false, doSTARTTLS: true })
  expect(await imapOptions({ url: 'imaps://me:pw@mail.acme.test' })).toMatchObject({ secure: true, port: 993 })
  expect(await imapOptions({ url: 'imap://me:pw@[::1]:1143' })).toMatchObject({ host: '::1', doSTARTTLS: false })
  await expect(imapOptions({ url: 'https://me:hidden@x' })).rejects.toThrow(/^(?!.*hidden).*IMAP_URL/)
})

test('stopping waits for the mail being saved, and a second watcher reads on from there', async () => {
  const server = await serve()
  const store = new MemoryStore()
  deliver(server, 'one')
  let stopping: Promise<void> | undefined
  const first: WatchedMailbox = watch(server, store)
  const began = new Promise<void>((resolve) => {
    store.beforeSave = () => {
      stopping = first.stop()
      resolve()
    }
  })
  await began
  await stopping
  expect(store.subjects).toEqual(['one'])
  store.beforeSave = () => {}
  deliver(server, 'two')
  await watch(server, store).sweepNow()
  expect(store.subjects).toEqual(['one', 'two'])
})

test('stopping does not wait for a server that never answers', async () => {
  const { createServer } = await import('node:net')
  const silent = createServer(() => {})
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  closers.push(() => silent.close())
  const { port } = silent.address() as { port: number }
  const connected = new Promise((resolve) => silent.once('connection', resolve))
  const mailbox = watch(await serve(), new MemoryStore(), { url: `imap://me:pw@127.0.0.1:${port}` })
  await connected
  const began = performance.now()
  await mailbox.stop()
  expect(performance.now() - began).toBeLessThan(1000)
})

test('E43 a connection that went silent is noticed and replaced', async () => {
  const { connect, createServer } = await import('node:net')
  const server = await serve()
  const store = new MemoryStore()
  const through = { open: true }
  const proxy = createServer((inner) => {
    const outer = connect(Number(new URL(server.imapUrl).port), '127.0.0.1')
    const carries = through.open
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      from.on('data', (chunk) => through.open === carries && to.write(chunk))
      from.on('error', () => {})
      from.on('close', () => to.destroy())
    }
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  closers.push(() => proxy.close())
  const url = server.imapUrl.replace(/:\d+$/, `:${(proxy.address() as { port: number }).port}`)
  const mailbox = watch(server, store, { url, socketTimeoutMs: 100, pollMs: 50 })
  await mailbox.sweepNow()
  through.open = false
  deliver(server, 'behind the silence')
  const swept = mailbox.sweepNow()
  await swept
  expect(store.subjects).toEqual(['behind the silence'])
  expect(mailbox.logged.join()).toContain('not readable')
})

test('what was sent is found by its Message-ID', async () => {
  const server = await serve()
  const { createTransport } = await import('nodemailer')
  await createTransport(server.smtpUrl).sendMail({
    from: support,
    to: 'ada@client.test',
    text: 'x',
    messageId: '<ours@acme.test>',
  })
  const mailbox = watch(server, new MemoryStore())
  expect(await mailbox.findSent('ours@acme.test')).toBe(true)
  expect(await mailbox.findSent('<never@acme.test>')).toBe(false)
})
