import { fallbackLocale, type Labels, labelFiles, localesIn, readLabels } from './labels.ts'
import { engine, mailFiles } from './mails.ts'
import { elementsOf, type MessageElement, pluralProblems } from './plurals.ts'

/** Something in templates/ that a reader would notice. `what` says what to do about it. */
export interface Problem {
  file: string
  key: string
  what: string
}

/**
 * Everything wrong with the words in `dir`, none when all is well: a translation missing or left over, other
 * placeholders than in English, a message or mail template that does not parse or says an unknown key. Run at the start
 * and by a test, so that translators hear of it before readers do.
 */
export async function checkTemplates(dir: string): Promise<Problem[]> {
  const english = labelsByFile(dir, fallbackLocale)
  const others = localesIn(dir).filter((locale) => locale !== fallbackLocale)
  const wellFormed = [...english].flatMap(([file, labels]) => syntax(fallbackLocale, file, labels))
  return [
    ...wellFormed,
    ...others.flatMap((locale) => compare(locale, english, labelsByFile(dir, locale))),
    ...[fallbackLocale, ...others].flatMap((locale) => checkMails(dir, locale, english)),
  ]
}

function labelsByFile(dir: string, locale: string): Map<string, Labels> {
  return new Map(labelFiles(dir, locale).map((file) => [file, readLabels(dir, locale, file)]))
}

function syntax(locale: string, name: string, labels: Labels): Problem[] {
  const file = `${locale}/${name}`
  return [...labels].flatMap(([key, text]) => {
    const found = placeholders(text)
    if ('error' in found) return [{ file, key, what: `is not an ICU message (${found.error}): correct it` }]
    return pluralProblems(locale, text).map((what) => ({ file, key, what }))
  })
}

function compare(locale: string, english: Map<string, Labels>, translated: Map<string, Labels>): Problem[] {
  const files = new Set([...english.keys(), ...translated.keys()])
  return [...files].flatMap((name) => {
    const file = `${locale}/${name}`
    const ours: Labels = translated.get(name) ?? new Map()
    const theirs: Labels = english.get(name) ?? new Map()
    const missing = [...theirs.keys()].filter((key) => !ours.has(key))
    const leftOver = [...ours.keys()].filter((key) => !theirs.has(key))
    return [
      ...missing.map((key) => ({ file, key, what: `is missing: translate "${theirs.get(key)}"` })),
      ...leftOver.map((key) => ({ file, key, what: 'is left over, English has no such key: remove it' })),
      ...syntax(locale, name, ours),
      ...[...ours].flatMap(([key, text]) => comparePlaceholders(file, key, theirs.get(key), text)),
    ]
  })
}

function comparePlaceholders(file: string, key: string, english: string | undefined, text: string): Problem[] {
  if (english === undefined) return []
  const [wanted, used] = [placeholders(english), placeholders(text)]
  if ('error' in wanted || 'error' in used || wanted.names.join() === used.names.join()) return []
  const what = `has the placeholders [${used.names.join(', ')}], English has [${wanted.names.join(', ')}]: use the same`
  return [{ file, key, what }]
}

/** The names in a message, sorted; a choice (select) counts with its cases, which the code sends by name. */
function placeholders(text: string): { names: string[] } | { error: string } {
  try {
    const names = new Set<string>()
    collect(elementsOf(text), names)
    return { names: [...names].sort() }
  } catch (error) {
    return { error: (error as Error).message }
  }
}

function collect(elements: MessageElement[], names: Set<string>): void {
  for (const { type, value, options = {} } of elements) {
    if (type !== 0 && type !== 7)
      names.add(type === 5 ? `${value}:${Object.keys(options).sort().join('|')}` : `${value}`)
    for (const option of Object.values(options)) collect(option.value, names)
  }
}

function checkMails(dir: string, locale: string, english: Map<string, Labels>): Problem[] {
  const labels = new Map([...english.values()].flatMap((file) => [...file]))
  return [...mailFiles(dir, locale)].flatMap(([name, { path, content }]) => {
    if (locale !== fallbackLocale && !path.includes(`/${locale}/`)) return []
    const file = path.slice(dir.length).replace(/^\//, '')
    try {
      engine(dir, locale).parse(content, name)
    } catch (error) {
      return [{ file, key: name, what: `does not parse (${(error as Error).message}): correct it` }]
    }
    return [...content.matchAll(/'([^']+)' \| say(?::([^|}]*))?/g)].flatMap(([, key = '', params = '']) => {
      const text = labels.get(key)
      if (text === undefined) return [{ file, key, what: `is said here, but templates/en has no such key: add it` }]
      const given = [...params.matchAll(/(\w+):/g)].map(([, param]) => param)
      const found = placeholders(text)
      const lacking = 'error' in found ? [] : found.names.filter((param) => !given.includes(param.split(':')[0]))
      return lacking.length ? [{ file, key, what: `is said without ${lacking.join(', ')}: give it` }] : []
    })
  })
}
