/** The torture run: `node test/torture/main.ts mail [G7 …] [--quick] [--seed N]` measures, prints a table, exits 1 on a miss. */
import { parseArgs } from 'node:util'
import { openBench } from './bench.ts'
import type { Figure, Measured } from './figure.ts'
import { mailFigures } from './mail.ts'

const areas: Record<string, Figure[]> = { mail: mailFigures }

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, seed: { type: 'string', default: '1' } },
  allowPositionals: true,
})
const [area = '', ...ids] = positionals
const figures = areas[area]?.filter(({ id }) => ids.length === 0 || ids.includes(id.toUpperCase()))
if (!figures || figures.length === 0) {
  console.error(`Say what to measure: node test/torture/main.ts mail [FIGURE …] [--quick] [--seed N]`)
  for (const [name, all] of Object.entries(areas))
    for (const { id, what, wanted } of all) console.error(`  ${name} ${id.padEnd(4)} ${what}: ${wanted}`)
  process.exit(2)
}

// Whatever nobody caught would have ended the product: it is a miss of the figure that was being measured.
const uncaught: string[] = []
process.on('uncaughtException', (error) => uncaught.push(String(error)))
process.on('unhandledRejection', (error) => uncaught.push(String(error)))

const say = (line: string) => console.log(`  ${line}`)
const run = await openBench({ quick: values.quick, seed: Number(values.seed), say })
const rows: string[][] = []
let isMissed = false
for (const figure of figures) {
  console.log(`${figure.id} ${figure.what}`)
  const { got, pass, seconds } = await measure(figure)
  isMissed ||= !pass
  rows.push([figure.id, figure.wanted, got, pass ? 'pass' : 'MISS', `${seconds} s`])
}
await run.close()
console.log(`\n${table([['figure', 'wanted', 'got', 'pass', 'took'], ...rows])}`)
process.exit(isMissed ? 1 : 0)

async function measure(figure: Figure): Promise<Measured & { seconds: number }> {
  const began = performance.now()
  const { bench, end } = run.benchFor(figure.id)
  uncaught.length = 0
  const measured = await figure
    .measure(bench)
    .catch((error: Error): Measured => ({ got: `not measured: ${error.stack}`, pass: false }))
  await end()
  const seconds = Math.round((performance.now() - began) / 1000)
  if (uncaught.length === 0) return { ...measured, seconds }
  return { got: `${measured.got}; uncaught: ${uncaught.slice(0, 3).join('; ')}`, pass: false, seconds }
}

function table(lines: string[][]): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.split('\n')[0]!.length)))
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')).join('\n')
}
