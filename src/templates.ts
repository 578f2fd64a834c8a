import { IntlMessageFormat } from 'intl-messageformat'
import { fallbackChain, type Labels, labelFiles, localesIn, readLabels } from './templates/labels.ts'
import { loadMails, type Rendered } from './templates/mails.ts'
import { moment } from './templates/moment.ts'

export { checkTemplates, type Problem } from './templates/check.ts'

export type Params = Record<string, string | number | Date>

/** The text of a label in the reader's language. Dates become moments in the reader's zone; nothing is escaped here. */
export type Words = (key: string, params?: Params) => string

/** Who reads. The requester's words for a status differ from the agent's (X5): `status.client.pending`. */
export interface Reader {
  audience?: 'agent' | 'client'
  timeZone?: string | null
}

/** Everything the product says, in every language it speaks. */
export interface Templates {
  locales: string[]
  words(locale: string | null, reader?: Reader): Words
  moment(at: Date, locale: string | null, timeZone: string | null): string
  /** One mail of templates/mail (or a locale's own of the same name): `subject` is '' where the mail has no own one. */
  render(name: string, locale: string | null, params: Record<string, unknown>, reader?: Reader): Rendered
}

/**
 * The words in `dir`, read once. A label missing in a language falls back to English; one missing there too, or lacking
 * a parameter, throws; unless `onMissing` is given (it gets what is wrong), then the key itself is shown: at two in the
 * morning an odd word beats an unanswered request. `checkTemplates` finds both before the start.
 * Moments for a reader whose zone nobody knows are in `deskZone`.
 */
export async function loadTemplates(
  dir: string,
  onMissing?: (problem: string) => void,
  deskZone = 'UTC',
): Promise<Templates> {
  const locales = localesIn(dir)
  const labels = new Map<string, Labels>(
    locales.map((locale) => [
      locale,
      new Map(labelFiles(dir, locale).flatMap((file) => [...readLabels(dir, locale, file)])),
    ]),
  )
  const formats = new Map<string, IntlMessageFormat>()
  const render = loadMails(dir, locales)

  function words(locale: string | null, { audience = 'client', timeZone = null }: Reader = {}): Words {
    const chain = fallbackChain(locale, locales)
    return (key, params = {}) => {
      const [head, ...rest] = key.split('.')
      const keys = [[head, audience, ...rest].join('.'), key]
      for (const spoken of chain) {
        const found = keys.find((name) => labels.get(spoken)?.has(name))
        if (!found) continue
        try {
          return say(spoken, found, params, dateLocale(locale, spoken), timeZone)
        } catch (cause) {
          if (!onMissing) throw new Error(`templates/${spoken}: "${found}" cannot be said`, { cause })
          onMissing(`templates/${spoken}: "${found}": ${(cause as Error).message}`)
        }
      }
      const problem = `no words for "${key}": add it to templates/en/${head}.json and to the other languages`
      if (!onMissing) throw new Error(problem)
      onMissing(problem)
      return key
    }
  }

  function say(spoken: string, key: string, params: Params, locale: string, timeZone: string | null): string {
    const id = `${spoken}/${key}`
    const text = labels.get(spoken)?.get(key) ?? key
    const format = formats.get(id) ?? new IntlMessageFormat(text, spoken, undefined, { ignoreTag: true })
    formats.set(id, format)
    const values = Object.entries(params).map(([name, value]) => [
      name,
      value instanceof Date ? moment(value, locale, timeZone ?? deskZone) : value,
    ])
    return String(format.format(Object.fromEntries(values)))
  }

  return {
    locales,
    words,
    moment(at, locale, timeZone) {
      return moment(at, dateLocale(locale, fallbackChain(locale, locales)[0] ?? 'en'), timeZone ?? deskZone)
    },
    render(name, locale, params, reader = {}) {
      const spoken = fallbackChain(locale, locales)[0] ?? 'en'
      const when = (at: Date) => moment(at, dateLocale(locale, spoken), reader.timeZone ?? deskZone)
      const subjectKey = `mail.${name}.subject`
      const hasSubject = [spoken, 'en'].some((tag) => labels.get(tag)?.has(subjectKey))
      const say = words(locale, reader)
      const { text, html } = render(name, spoken, params, say, when)
      return { subject: hasSubject ? say(subjectKey, params as Params) : '', text, html }
    },
  }
}

/** Dates follow the reader's own region (es-MX) as long as the words are in that language. */
function dateLocale(locale: string | null, spoken: string): string {
  const wanted = (locale ?? '').replaceAll('_', '-')
  return wanted.toLowerCase().split('-')[0] === spoken.split('-')[0] ? wanted : spoken
}
