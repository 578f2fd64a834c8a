import type { WebClient } from '@slack/web-api'
import { expect, test } from 'vitest'
import { createSharedGuard } from '../../src/slack/shared-channel.ts'
import { createStaff } from '../../src/slack/staff.ts'
import type { Database } from '../../src/store/database.ts'

const DAY = 86_400_000
let now = new Date('2028-02-29T12:00:00Z')
const clock = { now: () => now }

/** Slack, of which a test says who is in the triage channel and whether others read it. */
const slack = { members: ['U1'], isShared: false }
const client = {
  conversations: {
    members: async () => ({ members: slack.members }),
    info: async () => ({ channel: { is_ext_shared: slack.isShared } }),
  },
  chat: { postMessage: async () => ({}) },
} as unknown as WebClient
const database = { transaction: async () => {} } as unknown as Database

test('what Slack said of a channel is believed for a minute, and not for a day because the clock was set back', async () => {
  const heldBack = createSharedGuard({ database, client, clock, alarm: '', log: { error: () => {} } })
  const staff = createStaff(client, { teamId: 'T1', enterpriseId: null }, profiles, clock)
  const isIn = () => staff.isIn('U1', 'C1')
  expect([await heldBack('C1'), await isIn()]).toEqual([null, true])
  Object.assign(slack, { members: [], isShared: true })
  now = new Date(now.getTime() + 59_000)
  expect([await heldBack('C1'), await isIn()]).toEqual([null, true])
  now = new Date(now.getTime() - DAY)
  expect(await isIn()).toBe(false)
  expect(await heldBack('C1')).toMatchObject({ kind: 'later' })
})

const profiles = Object.assign(async () => ({ isGuest: false }), {}) as never
