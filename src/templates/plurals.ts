import { IntlMessageFormat } from 'intl-messageformat'

/**
 * The parts of @formatjs' syntax tree looked at here: 0 is plain text, 5 a select, 6 a plural, 7 the number sign of one.
 */
export interface MessageElement {
  type: number
  value?: unknown
  options?: Record<string, { value: MessageElement[] }>
}

/** A label as its parts. Throws an Error where it is no ICU message. */
export function elementsOf(text: string): MessageElement[] {
  return new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst() as MessageElement[]
}

/** One plural of a label: its parameter, the cases it has words for, and whether these say the number itself. */
interface Plural {
  name: string
  cases: string[]
  saysNumber: boolean
}

/** The plurals of a label, those within others too. */
export function pluralsOf(elements: MessageElement[]): Plural[] {
  return elements.flatMap(({ type, value, options = {} }) => [
    ...(type === 6 ? [{ name: String(value), cases: Object.keys(options), saysNumber: hasNumber(options) }] : []),
    ...Object.values(options).flatMap((option) => pluralsOf(option.value)),
  ])
}

function hasNumber(options: Record<string, { value: MessageElement[] }>): boolean {
  return Object.values(options).some(({ value }) => value.some(({ type }) => type === 7))
}

/** What is wrong with the plurals of a well-formed label in this language: words that would be said of another number. */
export function pluralProblems(locale: string, text: string): string[] {
  // French and Portuguese grammar count 0 as "one", and nobody writes "0 request" in them all the same.
  const zeroIsOne = new Intl.PluralRules(locale).select(0) === 'one'
  return pluralsOf(elementsOf(text)).flatMap(({ name, cases, saysNumber }) => {
    const has = (each: string) => cases.includes(each)
    if (has('one') && zeroIsOne && !has('=0'))
      return [`says 0 as it says 1: write "{${name}, plural, =1 {…} other {…}}"`]
    // Without the number it may only ask whether there is anything at all.
    return has('one') || has('=1') || (has('=0') && !saysNumber)
      ? []
      : [`has no words for 1 {${name}}: add "${zeroIsOne ? '=1' : 'one'} {…}"`]
  })
}
