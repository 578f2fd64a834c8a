import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, cardOf } from '../slack/scenes.ts'
import { press } from '../support/acting.ts'
import { ADA, BRUNO, eventually, KOFI, startWorld, type World } from '../support/world.ts'

// A desk whose desk.yaml calls a request done once it is solved, and offers three filters.
let world: World
let dir: string
let lamp: number
let tap: number
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'templates-'))
  await cp('templates', dir, { recursive: true })
  const path = join(dir, 'desk.yaml')
  const written = (await readFile(path, 'utf8'))
    .replace('solvedIsActive: true', 'solvedIsActive: false')
    .replace('filters: [active, open, pending, solved, closed]', 'filters: [open, active, solved]')
  await writeFile(path, written)
  world = await startWorld({ mode: 'socket', templatesDir: dir })
  lamp = await ask(world, ADA, 'The lamp')
  tap = await ask(world, ADA, 'The tap')
  await press(world, KOFI, cardOf(world, lamp), 'ticket.solve')
  await world.settle()
})
afterAll(async () => {
  await world?.stop()
  await rm(dir, { recursive: true })
})

test('X8: solved requests are not among the active ones, and the filter says so in each language', async () => {
  await openHome(ADA)
  await choose('active')
  expect(rows()).toEqual([tap])
  expect(home(ADA)).toContain('Active (not solved)')
  await choose('solved')
  expect(rows()).toEqual([lamp])
  await openHome(BRUNO)
  expect(home(BRUNO)).toContain('Ativos (não resolvidos)')
})

test('X7: the filters are those of the desk file, in its order', async () => {
  expect(filtersOf(ADA)).toEqual(['any', 'open', 'active', 'solved'])
})

test('what somebody looks at is named, also where the filter does not offer it', async () => {
  const { rows: ids } = await world.db.query(`select contact_id from contact_slack_users where user_id = '${ADA}'`)
  await world.db.query(`update home_views set view = view || '{"status": "closed"}' where contact_id = $1`, [
    ids[0].contact_id,
  ])
  await openHome(ADA)
  await eventually(() => expect(filtersOf(ADA)).toEqual(['any', 'open', 'active', 'solved', 'closed']))
  expect(home(ADA)).toContain('There is no request with the status “Closed” here.')
})

const home = (user: string) => JSON.stringify(world.slack.state.home(user)?.blocks)
const hash = (user: string) => world.slack.state.home(user)?.hash

async function drawn(user: string, act: () => Promise<unknown>): Promise<void> {
  await world.settle()
  const before = hash(user)
  await act()
  await eventually(() => expect(hash(user)).not.toBe(before))
}

const openHome = (user: string) => drawn(user, () => world.slack.people.openHome(user))
const choose = (value: string) =>
  drawn(ADA, () => world.slack.people.click(ADA, { viewId: world.slack.state.home(ADA)!.id }, 'home.status', { value }))

function rows(): number[] {
  return (world.slack.state.home(ADA)?.blocks ?? []).flatMap(({ block_id }) => {
    const number = /^home\.request\.(\d+)$/.exec(String(block_id))?.[1]
    return number ? [Number(number)] : []
  })
}

function filtersOf(user: string): string[] {
  const [found] = [...home(user).matchAll(/"action_id":"home\.status".*?"options":(\[.*?\}\])/g)]
  return (JSON.parse(found![1]!) as { value: string }[]).map(({ value }) => value)
}
