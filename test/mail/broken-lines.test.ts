import { ImapFlow } from 'imapflow'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { watchMailbox } from '../../src/mail/mailbox.ts'
import { startMailServer } from '../../src/sandbox/mail/mail-server.ts'
import { startProxy } from '../support/proxy.ts'
import { random } from '../support/random.ts'
import { MemoryStore } from './memory-store.ts'

// The short version of figures G7 and G11; the long one is `npm run torture -- mail`.
const support = 'support@acme.test'
const seed = Number(process.env.SEED ?? Date.now() % 100_000)
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const mail = (number: number, bytes: number) =>
  Buffer.from(`From: a@x.test\r\nTo: ${support}\r\nSubject: ${number}\r\n\r\n${'x'.repeat(bytes)}\r\n`)

async function serve() {
  const server = await startMailServer({ clock: systemClock, supportAddress: support, people: [] })
  closers.push(() => server.close())
  const store = new MemoryStore()
  const watch = (url: string) => {
    const log = { info: () => {}, warn: () => {} }
    const retryMs = { first: 1, last: 5 }
    const watched = watchMailbox({ url, clock: systemClock, log, store, from: 'all', retryMs, pollMs: 10 })
    closers.push(() => watched.stop())
    return watched
  }
  return { server, store, watch }
}

test(`E42 a line cut at 40 random bytes loses no mail and shortens none (seed ${seed})`, async () => {
  const { server, store, watch } = await serve()
  const chance = random(seed)
  const url = new URL(server.imapUrl)
  const proxy = await startProxy({ port: Number(url.port) })
  closers.push(() => proxy.close())
  proxy.cutAfter = () => chance.between(1, chance.chance(0.5) ? 2000 : 100_000)
  url.port = String(proxy.port)
  const mailbox = watch(url.href)
  const mails: Buffer[] = []
  while (proxy.cuts() < 40) {
    mails.push(mail(mails.length, chance.between(10, 30_000)))
    server.deliver(mails.at(-1)!)
    await mailbox.sweepNow()
  }
  proxy.cutAfter = null
  await mailbox.sweepNow()
  expect(store.mails.map(({ raw }) => raw.equals(mails[Number(/Subject: (\d+)/.exec(raw.toString())?.[1])]!))).toEqual(
    mails.map(() => true),
  )
})

test('E44 mails that somebody removes while they are read take no other with them', async () => {
  const { server, store, watch } = await serve()
  for (let number = 0; number < 200; number++) server.deliver(mail(number, 2000))
  const { hostname, port, username, password } = new URL(server.imapUrl)
  const auth = { user: decodeURIComponent(username), pass: password }
  const other = new ImapFlow({
    host: hostname,
    port: Number(port),
    secure: false,
    doSTARTTLS: false,
    auth,
    logger: false,
  })
  other.on('error', () => {})
  closers.push(() => other.close())
  await other.connect()
  await other.mailboxOpen('INBOX')
  const swept = watch(server.imapUrl).sweepNow()
  const chance = random(seed)
  for (let removed = 0; removed < 60; removed += 4) {
    const left = (await other.search({ all: true }, { uid: true })) || []
    await other.messageDelete([1, 2, 3, 4].map(() => chance.pick(left)).join(','), { uid: true })
  }
  await swept
  const kept = server.mailboxOf(support).map(({ raw }) => /Subject: (\d+)/.exec(raw.toString())?.[1])
  expect(kept.length).toBeLessThan(200)
  expect(store.subjects).toEqual(expect.arrayContaining(kept))
  expect(new Set(store.subjects).size).toBe(store.subjects.length)
})
