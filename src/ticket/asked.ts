import type { Answers, FieldRoles, WholeForm } from './form.ts'
import { describeAnswers } from './form-answers.ts'
import type { TicketInFull } from './in-full.ts'
import { labelsIn } from './questions.ts'

/** What a ticket's form asked and what was answered, in one language. `roles` is null where no form was asked. */
export interface Asked {
  answers: { key: string; label: string; value: string }[]
  roles: FieldRoles | null
}

/**
 * The answers of a ticket in the words they were asked with, whatever the form has become since. What was answered later
 * to questions that only today's form has follows in today's words. Today's form also stands in for a version that
 * nobody kept.
 */
export function askedOf(
  { ticket, accountName, askedWith }: Pick<TicketInFull, 'ticket' | 'accountName' | 'askedWith'>,
  today: WholeForm,
  locale: string | null,
): Asked {
  const own = askedWith ?? (ticket.form?.name === today.form.name ? today : null)
  if (!own) return { answers: [], roles: null }
  const { accountKey } = ticket
  const accounts = accountKey === null || accountName === null ? [] : [{ key: accountKey, name: accountName }]
  // "My store is not here" names none; that it did is said elsewhere.
  const inWordsOf = ({ form, labels }: WholeForm) =>
    describeAnswers(form, labelsIn(labels, locale), ticket.answers as Answers, { accounts }).filter(
      ({ key }) => accountName !== null || key !== form.roles.account,
    )
  const answers = inWordsOf(own)
  const isNew = own.form.version !== today.form.version && own.form.name === today.form.name
  const later = isNew ? inWordsOf(today).filter(({ key }) => !isAskedIn(own, key)) : []
  return { answers: [...answers, ...later], roles: own.form.roles }
}

function isAskedIn({ form }: WholeForm, key: string): boolean {
  return form.pages.some(({ fields }) => fields.some((field) => field.key === key))
}
