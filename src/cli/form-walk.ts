import {
  type Answers,
  type Field,
  type Form,
  fullLabel,
  type Label,
  type Labels,
  labelOf,
  type Page,
  pagesFor,
  submitButton,
} from '../ticket/form.ts'

/** A form as a person walks through it, in the words they read: pages in order, and what changes with which answer. */
export function walk(form: Form, labels: Labels): string {
  const fields = form.pages.flatMap((page) => page.fields)
  const deciding = new Set([...form.pages, ...fields].flatMap(({ showWhen }) => Object.keys(showWhen ?? {})))
  return [...from({}, 0), ...priorities()].join('\n')

  /** The pages after the first `done`, given these answers. */
  function from(answers: Answers, done: number): string[] {
    const path = pagesFor(form, answers)
    const fork = path.findIndex(({ fields }) => fields.some(isOpen))
    const shown = fork < 0 ? path : path.slice(0, fork + 1)
    const lines = shown.slice(done).flatMap((page, index) => pageLines(page, done + index + 1, answers))
    const choice = path[fork]?.fields.find(isOpen)
    return choice && 'options' in choice ? [...lines, ...waysOn(choice, answers, Math.max(done, fork + 1))] : lines

    function isOpen({ key }: Field): boolean {
      return deciding.has(key) && !Object.hasOwn(answers, key)
    }
  }

  /** What comes after each answer to a choice; answers that lead to the same are told together. */
  function waysOn(field: Field & { options: { value: string }[] }, answers: Answers, done: number): string[] {
    const ways = new Map<string, string[]>()
    for (const { value } of field.options) {
      const answer = field.kind === 'checkboxes' ? [value] : value
      const rest = from({ ...answers, [field.key]: answer }, done).join('\n')
      ways.set(rest, [...(ways.get(rest) ?? []), fullLabel(labelOf(labels, `${field.key}.${value}`))])
    }
    if (ways.size === 1) return [...ways.keys()].flatMap((rest) => (rest === '' ? [] : rest.split('\n')))
    const asked = fullLabel(labelOf(labels, field.key))
    return [...ways].flatMap(([rest, values]) => [
      '',
      `If "${asked}" is ${values.map((value) => `"${value}"`).join(' or ')}:`,
      ...(rest === '' ? ['  nothing more is asked'] : rest.split('\n').map((line) => (line === '' ? '' : `  ${line}`))),
    ])
  }

  function pageLines(page: Page, number: number, answers: Answers): string[] {
    const title = labelOf(labels, `page.${page.key}`)
    const buttons = [...(number > 1 ? ['back'] : []), submitButton(form, page.key, answers)]
    return [
      '',
      `${number}. ${title.text}${title.description ? ` - ${title.description}` : ''}  (${page.key})`,
      ...page.fields.flatMap((field) => fieldLines(field).map((line) => `   ${line}`)),
      `   ${buttons.map((button) => `[${labelOf(labels, `button.${button}`).text}]`).join(' ')}`,
    ]
  }

  function fieldLines(field: Field): string[] {
    const label = labelOf(labels, field.key)
    const options = 'options' in field ? field.options : []
    return [
      `${fullLabel(label)}${field.required ? ' *' : ''}  (${field.key}: ${kindOf(field)})`,
      ...hintOf(label).map((line) => `  ${line}`),
      ...options.map(({ value }) => {
        const option = labelOf(labels, `${field.key}.${value}`)
        const beside = option.joint === undefined && option.description ? ` - ${option.description}` : ''
        return `  ${field.kind === 'checkboxes' ? '[ ]' : '( )'} ${fullLabel(option)}${beside}  (${value})`
      }),
    ]
  }

  /** Which priority a ticket gets, where the form says so. */
  function priorities(): string[] {
    const { byImpactAndUsers, otherwise } = form.priority
    const { impact, users } = form.roles
    if (impact === undefined || users === undefined) return ['', `Priority: ${otherwise}`]
    const word = (key: string, value: string) => fullLabel(labelOf(labels, `${key}.${value}`))
    return [
      '',
      `Priority: ${otherwise}, but where both are asked`,
      ...Object.entries(byImpactAndUsers).flatMap(([one, row]) =>
        Object.entries(row).map(([other, priority]) => `   ${priority}: ${word(impact, one)}; ${word(users, other)}`),
      ),
    ]
  }
}

function hintOf(label: Label): string[] {
  const beside = label.joint === undefined ? label.description : undefined
  return [beside, label.hint].filter((line) => line !== undefined)
}

function kindOf(field: Field): string {
  switch (field.kind) {
    case 'name':
    case 'text':
      return `one line, up to ${field.maxLength} characters`
    case 'longtext':
      return `several lines, up to ${field.maxLength} characters`
    case 'email':
      return 'an email address'
    case 'url':
      return 'a web address'
    case 'number': {
      const range = [
        field.min === undefined ? '' : ` from ${field.min}`,
        field.max === undefined ? '' : ` up to ${field.max}`,
      ]
      return `a ${field.decimals ? '' : 'whole '}number${range.join('')}`
    }
    case 'date':
      return 'a day'
    case 'select':
      return 'one, from a menu'
    case 'radio':
      return 'one'
    case 'checkboxes':
      return 'any of them'
    case 'account':
      return "one of the person's stores"
    case 'files':
      return `up to ${field.maxFiles} files`
    case 'consent':
      return field.ticked ? 'a box, ticked beforehand' : 'a box'
    default:
      return field satisfies never
  }
}
