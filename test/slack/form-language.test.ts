import { afterAll, beforeAll, expect, test } from 'vitest'
import { LUCIA, startWorld, type World } from '../support/world.ts'
import { fillIn, modalOf, openForm } from './scenes.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

test('IDN-03 IDN-04 Lucía is asked in Spanish, in the sources’ words, and her errors are too', async () => {
  const { view } = await openForm(world, LUCIA)
  expect([view.title?.text, view.submit?.text]).toEqual(['Comencemos', 'Seguir'])
  const account = view.blocks.find(({ block_id }) => block_id === 'account')!
  const { options } = account.element as unknown as { options: { value: string }[] }
  // Somebody who belongs to no store is offered none of others’.
  expect(options.map(({ value }) => value)).toEqual(['unlisted'])
  const refused = await world.slack.people.submit(LUCIA, view.id, { name: '   ', account: 'unlisted' })
  expect(JSON.stringify(refused)).toContain('Es obligatorio')
  await fillIn(world, LUCIA, view.id, [{ name: 'Lucía', account: 'unlisted' }, { branch: 'financial' }])
  const page = JSON.stringify((await modalOf(world, LUCIA)).view.blocks)
  for (const words of ['Asunto de la solicitud', 'Admin bloqueado', 'Partner VTEX']) expect(page).toContain(words)
})

test('staff read her request in their own language', async () => {
  const { view } = await modalOf(world, LUCIA)
  await fillIn(world, LUCIA, view.id, [{ financial: '01' }, { description: 'No puedo entrar.' }])
  await world.settle()
  const { rows } = await world.db.query('select subject, branch from tickets')
  expect(rows).toEqual([{ subject: 'Admin bloqueado', branch: 'financial' }])
  const cards = JSON.stringify(world.slack.state.messages('C0TRIAGE', { viewer: 'U0KOFI' }))
  expect(cards).toContain('Financial')
  expect(cards).toContain('Admin bloqueado')
})
