/**
 * The cost of every screen of the request history at 1,000,000 tickets against 2,000, 1,000 of them mine in both:
 * `npm run bench` (`-- --tickets 100000`: fewer). Prints a table, exits 1 where p99 is over its limit.
 */
import { parseArgs } from 'node:util'
import { openBench } from '../torture/bench.ts'
import { crowd } from './crowd.ts'
import { fill } from './fill.ts'
import { questions } from './questions.ts'

const DATABASE_MS = 50
const ACK_MS = 300
const TURNS = 200

const { values } = parseArgs({ options: { tickets: { type: 'string', default: '1000000' } } })
const total = Math.max(51_000, Number(values.tickets))
const say = (line: string) => console.log(line)
const { bench, end } = await openBench({ quick: false, seed: 1, say }).then((run) => {
  const opened = run.benchFor('bench')
  opened.bench.onEnd(() => run.close())
  return opened
})

const small = await filled(2_000)
const large = await filled(total)
const rows: { screen: string; small: number[]; large: number[]; limit: number }[] = []
for (const [screen, ask] of Object.entries(questions)) {
  const measured = { screen, small: [] as number[], large: [] as number[], limit: DATABASE_MS }
  // Turn by turn, so that whatever else the machine does meets both alike; the first ones warm up.
  for (let turn = -20; turn < TURNS; turn++)
    for (const [times, database] of [
      [measured.small, small],
      [measured.large, large],
    ] as const) {
      const began = performance.now()
      await ask(database, turn + 20)
      if (turn >= 0) times.push(performance.now() - began)
    }
  rows.push(measured)
}
print(rows)
const waits = await crowd(large.url)
const none = { small: [] as number[], limit: ACK_MS }
const atOnce = [
  { ...none, screen: '50 people open their Home at once, to the ack', large: waits.Home },
  { ...none, screen: '50 people open a request at once, to the ack', large: waits.request },
]
print(atOnce)
if (waits.unseen > 0) say(`${waits.unseen} presses of View showed no request within ten seconds`)
await end()
const isOver = [...rows, ...atOnce].some(({ large, limit }) => at(large, 0.99) > limit)
process.exit(isOver || waits.unseen > 0 ? 1 : 0)

function print(measured: typeof rows): void {
  const head = [
    'screen (ms)',
    'p50 of 2,000',
    'p99',
    `p50 of ${total.toLocaleString('en')}`,
    'p99',
    'ratio',
    'limit',
    '',
  ]
  const lines = [head, ...measured.map(lineOf)]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  for (const line of lines) say(line.map((cell, column) => cell.padEnd(widths[column]!)).join('  '))
}

function lineOf({ screen, small, large, limit }: (typeof rows)[number]): string[] {
  const ratio = small.length > 0 ? (at(large, 0.5) / at(small, 0.5)).toFixed(1) : ''
  const shown = [small, large].flatMap((times) =>
    times.length > 0 ? [at(times, 0.5).toFixed(1), at(times, 0.99).toFixed(1)] : ['', ''],
  )
  return [screen, ...shown, ratio, String(limit), at(large, 0.99) < limit ? 'ok' : 'OVER']
}

async function filled(tickets: number) {
  const began = performance.now()
  const database = await bench.database()
  await fill(database, tickets)
  say(`${tickets.toLocaleString('en')} tickets: ${Math.round((performance.now() - began) / 1000)} s`)
  return database
}

function at(times: number[], part: number): number {
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!
}
