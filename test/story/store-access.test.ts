import { afterAll, beforeAll, expect, test } from 'vitest'
import { cardOf, fillIn, modalOf, openForm, technical } from '../slack/scenes.ts'
import { mailsTo } from '../support/acting.ts'
import { eventually, GENERAL, startWorld, type World, wordsOf } from '../support/world.ts'

// Gus is a guest whose address belongs to no store; he can read what is mailed to the store of São Paulo.
const GUS = 'U0GUS'
const STORE = 'loja@acme-sp.example'
let world: World

beforeAll(async () => {
  world = await startWorld({
    workspace: { guestCommands: true },
    mode: 'socket',
    prepare: ({ state }) => {
      const gus = { id: GUS, name: 'gus', realName: 'Gus Guest', email: 'gus@guest.example' }
      state.people().push({ ...gus, tz: 'Europe/Berlin', locale: 'en-GB', isRestricted: true })
      state.channel(GENERAL)!.members.push(GUS)
    },
  })
})
afterAll(() => world?.stop())

const shown = () => JSON.stringify(world.slack.state.modal(GUS)?.view.blocks)
const press = async (action: string, callbackId: string) => {
  const { view } = world.slack.state.modal(GUS)!
  expect(await world.slack.people.click(GUS, { viewId: view.id }, action)).toMatchObject({ ok: true })
  return (await modalOf(world, GUS, callbackId)).view
}
const askFor = async (address: string) => {
  const view = await press('intake.access', 'access.ask')
  expect(await world.slack.people.submit(GUS, view.id, { address })).toEqual({ ok: true, next: 'updated' })
  await world.settle()
  return (await modalOf(world, GUS, 'access.code')).view
}
const ours = (address: string) => mailsTo(world, address).filter(({ from }) => from.includes(world.supportAddress))

test('who is in no store sees none but “My store is not here”, and the way to theirs (AUT-02, AUT-03)', async () => {
  await openForm(world, GUS)
  expect(shown()).toMatch(/My store is not here.*Get access to a store/)
  expect(shown()).not.toMatch(/acme-berlin|acme-sao-paulo/)
})

test('a store’s address and any other are answered in the same words; only the store’s is mailed (AUT-03)', async () => {
  const said: string[] = []
  for (const address of ['nobody@nowhere.example', STORE]) {
    const view = await askFor(address)
    said.push(
      JSON.stringify(view.blocks)
        .replaceAll(address, '…')
        .replace(/\d\d:\d\d|\^\d+\^/g, '…'),
    )
    await press('access.back', 'access.ask') // to try another address, as the words say
    await press('access.back', 'intake.page')
  }
  expect(said[0]).toBe(said[1])
  expect(ours('nobody@nowhere.example')).toEqual([])
  expect(ours(STORE)).toHaveLength(1)
  expect(ours(STORE)[0]!.text.replace(/\s+/g, ' ')).toContain(
    'asks for help for a store that is registered with this address',
  )
  expect(ours(STORE)[0]!.text).not.toMatch(/Gus|guest\.example/)
})

test('what is no address, or ours, is said at the field, with what was typed before kept', async () => {
  const { view: page } = world.slack.state.modal(GUS)!
  await world.slack.people.fill(GUS, page.id, 'name', 'Gus the Guest')
  const view = await press('intake.access', 'access.ask')
  for (const [address, words] of [
    ['gus@-x.example', 'not a mail address'],
    [world.supportAddress, 'our own address'],
  ] as const)
    expect(await world.slack.people.submit(GUS, view.id, { address })).toMatchObject({
      errors: { address: expect.stringContaining(words) },
    })
  await press('access.back', 'intake.page')
  expect(shown()).toContain('Gus the Guest')
})

test('the code leads back to the questionnaire, with the store in the list and chosen (AUT-03, AUT-07)', async () => {
  const view = await askFor(STORE)
  const code = /^ +(\d{3} \d{3})\s*$/m.exec(ours(STORE).at(-1)!.text)![1]!
  const wrong = code.startsWith('1') ? '222222' : '111111'
  expect(await world.slack.people.submit(GUS, view.id, { code: wrong })).toMatchObject({
    errors: { code: expect.stringContaining('4 tries left') },
  })
  expect(await world.slack.people.submit(GUS, view.id, { code })).toEqual({ ok: true, next: 'updated' })
  const page = await modalOf(world, GUS)
  expect(JSON.stringify(page.view.blocks)).toContain('"initial_option":{"value":"acme-sao-paulo"')
  const [, ...pages] = technical('With the store')
  await fillIn(world, GUS, page.view.id, [{}, ...pages])
  await sent()
  const { rows } = await world.db.query('select account_key, region_key from tickets')
  expect(rows).toEqual([{ account_key: 'acme-sao-paulo', region_key: 'brazil' }])
  expect(wordsOf(cardOf(world, 1001))).not.toContain('not confirmed')
})

test('without it the request is opened all the same, and its card says that the store is not confirmed (AUT-01)', async () => {
  const { view } = await openForm(world, GUS)
  const [, ...pages] = technical('Without the store')
  await fillIn(world, GUS, view.id, [{ account: 'unlisted' }, ...pages])
  await sent()
  expect(wordsOf(cardOf(world, 1002))).toContain('Store not confirmed')
})

test('the sixth code within an hour is refused with what to do', async () => {
  await openForm(world, GUS)
  for (let turn = 0; turn < 6; turn++) {
    const view = await press('intake.access', 'access.ask')
    const asked = await world.slack.people.submit(GUS, view.id, { address: `x${turn}@nowhere.example` })
    if (!asked.ok)
      return expect(asked).toMatchObject({ errors: { address: expect.stringContaining('try again in an hour') } })
    await modalOf(world, GUS, 'access.code')
    await press('access.back', 'access.ask')
    await press('access.back', 'intake.page')
  }
  expect.unreachable()
})

async function sent() {
  const { view } = await modalOf(world, GUS, 'intake.sent')
  await world.slack.people.close(GUS, view.id)
  await world.settle()
  await eventually(() => expect(world.slack.state.modal(GUS)).toBeNull())
}
