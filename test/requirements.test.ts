import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** What clients were promised, by family: `TRK` 1 to 4 are TRK-01 to TRK-04. Each is named by the test that holds it. */
const families: Record<string, number[]> = {
  AUT: [1, 2, 3, 7, 13, 14, 15],
  IDN: upTo(4),
  CHO: upTo(4),
  TEC: upTo(13),
  FIN: upTo(2),
  COM: upTo(3),
  TRK: upTo(4),
  STA: upTo(12),
  CLI: upTo(11),
  FUP: upTo(3),
  ART: upTo(2),
  SUR: upTo(6),
  RTE: upTo(4),
}

/** Not yet: whoever writes the test takes the id off this list. */
const pending: string[] = []

const ids = Object.entries(families).flatMap(([family, numbers]) =>
  numbers.map((number) => `${family}-${String(number).padStart(2, '0')}`),
)
const named = new Set(
  readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && name !== 'requirements.test.ts')
    .flatMap((name) => namesIn(readFileSync(join('test', name), 'utf8')))
    .flatMap((name) => name.match(/\b[A-Z]{3}-\d\d\b/g) ?? []),
)

test('every requirement is named by a test', () => {
  expect(ids.filter((id) => !named.has(id) && !pending.includes(id))).toEqual([])
})

test('what waits for its test still does, and is a requirement', () => {
  expect(pending.filter((id) => named.has(id) || !ids.includes(id))).toEqual([])
})

test('no test names a requirement of these families that does not exist', () => {
  const ours = [...named].filter((id) => families[id.slice(0, 3)])
  // AUT has others that this product answers otherwise: Slack and the mailed code stand in for a login of its own.
  expect(ours.filter((id) => !ids.includes(id) && !id.startsWith('AUT'))).toEqual([])
})

/** The names of tests and of the groups they are in. */
function namesIn(source: string): string[] {
  const calls = /(?:\b(?:test|it|describe)(?:\.\w+)*\(|\]\s*(?:as const)?\)\()\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g
  return [...source.matchAll(calls)].map(([, , name]) => name!)
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1)
}
