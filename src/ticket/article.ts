/** Help articles: what one is, and how its words and the words somebody types are compared. */

/** Words of one article in one look. A `url` is http, https or mailto. */
export interface Span {
  text: string
  bold?: true
  italic?: true
  code?: true
  url?: string
}

/** A piece of an article's text, in order. `level`: how deep a list item is, 0 for the outermost. */
export type ArticlePart =
  | { kind: 'heading' | 'paragraph' | 'quote'; spans: Span[] }
  | { kind: 'item'; isOrdered: boolean; level: number; number: number; spans: Span[] }
  | { kind: 'code'; text: string }

/** Who may read an article: everybody who may ask for help, or nobody outside. */
export type Audience = 'everyone' | 'staff'

/** One article in one language as its source has it. The same `key` is the same article in another language. */
export interface WrittenArticle {
  key: string
  locale: string
  title: string
  section: string | null
  labels: string[]
  url: string | null
  audience: Audience
  parts: ArticlePart[]
  updatedAt: Date | null
}

/** An article somebody may be offered: enough for a line about it. */
export interface ArticleLine {
  id: number
  title: string
  language: string
  section: string | null
  url: string | null
  /** When an import last found other words in it; when it came in, before that. */
  changedAt: Date
  /** The sentence that says most about what was searched, or how it begins. */
  snippet: string
}

/** An article to be read. */
export type Article = Omit<ArticleLine, 'snippet'> & { parts: ArticlePart[] }

/** The words of an article without their looks, one part a line. */
export function plainOf(parts: ArticlePart[]): string {
  return parts.map((part) => (part.kind === 'code' ? part.text : textOf(part.spans))).join('\n')
}

export function textOf(spans: Span[]): string {
  return spans.map(({ text }) => text).join('')
}

/** The language of a locale, as `es` of `es-419` and `pt_BR`. */
export function languageOf(locale: string | null): string {
  return /^[a-z]{2,3}(?![a-z])/.exec((locale ?? '').toLowerCase())?.[0] ?? 'en'
}

/** In small letters and without accents, so that "factura" is found by "FÁCTURA". */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

// Longer ones are no words anybody searches for, and Postgres takes none above 2 KB.
const LONGEST_WORD = 40

/** The different words of a text, folded, in order. */
export function wordsIn(text: string): string[] {
  const words = folded(text).match(/[\p{L}\p{N}]+/gu) ?? []
  return [...new Set(words)].filter((word) => word.length <= LONGEST_WORD)
}

/** The first `max` different words of a text in small letters, with their accents; the same when folded counts once. */
export function spelledWordsIn(text: string, max: number): string[] {
  const found = new Map<string, string>()
  for (const [word] of text.normalize('NFC').matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    if (found.size >= max) break
    const key = folded(word)
    if (key && word.length <= LONGEST_WORD && !found.has(key)) found.set(key, word.toLowerCase())
  }
  return [...found.values()]
}

const SHORTEST_SENTENCE = 25

/** The sentence of `text` with most of `words` in it, all folded and compared by how they begin; else its first words. */
export function snippetOf(text: string, words: string[]): string {
  const sentences = text.split(/(?<=[.!?])\s+|\n+/).filter((sentence) => sentence.trim().length >= SHORTEST_SENTENCE)
  const stems = words.map((word) => word.slice(0, Math.max(4, word.length - 3)))
  const folds = words.length > 0 ? sentences.map((sentence) => ` ${wordsIn(sentence).join(' ')}`) : []
  let [best, most] = [sentences[0] ?? text, 0]
  for (const [index, inside] of folds.entries()) {
    const hits = stems.filter((stem) => inside.includes(` ${stem}`)).length
    if (hits > most) [best, most] = [sentences[index]!, hits]
  }
  return best.replace(/\s+/g, ' ').trim()
}

/** How many letters must be added, taken out, changed or swapped with their neighbour to make `a` of `b`. */
export function lettersApart(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, i) => i)]
  for (let i = 1; i <= a.length; i++) {
    rows.push([i])
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let least = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1)
      rows[i]!.push(least)
    }
  }
  return rows[a.length]![b.length]!
}
