import { afterAll, beforeAll, expect, test } from 'vitest'
import { managedOrganizations } from '../../src/store/organizations.ts'
import { ask, cardOf, modalOf, openForm, publicWords, rootOf, toldTo, under } from '../slack/scenes.ts'
import { buttonIn, press } from '../support/acting.ts'
import { ADA, BRUNO, eventually, GENERAL, KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'

// Ada asks to see what her colleagues at acme.example ask for; Kofi grants it, to some, to all, to nobody.
let world: World
const ASKED = 1001

beforeAll(async () => {
  world = await startWorld()
  await world.slack.people.openHome(ADA)
  await eventually(() => expect(JSON.stringify(world.slack.state.home(ADA)?.blocks)).toContain('home.organization'))
})
afterAll(() => world?.stop())

const grants = async () =>
  (await world.db.query('select granted, ticket_id, agent_id from organization_grants order by id')).rows
const managing = async (user: string) => {
  const { rows } = await world.db.query('select contact_id from contact_slack_users where user_id = $1', [user])
  return (await managedOrganizations(world.db, rows[0].contact_id)).map(({ name }) => name)
}

test('a client asks from the Home, with the organisation, its domains and who gets access stated (CLI-08, CLI-09)', async () => {
  await world.slack.people.click(ADA, { viewId: world.slack.state.home(ADA)!.id }, 'home.organization')
  const { view } = await modalOf(world, ADA, 'organization.ask')
  expect(JSON.stringify(view.blocks)).toContain('@acme.example')
  const submit = (values: Record<string, string>) => world.slack.people.submit(ADA, view.id, values)
  for (const [domains, said] of [
    ['@gmail.com', 'no organisation’s'],
    ['@acme', 'not a mail domain'],
    ['  ', 'at least one domain'],
  ] as const)
    expect(await submit({ name: 'Acme', domains, access: 'all' })).toMatchObject({
      errors: { domains: expect.stringContaining(said) },
    })
  expect(await submit({ name: 'Acme', domains: '@acme.example', access: 'named', members: '' })).toMatchObject({
    errors: { members: expect.stringContaining('Name at least one person') },
  })
  const asked = {
    name: 'Acme',
    domains: '@acme.example\nshop.acme.example',
    access: 'named',
    members: 'ada@acme.example',
  }
  expect(await submit(asked)).toMatchObject({ ok: true, next: 'updated' })
  await world.settle()
  expect(await publicWords(world, ASKED)).toEqual([
    'Please give access to all requests of our organisation.\nOrganisation: Acme\n' +
      'Domains: @acme.example, @shop.acme.example\nAccess for: ada@acme.example',
  ])
  expect(wordsOf(cardOf(world, ASKED))).toContain('Access to the requests of Acme')
  expect(await managing(ADA)).toEqual([])
})

test('nobody but an agent can grant it: not she herself, by any button (CLI-08)', async () => {
  await ask(world, BRUNO, 'Another one')
  expect(buttonIn(cardOf(world, 1002), 'organization.grant')).toBe(false)
  expect(buttonIn(cardOf(world, ASKED), 'organization.grant')).toBe(true)
  expect(JSON.stringify(rootOf(world, ADA, ASKED).blocks)).not.toContain('organization.grant')
})

test('an agent grants what was asked for with one form, and the client is told (CLI-08)', async () => {
  await press(world, KOFI, cardOf(world, ASKED), 'organization.grant')
  const { view } = await modalOf(world, KOFI, 'organization.grant')
  const shown = JSON.stringify(view.blocks)
  expect(shown).toContain('@acme.example\\n@shop.acme.example')
  expect(shown).toContain('Asked for by Ada Lovelace, whose address ada@acme.example is proven.')
  expect(await world.slack.people.submit(KOFI, view.id, {})).toMatchObject({ ok: true, next: 'updated' })
  await world.slack.people.close(KOFI, view.id)
  await world.settle()
  expect(await grants()).toMatchObject([{ ticket_id: ASKED, granted: { name: 'Acme', access: 'named' } }])
  expect([await managing(ADA), await managing(BRUNO)]).toEqual([['Acme'], []])
  expect(
    under(world, rootOf(world, ADA, ASKED), ADA)
      .map(wordsOf)
      .join(),
  ).toContain('These people can now see and manage all requests of Acme: ada@acme.example.')
})

test('the card says what was granted, by whom, and offers to change it or take it back, once each (CLI-08)', async () => {
  await eventually(() => expect(wordsOf(cardOf(world, ASKED))).toContain('🏢 Acme: set by Kofi Mensah'))
  const card = cardOf(world, ASKED)
  expect(wordsOf(card)).toContain('These people see and manage all of its requests: ada@acme.example.')
  expect(wordsOf(card)).not.toContain('Grant access')
  const buttons = card.blocks!.flatMap((block) => (block.elements ?? []) as { action_id?: string; style?: string }[])
  expect(buttons.find(({ action_id }) => action_id === 'organization.grant')?.style).toBeUndefined()
  await press(world, KOFI, card, 'organization.grant')
  const { view } = await modalOf(world, KOFI, 'organization.grant')
  expect(JSON.stringify(view.blocks)).toContain('ada@acme.example')
  await world.slack.people.close(KOFI, view.id)

  await press(world, KOFI, card, 'organization.withdraw')
  await eventually(async () => expect(await managing(ADA)).toEqual([]))
  await world.settle()
  await eventually(() => expect(wordsOf(cardOf(world, ASKED))).toContain('Nobody sees all of its requests any more.'))
  expect(buttonIn(cardOf(world, ASKED), 'organization.withdraw')).toBe(false)
  await eventually(() => expect(toldTo(world, KOFI)).toHaveLength(1))
  expect(toldTo(world, KOFI).at(-1)).toContain('Nobody manages the requests of Acme any more.')
  const told = () =>
    under(world, rootOf(world, ADA, ASKED), ADA)
      .map(wordsOf)
      .filter((text) => text.includes('Nobody sees the requests of Acme'))
  expect(told()).toHaveLength(1)
  // A second press of a message drawn before changes nothing and tells nobody again.
  const before = (await grants()).length
  Object.assign(world.slack.state.all(TRIAGE).find(({ ts }) => ts === card.ts)!, { blocks: card.blocks })
  await press(world, KOFI, card, 'organization.withdraw')
  await eventually(() => expect(toldTo(world, KOFI)).toHaveLength(2))
  await world.settle()
  expect([(await grants()).length, told().length]).toEqual([before, 1])
  await press(world, KOFI, card, 'organization.grant')
  const again = await modalOf(world, KOFI, 'organization.grant')
  const values = { access: 'named', members: 'ada@acme.example' }
  expect(await world.slack.people.submit(KOFI, again.view.id, values)).toMatchObject({ ok: true })
  await world.slack.people.close(KOFI, again.view.id)
  await world.settle()
  expect(await managing(ADA)).toEqual(['Acme'])
})

test('her Home’s form says that she has it (CLI-07)', async () => {
  await world.slack.people.click(ADA, { viewId: world.slack.state.home(ADA)!.id }, 'home.organization')
  const { view } = await modalOf(world, ADA, 'organization.ask')
  expect(JSON.stringify(view.blocks)).toContain('You can read all requests of Acme')
  await world.slack.people.close(ADA, view.id)
})

test('“/ticket organisation” changes and revokes it, for agents alone (CLI-08)', async () => {
  await setAccess('all')
  expect([await managing(ADA), await managing(BRUNO)]).toEqual([['Acme'], ['Acme']])
  await setAccess('none')
  expect([await managing(ADA), await managing(BRUNO)]).toEqual([[], []])
  expect((await grants()).map(({ granted }) => granted.access)).toEqual(['named', 'none', 'named', 'all', 'none'])

  const { view } = await openForm(world, ADA)
  await world.slack.people.close(ADA, view.id)
  await world.slack.people.slash(ADA, GENERAL, '/ticket', 'organisation @acme.example')
  await modalOf(world, ADA, 'intake.page')
})

test('a domain that another organisation has is refused at its field', async () => {
  await world.slack.people.slash(KOFI, TRIAGE, '/ticket', 'organización @new.example')
  const { view } = await modalOf(world, KOFI, 'organization.grant')
  const values = { name: 'Thieves', domains: '@new.example, @acme.example', access: 'all' }
  expect(await world.slack.people.submit(KOFI, view.id, values)).toMatchObject({
    errors: { domains: expect.stringContaining('@acme.example belongs to Acme already') },
  })
  expect(await grants()).toHaveLength(5)
  await world.slack.people.close(KOFI, view.id)
})

test.each([
  ['organisation', 'Who sees and manages all requests'],
  ['organización', 'Who sees and manages all requests'],
  ['organização ac', 'Who sees and manages all requests'],
])(
  '“/ticket %s” lists who sees what now, to be changed, taken back or added to (CLI-07, CLI-08)',
  async (typed, said) => {
    await setAccess('all')
    await world.slack.people.slash(KOFI, TRIAGE, '/ticket', typed)
    const { view } = await modalOf(world, KOFI, 'organization.list')
    const shown = JSON.stringify(view.blocks)
    expect(shown).toContain(said)
    expect(shown).toContain('*Acme*')
    expect(shown).toContain('Everybody with a proven address at @acme.example, @shop.acme.example sees and manages')
    expect(shown).toContain('Last changed by Kofi Mensah')
    expect(await world.slack.people.click(KOFI, { viewId: view.id }, 'organization.withdraw')).toMatchObject({
      ok: true,
    })
    await eventually(() =>
      expect(JSON.stringify(world.slack.state.modal(KOFI)!.view.blocks)).toContain('Nobody sees all of its requests'),
    )
    expect(await managing(ADA)).toEqual([])
    const [, row] = world.slack.state.modal(KOFI)!.view.blocks
    const blockId = `${row!.block_id}.buttons`
    await world.slack.people.click(KOFI, { viewId: view.id }, 'organization.change', { blockId })
    const change = await modalOf(world, KOFI, 'organization.grant')
    expect(JSON.stringify(change.view.blocks)).toContain('@acme.example\\n@shop.acme.example')
    await world.slack.people.close(KOFI, change.view.id, 'all')
  },
)

test('a name that no organisation has says so, and one that is new can be added from there', async () => {
  await world.slack.people.slash(KOFI, TRIAGE, '/ticket', 'organisation zebra')
  const { view } = await modalOf(world, KOFI, 'organization.list')
  expect(JSON.stringify(view.blocks)).toContain('No organisation is called “zebra”')
  await world.slack.people.click(KOFI, { viewId: view.id }, 'organization.change', { blockId: 'organizations.add' })
  const add = await modalOf(world, KOFI, 'organization.grant')
  const values = { name: 'Zebra', domains: '@zebra.example', access: 'all' }
  expect(await world.slack.people.submit(KOFI, add.view.id, values)).toMatchObject({ ok: true, next: 'updated' })
  await world.slack.people.close(KOFI, add.view.id, 'all')
  expect((await grants()).at(-1)).toMatchObject({ granted: { name: 'Zebra', access: 'all' } })
})

async function setAccess(access: string): Promise<void> {
  await world.slack.people.slash(KOFI, TRIAGE, '/ticket', 'organisation @acme.example')
  const { view } = await modalOf(world, KOFI, 'organization.grant')
  expect(JSON.stringify(view.blocks)).toContain('Last changed by Kofi Mensah')
  expect(await world.slack.people.submit(KOFI, view.id, { access })).toMatchObject({ ok: true, next: 'updated' })
  await world.slack.people.close(KOFI, view.id)
}
