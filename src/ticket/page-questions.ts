import { type Field, fullLabel, type Labels, labelOf, pagesFor } from './form.ts'
import { knownAnswers, labelsIn, placeOf, type Question, type Questionnaire, questionsFor } from './questions.ts'
import type { Ticket } from './ticket.ts'

/** A question as a page asks it, which has room for all the form says about it. */
export type PageQuestion = Omit<Question, 'options'> & {
  field: Field
  hint: string | null
  placeholder: string | null
  options: { value: string; label: string; description: string | null }[]
}

/**
 * What a page asks of who wrote a mail: the questions of that mail's acknowledgement and, once the branch is said, what
 * the form asks there beside what every mail says by itself (subject, description, files). The next ones follow from
 * these answers.
 */
export function pageQuestions(
  questionnaire: Questionnaire,
  ticket: Ticket,
  person: { address: string | null; locale: string | null },
): PageQuestion[] {
  const { form } = questionnaire
  const labels = labelsIn(questionnaire.labels, person.locale ?? ticket.locale)
  const short = questionsFor(questionnaire, ticket, person)
  const asked = short.map((question) => onPage(question, placeOf(form, question.key)!.field, labels))
  const mayBeAsked = ticket.via === 'mail' && ticket.followUpOf === null && ticket.status !== 'closed'
  if (!mayBeAsked || ticket.branch === null) return asked

  const known = knownAnswers(form, ticket)
  const { name, account, branch, description, files, consent, experience, subject } = form.roles
  const passedOver = new Set([name, account, branch, ...description, files, consent, experience])
  const more = pagesFor(form, known)
    .flatMap(({ fields }) => fields)
    .filter((field) => !passedOver.has(field.key) && !(field.kind === 'text' && subject.includes(field.key)))
    .filter(({ key }) => known[key] === undefined && !short.some((question) => question.key === key))
  const options = (field: Field) =>
    'options' in field
      ? field.options.map(({ value }) => ({ value, label: fullLabel(labelOf(labels, `${field.key}.${value}`)) }))
      : []
  return [
    ...asked,
    ...more.map((field) => {
      const label = fullLabel(labelOf(labels, field.key))
      return onPage({ key: field.key, label, word: label, options: options(field), onlyFor: null }, field, labels)
    }),
  ]
}

function onPage(question: Question, field: Field, labels: Labels): PageQuestion {
  const { hint, placeholder } = labelOf(labels, field.key)
  const described = question.options.map(({ value, label }) => {
    const own = 'options' in field ? labelOf(labels, `${field.key}.${value}`) : undefined
    return { value, label, description: own?.joint === undefined ? (own?.description ?? null) : null }
  })
  return { ...question, field, hint: hint ?? null, placeholder: placeholder ?? null, options: described }
}
