import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Field, Form, Labels, Page } from './ticket/form.ts'
import { checkForm, type FormLimits, fillLabels, type Problem } from './ticket/form-check.ts'

/** A form and its words in one locale, ready to be shown. */
export type ReadForm = { form: Form; labels: Labels }

/**
 * The form `<dir>/forms/<name>.json` with the words of `<dir>/<locale>/forms/<name>.json`, checked. Throws a
 * FormError that lists every problem at once with file, key and what to do; nothing is shown to anybody until the
 * form is right.
 */
export async function readForm(
  dir: string,
  locale: string,
  options: { company: string; name?: string; limits?: FormLimits },
): Promise<ReadForm> {
  const name = options.name ?? 'intake'
  const files = { form: join(dir, 'forms', `${name}.json`), labels: join(dir, locale, 'forms', `${name}.json`) }
  const [shape, words] = await Promise.all([readJson(files.form, formShape), readJson(files.labels, labelsShape)])
  const limits = options.limits ?? slackFormLimits
  const { $comment: _, ...said } = words
  const written = Object.entries(said).map(([key, label]) => [key, typeof label === 'string' ? { text: label } : label])
  const labels = fillLabels(Object.fromEntries(written), options, limits)
  const { form, problems } = formFrom(shape, files.form)
  if (problems.length === 0) problems.push(...checkForm(form, labels, limits, files))
  if (problems.length > 0) throw new FormError(problems)
  return { form, labels }
}

/** The form's words in each of `locales` that has any. Throws as `readForm` does. */
export async function readFormLabels(
  dir: string,
  locales: string[],
  options: { company: string; name?: string },
): Promise<Record<string, Labels>> {
  const has = (locale: string) => existsSync(join(dir, locale, 'forms', `${options.name ?? 'intake'}.json`))
  const read = locales.filter(has).map(async (locale) => [locale, (await readForm(dir, locale, options)).labels])
  return Object.fromEntries(await Promise.all(read))
}

/** A form that cannot be used; the message has one line for each problem. */
export class FormError extends Error {
  readonly problems: Problem[]

  constructor(problems: Problem[]) {
    super(problems.map(({ file, key, text }) => `${file}: ${key === '' ? '' : `${key} `}${text}`).join('\n'))
    this.name = 'FormError'
    this.problems = problems
  }
}

/** What a Slack modal can show (docs.slack.dev: modal views, input block, option object, radio and select elements). */
export const slackFormLimits: FormLimits = {
  title: 24,
  introduction: 3000,
  submit: 24,
  close: 24,
  buttonText: 75,
  label: 2000,
  hint: 2000,
  placeholder: 150,
  optionText: 75,
  optionDescription: 75,
  optionValue: 150,
  radioOptions: 10,
  selectOptions: 100,
  fieldsPerPage: 90, // a view has 100 blocks; the rest is for the introduction, Back and suggestions
}

const key = z.string().regex(/^[a-z0-9_]{1,60}$/, 'write a key of small letters, digits and _')
const showWhen = z.record(key, z.array(key).min(1)).optional()
const question = { required: z.boolean(), showWhen }
const MOST_CHARACTERS = 3000 // of a plain_text_input, docs.slack.dev
const MOST_FILES = 10 // of a file_input, docs.slack.dev
const fieldShape = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['name', 'text', 'longtext']),
    maxLength: z.int().min(1).max(MOST_CHARACTERS),
    ...question,
  }),
  z.strictObject({ kind: z.enum(['select', 'radio']), options: z.array(key), ...question }),
  z.strictObject({ kind: z.literal('account'), ...question }),
  z.strictObject({ kind: z.literal('files'), maxFiles: z.int().min(1).max(MOST_FILES), ...question }),
  z.strictObject({ kind: z.literal('consent'), ticked: z.boolean(), ...question }),
])
const priority = z.enum(['low', 'normal', 'high', 'urgent'])
const formShape = z.strictObject({
  name: key,
  version: z.string().min(1),
  fields: z.record(key, fieldShape),
  pages: z.array(z.strictObject({ key, showWhen, fields: z.array(key).min(1) })).min(1),
  roles: z.strictObject({
    name: key,
    account: key,
    branch: key,
    subject: z.array(key).min(1),
    description: z.array(key),
    problemType: key.optional(),
    impact: key.optional(),
    users: key.optional(),
    experience: key.optional(),
    consent: key.optional(),
    files: key.optional(),
  }),
  priority: z.strictObject({ otherwise: priority, byImpactAndUsers: z.record(key, z.record(key, priority)) }),
})
const splitShape = z.strictObject({
  text: z.string(),
  joint: z.string().optional(),
  description: z.string().optional(),
})
const labelShape = splitShape.extend({
  hint: z.string().optional(),
  placeholder: z.string().optional(),
  words: z.string().optional(),
  whenTooLong: splitShape.optional(),
})
const labelsShape = z.record(z.string(), z.union([z.string(), labelShape]))

/** The form with the fields put into its pages; what the pages name wrongly, as problems. */
function formFrom(shape: z.infer<typeof formShape>, file: string): { form: Form; problems: Problem[] } {
  const problems: Problem[] = []
  const placed = new Set<string>()
  const seen = new Set<string>()
  const pages = shape.pages.map((page): Page => {
    if (seen.has(page.key)) problems.push({ file, key: `pages.${page.key}`, text: 'is there twice: rename one' })
    seen.add(page.key)
    const fields = page.fields.flatMap((name): Field[] => {
      placed.add(name)
      const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined
      if (field) return [fieldFrom(name, field)]
      problems.push({ file, key: `pages.${page.key}`, text: `names the field "${name}", which is not under "fields"` })
      return []
    })
    return { key: page.key, ...(page.showWhen && { showWhen: page.showWhen }), fields }
  })
  for (const name of Object.keys(shape.fields)) {
    if (!placed.has(name))
      problems.push({ file, key: `fields.${name}`, text: 'is on no page: put it on one or take it out' })
  }
  const { name, version, roles, priority } = shape
  return { form: { name, version, pages, roles, priority }, problems }
}

function fieldFrom(key: string, field: z.infer<typeof fieldShape>): Field {
  return 'options' in field ? { key, ...field, options: field.options.map((value) => ({ value })) } : { key, ...field }
}

/** The content of a JSON file of this shape. A file that is not there, not JSON or of another shape is a FormError. */
async function readJson<T>(file: string, shape: z.ZodType<T>): Promise<T> {
  const problem = (text: string, key = '') => new FormError([{ file, key, text }])
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw problem(
      cause.code === 'ENOENT' ? 'is missing: restore it, or correct TEMPLATES_DIR' : `cannot be read: ${cause.message}`,
    )
  })
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    throw problem(`is not JSON (${(error as Error).message}): correct it there`)
  }
  const read = shape.safeParse(content)
  if (read.success) return read.data
  throw new FormError(
    read.error.issues.map((issue) => ({ file, key: issue.path.join('.'), text: `is wrong: ${issue.message}` })),
  )
}
