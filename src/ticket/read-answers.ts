import type { Labels } from './form.ts'
import type { Question } from './questions.ts'
import { answersInOrder, heading, lone } from './read-in-order.ts'
import { longest, numbered, phrases, startsWithAny, storeOf, type Vocabulary, vocabulary } from './read-vocabulary.ts'
import { isMark, startsWith, type Token, tokens, withoutMarks } from './read-words.ts'

/**
 * The answers to `questions` in the plain words of a mail: "impact 3, users all", "impacto: crítico", "everybody is
 * affected", the label itself, one answer for each question in order, or each below its question. Words and labels of
 * every language count; case and accents do not. `rest` is what is not clearly an answer, '' when nothing is: a sentence
 * around an answer, a question back, two answers to one question. `names` are the author's, so that a signature is no rest.
 */
export function readAnswers(
  text: string,
  questions: Question[],
  labels: Labels[],
  names: string[] = [],
): { answers: Record<string, string>; rest: string } {
  const nothing = { answers: {}, rest: text }
  if (questions.length === 0 || text.length > LONGEST) return nothing
  const asked = questions.map((question) => vocabulary(question, labels))
  const polite = [...courtesies, ...names.flatMap((name) => tokens(name)).map((token) => [token])]
  const inOrder = answersInOrder(text, asked, (segment) => courteous(segment, 0, polite) === segment.length)
  if (inOrder) return { answers: inOrder, rest: '' }
  const lines = readLines(text.split('\n'), asked, polite)

  // One bare word may be anything ("Important"), so it counts only in a reply that is nothing but answers.
  const isClean = lines.every(({ leftOver, found }) => !leftOver && found.every(({ sure }) => sure !== 'no'))
  const isSure = lines.some(({ found }) => found.some(({ sure }) => sure === 'yes'))
  const taken = lines.flatMap(({ found, leftOver }) => {
    const counts = { yes: true, line: !leftOver, reply: isClean, beside: isClean && isSure, no: false }
    return found.filter(({ sure }) => counts[sure])
  })
  const answers: Record<string, string> = {}
  const doubtful = new Set<string>()
  for (const { key, value } of taken) {
    if (answers[key] !== undefined && answers[key] !== value) doubtful.add(key)
    answers[key] = value
  }
  for (const key of doubtful) delete answers[key]
  if (Object.keys(answers).length === 0) return nothing
  const isTaken = (found: Found) => taken.includes(found) && !doubtful.has(found.key)
  const rest = lines.filter(({ leftOver, found }) => leftOver || !found.every(isTaken)).map(({ line }) => line)
  return { answers, rest: rest.join('\n').trim() }
}

/** Longer than any list of answers: a story, which a person reads. */
const LONGEST = 5_000

/**
 * `sure`: whether it counts by itself, in a line or a reply that is nothing but answers, beside a sure answer in such a
 * reply ("it is critical" alone may mean anything), or not at all.
 */
type Found = { key: string; value: string; sure: 'yes' | 'line' | 'reply' | 'beside' | 'no' }
type ReadLine = { line: string; found: Found[]; leftOver: boolean }

/** Every line by itself, except that one below a question, ours or copied, may hold its answer alone. */
function readLines(lines: string[], asked: Vocabulary[], polite: Token[][]): ReadLine[] {
  let above: { question: Vocabulary; copied: ReadLine | null } | null = null
  return lines
    .map((line): ReadLine => {
      const read: ReadLine = { line, found: [], leftOver: false }
      const all = tokens(line)
      if (line.trimStart().startsWith('>')) {
        // Our own question, above the answer to it.
        const question = heading(tokens(line.replace(/^[\s>]+/, '')), asked, true)
        if (question) above = { question, copied: null }
        return read
      }
      if (all.length === 0) return read
      const answer = above && lone(all, above.question, (at) => courteous(all, at, polite))
      const asks = heading(all, asked, false)
      if (above && answer) read.found = [{ key: above.question.key, value: answer, sure: 'yes' }]
      else {
        // A copied question that nothing answers is words like any other.
        if (above?.copied) above.copied.leftOver = true
        if (!asks) Object.assign(read, readLine(all, asked, polite))
      }
      above = asks && !answer ? { question: asks, copied: read } : null
      return read
    })
    .map((read, n, all) => (n === all.length - 1 && above?.copied === read ? { ...read, leftOver: true } : read))
}

function readLine(all: Token[], asked: Vocabulary[], polite: Token[][]): Omit<ReadLine, 'line'> {
  const found: Found[] = []
  let leftOver = false
  let at = 0
  while (at < all.length) {
    if (isMark(all[at]) || connecting.has(all[at]!)) {
      at++
      continue
    }
    const item = named(all, at, asked) ?? bare(all, at, asked)
    const courtesy = item ? null : courteous(all, at, polite)
    if (item && isBoundary(all, item.end, asked, polite)) {
      // "impact critical?" asks, it does not say.
      const asks = all[item.end] === '?' || (item.sure !== 'yes' && [':', '!'].includes(all[item.end] ?? ''))
      found.push({ key: item.key, value: item.value, sure: asks ? 'no' : item.sure })
      at = item.end
    } else if (courtesy !== null) at = courtesy
    else {
      leftOver = true
      while (at < all.length && !isMark(all[at])) at++
    }
  }
  return { found, leftOver }
}

type Item = Found & { end: number }

/** "impact 3", "users: all", "the impact is critical"; also with the option's words behind its number. */
function named(all: Token[], start: number, asked: Vocabulary[]): Item | null {
  const from = past(all, start, articles)
  for (const { key, names, options, isAccount } of asked)
    for (const name of names) {
      const behind = startsWith(all, from, name)
      if (behind === null) continue
      const at = past(all, withoutMarks(all, behind), copulas)
      const number = numbered(all[at], options)
      if (number) {
        const end = past(all, at + 1, choice)
        const repeated = startsWithAny(all, withoutMarks(all, end), number.phrases)
        return { key, value: number.value, sure: 'yes', end: repeated ?? end }
      }
      const option = longest(all, at, options)
      if (option) return { key, value: option.value, sure: 'yes', end: option.end }
      const end = all.findIndex((token, n) => n >= at && isMark(token))
      const words = all.slice(at, end < 0 ? all.length : end)
      const store = isAccount ? storeOf(words, options) : null
      if (store !== null) return { key, value: store, sure: 'yes', end: at + words.length }
    }
  return null
}

/** An option without its question, where only one question has such an option; "everybody is affected" names it behind. */
function bare(all: Token[], start: number, asked: Vocabulary[]): Item | null {
  const at = startsWithAny(all, start, itIs) ?? start
  const found = asked.flatMap(({ key, options, isAccount, names }) => {
    const option = longest(all, at, options)
    if (!option) return []
    const name = startsWithAny(all, past(all, option.end, copulas), names)
    return [{ key, isAccount, ...option, end: name ?? option.end, isNamed: name !== null }]
  })
  const end = Math.max(...found.map((one) => one.end))
  const [only, ...others] = found.filter((one) => one.end === end)
  if (!only || others.length > 0) return null
  if (only.isNamed) return { key: only.key, value: only.value, end, sure: 'yes' }
  const sure = at > start ? 'beside' : only.isAccount || end - at < 2 ? 'reply' : 'line'
  return { key: only.key, value: only.value, end, sure }
}

/** What is said ends here: at a mark, at "and", at "please", or where the next named answer begins. */
function isBoundary(all: Token[], at: number, asked: Vocabulary[], polite: Token[][]): boolean {
  return (
    at >= all.length ||
    isMark(all[at]) ||
    connecting.has(all[at]!) ||
    courteous(all, at, polite) !== null ||
    named(all, at, asked) !== null
  )
}

/** A greeting or a thank you up to the next mark, and the author's name. */
function courteous(all: Token[], start: number, polite: Token[][]): number | null {
  let at = start
  while (at < all.length && !isMark(all[at])) {
    const end = startsWithAny(all, at, polite)
    if (end === null) return null
    at = end
  }
  return at
}

function past(all: Token[], start: number, skipped: Set<Token>): number {
  let at = start
  while (skipped.has(all[at] ?? '')) at = withoutMarks(all, at + 1)
  return at
}

// As `tokens` writes them: small letters without accents. English, Spanish, Portuguese.
const connecting = new Set(['and', 'y', 'e'])
const articles = new Set(['the', 'el', 'la', 'los', 'las', 'o', 'a', 'os', 'as'])
const copulas = new Set([
  'is',
  'are',
  'es',
  'son',
  'estan',
  'e',
  'sao',
  'estao',
  'option',
  'opcion',
  'opcao',
  ...articles,
])
const choice = new Set(['option', 'one', 'opcion', 'opcao'])
const itIs = phrases(['it is', "it's", 'its', 'they are', 'es', 'está', 'son', 'é', 'são'])
const courtesies = phrases([
  ...['hi', 'hello', 'hello there', 'dear support', 'dear team', 'thanks', 'thank you', 'thanks a lot', 'many thanks'],
  ...['best', 'regards', 'best regards', 'kind regards', 'cheers', 'here you go', 'hi there', 'hi team', 'so much'],
  ...['hola', 'gracias', 'muchas gracias', 'saludos', 'un saludo', 'saludos cordiales', 'buenos días', 'buenas tardes'],
  ...['olá', 'oi', 'obrigado', 'obrigada', 'muito obrigado', 'muito obrigada', 'abraços', 'atenciosamente', 'bom dia'],
  ...['boa tarde', 'please', 'por favor', 'in advance', 'buenas', 'buen día', 'de antemano', 'desde já', 'um abraço'],
])
