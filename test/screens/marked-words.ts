import { readFileSync, writeFileSync } from 'node:fs'
import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labelFiles, localesIn, readLabels } from '../../src/templates/labels.ts'

/** Which label of which language a piece of shown text is. Labels of the form are `form.<key>`. */
export interface Label {
  locale: string
  key: string
  text: string
}

// Characters of the private use area: nobody types them, nothing strips them, and each counts as one.
const FIRST = 0xe000
const END = '\uf8ff'

/** A copy of the templates in which every label carries which one it is, and what reads it back out of shown text. */
export interface MarkedWords {
  dir: string
  labels: Label[]
  read(text: string): ReadText
}

/** `outside`: what no label said: names, what people wrote, or words that were forgotten in the code. */
export interface ReadText {
  labels: Label[]
  outside: string
}

export async function markedWords(from = 'templates'): Promise<MarkedWords> {
  const dir = await mkdtemp(join(tmpdir(), 'deskhand-words-'))
  await cp(from, dir, { recursive: true })
  const labels: Label[] = []
  const marked = (locale: string, key: string, text: string) => {
    labels.push({ locale, key, text })
    return `${String.fromCharCode(FIRST + labels.length - 1)}${text}${END}`
  }
  for (const locale of localesIn(dir)) {
    for (const file of labelFiles(dir, locale)) {
      const read = [...readLabels(dir, locale, file)].map(([key, text]) => [
        key,
        isRead(key) ? text : marked(locale, key, text),
      ])
      writeFileSync(join(dir, locale, file), JSON.stringify(Object.fromEntries(read)))
    }
    const form = join(dir, locale, 'forms', 'intake.json')
    writeFileSync(
      form,
      JSON.stringify(markForm(JSON.parse(readFileSync(form, 'utf8')), (key, text) => marked(locale, key, text))),
    )
  }
  return { dir, labels, read: (text) => readMarks(text, labels) }
}

/** Words that people type are no words that are shown. */
const isRead = (key: string) => key.startsWith('command.word.')

type FormLabel = string | Record<string, unknown>

function markForm(form: Record<string, FormLabel>, mark: (key: string, text: string) => string) {
  const one = (key: string, label: FormLabel): FormLabel => {
    if (typeof label === 'string') return mark(key, short(label))
    return Object.fromEntries(
      Object.entries(label).map(([part, value]) => {
        if (part === 'words' || part === 'joint' || part === 'wasAsked') return [part, value]
        if (part === 'whenTooLong') return [part, one(key, value as FormLabel)]
        return [part, typeof value === 'string' ? mark(part === 'text' ? key : `${key}.${part}`, short(value)) : value]
      }),
    )
  }
  return Object.fromEntries(
    Object.entries(form).map(([key, label]) => [key, key.startsWith('$') ? label : one(`form.${key}`, label)]),
  )
}

/** Room for the marks, where a label is as long as Slack shows; how long they may be, another test says. */
const short = (text: string) => (text.length > 70 && text.length < 80 ? text.slice(0, 70) : text)

function readMarks(text: string, labels: Label[]): ReadText {
  const found: Label[] = []
  let depth = 0
  let outside = ''
  for (const sign of text) {
    const at = sign.charCodeAt(0) - FIRST
    if (sign === END) depth = Math.max(0, depth - 1)
    else if (at >= 0 && at < labels.length && sign.length === 1) {
      found.push(labels[at]!)
      depth += 1
    } else if (depth === 0) outside += sign
  }
  return { labels: found, outside }
}
