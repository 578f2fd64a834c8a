import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { View } from '../../src/sandbox/slack/types.ts'
import { ask, cardOf, fillIn, modalOf, openForm, rootOf, technical, under } from '../slack/scenes.ts'
import { ADA, BRUNO, KOFI, LUCIA, startWorld, type World } from '../support/world.ts'

// A form is edited while requests are open and drafts half written: both go on.
let world: World
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'templates-'))
  await cp('templates', dir, { recursive: true })
  world = await startWorld({ mode: 'socket', templatesDir: dir })
})
afterAll(async () => {
  await world?.stop()
  await rm(dir, { recursive: true })
})

// biome-ignore lint/suspicious/noExplicitAny: the files are edited as somebody with an editor would
async function edit(file: string, change: (content: any) => void): Promise<void> {
  const path = join(dir, file)
  const content = JSON.parse(await readFile(path, 'utf8'))
  change(content)
  await writeFile(path, JSON.stringify(content))
}
const textOf = (blocks: unknown) => JSON.stringify(blocks)
const typedIn = (view: View, key: string) => Object.values(view.values[key] ?? {})[0]?.value
const NOTICE = 'O formulário mudou desde que você começou.'

test('a changed form leaves open requests as they were asked, and drafts where they were left', async () => {
  const number = await ask(world, ADA, 'The checkout hangs')
  const { view: drafted } = await openForm(world, BRUNO)
  await fillIn(world, BRUNO, drafted.id, technical('The till is stuck').slice(0, 3))
  await world.slack.people.close(BRUNO, drafted.id, 'all')
  const { view: open } = await openForm(world, LUCIA)
  await fillIn(world, LUCIA, open.id, [{ account: 'unlisted' }, ...technical('No labels').slice(1, 2)])

  await edit('forms/intake.json', (form) => {
    form.fields.users.options = ['admin', 'all']
    for (const row of Object.values<Record<string, string>>(form.priority.byImpactAndUsers)) delete row.buyers
    form.fields.impact.options = ['auxiliary', 'important', 'burning']
    form.priority.byImpactAndUsers.burning = form.priority.byImpactAndUsers.critical
    delete form.priority.byImpactAndUsers.critical
    form.fields.order_number = { kind: 'text', required: true, maxLength: 20 }
    form.pages.find(({ key }: { key: string }) => key === 'technical_a').fields.push('order_number')
  })
  for (const locale of ['en', 'es', 'pt'])
    await edit(`${locale}/forms/intake.json`, (labels) => {
      labels['impact.burning'] = 'Fire'
      labels['users.all'] = 'The whole world'
      labels.problem_type.text = 'What is it about?'
      labels.order_number = 'Order number'
      delete labels['impact.critical']
      delete labels['users.buyers']
    })
  await world.restart()

  // Ada's request: her card changes, its words do not.
  const root = rootOf(world, ADA, number)
  await world.slack.people.post(ADA, root.channel, { text: 'It still hangs.', threadTs: root.ts })
  await world.settle()
  const card = cardOf(world, number)
  expect(textOf(card.blocks)).toContain('Unexpected behavior with critical store resources')
  expect(textOf(card.blocks)).toContain('All users')
  expect(textOf(card.blocks)).not.toContain('The whole world')
  expect(textOf(under(world, card, KOFI)[0]!.blocks)).toContain('Problem type')

  // Bruno's draft: back to the page that asks for more, with what he typed.
  const again = (await openForm(world, BRUNO)).view
  expect(textOf(again.blocks)).toContain(NOTICE)
  expect(textOf(again.blocks)).toContain('Order number')
  expect(typedIn(again, 'subject')).toBe('The till is stuck')
  await fillIn(world, BRUNO, again.id, [{ order_number: '4711' }])
  const next = (await modalOf(world, BRUNO)).view
  expect(textOf(next.blocks)).not.toContain(NOTICE)
  await fillIn(world, BRUNO, again.id, [
    { impact: 'burning', users: 'all' },
    { experience: '2', description: 'Stuck.' },
  ])
  await modalOf(world, BRUNO, 'intake.sent')
  await world.settle()
  const { rows } = await world.db.query('select id, priority, answers, form from tickets order by id desc limit 1')
  expect(rows[0]).toMatchObject({ priority: 'urgent', answers: { order_number: '4711', subject: 'The till is stuck' } })
  const theirs = cardOf(world, rows[0].id)
  expect(textOf(theirs.blocks)).toContain('The whole world')

  // Lucia's page was open all along: it is shown anew with what she typed, and nothing of it is lost.
  expect(await world.slack.people.submit(LUCIA, open.id, { problem_type: '2', subject: 'No labels' })).toMatchObject({
    ok: true,
  })
  const fresh = (await modalOf(world, LUCIA)).view
  expect(textOf(fresh.blocks)).toContain('El formulario ha cambiado desde que empezaste.')
  expect(textOf(fresh.blocks)).toContain('Order number')
  expect(typedIn(fresh, 'subject')).toBe('No labels')

  // Both forms are kept, each once.
  const versions = await world.db.query('select version from form_versions')
  expect(versions.rows).toHaveLength(2)
  const used = await world.db.query(`select count(distinct form->>'version')::int as n from tickets`)
  expect(used.rows).toEqual([{ n: 2 }])
  await world.restart()
  expect((await world.db.query('select version from form_versions')).rows).toHaveLength(2)
})
