import { type Labels, labelOf } from './form.ts'
import type { Question } from './questions.ts'
import { phrase, startsWith, type Token } from './read-words.ts'

/** Everything a question and its options may be called in an answer, in every language. */
export type Vocabulary = {
  key: string
  names: Token[][]
  options: { value: string; phrases: Token[][] }[]
  /** Its options are stores: names that people chose, which may say anything. */
  isAccount: boolean
}

export function vocabulary({ key, options, label }: Question, labels: Labels[]): Vocabulary {
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
export function phrases(called: string[]): Token[][] {
  const unique = new Map(called.map(phrase).map((found) => [found.join(' '), found]))
  return [...unique.values()].filter((found) => found.length > 0).sort((a, b) => b.length - a.length)
}

/** The option with the longest of its phrases at `at`, and where that ends; null when none is there. */
export function longest(
  all: Token[],
  at: number,
  options: Vocabulary['options'],
): { value: string; end: number } | null {
  let best: { value: string; end: number } | null = null
  for (const { value, phrases: called } of options) {
    const end = startsWithAny(all, at, called)
    if (end !== null && (best === null || end > best.end)) best = { value, end }
  }
  return best
}

export function startsWithAny(all: Token[], at: number, called: Token[][]): number | null {
  for (const each of called) {
    const end = startsWith(all, at, each)
    if (end !== null) return end
  }
  return null
}

/** The option that a number, in digits or as a word, says; undefined for none. */
export function numbered(
  token: Token | undefined,
  options: Vocabulary['options'],
): Vocabulary['options'][number] | undefined {
  if (token === undefined) return undefined
  return options[(/^\d{1,2}$/.test(token) ? Number(token) : (spelled[token] ?? 0)) - 1]
}

const spelled: Record<Token, number> = {
  ...{ one: 1, two: 2, three: 3, four: 4, five: 5 },
  ...{ uno: 1, una: 1, dos: 2, tres: 3, cuatro: 4, cinco: 5 },
  ...{ um: 1, uma: 1, dois: 2, duas: 2, quatro: 4 },
  ...{ first: 1, second: 2, third: 3, fourth: 4, fifth: 5 },
  ...{ primero: 1, primera: 1, segundo: 2, segunda: 2, tercero: 3, tercera: 3, cuarto: 4, cuarta: 4 },
  ...{ primeiro: 1, primeira: 1, terceiro: 3, terceira: 3, quarto: 4, quarta: 4 },
}

/** The one store of whose name all these words are a part: "Berlin" is "Acme Berlin", where there is no other. */
export function storeOf(words: Token[], options: Vocabulary['options']): string | null {
  if (words.length === 0) return null
  const isIn = ({ phrases: [name = []] }: Vocabulary['options'][number]) => words.every((word) => name.includes(word))
  const [only, ...others] = options.filter(isIn)
  return only && others.length === 0 ? only.value : null
}
