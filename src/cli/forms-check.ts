import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { DeskFileError, readDeskFile } from '../desk-file.ts'
import { FormError, readForm, readWholeForm } from '../form-file.ts'
import { loadTemplates } from '../templates.ts'
import { answersSchema } from '../ticket/form-schema.ts'
import { labelsIn } from '../ticket/questions.ts'
import { walk } from './form-walk.ts'

const usage = `npm run -s forms:check -- [--form NAME] [--locale LOCALE]
npm run -s forms:check -- --schema NAME [--locale LOCALE]

Checks every form in templates/forms (or TEMPLATES_DIR/forms) with its words in every language: what Slack could not
show, what is missing, left over, never reached or not to be told apart, each with file, key and what to do. Exit code 1
when there is anything.

When there is nothing, prints the form that desk.yaml asks, or NAME, as a person walks through it, in every language or
in LOCALE; * stands for what must be answered. --schema prints the answers to NAME as a JSON Schema instead.
`

/** What a run says, and its exit code. */
export interface Checked {
  text: string
  code: 0 | 1 | 2
}

export interface CheckOptions {
  dir: string
  form?: string | undefined
  locale?: string | undefined
  schema?: string | undefined
}

/** Checks the forms in `dir`; then what is wrong, or the form asked for. */
export async function checkForms({ dir, form, locale, schema }: CheckOptions): Promise<Checked> {
  const desk = await readDeskFile(dir).catch((error) => {
    if (error instanceof DeskFileError) return error
    throw error
  })
  if (desk instanceof DeskFileError) return { text: `${desk.message}\n`, code: 1 }
  const { locales } = await loadTemplates(dir, () => {})
  const forms = (await readdir(join(dir, 'forms'))).filter((file) => file.endsWith('.json')).sort()
  const names = forms.map((file) => file.slice(0, -'.json'.length))
  const name = schema ?? form ?? desk.form ?? 'intake'
  if (!names.includes(name)) return { text: `there is no form "${name}": use ${names.join(' or ')}\n`, code: 2 }
  if (locale !== undefined && !locales.includes(locale))
    return { text: `there is no language "${locale}": use ${locales.join(' or ')}\n`, code: 2 }

  const options = { company: desk.company, consentTicked: desk.consentTicked }
  const problems = new Set<string>()
  for (const each of names)
    for (const spoken of locales)
      await readForm(dir, spoken, { ...options, name: each }).catch((error) => {
        if (!(error instanceof FormError)) throw error
        for (const line of error.message.split('\n')) problems.add(line)
      })
  if (problems.size > 0) return { text: `${[...problems].join('\n')}\n`, code: 1 }

  const whole = await readWholeForm(dir, locales, { ...options, name })
  if (schema !== undefined) {
    const found = answersSchema(whole.form, labelsIn(whole.labels, locale ?? 'en'))
    return { text: `${JSON.stringify(found, null, 2)}\n`, code: 0 }
  }
  const shown = (locale === undefined ? locales : [locale]).map(
    (spoken) =>
      `${name} (${spoken}), version ${whole.form.version}\n${walk(whole.form, labelsIn(whole.labels, spoken))}\n`,
  )
  return { text: shown.join('\n'), code: 0 }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const { values } = parseArgs({
      options: {
        form: { type: 'string' },
        locale: { type: 'string' },
        schema: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const dir = resolve(process.env.INIT_CWD ?? '.', process.env.TEMPLATES_DIR ?? 'templates')
    const { text, code } = values.help ? ({ text: usage, code: 0 } as const) : await checkForms({ dir, ...values })
    ;(code === 0 ? process.stdout : process.stderr).write(text)
    process.exitCode = code
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`)
    process.exitCode = 2
  }
}
