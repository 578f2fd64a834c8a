import {
  type Answers,
  answerTo,
  type ChoiceField,
  type Field,
  type FieldRoles,
  type Form,
  type Page,
  pagesFor,
  type ShowWhen,
} from './form.ts'

// Enough for three branches of a dozen options each, and an end for a form nobody could test by hand either.
const MOST_WAYS = 5_000

/**
 * What is wrong with the ways through a form, as key and what to do: conditions that point nowhere, pages and fields
 * nobody can reach, a branch that asks nothing, a question asked twice, a ticket that would lack a field.
 */
export function checkWays(form: Form): { key: string; text: string }[] {
  const problems = [...checkConditions(form), ...checkRoles(form)]
  // With a condition that points nowhere, what cannot be reached only repeats it.
  if (problems.length > 0) return problems
  const ways = waysThrough(form)
  const pages = new Set(ways.flatMap((way) => way.pages.map((page) => page.key)))
  const fields = new Set(
    ways.flatMap((way) => way.pages.flatMap((page) => page.fields.map((field) => `${page.key}.${field.key}`))),
  )
  const found = new Map<string, string>()
  for (const page of form.pages) {
    if (!pages.has(page.key)) {
      found.set(`pages.${page.key}`, 'can never be reached: correct its showWhen or take it out')
      continue
    }
    for (const field of page.fields) {
      if (fields.has(`${page.key}.${field.key}`)) continue
      found.set(`pages.${page.key}.${field.key}`, 'can never be shown there: correct its showWhen or take it out')
    }
  }
  for (const way of ways) {
    const asked = way.pages.flatMap((page) => page.fields)
    const keys = asked.map((field) => field.key)
    const twice = keys.find((key, index) => keys.indexOf(key) !== index)
    if (twice) found.set(twice, `is asked twice on one way ${said(way.answers)}: take it off one of the pages`)
    for (const role of ['name', 'account', 'branch', 'subject'] as const) {
      const wanted = [form.roles[role]].flat()
      if (asked.some((field) => wanted.includes(field.key) && field.required)) continue
      found.set(`roles.${role}`, `is not asked and required on the way ${said(way.answers)}: a ticket needs it`)
    }
    const branch = answerTo(way.answers, form.roles.branch)
    if (way.pages.at(-1)?.fields.some(({ key }) => key === form.roles.branch)) {
      found.set(
        `${form.roles.branch}.${branch}`,
        'is a branch without a page of its own: add one, or take the option out',
      )
    }
  }
  return [...found].map(([key, text]) => ({ key, text }))
}

/** Every condition names a choice on an earlier page, since a modal does not change while it is filled in. */
function checkConditions(form: Form): { key: string; text: string }[] {
  const problems: { key: string; text: string }[] = []
  const earlier = new Map<string, Field>()
  for (const page of form.pages) {
    check(`pages.${page.key}.showWhen`, page.showWhen)
    for (const field of page.fields) check(`${field.key}.showWhen`, field.showWhen)
    for (const field of page.fields) earlier.set(field.key, field)
  }
  return problems

  function check(at: string, showWhen: ShowWhen = {}): void {
    for (const [key, values] of Object.entries(showWhen)) {
      const field = earlier.get(key)
      if (!field || !('options' in field)) {
        problems.push({ key: at, text: `names "${key}", which is no choice on an earlier page: name one that is` })
        continue
      }
      for (const value of values) {
        if (field.options.some((option) => option.value === value)) continue
        problems.push({ key: at, text: `names "${key}.${value}", which is no option: correct it or add the option` })
      }
    }
  }
}

function checkRoles(form: Form): { key: string; text: string }[] {
  const kinds: Record<keyof FieldRoles, Field['kind'][]> = {
    name: ['name', 'text'],
    account: ['account'],
    branch: ['radio', 'select'],
    subject: ['text', 'radio', 'select'],
    description: ['text', 'longtext'],
    problemType: ['radio', 'select'],
    impact: ['radio', 'select'],
    users: ['radio', 'select'],
    experience: ['radio', 'select'],
    consent: ['consent'],
    files: ['files'],
  }
  const fields = new Map(form.pages.flatMap((page) => page.fields).map((field) => [field.key, field]))
  const problems: { key: string; text: string }[] = []
  for (const [role, named] of Object.entries(form.roles) as [keyof FieldRoles, string | string[] | undefined][]) {
    for (const key of named === undefined ? [] : [named].flat()) {
      const kind = fields.get(key)?.kind
      if (kind && kinds[role].includes(kind)) continue
      const why = kind ? `which is of kind "${kind}"` : 'which no page asks'
      problems.push({
        key: `roles.${role}`,
        text: `names "${key}", ${why}: name a field of kind ${kinds[role].join(' or ')}`,
      })
    }
  }
  return problems
}

/**
 * Each way somebody can take who has answered this much, with the choices that lead there; choices no condition looks at
 * are not tried out. At most `most` of them.
 */
export function waysThrough(form: Form, known: Answers = {}, most = MOST_WAYS): { answers: Answers; pages: Page[] }[] {
  const deciding = new Set([form.roles.branch])
  for (const page of form.pages) {
    for (const one of [page, ...page.fields]) for (const key of Object.keys(one.showWhen ?? {})) deciding.add(key)
  }
  const ways: { answers: Answers; pages: Page[] }[] = []
  const open: Answers[] = [known]
  for (let answers = open.pop(); answers && ways.length < most; answers = open.pop()) {
    const said = answers
    const pages = pagesFor(form, said)
    const next = pages.flatMap((page) => page.fields).find((field) => deciding.has(field.key) && !(field.key in said))
    if (next && 'options' in next) {
      for (const answer of choicesOf(next)) open.push({ ...said, [next.key]: answer })
    } else ways.push({ answers: said, pages })
  }
  return ways
}

// No option has this value: what it stands for is a question left open.
const LEFT_OPEN = ''

/** What can be chosen: each option, of several that can be ticked also all of them, and where allowed nothing. */
function choicesOf({ kind, options, required }: ChoiceField): (string | string[])[] {
  const values = options.map(({ value }) => value)
  if (kind !== 'checkboxes') return [...values, ...(required ? [] : [LEFT_OPEN])]
  return [...values.map((value) => [value]), values, ...(required ? [] : [[]])]
}

function said(answers: Answers): string {
  const choices = Object.entries(answers).map(([key, answer]) =>
    String(answer) === LEFT_OPEN ? `${key} left open` : `${key}.${String(answer)}`,
  )
  return choices.length > 0 ? `with ${choices.join(', ')}` : 'without any choice'
}
