import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Jobs, startJobs } from '../src/jobs.ts'
import { startDesk, type TestDesk } from './support/desk.ts'

let desk: TestDesk
let jobs: Jobs
let done: string[]
/** Whether fetching a file fails, as when Slack is away. */
let slackIsAway = false

beforeAll(async () => {
  desk = await startDesk()
  jobs = await startJobs(desk.database, { error: () => {} })
  await jobs.work({
    lane: async ({ lane }) => void done.push(lane),
    intake: async () => void done.push('intake'),
    'fetch-file': async ({ commentId }) => {
      done.push(`file ${commentId}`)
      if (slackIsAway) throw new Error('Slack is away')
    },
    sweep: async () => {},
  })
})
beforeEach(() => {
  done = []
  slackIsAway = false
})
afterAll(async () => {
  await jobs.stop()
  await desk.end()
})

test('a job is done once its transaction has committed, and never when it was rolled back', async () => {
  const rolledBack = desk.database.transaction(async (tx) => {
    await jobs.wakeLane(tx, 'rolled back')
    throw new Error('no')
  })
  await expect(rolledBack).rejects.toThrow('no')
  await desk.database.transaction(async (tx) => {
    await jobs.wakeLane(tx, 'committed')
    expect(done).toEqual([])
  })
  await vi.waitFor(() => expect(done).toEqual(['committed']), 5_000)
})

test('a lane woken often at once is woken, each other lane too, and the mail is read', async () => {
  await desk.database.transaction(async (tx) => {
    for (const lane of ['slack:A', 'slack:B', 'slack:A']) await jobs.wakeLane(tx, lane)
    await jobs.wakeIntake(tx)
  })
  await vi.waitFor(() => expect(new Set(done)).toEqual(new Set(['slack:A', 'slack:B', 'intake'])), 5_000)
})

test('a file that cannot be fetched now stays to be fetched', async () => {
  slackIsAway = true
  await desk.database.transaction((tx) => jobs.fetchFile(tx, 7))
  await vi.waitFor(() => expect(done).toContain('file 7'), 5_000)
  await vi.waitFor(
    async () => expect(await desk.count('pgboss.job', `name = 'fetch-file' and state = 'retry'`)).toBe(1),
    5_000,
  )
})

test('what is started twice, by two processes, is one set of queues', async () => {
  const second = await startJobs(desk.database, { error: () => {} })
  await second.stop()
  expect(await desk.count('pgboss.queue', `name in ('lane', 'intake', 'fetch-file', 'sweep')`)).toBe(4)
})
