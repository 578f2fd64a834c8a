import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../../src/clock.ts'
import { watchMailbox } from '../../src/mail/mailbox.ts'
import { MemoryStore } from '../mail/memory-store.ts'
import { startProxy } from '../support/proxy.ts'
import { type Bench, type Mailbox, plainMail } from './bench.ts'
import type { Figure } from './figure.ts'
import { through } from './reading.ts'

/** An IDLE that hears nothing any more, though nobody closed it: with the product's own timeouts, in real time. */
export const deadLines: Figure = {
  id: 'G8',
  what: 'an idling line goes silent without closing',
  wanted: 'next mail stored <= 90 s, 20 of 20',
  async measure(bench) {
    const mailbox = await bench.mailbox()
    const tries = bench.quick ? 4 : 20
    const took = await Promise.all(Array.from({ length: tries }, (_, number) => waitOf(bench, mailbox, number)))
    const slowest = Math.max(...took)
    const inTime = took.filter((seconds) => seconds <= 90).length
    return {
      got: `${inTime} of ${tries}, slowest ${slowest.toFixed(0)} s`,
      pass: inTime === tries,
    }
  },
}

/** Seconds from a mail's arrival behind a line that just fell silent until it is stored; 150 when it never was. */
async function waitOf(bench: Bench, mailbox: Mailbox, number: number): Promise<number> {
  const proxy = await startProxy({ port: mailbox.port })
  const store = new MemoryStore()
  const watched = watchMailbox({
    url: through(mailbox.url, proxy.port),
    clock: systemClock,
    log: { info: () => {}, warn: () => {} },
    store,
  })
  bench.onEnd(() => proxy.close())
  bench.onEnd(() => watched.stop())
  await watched.sweepNow()
  await pause(bench.chance.between(0, 25_000))
  const subject = `Question dead-${number}`
  proxy.blackHole()
  mailbox.put([plainMail(`dead-${number}`)])
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1000
  while (!store.subjects.includes(subject) && seconds() < 150) await pause(100)
  return seconds()
}
