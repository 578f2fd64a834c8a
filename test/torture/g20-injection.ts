import { injectEverywhere } from '../mail/injection.ts'
import type { Figure } from './figure.ts'

/** Whatever a person can write that ends in a header of ours. */
export const injection: Figure = {
  id: 'G20',
  what: 'random strings in every header-bound field of our mails',
  wanted: '10,000 each: 0 extra headers, 0 extra recipients',
  async measure(bench) {
    const count = bench.quick ? 1000 : 10_000
    const problems: string[] = []
    for (let mails = 0; mails < count; mails++) problems.push(...(await injectEverywhere(bench.chance)))
    return {
      got: `${count} each: ${problems.length} that got through${problems
        .slice(0, 2)
        .map((problem) => `; ${problem}`)
        .join('')}`,
      pass: problems.length === 0,
    }
  },
}
