import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { type WatchedMailbox, watchMailbox } from '../../src/mail/mailbox.ts'
import { type Dovecot, noDovecot, startDovecot } from './dovecot.ts'
import { MemoryStore } from './memory-store.ts'

const reason = noDovecot()
if (reason) console.log(`skipped, the mailbox on Dovecot: ${reason}`)

const mail = (subject: string, bytes = 10) =>
  Buffer.from(`From: ada@client.test\r\nTo: support@acme.test\r\nSubject: ${subject}\r\n\r\n${'x'.repeat(bytes)}\r\n`)

describe.skipIf(reason !== null)('the mailbox on Dovecot', () => {
  let dovecot: Dovecot
  let mailbox: WatchedMailbox
  const store = new MemoryStore()
  const log = { info: () => {}, warn: () => {} }

  beforeAll(async () => {
    dovecot = await startDovecot()
    await dovecot.append(mail('before the desk'))
    mailbox = watchMailbox({ url: dovecot.url, clock: systemClock, log, store, retryMs: { first: 10, last: 50 } })
    await mailbox.sweepNow()
  }, 20_000)
  afterAll(async () => {
    await mailbox?.stop()
    await dovecot?.stop()
  })

  test('mail from before is left alone, new mail is saved byte for byte and marked read', async () => {
    await dovecot.append(mail('one'))
    await dovecot.append(mail('two', 5_000_000))
    await mailbox.sweepNow()
    expect(store.subjects).toEqual(['one', 'two'])
    expect(store.mails[1]?.raw.equals(mail('two', 5_000_000))).toBe(true)
    expect(await dovecot.flags()).toEqual([[], ['\\Seen'], ['\\Seen']])
  })

  test('an idling connection is told of new mail', async () => {
    const saved = new Promise((resolve) => {
      store.beforeSave = resolve
    })
    await dovecot.append(mail('news'))
    await saved
    store.beforeSave = () => {}
    await mailbox.sweepNow()
    expect(store.subjects.at(-1)).toBe('news')
  })

  test('a copy in Sent is found by its Message-ID', async () => {
    await dovecot.append(Buffer.concat([Buffer.from('Message-ID: <ours@acme.test>\r\n'), mail('sent')]), 'Sent')
    expect(await mailbox.findSent('ours@acme.test')).toBe(true)
    expect(await mailbox.findSent('never@acme.test')).toBe(false)
  })

  test('when Dovecot restarts and gives UIDs anew, everything is read again and saved once', async () => {
    const before = store.at
    await dovecot.renumber()
    await dovecot.append(mail('after the restart'))
    await mailbox.sweepNow()
    expect(store.at?.uidValidity).not.toBe(before?.uidValidity)
    expect(store.subjects.filter((subject) => subject !== 'before the desk')).toEqual([
      'one',
      'two',
      'news',
      'after the restart',
    ])
  })
})
