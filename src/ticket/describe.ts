import type { Happening } from './events.ts'
import { type Answer, type Answers, answerTo, type Form } from './form.ts'
import { askedAnswers, priorityOf } from './form-answers.ts'
import { knownAnswers, placeOf } from './questions.ts'
import type { Ticket } from './ticket.ts'

/** What answers to the form mean to a ticket: its priority, and the team it belongs to. */
export type IntakeRules = {
  form: Form
  routeOf(branch: string | null, accountKey: string | null): { groupKey: string; regionKey: string }
}

/**
 * What follows from answers given after the ticket was opened; nothing where they say nothing new. The requester fills
 * gaps only, so that what an agent has set stands (`mayChange` is false); answers to questions of another branch, or of
 * options the form does not have, are left out. The priority becomes the one the form gives for these answers, higher or
 * lower, so that a mail and the questionnaire weigh the same; unless somebody has set another since. The team follows
 * the answers while nobody has the ticket.
 */
export function describe(
  ticket: Ticket,
  given: Answers,
  { form, routeOf }: IntakeRules,
  mayChange: boolean,
): Happening[] {
  const { roles } = form
  const before = knownAnswers(form, ticket)
  const news = Object.entries(given).filter(([key, value]) =>
    before[key] === undefined ? value !== '' : mayChange && !isSame(before[key], value),
  )
  const said = { ...impliedBranch(form, { ...before, ...Object.fromEntries(news) }), ...Object.fromEntries(news) }
  const after = askedAnswers(form, { ...before, ...said })
  const taken = Object.fromEntries(Object.entries(said).filter(([key, value]) => isSame(after[key], value)))
  if (!news.some(([key]) => Object.hasOwn(taken, key))) return []

  const text = (key: string | undefined, otherwise: string | null) => {
    const answer = answerTo(taken, key)
    return typeof answer === 'string' && answer !== '' ? answer : otherwise
  }
  const branch = text(roles.branch, ticket.branch)
  const accountKey = text(roles.account, ticket.accountKey)
  const [from, to] = [routeOf(ticket.branch, ticket.accountKey), routeOf(branch, accountKey)]
  const moves = ticket.assigneeId === null && from.groupKey !== to.groupKey
  const isByForm = ticket.priority === priorityOf(form, before)
  return [
    {
      type: 'described',
      answers: taken,
      priorityBefore: ticket.priority,
      fields: {
        branch,
        accountKey,
        groupKey: moves ? to.groupKey : ticket.groupKey,
        regionKey: from.regionKey === to.regionKey ? ticket.regionKey : to.regionKey,
        form: ticket.form ?? { name: form.name, version: form.version },
        answers: { ...known(before), ...ticket.answers, ...taken },
        impact: text(roles.impact, ticket.impact),
        users: text(roles.users, ticket.users),
        priority: isByForm ? priorityOf(form, after) : ticket.priority,
      },
    },
  ]

  /** So that the card shows the store with the form's other answers. */
  function known(answers: Answers): Answers {
    const account = answers[roles.account]
    return account === undefined ? {} : { [roles.account]: account }
  }
}

function isSame(one: Answer | undefined, other: Answer): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** Who answers a question of one branch only has said which branch it is. */
function impliedBranch(form: Form, answers: Answers): Record<string, string> {
  const { branch } = form.roles
  if (answers[branch] !== undefined) return {}
  const implied = new Set(
    Object.keys(answers).flatMap((key) => {
      const values = placeOf(form, key)?.showWhen[branch]
      return values?.length === 1 ? values : []
    }),
  )
  const [only] = implied
  return implied.size === 1 && only !== undefined ? { [branch]: only } : {}
}
