import { fromDesk, ONE, startTwoDesks, TWO, without } from '../mail/two-desks.ts'
import type { Bench } from './bench.ts'
import type { Figure } from './figure.ts'

/** Two desks that answer each other, also where a server between them takes away every sign of it. */
export const twoDesks: Figure = {
  id: 'G15',
  what: 'two desks write to each other for 10 minutes',
  wanted: '<= 4 mails in all; storm <= 3 a desk',
  async measure(bench) {
    const untouched = await mailsBetween(bench, (raw) => raw)
    const unmarked = await mailsBetween(bench, (raw) => without(raw, /^(auto-submitted|precedence|x-)/i))
    // No reply address, no thread, no mark: each answer looks like a new request, and only the limit per address is left.
    const bare = await mailsBetween(bench, (raw) =>
      without(raw, /^(auto-submitted|precedence|x-.*|in-reply-to|references|reply-to|list-.*|return-path)$/i),
    )
    const storm = bare.slice(1).filter((raw) => /^From: .*support@one\.test/im.test(raw.toString('latin1'))).length
    return {
      got: `${untouched.length} mails; ${unmarked.length} without their marks; without any sign ${storm} of one desk`,
      pass: untouched.length <= 4 && unmarked.length <= 4 && storm <= 3,
    }
  },
}

async function mailsBetween(bench: Bench, between: (raw: Buffer) => Buffer): Promise<Buffer[]> {
  const desks = await startTwoDesks({
    between,
    database: async () => ({ url: (await bench.database()).url, drop: async () => {} }),
  })
  try {
    const first = fromDesk(TWO, ONE)
    desks.mails.push(first)
    desks.one.mail.deliver(first, { to: [ONE] })
    for (let minute = 0; minute < 10; minute++) {
      await desks.play()
      await Promise.all([desks.one.clock.push(60_000), desks.two.clock.push(60_000)])
    }
    return desks.mails
  } finally {
    await desks.stop()
  }
}
