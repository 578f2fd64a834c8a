import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Block, View } from '../../src/sandbox/slack/types.ts'
import { ADA, eventually, GENERAL, startWorld, type World } from '../support/world.ts'
import { fillIn, modalOf, openForm } from './scenes.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

/** What a page asks: "label *" where it must be answered, then its options, "text | description". */
function asked(view: View): Record<string, string[]> {
  const inputs = view.blocks.filter(({ type }) => type === 'input')
  return Object.fromEntries(
    inputs.map((block) => {
      const { options = [] } = block.element as unknown as { options?: { text: Block; description?: Block }[] }
      const label = `${(block.label as unknown as Block).text}${block.optional ? '' : ' *'}`
      return [label, options.map(({ text, description }) => [text.text, description?.text].filter(Boolean).join(' | '))]
    }),
  )
}
const words = (view: View) => ({ title: view.title?.text, submit: view.submit?.text, close: view.close?.text })
const top = async (user = ADA) => (await modalOf(world, user)).view
const back = (view: View, user = ADA) => world.slack.people.click(user, { viewId: view.id }, 'intake.back')
const close = (view: View, which: 'view' | 'all', user = ADA) => world.slack.people.close(user, view.id, which)

test('X23 the command, the shortcut and the button in the App Home open the same form', async () => {
  const { view } = await openForm(world, ADA)
  const byCommand = asked(view)
  await close(view, 'all')
  expect(await world.slack.people.globalShortcut(ADA, 'open_ticket')).toEqual({ ok: true })
  const byShortcut = await top()
  expect(asked(byShortcut)).toEqual(byCommand)
  await close(byShortcut, 'all')
  await world.slack.people.openHome(ADA)
  const home = await eventually(() => {
    expect(world.slack.state.home(ADA)).not.toBeNull()
    return world.slack.state.home(ADA)!
  })
  expect(await world.slack.people.click(ADA, { viewId: home.id }, 'home.open_ticket')).toEqual({ ok: true })
  const byButton = await top()
  expect(asked(byButton)).toEqual(byCommand)
  await close(byButton, 'all')
})

test('IDN-03 IDN-04 CHO-01 CHO-02 CHO-03 CHO-04 TEC-01 TEC-02 TEC-05 TEC-06 TEC-07 TEC-08 TEC-09 TEC-10 TEC-11 TEC-12 TEC-13 X15 the Technical way asks the sources’ questions in the sources’ words, five pages of one view', async () => {
  const { view, depth } = await openForm(world, ADA)
  expect(depth).toBe(1)
  expect(words(view)).toEqual({ title: 'Getting started', submit: 'Continue', close: 'Close' })
  expect(asked(view)).toEqual({
    'Name *': [],
    'Account *': ['Acme Berlin', 'Acme São Paulo', 'My store is not here'],
  })
  const next = async (values: Record<string, string>) => {
    await fillIn(world, ADA, view.id, [values])
    const open = await modalOf(world, ADA)
    expect(open).toMatchObject({ depth: 1, view: { id: view.id } })
    return open.view
  }
  expect(asked(await next({ name: 'Ada Lovelace', account: 'acme-berlin' }))).toEqual({
    'What do you need? *': [
      'Technical | Solve issues or answer technical queries regarding the platform',
      'Financial | Contractual or financial issues related to your stores',
      'Commercial | Trade policies, additional accounts, white label sellers, Master Admin',
    ],
  })
  const a = await next({ branch: 'technical' })
  expect(words(a)).toMatchObject({ title: 'Technical', submit: 'Continue' })
  expect(asked(a)).toEqual({
    'Problem type *': [
      'The store is experiencing a problem or has an unexpected behavior',
      'I have a concern and would like to ask a question',
      'I would like to request a setup',
    ],
    'Request subject *': [],
  })
  expect(asked(await next({ problem_type: '1', subject: 'The checkout hangs' }))).toEqual({
    'Problem impact *': [
      'Unexpected behavior with auxiliary store resources',
      'Unexpected behavior with important store resources',
      'Unexpected behavior with critical store resources',
    ],
    'Users affected by the problem *': ['Admin dashboard users', 'Buyers, consumers, or end-users', 'All users'],
  })
  const c = await next({ impact: 'important', users: 'buyers' })
  expect(words(c)).toMatchObject({ submit: 'Send' })
  expect(asked(c)).toEqual({
    'Your experience with the platform *': [
      'I’m familiar with the basic resources I’m learning',
      'I know everything I need to do my job well',
      'I am experienced and understand advanced features',
    ],
    'Provide a detailed description *': [],
    'Choose a file': [],
    'Help others': ['I agree to anonymously share my problem/question resolution with VTEX'],
  })
  expect(c.values.consent?.consent?.selected_options).toHaveLength(1)
  const consent = c.blocks.find(({ block_id }) => block_id === 'consent') as unknown as { hint: { text: string } }
  expect(consent.hint.text).toBe('By doing so, you help to prevent other stores from experiencing the same problem.')
  const any = (c.blocks.find(({ block_id }) => block_id === 'file')!.element ?? {}) as { filetypes?: string[] }
  expect(any.filetypes).toBeUndefined()
  await fillIn(world, ADA, view.id, [{ experience: '2', description: 'Since noon.' }])
  await modalOf(world, ADA, 'intake.sent')
  const { rows } = await world.db.query('select subject, branch, impact, users, answers from tickets')
  expect(rows).toMatchObject([
    {
      subject: 'The checkout hangs',
      branch: 'technical',
      impact: 'important',
      users: 'buyers',
      answers: { problem_type: '1', experience: '2', consent: true },
    },
  ])
  await close(c, 'all')
})

test('FIN-01 FIN-02 X13 X17 X25 Financial: the twelve subjects, the one of 76 characters in text and description; a description and a file', async () => {
  const view = await firstOf('financial')
  expect(asked(view)).toEqual({
    'Request subject *': [
      'Admin is blocked',
      'Admin delay warning',
      'Sending a payment receipt',
      'Problems in receiving or reconciling boleto and/or invoice',
      'Questions about amounts, calculations, and other billing information',
      'Contract model migration',
      'Changing the company registration number | Transfer of contractual liability',
      'Changing invoice recipients',
      'Changing registration information',
      'Contract termination',
      'Changing monthly invoice expiration date',
      'VTEX Partner',
    ],
  })
  expect(words(view)).toMatchObject({ title: 'Financial', submit: 'Continue' })
  await fillIn(world, ADA, view.id, [{ financial: '07' }])
  const last = await top()
  expect(words(last)).toMatchObject({ title: 'Financial', submit: 'Send' })
  expect(asked(last)).toEqual({ 'Provide a detailed description *': [], 'Choose a file': [] })
  await fillIn(world, ADA, view.id, [{ description: 'We are another company now.' }])
  await modalOf(world, ADA, 'intake.sent')
  const { rows } = await world.db.query('select subject, branch from tickets order by id desc limit 1')
  expect(rows).toEqual([
    {
      subject: 'Changing the company registration number – Transfer of contractual liability',
      branch: 'financial',
    },
  ])
  expect(rows[0].subject).toHaveLength(76)
  await close(view, 'all')
})

const account = ['Account name of the new environment *', 'Account it belongs to *', 'Country in which it will sell *']
const site = 'Website of the store'
const registration = 'Company name and registration number'
const date = 'When you would like to have it'
const anyway = ['Anything else we should know', 'Choose a file']
test.each([
  [
    '1',
    'Creating a trade policy',
    [
      'Name of the trade policy *',
      'What the trade policy is for *',
      'What differs from your main trade policy',
      date,
      ...anyway,
    ],
  ],
  ['2', 'Creating a white label environment', [...account, site, registration, date, ...anyway]],
  ['3', 'Creating a seller environment', [...account, site, registration, date, ...anyway]],
  [
    '4',
    'Creating an additional account',
    [account[0]!, account[2]!, 'What the account is for *', site, registration, date, ...anyway],
  ],
  [
    '5',
    'Changing the Master Admin',
    [
      'Email of the present Master Admin *',
      'Does the present Master Admin agree to the change? *',
      'Name of the new Master Admin *',
      'Email of the new Master Admin *',
      registration,
      ...anyway,
    ],
  ],
])(
  'COM-01 COM-02 COM-03 X13 X18 Commercial %s, %s, asks for what it needs and opens a ticket of that name',
  async (option, subject, fields) => {
    const view = await firstOf('commercial')
    expect(asked(view)).toEqual({
      'Request subject *': [
        'Creating a trade policy',
        'Creating a white label environment',
        'Creating a seller environment',
        'Creating an additional account',
        'Changing the Master Admin',
      ],
    })
    await fillIn(world, ADA, view.id, [{ commercial: option }])
    const last = await top()
    expect(words(last)).toMatchObject({ title: 'Commercial', submit: 'Send' })
    expect(Object.keys(asked(last))).toEqual(fields)
    const values = Object.fromEntries(
      last.blocks.flatMap((block) => {
        const { type, options } = (block.element ?? {}) as { type?: string; options?: { value: string }[] }
        if (block.type !== 'input' || block.optional || !type) return []
        const typed = type === 'email_text_input' ? 'grace@acme.example' : `said in ${block.block_id}`
        return [[block.block_id!, options ? options[0]!.value : typed]]
      }),
    )
    await fillIn(world, ADA, view.id, [values])
    await modalOf(world, ADA, 'intake.sent')
    const { rows } = await world.db.query('select subject, group_key from tickets order by id desc limit 1')
    expect(rows).toEqual([{ subject, group_key: 'sales' }])
    await close(view, 'all')
  },
)

test.each([
  ['technical', [{ problem_type: '1' }, {}, { impact: 'critical', users: 'all' }], 'description', undefined],
  ['financial', [{ financial: '03' }], 'description', 'The invoice of October'],
  ['commercial', [{ commercial: '4' }], 'comments', 'The invoice of October'],
])('what was typed after the command is not lost on the %s way', async (branch, pages, key, typed) => {
  expect(await world.slack.people.slash(ADA, GENERAL, '/ticket', 'The invoice of October')).toMatchObject({ ok: true })
  const { view } = await modalOf(world, ADA)
  const [first, ...rest] = pages as Record<string, string>[]
  await fillIn(world, ADA, view.id, [{ account: 'acme-berlin' }, { branch }, first!])
  if (branch === 'technical') {
    // The subject it became may bring articles first.
    const open = world.slack.state.modal(ADA)!
    await fillIn(world, ADA, view.id, open.view.callbackId === 'articles.page' ? rest : rest.slice(1))
  }
  const { element } = (await top()).blocks.find(({ block_id }) => block_id === key) as unknown as {
    element: { initial_value?: string }
  }
  expect(element.initial_value).toBe(typed)
  await close(await top(), 'all')
  await world.db.query('delete from drafts where ticket_id is null')
})

test('COM-02 an address that is none is refused beside its question, also where Slack lets it pass', async () => {
  const view = await firstOf('commercial')
  await fillIn(world, ADA, view.id, [{ commercial: '5' }])
  const values = { master_admin_present: 'ada@acme.example', master_admin_agrees: 'gone', master_admin_name: 'Grace' }
  const submit = (master_admin_email: string) =>
    world.slack.people.submit(ADA, view.id, { ...values, master_admin_email })
  expect(await submit('not an email')).toMatchObject({ ok: false })
  expect(await submit('grace@acme..example')).toMatchObject({
    errors: { master_admin_email: 'This is not a whole email address: please write it as in ada@example.com.' },
  })
  expect(await submit('grace@acme.example')).toMatchObject({ ok: true })
  await modalOf(world, ADA, 'intake.sent')
  await close(view, 'all')
})

test('IDN-01 IDN-02 name and store must be given; the name is what somebody calls themselves', async () => {
  const view = await first()
  for (const block of view.blocks) if (block.type === 'input') block.optional = true
  expect(await world.slack.people.submit(ADA, view.id, { name: ' ' })).toMatchObject({
    errors: { name: 'This is required: please fill it in.', account: 'This is required: please fill it in.' },
  })
  await fillIn(world, ADA, view.id, [
    { name: 'Augusta Ada King', account: 'acme-sao-paulo' },
    { branch: 'financial' },
    { financial: '01' },
    { description: 'I cannot get in.' },
  ])
  await modalOf(world, ADA, 'intake.sent')
  const { rows } = await world.db.query(
    'select c.name, account_key from tickets t join contacts c on c.id = t.requester_id order by t.id desc limit 1',
  )
  expect(rows).toEqual([{ name: 'Augusta Ada King', account_key: 'acme-sao-paulo' }])
  await close(view, 'all')
})

/** The form at its first page, wherever an earlier test left the draft. */
async function first(): Promise<View> {
  const { view } = await openForm(world, ADA)
  while (JSON.stringify((await top()).blocks).includes('intake.back')) {
    const before = (await top()).hash
    await back(view)
    await eventually(async () => expect((await top()).hash).not.toBe(before))
  }
  return view
}

/** The first page of a way. */
async function firstOf(branch: string): Promise<View> {
  const view = await first()
  await fillIn(world, ADA, view.id, [{ name: 'Ada Lovelace', account: 'acme-berlin' }, { branch }])
  return top()
}
