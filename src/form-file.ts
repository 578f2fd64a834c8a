import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { formShape, labelsShape, variantShape, type WrittenField, type WrittenForm } from './form-file-shape.ts'
import { repeatedKeys } from './repeated-keys.ts'
import type { Field, Form, Labels, Page, WholeForm } from './ticket/form.ts'
import { checkForm, type FormLimits, fillLabels, type Problem, type WrittenLabel } from './ticket/form-check.ts'

/** A form and its words in one locale, ready to be shown. */
export type ReadForm = { form: Form; labels: Labels }

export interface FormOptions {
  company: string
  /** The form's file, 'intake' unless said. */
  name?: string | undefined
  limits?: FormLimits
  /** Whether the box of consent is ticked before anybody touches it; as the form says where left out (X19). */
  consentTicked?: boolean | undefined
}

/**
 * The form `<dir>/forms/<name>.json` with the words of `<dir>/<locale>/forms/<name>.json`, checked. A form that extends
 * another takes from it whatever it does not say itself, words too. Throws a FormError that lists every problem at once
 * with file, key and what to do; nothing is shown to anybody until the form is right. The version is of this locale only.
 */
export async function readForm(dir: string, locale: string, options: FormOptions): Promise<ReadForm> {
  const limits = options.limits ?? slackFormLimits
  const { file, shape, base } = await readShape(dir, options.name ?? 'intake')
  const words = await readWords(dir, locale, options.name ?? 'intake', base)
  const labels = fillLabels(words.labels, options, limits)
  const { form, problems } = formFrom(shape, file, options.consentTicked)
  // Tickets keep their form by its name: two of one name would be told apart by nothing else.
  if (shape.name !== (options.name ?? 'intake'))
    problems.push({ file, key: 'name', text: `is "${shape.name}", the file's is another: write the name of the file` })
  if (problems.length === 0)
    problems.push(
      ...checkForm(form, labels, limits, { form: file, labels: words.fileOf, isInherited: words.isInherited }),
    )
  if (problems.length > 0) throw new FormError(problems)
  return { form: { ...form, version: versionOf(form, labels) }, labels }
}

/**
 * The form with its words in each of `locales` that has any, English always. Its version changes with every question
 * and every word, so that an old one shows an old ticket as it was asked. Throws as `readForm` does.
 */
export async function readWholeForm(dir: string, locales: string[], options: FormOptions): Promise<WholeForm> {
  const { form } = await readForm(dir, 'en', options)
  const { base } = await readShape(dir, options.name ?? 'intake')
  const names = [options.name ?? 'intake', ...(base ? [base] : [])]
  const has = (locale: string) => names.some((name) => existsSync(labelsFile(dir, locale, name)))
  const read = ['en', ...locales.filter((locale) => locale !== 'en' && has(locale))].map(
    async (locale) => [locale, (await readForm(dir, locale, options)).labels] as const,
  )
  const labels = Object.fromEntries(await Promise.all(read))
  return { form: { ...form, version: versionOf(form, labels) }, labels }
}

const formFile = (dir: string, name: string) => join(dir, 'forms', `${name}.json`)
const labelsFile = (dir: string, locale: string, name: string) => join(dir, locale, 'forms', `${name}.json`)

/** What a form says, with what it takes from the one it extends. */
async function readShape(
  dir: string,
  name: string,
): Promise<{ file: string; shape: WrittenForm; base: string | null }> {
  const file = formFile(dir, name)
  const written = await readJson(file, z.record(z.string(), z.unknown()))
  if (written.extends === undefined) return { file, shape: shaped(written, formShape, file), base: null }
  const { extends: base, fields, ...others } = shaped(written, variantShape, file)
  const from = await readJson(formFile(dir, base), z.record(z.string(), z.unknown()))
  if (from.extends !== undefined)
    throw new FormError([
      { file, key: 'extends', text: `names "${base}", which extends another form itself: name that` },
    ])
  const { fields: inherited } = shaped(from, formShape, formFile(dir, base))
  const merged = Object.entries(fields).map(([key, over]) => [key, { ...inherited[key], ...over }])
  const shape = { ...from, ...others, fields: { ...inherited, ...Object.fromEntries(merged) } }
  return { file, shape: shaped(shape, formShape, file), base }
}

interface FormWords {
  labels: Record<string, WrittenLabel>
  /** The file that says this key, or where it has to be said. */
  fileOf(key: string): string
  /** Whether the label is another form's, which may have more of them than this one asks for. */
  isInherited(key: string): boolean
}

async function readWords(dir: string, locale: string, name: string, base: string | null): Promise<FormWords> {
  const own = labelsFile(dir, locale, name)
  const read = async (file: string) => {
    const { $comment: _, ...said } = await readJson(file, labelsShape)
    return Object.fromEntries(
      Object.entries(said).map(([key, label]) => [key, typeof label === 'string' ? { text: label } : label]),
    )
  }
  if (base === null) return { labels: await read(own), fileOf: () => own, isInherited: () => false }
  const others = labelsFile(dir, locale, base)
  const inherited = await read(others)
  const labels = existsSync(own) ? await read(own) : {}
  const isInherited = (key: string) => !Object.hasOwn(labels, key) && Object.hasOwn(inherited, key)
  return { labels: { ...inherited, ...labels }, fileOf: (key) => (isInherited(key) ? others : own), isInherited }
}

/** The same for the same content, in 16 characters. */
function versionOf({ version: _, ...form }: Form, labels: object): string {
  return createHash('sha256')
    .update(JSON.stringify([form, labels]))
    .digest('hex')
    .slice(0, 16)
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

/** The form with the fields put into its pages; what the pages name wrongly, as problems. */
function formFrom(
  shape: WrittenForm,
  file: string,
  consentTicked: boolean | undefined,
): { form: Form; problems: Problem[] } {
  const problems: Problem[] = []
  const placed = new Set<string>()
  const seen = new Set<string>()
  const pages = shape.pages.map((page): Page => {
    if (seen.has(page.key)) problems.push({ file, key: `pages.${page.key}`, text: 'is there twice: rename one' })
    seen.add(page.key)
    const fields = page.fields.flatMap((name): Field[] => {
      placed.add(name)
      const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined
      if (field) return [fieldFrom(name, field, consentTicked)]
      problems.push({ file, key: `pages.${page.key}`, text: `names the field "${name}", which is not under "fields"` })
      return []
    })
    return { key: page.key, ...(page.showWhen && { showWhen: page.showWhen }), fields }
  })
  for (const name of Object.keys(shape.fields)) {
    if (!placed.has(name))
      problems.push({ file, key: `fields.${name}`, text: 'is on no page: put it on one or take it out' })
  }
  const { name, roles, priority } = shape
  return { form: { name, version: '', pages, roles, priority }, problems }
}

function fieldFrom(key: string, field: WrittenField, consentTicked: boolean | undefined): Field {
  if (field.kind === 'consent') return { key, ...field, ticked: consentTicked ?? field.ticked }
  return 'options' in field ? { key, ...field, options: field.options.map((value) => ({ value })) } : { key, ...field }
}

/**
 * The content of a JSON file of this shape. A file that is not there, not JSON, of another shape or says a key twice is a
 * FormError.
 */
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
  const twice = repeatedKeys(text).map((key) => ({
    file,
    key,
    text: 'is there twice, and only one counts: take one out',
  }))
  if (twice.length > 0) throw new FormError(twice)
  return shaped(content, shape, file)
}

function shaped<T>(content: unknown, shape: z.ZodType<T>, file: string): T {
  const read = shape.safeParse(content)
  if (read.success) return read.data
  throw new FormError(
    read.error.issues.map((issue) => ({ file, key: issue.path.join('.'), text: `is wrong: ${issue.message}` })),
  )
}
