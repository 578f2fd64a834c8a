import { longest, numbered, startsWithAny, type Vocabulary } from './read-vocabulary.ts'
import { isMark, type Token, tokens } from './read-words.ts'

/**
 * A reply that is one answer for each question, in the order they were asked: "3 2", "2 and all", "1) critical 2) all".
 * Null when it is anything else; what `isCourtesy` says of a piece is passed over.
 */
export function answersInOrder(
  text: string,
  asked: Vocabulary[],
  isCourtesy: (piece: Token[]) => boolean,
): Record<string, string> | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const isList = lines.length >= asked.length && lines.slice(0, asked.length).every(isItem)
  const plain = isList ? lines.map((line, n) => (n < asked.length ? line.replace(/^\s*\d+[.)]/, '') : line)) : lines
  const said = plain.flatMap(pieces).filter((piece) => !isCourtesy(piece))
  if (said.length !== asked.length) return null
  const values = asked.map((question, n) => alone(said[n]!, question))
  // Of words alone, one question's answer may as well be another thing: "Important".
  const isOdd = asked.length === 1 && !/^\d+$/.test(said[0]!.join(''))
  if (isOdd || !values.every((value) => value !== null)) return null
  return Object.fromEntries(asked.map(({ key }, n) => [key, values[n]!]))
}

/** "1) critical" is the first answer, not the answer 1. */
const isItem = (line: string, n: number) => new RegExp(`^\\s*${n + 1}[.)]\\s*\\S`).test(line)

/** What stands between marks, "and", and one number and the next. */
function pieces(line: string): Token[][] {
  const found: Token[][] = [[]]
  for (const token of tokens(line)) {
    const last = found.at(-1)!
    if (isMark(token) || between.has(token)) found.push([])
    else if (/^\d+$/.test(token) && /^\d*$/.test(last.join(''))) found.push([token])
    else last.push(token)
  }
  return found.filter((piece) => piece.length > 0)
}

const between = new Set(['and', 'y', 'e'])

/** The value of which these words are the number or the name, and nothing else; null for any others. */
function alone(piece: Token[], { options }: Vocabulary): string | null {
  const number = piece.length === 1 ? numbered(piece[0], options) : undefined
  const option = longest(piece, 0, options)
  return number?.value ?? (option?.end === piece.length ? option.value : null)
}

/**
 * The question whose name a line is, with or without the "(only for: …)" we put behind it; null for any other line. A line
 * that `isOurs` may also be one of its options by number: "impact 1: …".
 */
export function heading(all: Token[], asked: Vocabulary[], isOurs: boolean): Vocabulary | null {
  for (const question of asked) {
    const end = startsWithAny(all, 0, question.names)
    if (end === null) continue
    const isName = all.slice(end).every(isMark) || (all[end] === '(' && all.at(-1) === ')')
    if (isName || (isOurs && /^\d+$/.test(all[end]!))) return question
  }
  return null
}

/** The answer to `question` that is all a line says, but for a courtesy behind it; null when it says anything else. */
export function lone(all: Token[], question: Vocabulary, courteous: (at: number) => number | null): string | null {
  const number = numbered(all[0], question.options)
  const option = longest(all, 0, question.options)
  const found = option ?? (number && { value: number.value, end: 1 })
  if (!found) return null
  let at = found.end
  while (at < all.length) {
    const end = isMark(all[at]) ? at + 1 : courteous(at)
    if (end === null || all[at] === '?') return null
    at = end
  }
  return found.value
}
