import { type Labels, labelOf } from './form.ts'
import type { Question } from './questions.ts'
import { isMark, phrase, startsWith, type Token, tokens, withoutMarks } from './read-words.ts'

/**
 * The answers to `questions` in the plain words of a mail: "impact 3, users all", "impacto: crítico", the label itself,
 * or one bare number for each question. Words and labels of every language count; case and accents do not. `rest` is
 * what is not clearly an answer, '' when nothing is: a sentence around an answer, a question back, two answers to one
 * question. `names` are the author's, so that a signature is no rest.
 */
export function readAnswers(
  text: string,
  questions: Question[],
  labels: Labels[],
  names: string[] = [],
): { answers: Record<string, string>; rest: string } {
  const nothing = { answers: {}, rest: text }
  if (questions.length === 0 || text.length > LONGEST) return nothing
  const numbers = bareNumbers(text, questions)
  if (numbers) return { answers: numbers, rest: '' }
  const asked = questions.map((question) => vocabulary(question, labels))
  const polite = [...courtesies, ...names.flatMap((name) => tokens(name)).map((token) => [token])]
  const lines = text.split('\n').map((line) => ({ line, ...readLine(line, asked, polite) }))

  // One bare word may be anything ("Important"), so it counts only in a reply that is nothing but answers.
  const isClean = lines.every(({ leftOver, found }) => !leftOver && found.every(({ sure }) => sure !== 'no'))
  const taken = lines.flatMap(({ found, leftOver }) =>
    found.filter(({ sure }) => sure === 'yes' || (sure === 'line' && !leftOver) || (sure === 'reply' && isClean)),
  )
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

/** `sure`: whether it counts by itself, in a line or a reply that is nothing but answers, or not at all. */
type Found = { key: string; value: string; sure: 'yes' | 'line' | 'reply' | 'no' }
type Vocabulary = {
  key: string
  names: Token[][]
  options: { value: string; phrases: Token[][] }[]
  isAccount: boolean
}

/** Everything a question and its options may be called. */
function vocabulary({ key, options, label }: Question, labels: Labels[]): Vocabulary {
  const called = (name: string) =>
    labels.flatMap((words) => {
      if (!Object.hasOwn(words, name)) return []
      const { text, joint, description, words: others } = labelOf(words, name)
      const whole = joint === undefined ? text : text + joint + (description ?? '')
      return [text, whole, ...(others?.split(',') ?? [])]
    })
  return {
    key,
    names: phrases([key, label, ...called(key)]),
    options: options.map((option) => ({
      value: option.value,
      phrases: phrases([option.label, ...called(`${key}.${option.value}`)]),
    })),
    isAccount: !labels.some((words) => options.some(({ value }) => Object.hasOwn(words, `${key}.${value}`))),
  }
}

/** Longest first, so that "all users" is not taken for "all". */
function phrases(called: string[]): Token[][] {
  const unique = new Map(called.map(phrase).map((found) => [found.join(' '), found]))
  return [...unique.values()].filter((found) => found.length > 0).sort((a, b) => b.length - a.length)
}

/** A reply of one number for each question, in the order they were asked. */
function bareNumbers(text: string, questions: Question[]): Record<string, string> | null {
  const said = tokens(text).filter((token) => !isMark(token))
  if (said.length !== questions.length) return null
  const values = questions.map(({ options }, n) => (/^\d{1,2}$/.test(said[n]!) ? options[Number(said[n]) - 1] : null))
  if (!values.every((value) => value)) return null
  return Object.fromEntries(questions.map(({ key }, n) => [key, values[n]!.value]))
}

function readLine(line: string, asked: Vocabulary[], polite: Token[][]): { found: Found[]; leftOver: boolean } {
  // Our own question, above the answer to it.
  if (line.trimStart().startsWith('>')) return { found: [], leftOver: false }
  const all = tokens(line)
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
    if (item && isBoundary(all, item.end, asked)) {
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
  for (const { key, names, options } of asked)
    for (const name of names) {
      const behind = startsWith(all, from, name)
      if (behind === null) continue
      const at = past(all, withoutMarks(all, behind), copulas)
      const number = /^\d{1,2}$/.test(all[at] ?? '') ? options[Number(all[at]) - 1] : undefined
      if (number) {
        const repeated = startsWithAny(all, withoutMarks(all, at + 1), number.phrases)
        return { key, value: number.value, sure: 'yes', end: repeated ?? at + 1 }
      }
      const option = longest(all, at, options)
      if (option) return { key, value: option.value, sure: 'yes', end: option.end }
    }
  return null
}

/** An option without its question, where only one question has such an option. */
function bare(all: Token[], at: number, asked: Vocabulary[]): Item | null {
  const found = asked.flatMap(({ key, options, isAccount }) => {
    const option = longest(all, at, options)
    return option ? [{ key, isAccount, ...option }] : []
  })
  const end = Math.max(...found.map((one) => one.end))
  const [only, ...others] = found.filter((one) => one.end === end)
  if (!only || others.length > 0) return null
  return { key: only.key, value: only.value, end, sure: only.isAccount || end - at < 2 ? 'reply' : 'line' }
}

function longest(all: Token[], at: number, options: Vocabulary['options']): { value: string; end: number } | null {
  let best: { value: string; end: number } | null = null
  for (const { value, phrases: called } of options) {
    const end = startsWithAny(all, at, called)
    if (end !== null && (best === null || end > best.end)) best = { value, end }
  }
  return best
}

function startsWithAny(all: Token[], at: number, called: Token[][]): number | null {
  for (const each of called) {
    const end = startsWith(all, at, each)
    if (end !== null) return end
  }
  return null
}

/** What is said ends here: at a mark, at "and", or where the next named answer begins. */
function isBoundary(all: Token[], at: number, asked: Vocabulary[]): boolean {
  return at >= all.length || isMark(all[at]) || connecting.has(all[at]!) || named(all, at, asked) !== null
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
const copulas = new Set(['is', 'are', 'es', 'son', 'e', 'sao', 'option', 'opcion', 'opcao', ...articles])
const courtesies = phrases([
  ...['hi', 'hello', 'hello there', 'dear support', 'dear team', 'thanks', 'thank you', 'thanks a lot', 'many thanks'],
  ...['best', 'regards', 'best regards', 'kind regards', 'cheers', 'here you go', 'hi there', 'hi team', 'so much'],
  ...['hola', 'gracias', 'muchas gracias', 'saludos', 'un saludo', 'saludos cordiales', 'buenos días', 'buenas tardes'],
  ...['olá', 'oi', 'obrigado', 'obrigada', 'muito obrigado', 'muito obrigada', 'abraços', 'atenciosamente', 'bom dia'],
  ...['boa tarde', 'please', 'por favor', 'in advance'],
])
