import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ask, cardOf, modalOf, publicWords, rootOf, statusOf } from '../slack/scenes.ts'
import { lastMailTo, press } from '../support/acting.ts'
import { ADA, eventually, GENERAL, KOFI, startWorld, type World } from '../support/world.ts'

let world: World
let number: number

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())
beforeEach(async () => {
  const open = world.slack.state.modal(ADA)
  if (open) await world.slack.people.close(ADA, open.view.id, 'all')
  number = await ask(world, ADA, `The lamp flickers ${Math.random()}`)
  await press(world, KOFI, cardOf(world, number), 'ticket.solve')
  await eventually(async () => expect(await statusOf(world, number)).toBe('solved'))
  await world.settle()
})

/** Goes to a minute before the last moment in which a reply reopens. */
async function lastMinute(): Promise<void> {
  const { rows } = await world.db.query('select reopen_until from tickets where id = $1', [number])
  await world.push(rows[0].reopen_until.getTime() - world.clock.now().getTime() - 60_000)
  expect(await statusOf(world, number)).toBe('solved')
}

/** Does something within the window while the database answers nothing, until the window is over by a minute. */
async function justInTime(doing: () => Promise<unknown>): Promise<void> {
  const client = await world.db.connect()
  try {
    await client.query('begin')
    await client.query('lock table tickets, contacts, contact_slack_users in access exclusive mode')
    const done = doing()
    await eventually(async () => {
      const { rows } = await client.query(`select from pg_locks where not granted`)
      expect(rows.length).toBeGreaterThan(0)
    })
    await world.clock.push(120_000)
    await client.query('rollback')
    await done
  } finally {
    client.release()
  }
}

async function isOpenAgain(words?: string): Promise<void> {
  await eventually(async () => expect(await statusOf(world, number)).toBe('open'))
  if (words) expect(await publicWords(world, number)).toContain(words)
  const { rows } = await world.db.query('select follow_up_id from tickets where id = $1', [number])
  expect(rows).toEqual([{ follow_up_id: null }])
}

describe('what was asked within the window counts as in time, however long the database takes (STA-05..08, X3)', () => {
  test('a reply written where the request is shown', async () => {
    await lastMinute()
    await world.slack.people.slash(ADA, GENERAL, '/ticket', `reply ${number}`)
    const { view } = await modalOf(world, ADA, 'request.reply')
    await justInTime(() => world.slack.people.submit(ADA, view.id, { reply: 'Again!' }))
    await isOpenAgain('Again!')
  })

  test.each(['reply N Again!', 'reopen N'])('/ticket %s', async (typed) => {
    await lastMinute()
    await justInTime(() => world.slack.people.slash(ADA, GENERAL, '/ticket', typed.replace('N', String(number))))
    await isOpenAgain()
  })

  test('Reopen in the thread', async () => {
    await lastMinute()
    const root = rootOf(world, ADA, number)
    await justInTime(() => world.slack.people.click(ADA, { channelId: root.channel, ts: root.ts }, 'request.reopen'))
    await isOpenAgain()
  })

  test('“look again” on the page of the survey', async () => {
    const { text } = await lastMailTo(world, 'ada@acme.example')
    const page = /https?:\S+\/survey\/[a-z2-7]+/.exec(text)![0]
    const send = async (fields: Record<string, string>) => {
      const shown = await (await fetch(page)).text()
      const proof = /name="page" value="([^"]+)"/.exec(shown)![1]!
      const headers = { origin: world.url, 'content-type': 'application/x-www-form-urlencoded' }
      const body = new URLSearchParams({ page: proof, ...fields }).toString()
      return () => fetch(page, { method: 'POST', headers, body, redirect: 'manual' })
    }
    await (await send({ score: '1' }))()
    await lastMinute()
    await justInTime(await send({ again: 'yes' }))
    await isOpenAgain()
  })
})

describe('what was said within the window is not met by a closed request, though it is delivered later', () => {
  test('because it could not be taken the first times', async () => {
    await lastMinute()
    const root = rootOf(world, ADA, number)
    await world.db.query('alter table comments rename to comments_away')
    try {
      await world.slack.people.post(ADA, root.channel, { text: 'Still flickers.', threadTs: root.ts })
      await world.slack.settled()
    } finally {
      await world.db.query('alter table comments_away rename to comments')
    }
    await world.push(120_000)
    expect(await statusOf(world, number)).toBe('solved')
    await world.slack.faults.redeliver(3)
    await isOpenAgain('Still flickers.')
  })

  test('because the product began a moment ago; it closes all the same when nothing more can come', async () => {
    await lastMinute()
    await world.restart()
    await world.push(90_000)
    expect(await statusOf(world, number)).toBe('solved')
    await world.push(6 * 60_000)
    expect(await statusOf(world, number)).toBe('closed')
  })
})
