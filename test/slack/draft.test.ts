import { afterAll, beforeAll, expect, test } from 'vitest'
import type { View } from '../../src/sandbox/slack/types.ts'
import { ADA, BRUNO, eventually, GENERAL, startWorld, type World } from '../support/world.ts'
import { fillIn, modalOf, openForm, technical, toldTo } from './scenes.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

const answersOf = (view: View) =>
  Object.fromEntries(
    Object.entries(view.values).map(([block, values]) => {
      const [value] = Object.values(values)
      return [block, value?.value ?? (value?.selected_option as { value?: string } | null)?.value ?? null]
    }),
  )
const top = async (user = ADA) => (await modalOf(world, user)).view
const back = (view: View, user = ADA) => world.slack.people.click(user, { viewId: view.id }, 'intake.back')
const close = (view: View, which: 'view' | 'all', user = ADA) => world.slack.people.close(user, view.id, which)

test('Back shows the page before with its answers, and keeps what was typed on this one', async () => {
  const view = await firstOfTechnical()
  await world.slack.people.fill(ADA, view.id, 'subject', 'half a sen')
  expect(await back(view)).toEqual({ ok: true })
  await eventually(async () => expect(answersOf(await top())).toEqual({ branch: 'technical' }))
  await back(view)
  await eventually(async () => expect(answersOf(await top())).toEqual({ name: 'Ada Lovelace', account: 'acme-berlin' }))
  expect(JSON.stringify((await top()).blocks)).not.toContain('intake.back')
  await fillIn(world, ADA, view.id, [{}, {}])
  expect(answersOf(await top())).toEqual({ problem_type: null, subject: 'half a sen' })
})

test('Back pressed twice at once goes back once', async () => {
  const view = await top()
  await Promise.all([back(view), back(view)])
  await eventually(async () => expect(Object.keys(answersOf(await top()))).toEqual(['branch']))
  await world.slack.settled()
  expect(Object.keys(answersOf(await top()))).toEqual(['branch'])
  await fillIn(world, ADA, view.id, [{}])
})

test('×, Cancel and a restart of the product keep the draft, to the letter typed last', async () => {
  const view = await top()
  await world.slack.people.fill(ADA, view.id, 'problem_type', '2')
  await close(view, 'all')
  const again = (await openForm(world, ADA)).view
  expect(answersOf(again)).toEqual({ problem_type: '2', subject: 'half a sen' })
  await world.slack.people.fill(ADA, again.id, 'subject', 'a whole sentence')
  await close(again, 'view')
  // Slack does not promise what was typed with the news that a modal was closed.
  const silent = (await openForm(world, ADA)).view
  Object.assign(silent, { values: {} })
  await close(silent, 'all')
  await world.restart()
  const after = (await openForm(world, ADA)).view
  expect(answersOf(after)).toEqual({ problem_type: '2', subject: 'a whole sentence' })
  await close(after, 'all')
})

test('two openings at once share one draft', async () => {
  world.slack.log.clear()
  await Promise.all([1, 2].map(() => world.slack.people.slash(BRUNO, GENERAL, '/ticket')))
  await eventually(() =>
    expect(world.slack.log.calls.filter(({ method, ok }) => method === 'views.open' && ok)).toHaveLength(2),
  )
  const { view } = await modalOf(world, BRUNO)
  const { rows } = await world.db.query('select count(*)::int as n from drafts where user_id = $1', [BRUNO])
  expect(rows).toEqual([{ n: 1 }])
  await close(view, 'all', BRUNO)
})

test('Bruno’s draft is his own, and a form he was never shown is not sent in his name', async () => {
  const { view } = await openForm(world, BRUNO)
  expect(answersOf(view)).toEqual({ name: 'Bruno Dias', account: null })
  const ids = await world.db.query('select id from drafts where user_id = $1 and ticket_id is null', [ADA])
  const mine = view.privateMetadata
  // Slack carries the metadata back untouched; a forged payload would not.
  Object.assign(view, { privateMetadata: JSON.stringify({ draft: ids.rows[0].id, page: 'identification' }) })
  expect(await world.slack.people.submit(BRUNO, view.id, { account: 'acme-berlin' })).toMatchObject({ ok: true })
  expect((await modalOf(world, BRUNO, 'intake.problem')).view.blocks).toHaveLength(1)
  Object.assign(view, { privateMetadata: mine })
  await close(view, 'all', BRUNO)
})

test('a store that is not the person’s is refused at its field, and so is an option that is no option', async () => {
  const view = await first()
  const element = view.blocks.find(({ block_id }) => block_id === 'account')!.element as unknown as {
    options: { value: string }[]
  }
  element.options.push({ ...element.options[0]!, value: 'elsewhere' })
  expect(await world.slack.people.submit(ADA, view.id, { account: 'elsewhere' })).toMatchObject({
    ok: false,
    errors: { account: 'This is not one of the options any more: please choose again.' },
  })
  await close(view, 'all')
})

test('what must be answered is refused by the product too, where a client lets it pass', async () => {
  const view = await first()
  for (const block of view.blocks) if (block.type === 'input') block.optional = true
  expect(await world.slack.people.submit(ADA, view.id, { name: '   ' })).toMatchObject({
    errors: { name: 'This is required: please fill it in.' },
  })
  await close(view, 'all')
})

test('a fault of ours takes nothing away: the page stays as typed, with a reference the log has too', async () => {
  const { view } = await openForm(world, ADA)
  await world.db.query('alter table drafts rename to drafts_away')
  try {
    const refused = await world.slack.people.submit(ADA, view.id, { name: 'Ada L.', account: 'acme-berlin' })
    expect(refused).toMatchObject({ ok: false, errors: { name: expect.stringMatching(/note of it \([0-9a-f]{8}\)/) } })
    expect(answersOf(await top())).toEqual({ name: 'Ada L.', account: 'acme-berlin' })
    await close(view, 'all')
    expect(await world.slack.people.slash(ADA, GENERAL, '/ticket')).toMatchObject({ ok: true })
    const problem = await modalOf(world, ADA, 'intake.problem')
    expect(JSON.stringify(problem.view.blocks)).toMatch(/note of it \([0-9a-f]{8}\)/)
    await close(problem.view, 'all')
  } finally {
    await world.db.query('alter table drafts_away rename to drafts')
  }
})

test('where Slack opens no form, whoever typed the command is told', async () => {
  world.slack.faults.fail('views.open', { error: 'internal_error', status: 500 })
  await world.slack.people.slash(BRUNO, GENERAL, '/ticket')
  await eventually(() => expect(toldTo(world, BRUNO).at(-1)).toMatch(/ficou registrado \([0-9a-f]{8}\)/))
})

test('sent twice at once, and once more when the answer was lost, it is one ticket', async () => {
  const { view } = await openForm(world, BRUNO)
  await fillIn(world, BRUNO, view.id, technical('Once').slice(0, 4))
  const last = technical('Once')[4]!
  const metadata = (await top(BRUNO)).privateMetadata
  const page = structuredClone((await top(BRUNO)).blocks)
  await Promise.all([world.slack.people.submit(BRUNO, view.id, last), world.slack.people.submit(BRUNO, view.id, last)])
  const first = await modalOf(world, BRUNO, 'intake.sent')
  Object.assign(first.view, { callbackId: 'intake.page', privateMetadata: metadata, blocks: page })
  await world.slack.people.submit(BRUNO, view.id, last)
  const { rows } = await world.db.query(`select id from tickets where subject = 'Once'`)
  expect(rows).toHaveLength(1)
  expect(JSON.stringify((await modalOf(world, BRUNO, 'intake.sent')).view.blocks)).toContain(`#${rows[0].id}`)
  await world.slack.people.close(BRUNO, view.id)
  expect(answersOf((await openForm(world, BRUNO)).view)).toMatchObject({ account: null })
})

test('words after the command are the subject, unless it was said before', async () => {
  const open = world.slack.state.modal(BRUNO)!
  await close(open.view, 'all', BRUNO)
  await world.slack.people.slash(BRUNO, GENERAL, '/ticket', ' The <b>till</b> is stuck ')
  const { view } = await modalOf(world, BRUNO)
  await fillIn(world, BRUNO, view.id, technical('').slice(0, 2))
  expect(answersOf((await modalOf(world, BRUNO)).view)).toEqual({
    problem_type: null,
    subject: 'The <b>till</b> is stuck',
  })
  await close(view, 'all', BRUNO)
})

test('X26 every page says how far it is', async () => {
  const { view } = await openForm(world, BRUNO)
  await world.slack.people.click(BRUNO, { viewId: view.id }, 'intake.start_over')
  await eventually(async () => expect(stepOf(await top(BRUNO))).toBe('1 / 4 ou 5'))
  for (const [values, step] of [
    [{ account: 'acme-berlin' }, '2 / 4 ou 5'],
    [{ branch: 'technical' }, '3 / 5'],
    [{ problem_type: '1', subject: 'x' }, '4 / 5'],
    [{ impact: 'critical', users: 'all' }, '5 / 5'],
  ] as const) {
    await fillIn(world, BRUNO, view.id, [values])
    expect(stepOf(await top(BRUNO))).toBe(step)
  }
  await close(view, 'all', BRUNO)
})

test('X26 who comes back to a draft may go on with it or start over, asked once whether they mean it', async () => {
  await world.slack.people.slash(BRUNO, GENERAL, '/ticket', 'Something else')
  const { view } = await modalOf(world, BRUNO)
  expect(stepOf(view)).toBe('5 / 5')
  const block = view.blocks.find(({ block_id }) => block_id === 'intake.note')
  expect(block).toMatchObject({
    text: { text: 'Este é o chamado que você começou antes, como você o deixou. Continue ou comece de novo.' },
    accessory: { confirm: { text: { text: 'O que você escreveu até agora será descartado.' } } },
  })
  expect(await world.slack.people.click(BRUNO, { viewId: view.id }, 'intake.start_over')).toEqual({ ok: true })
  await eventually(async () => expect(stepOf(await top(BRUNO))).toBe('1 / 4 ou 5'))
  expect(JSON.stringify((await top(BRUNO)).blocks)).not.toContain('intake.start_over')
  expect(answersOf(await top(BRUNO))).toMatchObject({ account: null })
  const { rows } = await world.db.query('select answers from drafts where user_id = $1 and ticket_id is null', [BRUNO])
  expect(rows).toEqual([{ answers: { name: expect.any(String), subject: 'Something else' } }])
  await close(view, 'all', BRUNO)
})

test('starting over on the first page empties it before one’s eyes, and what is typed then counts (X26)', async () => {
  const first = await openForm(world, BRUNO)
  const { name } = answersOf(first.view)
  await world.slack.people.fill(BRUNO, first.view.id, 'name', 'Somebody Else')
  await world.slack.people.fill(BRUNO, first.view.id, 'account', 'acme-berlin')
  await close(first.view, 'all', BRUNO)
  const { view } = await openForm(world, BRUNO)
  expect(answersOf(view)).toEqual({ name: 'Somebody Else', account: 'acme-berlin' })
  // What was changed since is thrown away with the rest.
  await world.slack.people.fill(BRUNO, view.id, 'name', 'Somebody Else Again')
  await world.slack.people.click(BRUNO, { viewId: view.id }, 'intake.start_over')
  await eventually(async () => expect(answersOf(await top(BRUNO))).toEqual({ name, account: null }))

  await world.slack.people.fill(BRUNO, view.id, 'name', 'Bruno D.')
  await world.slack.people.fill(BRUNO, view.id, 'account', 'acme-berlin')
  await close(await top(BRUNO), 'all', BRUNO)
  const again = await openForm(world, BRUNO)
  expect(answersOf(again.view)).toMatchObject({ name: 'Bruno D.' })
  await world.slack.people.click(BRUNO, { viewId: again.view.id }, 'intake.start_over')
  await eventually(async () => expect(answersOf(await top(BRUNO))).toMatchObject({ account: null }))
  expect(await world.slack.people.submit(BRUNO, again.view.id, { name: 'Bruno' })).toMatchObject({
    errors: { account: expect.any(String) },
  })
  await fillIn(world, BRUNO, again.view.id, [{ account: 'acme-berlin' }])
  expect(stepOf(await top(BRUNO))).toMatch(/^2/)
  await close(await top(BRUNO), 'all', BRUNO)
})

test('nobody starts another’s draft over, nor one that was sent', async () => {
  const { view } = await openForm(world, ADA)
  const { rows } = await world.db.query('select id, answers from drafts where user_id = $1 and ticket_id is null', [
    BRUNO,
  ])
  const resumed = view.blocks.find(({ block_id }) => block_id === 'intake.note')!
  const button = resumed.accessory as unknown as { value: string }
  button.value = JSON.stringify({ draft: rows[0].id, about: '' })
  await world.slack.people.click(ADA, { viewId: view.id }, 'intake.start_over')
  await world.slack.settled()
  const after = await world.db.query('select answers from drafts where id = $1', [rows[0].id])
  expect(after.rows).toEqual([{ answers: rows[0].answers }])
  await close(view, 'all')
})

/** What the page says about how far it is. */
function stepOf(view: View): string | undefined {
  const block = view.blocks.find(({ block_id }) => block_id === 'intake.step')
  const [said] = (block?.elements ?? []) as unknown as { text: string }[]
  return said?.text.replace(/^Passo (\S+) de (.+)$/, '$1 / $2')
}

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

/** The first page of the Technical way. */
async function firstOfTechnical(): Promise<View> {
  const view = await first()
  await fillIn(world, ADA, view.id, [{ name: 'Ada Lovelace', account: 'acme-berlin' }, { branch: 'technical' }])
  return top()
}
