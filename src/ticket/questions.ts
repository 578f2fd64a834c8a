import {
  type Answers,
  answerTo,
  type Field,
  type Form,
  fullLabel,
  type Labels,
  labelOf,
  type ShowWhen,
} from './form.ts'
import type { Choices } from './form-answers.ts'
import type { Ticket } from './ticket.ts'

/** One thing the form would have asked, as a mail or a page asks it of who never saw the form. */
export type Question = {
  key: string
  label: string
  /** What to call it in an answer: the "impact" of "impact 3". */
  word: string
  options: { value: string; label: string }[]
  /** Matters only to who chooses this option of the branch (its label); null where that is settled. */
  onlyFor: string | null
}

/** What is needed to ask for what a ticket lacks: the form, its words by locale, and the stores somebody may name. */
export type Questionnaire = {
  form: Form
  labels: Record<string, Labels>
  accountsOf(address: string | null): Choices['accounts']
}

/**
 * What the form would have asked and the ticket does not say: branch, problem type, impact, users affected, store, in
 * this order. Technical questions only where the branch is technical or not known, the store only where there are two
 * or more to choose from. Nothing of a closed ticket, which cannot change.
 */
export function missingQuestions(
  form: Form,
  labels: Labels,
  ticket: Pick<Ticket, 'status' | 'branch' | 'accountKey' | 'impact' | 'users' | 'answers'>,
  accounts: Choices['accounts'] = [],
): Question[] {
  if (ticket.status === 'closed') return []
  const { roles } = form
  const known = knownAnswers(form, ticket)
  return [roles.branch, roles.problemType, roles.impact, roles.users, roles.account].flatMap((key): Question[] => {
    const found = key === undefined || known[key] !== undefined ? undefined : placeOf(form, key)
    if (!found) return []
    const onlyFor = condition(found.showWhen, known, roles.branch)
    if (onlyFor === 'hidden') return []
    const options = optionsOf(found.field, labels, accounts)
    if (options.length < 2) return []
    const { text, words } = labelOf(labels, found.field.key)
    return [
      {
        key: found.field.key,
        label: text,
        word: (words ?? text).split(',')[0]!.trim(),
        options,
        onlyFor: onlyFor && fullLabel(labelOf(labels, `${roles.branch}.${onlyFor}`)),
      },
    ]
  })
}

/**
 * `missingQuestions` in the language of who is asked, English where the form has none of it. Only of a ticket that a mail
 * opened: whoever filled in the form was asked, and a follow-up is promised to ask nothing again.
 */
export function questionsFor(
  { form, labels, accountsOf }: Questionnaire,
  ticket: Ticket,
  person: { address: string | null; locale: string | null },
): Question[] {
  if (ticket.via !== 'mail' || ticket.followUpOf !== null) return []
  return missingQuestions(form, labelsIn(labels, person.locale ?? ticket.locale), ticket, accountsOf(person.address))
}

/** The form's words in this language, English where it has none of it. */
export function labelsIn(labels: Record<string, Labels>, locale: string | null): Labels {
  const wanted = (locale ?? '').replaceAll('_', '-').toLowerCase()
  const find = (tag: string) => Object.entries(labels).find(([spoken]) => spoken.toLowerCase() === tag)?.[1]
  const words = find(wanted) ?? find(wanted.split('-')[0]!) ?? labels.en
  if (!words) throw new Error('the form has no English words: restore templates/en/forms')
  return words
}

/** All that is answered, also by what the ticket knows otherwise, such as the store of who writes. */
export function knownAnswers(
  { roles }: Form,
  ticket: Pick<Ticket, 'branch' | 'accountKey' | 'impact' | 'users' | 'answers'>,
): Answers {
  const known: Answers = {}
  for (const [key, value] of Object.entries(ticket.answers))
    if (value !== '' && value !== null && value !== undefined) known[key] = value as Answers[string]
  const fields = [
    [roles.branch, ticket.branch],
    [roles.account, ticket.accountKey],
    [roles.impact, ticket.impact],
    [roles.users, ticket.users],
  ] as const
  for (const [key, value] of fields) if (key !== undefined && value !== null) known[key] = value
  return known
}

/** A field and all that must hold for it to be shown. */
export function placeOf(form: Form, key: string): { field: Field; showWhen: ShowWhen } | undefined {
  for (const page of form.pages)
    for (const field of page.fields)
      if (field.key === key) return { field, showWhen: { ...page.showWhen, ...field.showWhen } }
  return undefined
}

/** Null when the field is shown, a branch when it is for that branch only and none is chosen yet, else 'hidden'. */
function condition(showWhen: ShowWhen, known: Answers, branch: string): string | 'hidden' | null {
  let onlyFor: string | null = null
  for (const [key, values] of Object.entries(showWhen)) {
    const answer = answerTo(known, key)
    if (answer === undefined && key === branch && values[0] !== undefined) onlyFor = values[0]
    else if (typeof answer !== 'string' || !values.includes(answer)) return 'hidden'
  }
  return onlyFor
}

function optionsOf(field: Field, labels: Labels, accounts: Choices['accounts']): Question['options'] {
  if (field.kind === 'account') return accounts.map(({ key, name }) => ({ value: key, label: name }))
  if (!('options' in field)) return []
  return field.options.map(({ value }) => ({ value, label: fullLabel(labelOf(labels, `${field.key}.${value}`)) }))
}
