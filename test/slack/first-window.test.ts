import { afterAll, beforeAll, expect, test } from 'vitest'
import { BRUNO, eventually, GENERAL, LUCIA, startWorld, type World } from '../support/world.ts'
import { ask, modalOf } from './scenes.ts'

// Bruno, whose Slack is Brazilian, has asked before; the process that he meets today has never seen him, nor Lucía, who is
// new. The database answers nobody while they open something.
let world: World
beforeAll(async () => {
  world = await startWorld()
  await ask(world, BRUNO, 'Before the restart')
  await world.restart()
})
afterAll(() => world?.stop())

test('whoever was here before reads “one moment” in their language, also from a process that has just begun', async () => {
  await whileStuck(async () => {
    await world.slack.people.slash(BRUNO, GENERAL, '/ticket')
    await world.slack.people.openHome(BRUNO)
    const { view } = await modalOf(world, BRUNO, 'intake.loading')
    expect(JSON.stringify(view.blocks)).toContain('Um momento')
    await eventually(() => expect(home(BRUNO)).toContain('Um momento'))
  })
  await modalOf(world, BRUNO, 'intake.page')
})

test('whoever is new reads a sign without words, because nobody knows their language, and then the form in it', async () => {
  await whileStuck(async () => {
    await world.slack.people.slash(LUCIA, GENERAL, '/ticket')
    await world.slack.people.openHome(LUCIA)
    const { view } = await modalOf(world, LUCIA, 'intake.loading')
    expect(wordsIn(view)).toEqual([])
    await eventually(() => expect(home(LUCIA)).toContain('⏳'))
    expect(wordsIn(world.slack.state.home(LUCIA))).toEqual([])
  })
  expect(JSON.stringify((await modalOf(world, LUCIA, 'intake.page')).view.blocks)).toContain('Nombre')
})

const home = (user: string) => JSON.stringify(world.slack.state.home(user)?.blocks)

/** Every word that a view shows, whatever language it is of. */
function wordsIn(view: unknown): string[] {
  const shown = [...JSON.stringify(view).matchAll(/"text":"([^"]*)"/g)].map(([, text]) => text!)
  return shown.filter((text) => /\p{L}/u.test(text))
}

/** Does it while nobody can be looked up. */
async function whileStuck(act: () => Promise<void>): Promise<void> {
  await world.settle()
  const client = await world.db.connect()
  try {
    await client.query('begin')
    await client.query('lock table contacts, contact_slack_users, drafts, home_views in access exclusive mode')
    await act()
  } finally {
    await client.query('rollback')
    client.release()
  }
}
