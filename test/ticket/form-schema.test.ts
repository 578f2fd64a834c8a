import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { expect, test } from 'vitest'
import { readForm } from '../../src/form-file.ts'
import { type Answers, type Field, type Form, type Labels, pagesFor } from '../../src/ticket/form.ts'
import { askedAnswers, checkAnswers } from '../../src/ticket/form-answers.ts'
import { answersSchema } from '../../src/ticket/form-schema.ts'
import { random } from '../support/random.ts'

// The schema and our own checker are two writings of one thing: over thousands of answers they must say the same.
const accounts = [
  { key: 'acme-berlin', name: 'Acme Berlin' },
  { key: 'acme-sp', name: 'Acme São Paulo' },
]
const chance = random(20_261_128)

/** A form that has every kind of field, required and not, and conditions on several ticks. */
const every: Form = {
  name: 'every',
  version: '1',
  pages: [
    {
      key: 'a',
      fields: [
        { key: 'name', kind: 'name', required: true, maxLength: 12 },
        { key: 'account', kind: 'account', required: true },
        { key: 'ticks', kind: 'checkboxes', required: false, options: [{ value: 'x' }, { value: 'y' }] },
        { key: 'branch', kind: 'select', required: true, options: [{ value: 'p' }, { value: 'q' }] },
      ],
    },
    {
      key: 'b',
      showWhen: { ticks: ['y'] },
      fields: [
        { key: 'email', kind: 'email', required: true, maxLength: 60 },
        { key: 'url', kind: 'url', required: false, maxLength: 60, showWhen: { branch: ['p'] } },
        { key: 'whole', kind: 'number', required: false, decimals: false, min: -3, max: 12 },
      ],
    },
    {
      key: 'c',
      showWhen: { branch: ['q'] },
      fields: [
        { key: 'number', kind: 'number', required: true, decimals: true, max: 1.5 },
        { key: 'day', kind: 'date', required: true },
        { key: 'agree', kind: 'consent', required: true, ticked: false },
        { key: 'words', kind: 'longtext', required: false, maxLength: 20 },
      ],
    },
    { key: 'd', fields: [{ key: 'files', kind: 'files', required: false, maxFiles: 2 }] },
  ],
  roles: { name: 'name', account: 'account', branch: 'branch', subject: ['branch'], description: [] },
  priority: { otherwise: 'normal', byImpactAndUsers: {} },
}
const everyLabel: Labels = new Proxy(
  {},
  {
    get: (_, key) => ({ text: String(key) }),
    getOwnPropertyDescriptor: () => ({ value: { text: 'x' }, configurable: true, enumerable: true }),
  },
)

const lines = [
  'Ada',
  'Ada Lovelace',
  'a  b',
  ' a',
  'a ',
  'a\tb',
  'a\nb',
  'a\r\nb',
  'x'.repeat(12),
  'x'.repeat(13),
  '',
  ' ',
  'a\0',
  '\ud800',
  '😀',
  'ñ',
  'a\u00a0b',
  'a\ufeff',
]
const odd: unknown[] = [null, 7, true, false, [], {}, ['x'], '', Number.NaN]
const file = (name: string) => ({ id: 'F1', name, contentType: 'image/png', size: 1, url: 'https://files.example/1' })

/** Something somebody, or a program, might send for a field: right more often than not. */
function sent(field: Field): unknown {
  if (chance.chance(0.04)) return chance.pick(odd)
  switch (field.kind) {
    case 'name':
    case 'text':
    case 'longtext':
      return chance.chance(0.7) ? chance.pick(['Ada', 'Ada Lovelace']) : chance.pick(lines)
    case 'email':
      return chance.pick([
        'ada@acme.example',
        'ada@acme.example',
        'a.b+c@mail.acme.example',
        'ada@acme',
        'ada@@acme.example',
        '.ada@acme.example',
        'a..b@acme.example',
        'ada.@acme.example',
        'ada@-acme.example',
        'ada@acme..example',
        'ada@[1.2.3.4]',
        'adá@ácme.example',
        'ada@acme.example ',
        `${'x'.repeat(65)}@a.example`,
        'ada @a.example',
      ])
    case 'url':
      return chance.pick([
        'https://acme.example',
        'http://acme.example:80/x?y#z',
        'HTTPS://ACME.example/',
        'ftp://acme.example',
        'acme.example',
        'https://',
        'https://a@acme.example',
        'https://acme.example/a b',
        'https://acme.example:123456',
        'javascript:alert(1)',
      ])
    case 'number':
      return chance.pick([0, 1, -3, -4, 12, 13, 1.5, 1.6, 0.1, '1', 'x', 1e20])
    case 'date':
      return chance.pick([
        '2026-11-28',
        '2028-02-29',
        '2027-02-29',
        '2026-13-01',
        '2026-1-1',
        '28.11.2026',
        '2026-11-28T00:00',
      ])
    case 'select':
    case 'radio':
      return chance.chance(0.9) ? chance.pick(field.options).value : chance.pick(['nothing', 'constructor', ''])
    case 'checkboxes':
      return chance.pick([['x'], ['y'], ['x', 'y'], ['y', 'x'], ['x', 'x'], ['z'], [], 'y'])
    case 'account':
      return chance.chance(0.9) ? chance.pick(accounts).key : chance.pick(['other', ''])
    case 'consent':
      return chance.chance(0.8)
    case 'files':
      return chance.pick([
        [file('a.png')],
        [file('a.png'), file('b')],
        [],
        [file(' a')],
        [file('a'), file('b'), file('c')],
        ['F1'],
        [{ id: 'F1' }],
      ])
    default:
      return field satisfies never
  }
}

/** Answers to what is asked on some way, now and then one too few, one too many or one to a question not asked. */
function generated(form: Form): Record<string, unknown> {
  const all = form.pages.flatMap(({ fields }) => fields)
  const answers: Record<string, unknown> = {}
  for (const page of form.pages)
    for (const field of pagesFor(form, answers as Answers).find(({ key }) => key === page.key)?.fields ?? [])
      if (chance.chance(field.required || field.kind === 'consent' ? 0.98 : 0.6)) answers[field.key] = sent(field)
  if (chance.chance(0.1)) {
    const field = chance.pick(all)
    answers[field.key] = sent(field)
  }
  if (chance.chance(0.03)) answers.nothing = 'x'
  return answers
}

/** Whether our checker takes these answers as they are: nothing refused, nothing put right, nothing passed over. */
function isTaken(form: Form, raw: Record<string, unknown>): boolean {
  let answers: Answers = {}
  for (const { key } of form.pages) {
    const page = pagesFor(form, answers).find((one) => one.key === key)
    if (!page) continue
    const checked = checkAnswers(page, raw, { accounts })
    if ('errors' in checked) return false
    answers = { ...answers, ...checked.answers }
  }
  return isSame(askedAnswers(form, answers), raw)
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b)
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => isSame((a as never)[key], (b as never)[key]))
}

const compile = (schema: object) => {
  const ajv = new Ajv2020({ strict: true, allErrors: false, strictTypes: false, strictRequired: false })
  formats.default(ajv, ['date'])
  return ajv.compile(schema)
}

const read = async (name: string) => readForm('templates', 'en', { company: 'VTEX', name })
test.each([
  ['intake', await read('intake')],
  ['short', await read('short')],
  ['with every kind of field', { form: every, labels: everyLabel }],
])('the schema of the form %s takes what our checker takes, and refuses what it refuses', (_, { form, labels }) => {
  const isValid = compile(
    answersSchema(
      form,
      labels,
      accounts.map(({ key }) => key),
    ),
  )
  const seen = { taken: 0, refused: 0 }
  for (let n = 0; n < 4000; n++) {
    const answers = generated(form)
    const taken = isTaken(form, answers)
    seen[taken ? 'taken' : 'refused']++
    expect({ answers: JSON.stringify(answers), taken: isValid(answers) }).toEqual({
      answers: JSON.stringify(answers),
      taken,
    })
  }
  // A generator that only makes one of them would prove nothing.
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(200)
})

test('the schema is one of draft 2020-12, and says questions and options in the form’s words', async () => {
  const { form, labels } = await read('intake')
  const schema = answersSchema(form, labels)
  expect(new Ajv2020().validateSchema(schema)).toBe(true)
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
  const { financial } = schema.properties as Record<string, { title: string; oneOf: unknown[] }>
  expect(financial).toMatchObject({ title: 'Request subject' })
  expect(financial!.oneOf[6]).toEqual({
    const: '07',
    title: 'Changing the company registration number – Transfer of contractual liability',
  })
})
