import { setTimeout as pause } from 'node:timers/promises'
import { type HostileMail, hostileMails } from '../mail/hostile.ts'
import { type Bench, plainMail } from './bench.ts'
import type { Figure } from './figure.ts'
import { type Running, startRunning } from './running-product.ts'

const MB = 1024 * 1024
const AT_ONCE = 10
const PATIENCE_S = 60

/** Every kind of mail that is made to hurt, and its mutations, through the running product. */
export const hostileMail: Figure = {
  id: 'G12',
  what: 'hostile mails, each followed by a plain one',
  wanted: '>= 250 ended once, 0 exits, plain <= 10 s, stall <= 200 ms, <= 512 MB',
  async measure(bench) {
    const mailbox = await bench.mailbox()
    const product = await startRunning(bench, mailbox)
    await product.start().ready
    await pause(3000) // what is still being loaded at the start is no mail's fault
    const since = Date.now()
    const mails = hostileMails(bench.quick ? 100 : 300, bench.chance)
    let slowest = 0
    for (let at = 0; at < mails.length; at += AT_ONCE) {
      const some = mails.slice(at, at + AT_ONCE)
      mailbox.put(some.flatMap(({ raw }, number) => [raw, plainMail(`plain-${at + number}`)]))
      slowest = Math.max(slowest, await plainsHandled(product, at, some.length))
    }
    const exits = product.child().hasExited() ? 1 : 0
    const { stallMs, rss } = product.worst(since)
    const lost = await notEndedOnce(bench, product, mails)
    return {
      got: `${mails.length} mails: ${lost} not ended once, ${exits} exits, plain ${slowest.toFixed(1)} s, stall ${Math.round(stallMs)} ms, ${Math.round(rss / MB)} MB`,
      pass: lost === 0 && exits === 0 && slowest <= 10 && stallMs <= 200 && rss <= 512 * MB,
    }
  },
}

/** Seconds until the plain mails from number `first` on have all become tickets. */
async function plainsHandled({ database }: Running, first: number, count: number): Promise<number> {
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1000
  const subjects = Array.from({ length: count }, (_, number) => `Question plain-${first + number}`)
  for (;;) {
    const { rows } = await database.query('select count(*)::int as there from tickets where subject = any($1)', [
      subjects,
    ])
    if (rows[0]?.there === count || seconds() > PATIENCE_S) return seconds()
    await pause(50)
  }
}

async function notEndedOnce(bench: Bench, { database }: Running, mails: HostileMail[]): Promise<number> {
  const { rows } = await database.query(
    `select count(*)::int as rows, count(outcome)::int as ended, count(distinct sha256)::int as contents from inbound_mails`,
  )
  const { rows: outcomes } = await database.query(
    'select outcome, count(*)::int from inbound_mails group by 1 order by 2 desc',
  )
  bench.say(outcomes.map(({ outcome, count }) => `${outcome} ${count}`).join(', '))
  const wanted = mails.length * 2
  return Math.abs(wanted - rows[0]!.rows) + Math.abs(wanted - rows[0]!.ended) + Math.abs(wanted - rows[0]!.contents)
}
