import { franc } from 'franc-min'

// Below this a guess is a coin toss: "Help", "?", a number.
const SHORTEST = 15

const locales: Record<string, string> = { eng: 'en', spa: 'es', por: 'pt' }

/** The language somebody writes in, as one of ours (`en`, `es`, `pt`); null when it is another or cannot be told. */
export function languageOf(text: string): string | null {
  return locales[franc(text.slice(0, 2_000), { minLength: SHORTEST })] ?? null
}
