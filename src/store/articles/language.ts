import { languageOf } from '../../ticket/article.ts'

// The stemmers that every Postgres since 14 has (postgresql.org/docs/14/textsearch-dictionaries.html, snowball).
const configs: Record<string, string> = {
  da: 'danish',
  de: 'german',
  en: 'english',
  es: 'spanish',
  fi: 'finnish',
  fr: 'french',
  hu: 'hungarian',
  it: 'italian',
  nl: 'dutch',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sv: 'swedish',
  tr: 'turkish',
}

/** The text search configuration of a language; one without stemming where Postgres knows no better. */
export function configOf(language: string): string {
  return (Object.hasOwn(configs, language) && configs[language]) || 'simple'
}

/** The languages to look in for somebody, best first: their own, then English. */
export function languagesFor(locale: string | null): string[] {
  return [...new Set([languageOf(locale), 'en'])]
}
