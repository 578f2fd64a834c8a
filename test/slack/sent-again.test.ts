import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADA, startWorld, type World } from '../support/world.ts'
import { ask, publicWords } from './scenes.ts'

let world: World
let number: number

beforeAll(async () => {
  world = await startWorld({ mode: 'http' })
  number = await ask(world, ADA, 'The bell rings')
})
afterAll(() => world?.stop())

test('a window that is sent again says once what it said before, and also what was changed in it meanwhile', async () => {
  // Slack showed that it failed, because our answer was lost on the way.
  await submit('It rings at night')
  await Promise.all([submit('It rings at night'), submit('It rings at night')])
  await submit('It rings at night, and by day')
  await world.settle()
  expect((await publicWords(world, number)).slice(1)).toEqual(['It rings at night', 'It rings at night, and by day'])
})

/** As Slack sends the window “reply to a request”, always the same one. */
async function submit(reply: string): Promise<void> {
  const payload = {
    type: 'view_submission',
    user: { id: ADA, team_id: 'T0SANDBOX', username: 'x', name: 'x' },
    team: { id: 'T0SANDBOX', domain: 'x' },
    api_app_id: 'A0DESKHAND',
    token: 'x',
    trigger_id: '1.1',
    view: {
      ...{ id: 'V0AGAIN', type: 'modal', callback_id: 'request.reply', hash: 'h', blocks: [], root_view_id: 'V0AGAIN' },
      private_metadata: JSON.stringify({ ticket: number }),
      title: { type: 'plain_text', text: 'x' },
      state: { values: { reply: { reply: { type: 'plain_text_input', value: reply } } } },
    },
  }
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  const at = String(Math.floor(Date.now() / 1000))
  const signature = `v0=${createHmac('sha256', world.signingSecret).update(`v0:${at}:${body}`).digest('hex')}`
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': at,
    'x-slack-signature': signature,
  }
  expect((await fetch(`${world.url}/slack/events`, { method: 'POST', headers, body })).status).toBe(200)
}
