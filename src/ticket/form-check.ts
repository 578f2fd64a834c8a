import { type Field, type Form, formButtons, fullLabel, type Label, type Labels } from './form.ts'
import { answerErrors } from './form-answers.ts'
import { checkWays, waysThrough } from './form-ways.ts'

/** What is wrong with a form, for the person who edits it: in which file, at which key, and what to do. */
export type Problem = { file: string; key: string; text: string }

/** What the place that shows the form can show; characters are counted as sent, after escaping. */
export type FormLimits = {
  title: number
  introduction: number
  submit: number
  close: number
  buttonText: number
  label: number
  hint: number
  placeholder: number
  optionText: number
  optionDescription: number
  optionValue: number
  radioOptions: number
  selectOptions: number
  fieldsPerPage: number
}

/** What is chosen, not typed: nothing stands in it before. */
const kindsWithoutPlaceholder: Field['kind'][] = ['radio', 'checkboxes', 'files']

/**
 * Everything that would be wrong while somebody fills the form in; empty when it can be used. Slack refuses a whole
 * modal for one label that is too long, so the requester would press Continue and see nothing happen: a form is
 * judged before it is used, and its words as filled in by `fillLabels`.
 */
export function checkForm(
  form: Form,
  labels: Labels,
  limits: FormLimits,
  files: { form: string; labels(key: string): string; isInherited?(key: string): boolean },
): Problem[] {
  const problems: Problem[] = []
  const used = new Set<string>()
  const told = new Set<string>()
  const inForm = (key: string, text: string) => problems.push({ file: files.form, key, text })
  const inLabels = (key: string, text: string) => problems.push({ file: files.labels(key), key, text })

  for (const button of formButtons) {
    const limit = button === 'back' ? limits.buttonText : button === 'close' ? limits.close : limits.submit
    fits(`button.${button}`, { text: limit })
  }
  for (const code of answerErrors) fits(`error.${code}`, { text: limits.hint })
  for (const answer of ['yes', 'no']) fits(`answer.${answer}`, { text: limits.optionText })
  for (const page of form.pages) {
    fits(`page.${page.key}`, { text: limits.title, description: limits.introduction })
    if (page.fields.length > limits.fieldsPerPage) {
      inForm(
        `pages.${page.key}`,
        `has ${page.fields.length} fields, ${limits.fieldsPerPage} can be shown: make two pages`,
      )
    }
  }
  for (const field of new Map(form.pages.flatMap((page) => page.fields).map((field) => [field.key, field])).values()) {
    checkField(field)
  }
  for (const key of Object.keys(labels)) {
    if (!used.has(key) && !files.isInherited?.(key))
      inLabels(key, 'is the label of nothing in the form: take it out, or correct the key')
  }
  checkEqualFields()
  checkPriority()
  for (const { key, text } of checkWays(form)) inForm(key, text)
  return problems

  function checkField(field: Field): void {
    if (field.kind === 'consent') {
      fits(field.key, { text: limits.optionText, description: limits.optionDescription, hint: limits.hint })
    } else {
      const placeholder = kindsWithoutPlaceholder.includes(field.kind) ? undefined : limits.placeholder
      fits(field.key, { text: limits.label, hint: limits.hint, placeholder })
    }
    if (!('options' in field)) return
    const most = field.kind === 'radio' || field.kind === 'checkboxes' ? limits.radioOptions : limits.selectOptions
    if (field.options.length === 0 || field.options.length > most) {
      const advice = field.kind === 'radio' ? 'use kind "select" for more' : 'ask in two questions'
      inForm(field.key, `has ${field.options.length} options, 1 to ${most} can be shown: ${advice}`)
    }
    const read = new Map<string, string>()
    const values = new Set<string>()
    for (const { value } of field.options) {
      const key = `${field.key}.${value}`
      if (values.has(value)) inForm(field.key, `has the option "${value}" twice: take one out`)
      else if (value.length > limits.optionValue) {
        inForm(key, `has ${value.length} characters, an option's value has at most ${limits.optionValue}: shorten it`)
      }
      values.add(value)
      const label = fits(key, { text: limits.optionText, description: limits.optionDescription })
      const words = label && `${label.text}\n${label.description ?? ''}`
      if (words && read.get(words) && read.get(words) !== key) {
        inLabels(key, `reads the same as ${read.get(words)}: nobody could tell them apart`)
      }
      if (words) read.set(words, key)
    }
  }

  /** Notes what is too long in a label, missing or not filled in; gives back the label. */
  function fits(
    key: string,
    most: Partial<Record<'text' | 'description' | 'hint' | 'placeholder', number | undefined>>,
  ): Label | undefined {
    used.add(key)
    const label = Object.hasOwn(labels, key) ? labels[key] : undefined
    if (!label) {
      inLabels(key, 'is missing: the form asks for this label, so write it')
      return undefined
    }
    for (const part of ['text', 'description', 'hint', 'placeholder'] as const) {
      const words = label[part]
      if (words === undefined) continue
      const limit = most[part]
      const length = sentLength(words)
      if (limit === undefined) {
        // A label's description is only shown where there is room for one; elsewhere its words would be lost.
        inLabels(key, `has a ${part}, which is not shown here: use "${part === 'description' ? 'hint' : 'text'}"`)
      } else if (words.trim() === '') inLabels(key, `has an empty ${part}: write it or take it out`)
      else if (length > limit) inLabels(key, tooLong(part, length, limit, key, label))
      const open = /\{\w+\}/.exec(words)?.[0]
      if (open) inLabels(key, `contains ${open}, which nothing fills in: only {company} is known`)
    }
    return label
  }

  function tooLong(part: string, length: number, limit: number, key: string, label: Label): string {
    const advice =
      part === 'text' && limit === limits.optionText && !key.startsWith('button.') && label.joint === undefined
        ? 'split it into "text", "joint" and "description", which together are the whole label'
        : 'shorten it'
    return `${part} has ${length} characters, ${limit} can be shown: ${advice} (“${fullLabel(label)}”)`
  }

  /** Two questions on one page that read the same; of those that are never asked together nobody has to tell which is which. */
  function checkEqualFields(): void {
    if (checkWays(form).length > 0) return
    for (const page of waysThrough(form).flatMap(({ pages }) => pages)) {
      const read = new Map<string, string>()
      for (const { key } of page.fields) {
        const words = Object.hasOwn(labels, key) ? fullLabel(labels[key]!) : ''
        const before = words && read.get(words)
        if (before && !told.has(key)) {
          inLabels(key, `reads the same as ${before} on the page ${page.key}: nobody could tell them apart`)
          told.add(key)
        }
        read.set(words, key)
      }
    }
  }

  function checkPriority(): void {
    const optionsOf = (key: string | undefined) => {
      const field = form.pages.flatMap((page) => page.fields).find((one) => one.key === key)
      return field && 'options' in field ? field.options.map(({ value }) => value) : []
    }
    const [impacts, users] = [optionsOf(form.roles.impact), optionsOf(form.roles.users)]
    const table = form.priority.byImpactAndUsers
    for (const impact of impacts) {
      for (const user of users) {
        if (!table[impact]?.[user]) {
          inForm(`priority.byImpactAndUsers.${impact}.${user}`, 'is missing: say low, normal, high or urgent')
        }
      }
    }
    for (const [impact, row] of Object.entries(table)) {
      for (const user of Object.keys(row)) {
        if (impacts.includes(impact) && users.includes(user)) continue
        inForm(`priority.byImpactAndUsers.${impact}.${user}`, 'is no combination of options: take it out')
      }
    }
  }
}

/** A label as it stands in the file: `whenTooLong` is how to split it where a name filled in makes it too long. */
export type WrittenLabel = Label & { whenTooLong?: Pick<Label, 'text' | 'joint' | 'description'> }

/** The labels with the names of this installation filled in, such as `{company}`, split where they say so. */
export function fillLabels(
  written: Record<string, WrittenLabel>,
  names: { company: string },
  limits: FormLimits,
): Labels {
  const fill = (label: Label): Label => {
    const filled = Object.entries(label).map(([part, words]) => [
      part,
      words.replaceAll('{company}', () => names.company),
    ])
    return Object.fromEntries(filled)
  }
  const labels: Labels = {}
  for (const [key, { whenTooLong, ...label }] of Object.entries(written)) {
    const tooLong = whenTooLong && sentLength(fill(label).text) > limits.optionText
    labels[key] = fill(tooLong ? { ...label, ...whenTooLong } : label)
  }
  return labels
}

/** Characters as Slack counts them: after escaping `&`, `<` and `>` (docs.slack.dev, formatting message text). */
function sentLength(words: string): number {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').length
}
