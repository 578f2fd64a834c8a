import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeMail } from '../support/acting.ts'
import { ADA, eventually, KOFI, startWorld, TRIAGE, type World } from '../support/world.ts'

// Slack's client shows buttons only to those in the channel; a payload may say anything. These are signed as Slack
// signs, so only what the server checks itself stands between them and the ticket (threats S5 to S8).
let world: World
let signingSecret: string
const acts = [
  'ticket.take',
  'ticket.pend',
  'ticket.solve',
  'ticket.reopen',
  'ticket.people',
  'ticket.reply',
  'request.solve',
  'request.reopen',
  'survey.rate.5',
]

beforeAll(async () => {
  world = await startWorld({ mode: 'http' })
  signingSecret = world.signingSecret
  await writeMail(world, { from: 'kim@new.example', subject: 'Help', text: 'Where is my order?' })
  await world.settle()
})
afterAll(() => world?.stop())

test.each(acts)(
  '%s does nothing for a client of somebody else, a stranger, or an agent’s id from another workspace',
  async (actionId) => {
    const before = await ticket()
    const strangers = [
      { id: ADA, team_id: 'T0SANDBOX' },
      { id: KOFI, team_id: 'T0OTHER' },
      { id: 'U0NOBODY', team_id: 'T0SANDBOX' },
    ]
    for (const user of strangers) expect(await press(actionId, user, 1001)).toBe(200)
    await world.settle()
    expect(await ticket()).toEqual(before)
  },
)

test('absent and forbidden tickets are refused with the same words', async () => {
  const said = async (ticketId: number) => {
    world.slack.log.clear()
    await press('ticket.solve', { id: ADA, team_id: 'T0SANDBOX' }, ticketId)
    return eventually(() => {
      const call = world.slack.log.calls.find(({ method }) => method === 'chat.postEphemeral')
      expect(call).toBeDefined()
      return call!.args.text
    })
  }
  expect(await said(1001)).toBe(await said(999_999))
})

test('E37 a whole mail is shown to agents only, whatever a signed payload says', async () => {
  const { rows } = await world.db.query(`select id from events where ticket_id = 1001 and type = 'opened'`)
  const shown = async (user: { id: string; team_id: string }, value: object) => {
    world.slack.log.clear()
    expect(await pressValue('mail.whole', user, JSON.stringify(value))).toBe(200)
    await eventually(() => expect(world.slack.log.calls.some(({ method }) => method.startsWith('views.'))).toBe(true))
    await world.settle()
    const views = world.slack.log.calls.filter(({ method }) => method.startsWith('views.'))
    return JSON.stringify(views).includes('Where is my order?')
  }
  const agent = { id: KOFI, team_id: 'T0SANDBOX' }
  expect(await shown(agent, { ticket: 1001, event: rows[0].id })).toBe(true)
  for (const user of [
    { id: ADA, team_id: 'T0SANDBOX' },
    { id: KOFI, team_id: 'T0OTHER' },
  ])
    expect(await shown(user, { ticket: 1001, event: rows[0].id })).toBe(false)
  for (const value of [{ ticket: 999_999, event: rows[0].id }, { ticket: 1001, event: 999_999 }, { ticket: 1001 }])
    expect(await shown(agent, value)).toBe(false)
})

test('a request that is none of theirs opens as one that does not exist', async () => {
  const shown = async (actionId: string, ticketId: number) => {
    world.slack.log.clear()
    await press(actionId, { id: ADA, team_id: 'T0SANDBOX' }, ticketId)
    return eventually(() => {
      const call = world.slack.log.calls.find(({ method }) => method === 'views.open')
      expect(call).toBeDefined()
      return JSON.stringify(call!.args.view).replaceAll(String(ticketId), 'N')
    })
  }
  for (const actionId of ['request.show', 'request.earlier', 'request.reply', 'request.follow-up']) {
    const words = await shown(actionId, 1001)
    expect(words).toContain('There is no request #N here for you.')
    expect(words).toBe(await shown(actionId, 999_999))
  }
})

test('a button’s value may say anything: nothing breaks and nothing happens', async () => {
  const before = await ticket()
  for (const value of [
    '',
    '{}',
    '{"ticket":"1001"}',
    '{"ticket":1e99}',
    '[1]',
    'null',
    '{"ticket":1001,"__proto__":{}}',
    '\u0000',
  ])
    expect(await pressValue('ticket.solve', { id: ADA, team_id: 'T0SANDBOX' }, value)).toBe(200)
  await world.settle()
  expect(await ticket()).toEqual(before)
})

test('the same signed body twenty times has one effect', async () => {
  const body = payload(
    'ticket.take',
    { id: KOFI, team_id: 'T0SANDBOX' },
    JSON.stringify({ ticket: 1001, assignee: null }),
  )
  await Promise.all(Array.from({ length: 20 }, () => post(body)))
  await eventually(async () => expect((await ticket()).assignee_id).not.toBeNull())
  await world.settle()
  const { rows } = await world.db.query(`select count(*)::int as n from events where type = 'assigned'`)
  expect(rows).toEqual([{ n: 1 }])
})

test('a body that is not signed, or was signed six minutes ago, is refused', async () => {
  const body = payload(
    'ticket.solve',
    { id: KOFI, team_id: 'T0SANDBOX' },
    JSON.stringify({ ticket: 1001, assignee: null }),
  )
  expect(await post(body, { signature: 'v0=00' })).toBe(401)
  expect(await post(body, { at: Date.now() / 1000 - 360 })).toBe(401)
})

async function ticket() {
  const { rows } = await world.db.query('select * from tickets where id = 1001')
  return rows[0]
}

function press(actionId: string, user: { id: string; team_id: string }, ticketId: number): Promise<number> {
  return pressValue(actionId, user, JSON.stringify({ ticket: ticketId, assignee: null, score: 5 }))
}

function pressValue(actionId: string, user: { id: string; team_id: string }, value: string): Promise<number> {
  return post(payload(actionId, user, value))
}

let clicks = 0
function payload(actionId: string, user: { id: string; team_id: string }, value: string): string {
  clicks += 1
  return new URLSearchParams({
    payload: JSON.stringify({
      type: 'block_actions',
      user: { ...user, username: 'x', name: 'x' },
      team: { id: user.team_id, domain: 'x' },
      api_app_id: 'A0DESKHAND',
      token: 'x',
      trigger_id: `1.${clicks}`,
      response_url: '',
      channel: { id: TRIAGE, name: 'triage' },
      container: { type: 'message', message_ts: '1.1', channel_id: TRIAGE },
      message: { ts: '1.1', text: 'x' },
      actions: [
        {
          type: 'button',
          action_id: actionId,
          block_id: 'b',
          value,
          action_ts: `${clicks}.0`,
          text: { type: 'plain_text', text: 'x' },
        },
      ],
    }),
  }).toString()
}

async function post(body: string, forged: { signature?: string; at?: number } = {}): Promise<number> {
  const at = Math.floor(forged.at ?? Date.now() / 1000)
  const signature = `v0=${createHmac('sha256', signingSecret).update(`v0:${at}:${body}`).digest('hex')}`
  const response = await fetch(`${world.url}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': forged.signature ?? signature,
    },
    body,
  })
  return response.status
}
