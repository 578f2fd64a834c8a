import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { watchMailbox } from '../../src/mail/mailbox.ts'
import { type MailServer, startMailServer } from '../../src/sandbox/mail/mail-server.ts'
import { startProxy } from '../support/proxy.ts'
import { lies, tellLie } from './lies.ts'
import { MemoryStore } from './memory-store.ts'

const support = 'support@acme.test'
let server: MailServer
beforeAll(async () => {
  server = await startMailServer({ clock: systemClock, supportAddress: support, people: [] })
})
afterAll(() => server.close())

test.each(Object.keys(lies))('E44 a server that lies (%s) makes no mail be lost, altered or doubled', async (name) => {
  const proxy = await startProxy({ port: Number(new URL(server.imapUrl).port) })
  const url = new URL(server.imapUrl)
  url.port = String(proxy.port)
  const store = new MemoryStore()
  const put = (when: string) =>
    server.deliver(Buffer.from(`From: ada@x.test\r\nTo: ${support}\r\nSubject: ${name} ${when}\r\n\r\nHello\r\n`))
  const told = await tellLie(proxy, lies[name]!, put, () =>
    watchMailbox({
      url: url.href,
      clock: systemClock,
      log: { info: () => {}, warn: () => {} },
      store,
      from: 'all',
      retryMs: { first: 1, last: 10 },
      pollMs: 20,
      socketTimeoutMs: 300,
    }),
  )
  await proxy.close()
  expect(told).not.toBe('stuck')
  expect(told).toBeGreaterThan(0)
  expect(store.subjects.filter((subject) => subject?.startsWith(name))).toEqual(
    ['before', 'meanwhile', 'after'].map((when) => `${name} ${when}`),
  )
})
