import {
  type Answer,
  type AnsweredFile,
  type Answers,
  answerTo,
  type Field,
  type Form,
  filesIn,
  fullLabel,
  type Labels,
  labelOf,
  type Page,
  pagesFor,
} from './form.ts'
import { readAnswer } from './form-read.ts'
import type { Priority } from './ticket.ts'

/** Why an answer was not taken; the label `error.<code>` says it to the requester. */
export type AnswerError = (typeof answerErrors)[number]
export const answerErrors = [
  'required',
  'unknown-option',
  'too-long',
  'too-many-files',
  'not-an-email',
  'not-a-url',
  'not-a-number',
  'out-of-range',
  'not-a-date',
  'not-an-answer',
] as const

/** What was known only when the form was opened: the stores the requester may name, by key. */
export type Choices = { accounts: { key: string; name: string }[] }

/**
 * The answers of one page, trimmed, or one error by field key. Give a page of `pagesFor`, so that hidden fields are
 * neither asked for nor taken. What came from outside is believed in nothing: a store the requester does not belong
 * to is an unknown option. `before` holds earlier answers: files sent with them need not be sent again.
 */
export function checkAnswers(
  page: Page,
  raw: Record<string, unknown>,
  choices: Choices,
  before: Answers = {},
): { answers: Answers } | { errors: Record<string, AnswerError> } {
  const answers: Answers = {}
  const errors: Record<string, AnswerError> = {}
  for (const field of page.fields) {
    const read = readAnswer(field, Object.hasOwn(raw, field.key) ? raw[field.key] : undefined, choices)
    if (read === undefined) {
      const kept = field.kind === 'files' && !isBlank(answerTo(before, field.key))
      if (field.required && !kept) errors[field.key] = 'required'
    } else if ('error' in read) errors[field.key] = read.error
    else answers[field.key] = read.answer
  }
  return Object.keys(errors).length > 0 ? { errors } : { answers }
}

/**
 * All answers after a page was answered: what it no longer answers is gone, what other pages said stays. Files stay
 * until others are chosen, since a file input comes back empty whatever it held.
 */
export function withPage(before: Answers, page: Page, now: Answers): Answers {
  const asked = new Set(page.fields.filter((field) => field.kind !== 'files').map((field) => field.key))
  return { ...Object.fromEntries(Object.entries(before).filter(([key]) => !asked.has(key))), ...now }
}

/**
 * Keys of required fields on the way these answers take that have no answer; empty when the form can be sent. An
 * option, or with `choices` a store, that is not offered any more is no answer: a draft may be older than the form.
 */
export function missing(form: Form, answers: Answers, choices?: Choices): string[] {
  return fieldsFor(form, answers)
    .filter((field) => field.required && !isAnswered(field, answers, choices))
    .map((field) => field.key)
}

/** What a ticket takes from a filled-in form. */
export type TicketFields = {
  subject: string
  branch: string
  accountKey: string
  requesterName: string
  priority: Priority
  description: string
  problemType: string | null
  impact: string | null
  users: string | null
  experience: string | null
  consent: boolean | null
  files: AnsweredFile[]
  form: { name: string; version: string }
  /** Only the questions that were asked, without what was answered on a way not taken. */
  answers: Answers
}

/**
 * The fields of the ticket these answers open. The subject is the requester's words, or the exact label of the
 * option they chose; questions without a place of their own (those of a commercial request) precede the description,
 * one a line. Throws when something required is missing: ask `missing` first.
 */
export function ticketFields(form: Form, labels: Labels, answers: Answers, choices: Choices): TicketFields {
  const lacking = missing(form, answers, choices)
  if (lacking.length > 0)
    throw new Error(`the form is not complete: ask for ${lacking.join(', ')} before opening a ticket`)
  const { roles } = form
  const asked = askedAnswers(form, answers)
  const text = (key: string | undefined): string | null => {
    const answer = answerTo(asked, key)
    return typeof answer === 'string' ? answer : null
  }
  const answered = (keys: string[]) => keys.find((key) => !isBlank(answerTo(asked, key)))
  const subjectKey = answered(roles.subject)
  const subject = fieldsFor(form, answers).find((field) => field.key === subjectKey)
  const taken = new Set(Object.values(roles).flat())
  const details = fieldsFor(form, answers)
    .filter((field) => !taken.has(field.key) && !isBlank(answerTo(asked, field.key)))
    .map((field) => `${fullLabel(labelOf(labels, field.key))}: ${shown(field, labels, asked, choices)}`)
  const consent = answerTo(asked, roles.consent)
  return {
    subject: subject ? shown(subject, labels, asked, choices) : '',
    branch: text(roles.branch) ?? '',
    accountKey: text(roles.account) ?? '',
    requesterName: text(roles.name) ?? '',
    priority: priorityOf(form, answers),
    description: [details.join('\n'), text(answered(roles.description)) ?? ''].filter(Boolean).join('\n\n'),
    problemType: text(roles.problemType),
    impact: text(roles.impact),
    users: text(roles.users),
    experience: text(roles.experience),
    consent: typeof consent === 'boolean' ? consent : null,
    files: filesIn(answerTo(asked, roles.files)),
    form: { name: form.name, version: form.version },
    answers: asked,
  }
}

/** The priority impact and affected users make, or the form's `otherwise` where one of them was not asked. */
export function priorityOf(form: Form, answers: Answers): Priority {
  const asked = askedAnswers(form, answers)
  const impact = answerTo(asked, form.roles.impact)
  const users = answerTo(asked, form.roles.users)
  return form.priority.byImpactAndUsers[String(impact)]?.[String(users)] ?? form.priority.otherwise
}

/**
 * Question and answer as the requester saw them, in the order asked; unanswered ones left out. Files by name. An
 * option the form has no more, on a ticket older than the form, is shown by its value.
 */
export function describeAnswers(
  form: Form,
  labels: Labels,
  answers: Answers,
  choices: Choices,
): { key: string; label: string; value: string }[] {
  return fieldsFor(form, answers)
    .filter((field) => !isBlank(answerTo(answers, field.key)))
    .map((field) => ({
      key: field.key,
      label: fullLabel(labelOf(labels, field.key)),
      value: shown(field, labels, answers, choices),
    }))
}

/** The answers to questions on the way these answers take. */
export function askedAnswers(form: Form, answers: Answers): Answers {
  const asked: Answers = {}
  for (const field of fieldsFor(form, answers)) {
    const answer = answerTo(answers, field.key)
    if (answer !== undefined && isAnswered(field, answers)) asked[field.key] = answer
  }
  return asked
}

function fieldsFor(form: Form, answers: Answers): Field[] {
  return pagesFor(form, answers).flatMap((page) => page.fields)
}

function shown(field: Field, labels: Labels, answers: Answers, choices: Choices): string {
  const answer = answerTo(answers, field.key)
  if (field.kind === 'files')
    return filesIn(answer)
      .map(({ name }) => name)
      .join(', ')
  if (Array.isArray(answer)) return answer.map((one) => chosen(field, labels, one)).join(', ')
  if (typeof answer === 'boolean') return fullLabel(labelOf(labels, answer ? 'answer.yes' : 'answer.no'))
  if (answer === undefined) return ''
  if (field.kind === 'account') return choices.accounts.find(({ key }) => key === answer)?.name ?? String(answer)
  return 'options' in field ? chosen(field, labels, answer) : String(answer)
}

/** An option in the form's words; by its value where the form has it no more. */
function chosen(field: Field, labels: Labels, value: unknown): string {
  const isOffered = 'options' in field && field.options.some((option) => option.value === value)
  return isOffered ? fullLabel(labelOf(labels, `${field.key}.${value}`)) : String(value)
}

function isAnswered(field: Field, answers: Answers, choices?: Choices): boolean {
  const answer = answerTo(answers, field.key)
  if (isBlank(answer)) return false
  const read = readAnswer(field, answer, choices)
  return read !== undefined && 'answer' in read
}

function isBlank(answer: Answer | undefined): boolean {
  return answer === undefined || answer === '' || (Array.isArray(answer) && answer.length === 0)
}
