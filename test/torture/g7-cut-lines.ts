import { startProxy } from '../support/proxy.ts'
import { plainMail } from './bench.ts'
import type { Figure } from './figure.ts'
import { compare, read, through } from './reading.ts'

/** Lines that break at any byte, while mail of all sizes comes in. */
export const cutLines: Figure = {
  id: 'G7',
  what: 'the IMAP line is cut at random bytes',
  wanted: '300 cuts: 0 lost, 0 truncated, 0 twice',
  async measure(bench) {
    const wanted = bench.quick ? 60 : 300
    const mailbox = await bench.mailbox()
    const proxy = await startProxy({ port: mailbox.port })
    bench.onEnd(() => proxy.close())
    const database = await bench.database()
    // Half of the cuts fall into the dialogue before the first mail, half anywhere in up to a megabyte of mails.
    proxy.cutAfter = () =>
      bench.chance.chance(0.5) ? bench.chance.between(1, 3000) : bench.chance.between(1, 1_000_000)
    const reading = read(bench, database, through(mailbox.url, proxy.port), { pollMs: 20 })
    let mails = 0
    while (proxy.cuts() < wanted) {
      const before = proxy.cuts()
      const sizes = Array.from({ length: 4 }, () =>
        bench.chance.chance(0.8) ? 2_000 : bench.chance.between(10_000, 400_000),
      )
      mailbox.put(sizes.map((size) => plainMail(++mails, size)))
      for (let wait = 0; wait < 50 && proxy.cuts() === before; wait++)
        await new Promise((resolve) => setTimeout(resolve, 20))
    }
    proxy.cutAfter = null
    await reading.sweepNow()
    const { stored, lost, altered, twice } = await compare(database, mailbox)
    return {
      got: `${proxy.cuts()} cuts, ${mails} mails: ${lost} lost, ${altered} truncated, ${twice} twice`,
      pass: lost + altered + twice === 0 && stored === mails,
    }
  },
}
