/**
 * The intake form as data: which pages the requester sees, in which order, given the answers so far.
 * Reading the answers is in form-answers.ts, judging a form before it is used in form-check.ts.
 */
import type { Priority } from './ticket.ts'

/**
 * One questionnaire. `version` is made of its content, questions and words: another one whenever anything of it changes.
 * A ticket keeps the one it was asked with.
 */
export type Form = {
  name: string
  version: string
  pages: Page[]
  roles: FieldRoles
  priority: PriorityTable
}

/** What is asked at once: one modal in Slack. Its title and introduction are the label `page.<key>`. */
export type Page = { key: string; showWhen?: ShowWhen; fields: Field[] }

/** One question. Its label is the label `<key>`, and the label of one of its options `<key>.<value>`. */
export type Field = TextField | NumberField | DateField | ChoiceField | AccountField | FilesField | ConsentField

type Question = { key: string; required: boolean; showWhen?: ShowWhen }
/**
 * Typed words; all but `longtext` hold one line, `email` one mail address, `url` one http or https address. Lengths are
 * UTF-16 units, never above Slack's 3000.
 */
export type TextField = Question & { kind: 'name' | 'text' | 'longtext' | 'email' | 'url'; maxLength: number }
/** A number between `min` and `max`, both included; a whole one unless `decimals`. */
export type NumberField = Question & { kind: 'number'; decimals: boolean; min?: number; max?: number }
/** A day of the calendar, YYYY-MM-DD. */
export type DateField = Question & { kind: 'date' }
/** One option, or with `checkboxes` any number of them. */
export type ChoiceField = Question & { kind: 'select' | 'radio' | 'checkboxes'; options: Option[] }
/** The store help is asked for; which ones are offered depends on who asks, so it is known only when asked. */
export type AccountField = Question & { kind: 'account' }
export type FilesField = Question & { kind: 'files'; maxFiles: number }
/** One checkbox; its label is the text beside the box. `ticked` says how it stands before anybody touches it. */
export type ConsentField = Question & { kind: 'consent'; ticked: boolean }
export type Option = { value: string }

/**
 * Shown when every field named here was answered with one of its values, or has one of them among those chosen. Fields
 * not asked count as not answered.
 */
export type ShowWhen = Record<string, string[]>

/** What was filled in, by field key. A field left empty has no entry; consent is always true or false. */
export type Answers = Record<string, Answer>
export type Answer = string | number | boolean | string[] | AnsweredFile[]
/** A file where it was uploaded, still to be fetched: Slack's id, its private address, size in bytes. */
export type AnsweredFile = { id: string; name: string; contentType: string; size: number; url: string }

/** Which field a ticket takes which of its own fields from. A list: the first one that was asked and answered. */
export type FieldRoles = {
  name: string
  account: string
  branch: string
  subject: string[]
  description: string[]
  problemType?: string
  impact?: string
  users?: string
  experience?: string
  consent?: string
  files?: string
}

/** Impact, then affected users, to a priority; `otherwise` where one of the two was not asked. */
export type PriorityTable = { otherwise: Priority; byImpactAndUsers: Record<string, Record<string, Priority>> }

/** The words of a form in one locale, by key: `page.<page>`, `<field>`, `<field>.<option>`, `button.<button>`. */
export type Labels = Record<string, Label>

/** A form and its words in every locale that has any. */
export type WholeForm = { form: Form; labels: Record<string, Labels> }

/**
 * One label. `joint` marks a label that was too long for one line and was split by hand: text + joint + description
 * is then the exact label; without it, `description` is an explanation beside the label.
 */
export type Label = {
  text: string
  description?: string
  joint?: string
  hint?: string
  placeholder?: string
  /** What people call it in a mail, with commas between; the first one is how we call it there. Never shown in a form. */
  words?: string
}

/** The labels of the buttons a form always has, as `button.<key>`. */
export const formButtons = ['continue', 'send', 'back', 'close'] as const

/** The pages on the way through the form, each with only the fields to show; a page with none is left out. */
export function pagesFor(form: Form, answers: Answers): Page[] {
  const path: Page[] = []
  let asked: Answers = {}
  for (const page of form.pages) {
    // Only answers to questions on this path count: the requester may have come back and chosen another branch.
    if (!holds(page.showWhen, asked)) continue
    const fields = visibleFields(page, asked)
    if (fields.length === 0) continue
    path.push({ ...page, fields })
    asked = { ...asked, ...pick(answers, fields) }
  }
  return path
}

/** The fields of a page to show, given answers to earlier pages. */
export function visibleFields(page: Page, answers: Answers): Field[] {
  return page.fields.filter((field) => holds(field.showWhen, answers))
}

/**
 * What a page is filled with before anybody types: their answers, and, on a way that asks for no subject in words, the
 * subject they said beforehand as the description that is still empty.
 */
export function filledBefore(form: Form, page: Page, answers: Answers): Answers {
  const { subject, description } = form.roles
  const isSubject = ({ key, kind }: Field) => kind === 'text' && subject.includes(key)
  const said = answerTo(answers, form.pages.flatMap(({ fields }) => fields).find(isSubject)?.key)
  if (typeof said !== 'string' || pagesFor(form, answers).some(({ fields }) => fields.some(isSubject))) return answers
  const empty = page.fields.find(({ key, kind }) => kind === 'longtext' && description.includes(key) && !answers[key])
  return empty ? { ...answers, [empty.key]: said } : answers
}

/** The page after `pageKey`, or undefined when that was the last. Ask with the answers of that page already in. */
export function nextPage(form: Form, pageKey: string, answers: Answers): Page | undefined {
  return neighbour(form, pageKey, answers, 1)
}

/** The page before `pageKey`, or undefined on the first: there the Back button is left out. */
export function previousPage(form: Form, pageKey: string, answers: Answers): Page | undefined {
  return neighbour(form, pageKey, answers, -1)
}

/** 'send' where no answer on this page can lead to another page, else 'continue'. */
export function submitButton(form: Form, pageKey: string, answers: Answers): 'continue' | 'send' {
  const path = pagesFor(form, answers)
  const here = path.findIndex((page) => page.key === pageKey)
  const before = path.slice(0, here).flatMap((page) => page.fields)
  const settled = pick(answers, before)
  const asked = new Set(before.map((field) => field.key))
  const open = new Set(path[here]?.fields.map((field) => field.key))

  for (const page of form.pages.slice(form.pages.findIndex(({ key }) => key === pageKey) + 1)) {
    if (page.fields.some((field) => mayHold(page.showWhen) && mayHold(field.showWhen))) return 'continue'
  }
  return 'send'

  function mayHold(showWhen: ShowWhen = {}): boolean {
    return Object.entries(showWhen).every(([key, values]) =>
      asked.has(key) ? holds({ [key]: values }, settled) : open.has(key),
    )
  }
}

/** The words of a label as one line: the exact label where it was split to fit. */
export function fullLabel(label: Label): string {
  return label.joint === undefined ? label.text : label.text + label.joint + (label.description ?? '')
}

/** The label of a key. Throws when there is none: form-check.ts finds that before a form is used. */
export function labelOf(labels: Labels, key: string): Label {
  const label = Object.hasOwn(labels, key) ? labels[key] : undefined
  if (!label) throw new Error(`the form has no label "${key}": add it to the labels of this locale`)
  return label
}

/** Whether every condition is met; no condition is always met. */
export function holds(showWhen: ShowWhen | undefined, answers: Answers): boolean {
  return Object.entries(showWhen ?? {}).every(([key, values]) => {
    const answer = answerTo(answers, key)
    if (Array.isArray(answer)) return answer.some((one) => typeof one === 'string' && values.includes(one))
    return typeof answer === 'string' && values.includes(answer)
  })
}

/** The files in an answer; none in an answer that is something else. */
export function filesIn(answer: Answer | undefined): AnsweredFile[] {
  return Array.isArray(answer) ? answer.filter((one): one is AnsweredFile => typeof one === 'object') : []
}

/** What was answered to a field, or undefined. */
export function answerTo(answers: Answers, key: string | undefined): Answer | undefined {
  return key !== undefined && Object.hasOwn(answers, key) ? answers[key] : undefined
}

function neighbour(form: Form, pageKey: string, answers: Answers, step: 1 | -1): Page | undefined {
  const path = pagesFor(form, answers)
  const here = path.findIndex((page) => page.key === pageKey)
  if (here < 0) throw new Error(`page "${pageKey}" is not on the way these answers take: start again at the first page`)
  return path[here + step]
}

function pick(answers: Answers, fields: Field[]): Answers {
  const picked: Answers = {}
  for (const { key } of fields) {
    const answer = answerTo(answers, key)
    if (answer !== undefined) picked[key] = answer
  }
  return picked
}
