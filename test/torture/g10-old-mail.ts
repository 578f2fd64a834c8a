import { plainMail } from './bench.ts'
import type { Figure } from './figure.ts'
import { read } from './reading.ts'
import { startRunning, until } from './running-product.ts'

const MB = 1024 * 1024

/** A mailbox that was in use for years before the desk was connected to it. */
export const oldMail: Figure = {
  id: 'G10',
  what: '100,000 old mails in the INBOX (E40)',
  wanted: 'new mail handled <= 60 s after start, <= 300 MB, poll <= 1 s',
  async measure(bench) {
    const mailbox = await bench.mailbox()
    const count = bench.quick || !mailbox.isDovecot ? 10_000 : 100_000
    const old = plainMail('old', 1000)
    for (let done = 0; done < count; done += 1000) mailbox.put(Array(1000).fill(old), { read: true })
    bench.say(`${count} old mails are there`)
    const product = await startRunning(bench, mailbox)
    const since = Date.now()
    const ticketOf = (subject: string) => async () =>
      (await product.database.query('select from tickets where subject = $1', [subject])).rowCount === 1
    // The very first start, with a mail that comes as soon as the mailbox is known.
    product.start()
    const knownAfter = await until(
      async () => (await product.database.query('select from mailboxes')).rowCount === 1,
      120,
    )
    mailbox.put([plainMail('first')])
    const first = await until(ticketOf('Question first'), 120)
    await product.child().kill('SIGTERM')
    // And a later one, with a mail that came while it was stopped.
    mailbox.put([plainMail('second')])
    product.start()
    const second = await until(ticketOf('Question second'), 120)
    const { rss } = product.worst(since)
    await product.child().kill('SIGTERM')

    const reading = read(bench, await bench.database(), mailbox.url, { from: 'new' })
    await reading.sweepNow()
    let slowest = 0
    for (let poll = 0; poll < 20; poll++) {
      const began = performance.now()
      await reading.sweepNow()
      slowest = Math.max(slowest, performance.now() - began)
    }
    const tickets = (await product.database.query('select from tickets')).rowCount
    const firstSeconds = knownAfter === null || first === null ? null : knownAfter + first
    const isQuick = [firstSeconds, second].every((seconds) => seconds !== null && seconds <= 60)
    return {
      got: `${count} old: ${words(firstSeconds)} after the first start, ${words(second)} after a later one; ${Math.round(rss / MB)} MB; poll ${Math.round(slowest)} ms; ${tickets} tickets`,
      pass: isQuick && rss <= 300 * MB && slowest <= 1000 && tickets === 2,
    }
  },
}

const words = (seconds: number | null) => (seconds === null ? 'never' : `${seconds.toFixed(1)} s`)
