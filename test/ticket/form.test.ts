import { describe, expect, test } from 'vitest'
import { readForm } from '../../src/form-file.ts'
import {
  type Answers,
  type Field,
  fullLabel,
  nextPage,
  pagesFor,
  previousPage,
  submitButton,
} from '../../src/ticket/form.ts'
import {
  checkAnswers,
  describeAnswers,
  missing,
  priorityOf,
  ticketFields,
  withPage,
} from '../../src/ticket/form-answers.ts'

const { form, labels } = await readForm('templates', 'en', { company: 'VTEX' })
const choices = { accounts: [{ key: 'acme-berlin', name: 'Acme Berlin' }] }
const ada = { name: 'Ada Lovelace', account: 'acme-berlin' }
const technical: Answers = {
  ...ada,
  branch: 'technical',
  problem_type: '1',
  subject: 'The printer in the shop prints no labels',
  impact: 'critical',
  users: 'all',
  experience: '2',
  description: 'Since this morning.\nNothing comes out.',
  consent: true,
}

describe('the words of the sources, exactly', () => {
  test.each([
    ['name', 'Name'],
    ['account', 'Account'],
    ['button.continue', 'Continue'],
    ['button.send', 'Send'],
    ['page.identification', 'Getting started'],
    ['page.choice', 'What do you need?'],
    ['problem_type', 'Problem type'],
    ['subject', 'Request subject'],
    ['impact', 'Problem impact'],
    ['users', 'Users affected by the problem'],
    ['experience', 'Your experience with the platform'],
    ['description', 'Provide a detailed description'],
    ['file', 'Choose a file'],
    ['consent', 'I agree to anonymously share my problem/question resolution with VTEX'],
    ['financial', 'Request subject'],
    ['commercial', 'Request subject'],
  ])('%s reads “%s”', (key, words) => {
    expect(fullLabel(labels[key]!)).toBe(words)
  })

  test.each([
    ['branch', ['Technical', 'Financial', 'Commercial']],
    [
      'problem_type',
      [
        'The store is experiencing a problem or has an unexpected behavior',
        'I have a concern and would like to ask a question',
        'I would like to request a setup',
      ],
    ],
    [
      'impact',
      [
        'Unexpected behavior with auxiliary store resources',
        'Unexpected behavior with important store resources',
        'Unexpected behavior with critical store resources',
      ],
    ],
    ['users', ['Admin dashboard users', 'Buyers, consumers, or end-users', 'All users']],
    [
      'experience',
      [
        'I’m familiar with the basic resources I’m learning',
        'I know everything I need to do my job well',
        'I am experienced and understand advanced features',
      ],
    ],
    [
      'financial',
      [
        'Admin is blocked',
        'Admin delay warning',
        'Sending a payment receipt',
        'Problems in receiving or reconciling boleto and/or invoice',
        'Questions about amounts, calculations, and other billing information',
        'Contract model migration',
        'Changing the company registration number – Transfer of contractual liability',
        'Changing invoice recipients',
        'Changing registration information',
        'Contract termination',
        'Changing monthly invoice expiration date',
        'VTEX Partner',
      ],
    ],
    [
      'commercial',
      [
        'Creating a trade policy',
        'Creating a white label environment',
        'Creating a seller environment',
        'Creating an additional account',
        'Changing the Master Admin',
      ],
    ],
  ])('the options of %s, in their order', (key, words) => {
    expect(optionsOf(key).map((value) => fullLabel(labels[`${key}.${value}`]!))).toEqual(words)
  })

  test('the label of 76 characters is split where its dash is, and whole again on the ticket', () => {
    const label = labels['financial.07']!
    expect(label.text).toBe('Changing the company registration number')
    expect(label.description).toBe('Transfer of contractual liability')
    expect(fullLabel(label)).toHaveLength(76)
  })

  test('the name of the company is a setting', async () => {
    const acme = await readForm('templates', 'en', { company: 'Acme $& Sons' })
    expect(acme.labels['financial.12']!.text).toBe('Acme $& Sons Partner')
  })

  test('a long name of the company splits the consent where the data says', async () => {
    const { labels } = await readForm('templates', 'en', { company: 'Deutsche Ladenbau' })
    expect(labels.consent).toMatchObject({
      text: 'I agree to anonymously share my problem/question resolution',
      description: 'with Deutsche Ladenbau',
    })
    expect(fullLabel(labels.consent!)).toBe(
      'I agree to anonymously share my problem/question resolution with Deutsche Ladenbau',
    )
  })
})

describe('the short form', async () => {
  const short = await readForm('templates', 'en', { company: 'VTEX', name: 'short' })
  const asks = (problem_type: string) =>
    pagesFor(short.form, { branch: 'technical', problem_type }).flatMap(({ fields }) => fields.map(({ key }) => key))

  test('X16 asks for the impact of a problem, and not of a question or a set-up', () => {
    expect(asks('1')).toContain('impact')
    for (const type of ['2', '3']) {
      expect(asks(type)).not.toContain('impact')
      expect(asks(type)).toContain('users')
    }
    const { impact: _, ...question }: Answers = { ...technical, problem_type: '2' }
    expect(missing(short.form, question, choices)).toEqual([])
    expect(ticketFields(short.form, short.labels, question, choices)).toMatchObject({
      impact: null,
      priority: 'normal',
    })
    expect(missing(form, question, choices)).toEqual(['impact'])
  })

  test('is the whole form in all else', () => {
    expect(short.labels).toEqual(labels)
    const others = (one: typeof form) => one.pages.flatMap(({ fields }) => fields.filter(({ key }) => key !== 'impact'))
    expect(others(short.form)).toEqual(others(form))
  })
})

test('X19 the box of consent is ticked as the form says, unless the desk says otherwise', async () => {
  const ticked = async (consentTicked?: boolean) => {
    const read = await readForm('templates', 'en', { company: 'VTEX', consentTicked })
    return read.form.pages.flatMap(({ fields }) => fields.flatMap((one) => (one.kind === 'consent' ? one.ticked : [])))
  }
  expect([await ticked(), await ticked(true), await ticked(false)]).toEqual([[true], [true], [false]])
})

test('the version is another one when a word or a question changes, and the same otherwise', async () => {
  const version = async (options: object) =>
    (await readForm('templates', 'en', { company: 'VTEX', ...options })).form.version
  expect(await version({})).toBe(form.version)
  const versions = [form.version, await version({ company: 'Acme' }), await version({ name: 'short' })]
  expect(new Set([...versions, await version({ consentTicked: false })]).size).toBe(4)
})

describe('what is asked', () => {
  const environment = ['environment_name', 'main_account', 'environment_country']
  test('everything is required except file and consent', () => {
    const optional = (branch: string) =>
      pagesFor(form, { branch })
        .flatMap((page) => page.fields)
        .filter((field) => !field.required)
        .map(({ key }) => key)
    expect(optional('technical')).toEqual(['file', 'consent'])
    expect(optional('financial')).toEqual(['file'])
  })

  test('before a branch is chosen there are two pages', () => {
    expect(way({})).toEqual(['identification', 'choice'])
  })

  test.each([
    ['technical', ['technical_a', 'technical_b', 'technical_c']],
    ['financial', ['financial_a', 'financial_b']],
    ['commercial', ['commercial_a', 'commercial_b']],
  ])('the branch %s adds its pages', (branch, pages) => {
    expect(way({ branch })).toEqual(['identification', 'choice', ...pages])
  })

  test.each([
    ['1', ['trade_policy_name', 'trade_policy_purpose', 'trade_policy_differences', 'wanted_by']],
    ['2', [...environment, 'environment_website', 'company_registration', 'wanted_by']],
    ['3', [...environment, 'environment_website', 'company_registration', 'wanted_by']],
    [
      '4',
      [
        'environment_name',
        'environment_country',
        'additional_account_purpose',
        'environment_website',
        'company_registration',
        'wanted_by',
      ],
    ],
    [
      '5',
      [
        'master_admin_present',
        'master_admin_agrees',
        'master_admin_name',
        'master_admin_email',
        'company_registration',
      ],
    ],
  ])('the commercial request %s asks its own questions, and takes files', (commercial, keys) => {
    const page = pagesFor(form, { branch: 'commercial', commercial }).at(-1)!
    expect(page.key).toBe('commercial_b')
    expect(page.fields.map(({ key }) => key)).toEqual([...keys, 'comments', 'file'])
  })

  test('an answer given on a way not taken any more asks nothing', () => {
    expect(way({ branch: 'technical', commercial: '1' })).toEqual(way({ branch: 'technical' }))
  })

  test('every branch takes files, of any number Slack takes at once', () => {
    for (const branch of optionsOf('branch')) {
      const fields = pagesFor(form, { branch, commercial: '1' }).flatMap((page) => page.fields)
      expect(fields.find((field) => field.kind === 'files')).toMatchObject({ required: false, maxFiles: 10 })
    }
  })

  test('consent is ticked before anybody touches it', () => {
    expect(fieldOf('consent')).toMatchObject({ kind: 'consent', ticked: true })
  })
})

describe('from page to page', () => {
  test('Continue leads on and Back leads back, along the branch', () => {
    expect(nextPage(form, 'choice', technical)!.key).toBe('technical_a')
    expect(previousPage(form, 'technical_a', technical)!.key).toBe('choice')
    expect(previousPage(form, 'identification', technical)).toBeUndefined()
    expect(nextPage(form, 'technical_c', technical)).toBeUndefined()
  })

  test('a page that is not on the way is an error that says where to start', () => {
    expect(() => nextPage(form, 'financial_a', technical)).toThrow(/start again/)
  })

  test('the last page of every branch says Send, every other one Continue', () => {
    expect(submitButton(form, 'identification', {})).toBe('continue')
    expect(submitButton(form, 'choice', {})).toBe('continue')
    expect(submitButton(form, 'technical_b', { branch: 'technical' })).toBe('continue')
    expect(submitButton(form, 'technical_c', { branch: 'technical' })).toBe('send')
    expect(submitButton(form, 'financial_a', { branch: 'financial' })).toBe('continue')
    expect(submitButton(form, 'financial_b', { branch: 'financial' })).toBe('send')
    expect(submitButton(form, 'commercial_a', { branch: 'commercial' })).toBe('continue')
    expect(submitButton(form, 'commercial_b', { branch: 'commercial', commercial: '5' })).toBe('send')
  })
})

describe('reading the answers of a page', () => {
  const page = (key: string, answers: Answers = technical) => pagesFor(form, answers).find((one) => one.key === key)!

  test('text is trimmed, and a line stays one line', () => {
    const raw = { name: '  Ada\n Lovelace ', account: 'acme-berlin' }
    expect(checkAnswers(page('identification'), raw, choices)).toEqual({ answers: ada })
  })

  test('blanks are no answer to a required question', () => {
    expect(checkAnswers(page('technical_a'), { problem_type: null, subject: ' \n ' }, choices)).toEqual({
      errors: { problem_type: 'required', subject: 'required' },
    })
  })

  test('an option or a store that was not offered is refused', () => {
    expect(checkAnswers(page('choice'), { branch: 'constructor' }, choices)).toEqual({
      errors: { branch: 'unknown-option' },
    })
    expect(checkAnswers(page('identification'), { name: 'Mallory', account: 'other-shop' }, choices)).toEqual({
      errors: { account: 'unknown-option' },
    })
  })

  test('3000 characters fit and one more does not', () => {
    const raw = { experience: '1', description: 'x'.repeat(3000) }
    expect(checkAnswers(page('technical_c'), raw, choices)).toHaveProperty('answers')
    expect(checkAnswers(page('technical_c'), { ...raw, description: 'x'.repeat(3001) }, choices)).toEqual({
      errors: { description: 'too-long' },
    })
  })

  test('ten files fit and eleven do not', () => {
    const files = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `F${i}`, name: `${i}.png` }))
    const raw = { experience: '1', description: 'See the pictures' }
    expect(checkAnswers(page('technical_c'), { ...raw, file: files(10) }, choices)).toHaveProperty('answers')
    expect(checkAnswers(page('technical_c'), { ...raw, file: files(11) }, choices)).toEqual({
      errors: { file: 'too-many-files' },
    })
  })

  const judged = (field: Omit<Field, 'key' | 'required'>, raw: unknown) => {
    const read = checkAnswers(
      { key: 'p', fields: [{ key: 'f', required: true, ...field } as Field] },
      { f: raw },
      choices,
    )
    return 'answers' in read ? read.answers.f : read.errors.f
  }

  test.each([
    ['ada@acme.example', 'ada@acme.example'],
    [' Ada.Lovelace+x@mail.acme.example ', 'Ada.Lovelace+x@mail.acme.example'],
    ['not an email', 'not-an-email'],
    ['ada@acme', 'not-an-email'],
    ['Ada <ada@acme.example>', 'not-an-email'],
    ['', 'required'],
  ])('COM-02 the address “%s” of a Master Admin leads to “%s”', (raw, read) => {
    expect(judged({ kind: 'email', maxLength: 320 } as Field, raw)).toBe(read)
  })

  test.each([
    ['https://acme.example', 'https://acme.example'],
    ['HTTP://acme.example:8080/a?b#c', 'HTTP://acme.example:8080/a?b#c'],
    ['acme.example', 'not-a-url'],
    ['javascript:alert(1)', 'not-a-url'],
    ['https://user:pass@acme.example', 'not-a-url'],
    ['https://', 'not-a-url'],
  ])('the web address “%s” leads to “%s”', (raw, read) => {
    expect(judged({ kind: 'url', maxLength: 300 } as Field, raw)).toBe(read)
  })

  test.each([
    ['12', 12],
    [12, 12],
    ['1.5', 'not-a-number'],
    ['1e3', 'not-a-number'],
    ['twelve', 'not-a-number'],
    [Number.NaN, 'not-a-number'],
    ['0', 'out-of-range'],
    ['13', 'out-of-range'],
    ['  ', 'required'],
  ])('the whole number “%s” between 1 and 12 leads to “%s”', (raw, read) => {
    expect(judged({ kind: 'number', decimals: false, min: 1, max: 12 } as Field, raw)).toBe(read)
  })

  test.each([
    ['2028-02-29', '2028-02-29'],
    ['2027-02-29', 'not-a-date'],
    ['29.2.2028', 'not-a-date'],
    [20280229, 'not-an-answer'],
  ])('the day “%s” leads to “%s”', (raw, read) => {
    expect(judged({ kind: 'date' } as Field, raw)).toBe(read)
  })

  test('of several options that can be ticked those count that are offered, each once', () => {
    const field = { kind: 'checkboxes', options: [{ value: 'a' }, { value: 'b' }] } as Field
    expect(judged(field, ['b', 'a'])).toEqual(['b', 'a'])
    expect(judged(field, ['a', 'c'])).toBe('unknown-option')
    expect(judged(field, ['a', 'a'])).toBe('not-an-answer')
    expect(judged(field, 'a')).toBe('not-an-answer')
    expect(judged(field, [])).toBe('required')
  })

  test('an unticked consent is an answer, and what is not a file or a text is refused', () => {
    const raw = { experience: '1', description: 'x', consent: false, file: [] }
    expect(checkAnswers(page('technical_c'), raw, choices)).toEqual({
      answers: { experience: '1', description: 'x', consent: false },
    })
    expect(checkAnswers(page('technical_c'), { ...raw, file: ['F1'], description: 7 }, choices)).toEqual({
      errors: { file: 'not-an-answer', description: 'not-an-answer' },
    })
  })

  test('what Postgres cannot store is taken out', () => {
    const read = checkAnswers(page('technical_a'), { problem_type: '1', subject: 'a\0b\ud800' }, choices)
    expect(read).toEqual({ answers: { problem_type: '1', subject: 'ab\ufffd' } })
  })

  test('an answer taken back is gone, and other pages keep theirs', () => {
    const after = withPage({ ...technical, subject: 'x' }, page('technical_c'), { experience: '1', consent: false })
    expect(after).toEqual({ ...technical, subject: 'x', experience: '1', consent: false, description: undefined })
  })

  test('files stay until others are chosen, as a file input comes back empty', () => {
    const other = { ...receipt, id: 'F2', name: 'other.pdf' }
    const before = { ...technical, file: [receipt] }
    expect(withPage(before, page('technical_c'), { experience: '1' }).file).toEqual([receipt])
    expect(withPage(before, page('technical_c'), { experience: '1', file: [other] }).file).toEqual([other])
  })

  test('a file that is required needs to be chosen only once', () => {
    const must = { ...page('financial_b', { branch: 'financial' }) }
    must.fields = must.fields.map((field) => ({ ...field, required: true }))
    const raw = { description: 'x' }
    expect(checkAnswers(must, raw, choices)).toEqual({ errors: { file: 'required' } })
    expect(checkAnswers(must, raw, choices, { file: [receipt] })).toEqual({ answers: { description: 'x' } })
  })
})

describe('what becomes of the answers', () => {
  test('a complete form lacks nothing, and an empty one everything it asks', () => {
    expect(missing(form, technical)).toEqual([])
    expect(missing(form, {})).toEqual(['name', 'account', 'branch'])
    expect(missing(form, { ...technical, branch: 'financial', description: '' })).toEqual(['financial', 'description'])
  })

  test('a draft older than the form lacks the options and stores that are gone', () => {
    expect(missing(form, { ...technical, impact: 'enormous' })).toEqual(['impact'])
    expect(missing(form, technical, { accounts: [] })).toEqual(['account'])
    expect(priorityOf(form, { ...technical, impact: 'enormous' })).toBe('normal')
  })

  test('a technical ticket takes its subject from what was typed', () => {
    expect(ticketFields(form, labels, technical, choices)).toMatchObject({
      subject: 'The printer in the shop prints no labels',
      branch: 'technical',
      accountKey: 'acme-berlin',
      requesterName: 'Ada Lovelace',
      priority: 'urgent',
      description: 'Since this morning.\nNothing comes out.',
      problemType: '1',
      impact: 'critical',
      users: 'all',
      consent: true,
      form: { name: 'intake', version: form.version },
    })
  })

  test('a financial ticket takes the whole label as its subject, and nothing from the branch left', () => {
    const fields = ticketFields(form, labels, { ...technical, branch: 'financial', financial: '07' }, choices)
    expect(fields.subject).toBe('Changing the company registration number – Transfer of contractual liability')
    expect(fields).toMatchObject({ priority: 'normal', impact: null, consent: null, problemType: null })
    expect(Object.keys(fields.answers).sort()).toEqual(['account', 'branch', 'description', 'financial', 'name'])
  })

  test('a commercial ticket tells its own questions in its description', () => {
    const answers = {
      ...ada,
      branch: 'commercial',
      commercial: '1',
      trade_policy_name: 'Wholesale',
      trade_policy_purpose: 'b2b',
      comments: 'Before May, please.',
    }
    expect(ticketFields(form, labels, answers, choices)).toMatchObject({
      subject: 'Creating a trade policy',
      description:
        'Name of the trade policy: Wholesale\nWhat the trade policy is for: Sales to other companies (B2B)\n\nBefore May, please.',
    })
  })

  test('an incomplete form opens no ticket', () => {
    expect(() => ticketFields(form, labels, ada, choices)).toThrow(/ask for branch/)
  })

  test('impact and affected users make the priority', () => {
    const priority = (impact: string, users: string) => priorityOf(form, { ...technical, impact, users })
    const table = optionsOf('impact').map((impact) => optionsOf('users').map((users) => priority(impact, users)))
    expect(table).toEqual([
      ['low', 'normal', 'normal'],
      ['normal', 'high', 'high'],
      ['high', 'urgent', 'urgent'],
    ])
    expect(priorityOf(form, { ...technical, branch: 'financial' })).toBe('normal')
  })

  test('a ticket older than the form shows an option that is gone by its value', () => {
    const shown = describeAnswers(form, labels, { ...technical, impact: 'enormous', account: 'gone' }, choices)
    expect(shown.filter(({ key }) => ['impact', 'account'].includes(key)).map(({ value }) => value)).toEqual([
      'gone',
      'enormous',
    ])
  })

  test('question and answer are shown in the words of the form', () => {
    const shown = describeAnswers(
      form,
      labels,
      { ...ada, branch: 'financial', financial: '12', file: [receipt] },
      choices,
    )
    expect(shown.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      'Name: Ada Lovelace',
      'Account: Acme Berlin',
      'What do you need?: Financial',
      'Request subject: VTEX Partner',
      'Choose a file: receipt.pdf',
    ])
  })
})

const receipt = {
  id: 'F1',
  name: 'receipt.pdf',
  contentType: 'application/pdf',
  size: 4,
  url: 'https://files.slack.com/F1',
}

function way(answers: Answers): string[] {
  return pagesFor(form, answers).map((page) => page.key)
}

function fieldOf(key: string): Field | undefined {
  return form.pages.flatMap((page) => page.fields).find((field) => field.key === key)
}

function optionsOf(key: string): string[] {
  const field = fieldOf(key)
  return field && 'options' in field ? field.options.map(({ value }) => value) : []
}
