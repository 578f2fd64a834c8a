import type { App } from '@slack/bolt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADA, boltApp, GENERAL, KOFI, type TestWorkspace, TRIAGE, testWorkspace, ZOE } from './workspace.ts'

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const modal = (title: string, blocks: object[], more: object = {}) =>
  ({ type: 'modal', title: plain(title), submit: plain('Next'), blocks, ...more }) as never
const subject = {
  type: 'input',
  block_id: 'subject',
  label: plain('Subject'),
  element: { type: 'plain_text_input', action_id: 'text' },
}
const more = {
  type: 'input',
  block_id: 'more',
  label: plain('More'),
  optional: true,
  element: { type: 'plain_text_input', action_id: 'text' },
}

describe.each(['socket', 'http'] as const)('a Bolt app over %s', (mode) => {
  let workspace: TestWorkspace
  let app: App
  const heard: { type: string; body: Record<string, unknown> }[] = []

  beforeAll(async () => {
    workspace = await testWorkspace(mode === 'http' ? { app: { requestUrl: '/slack/events' } } : {})
    app = await boltApp(workspace, mode)
    app.command('/ticket', async ({ ack, body, client }) => {
      await ack()
      await client.views.open({
        trigger_id: body.trigger_id,
        view: modal('Ticket', [subject], { callback_id: 'page-1', private_metadata: 'draft-7' }),
      })
    })
    app.view('page-1', async ({ ack, view }) => {
      const said = view.state.values.subject?.text?.value
      if (said === 'bad') return ack({ response_action: 'errors', errors: { subject: 'Say more.' } })
      if (said === 'wrong key') return ack({ response_action: 'errors', errors: { text: 'That is an action_id.' } })
      await ack({ response_action: 'update', view: modal('Page 2', [subject, more], { callback_id: 'page-2' }) })
    })
    app.view('page-2', async ({ ack }) =>
      ack({ response_action: 'push', view: modal('Sure?', [], { callback_id: 'page-3' }) }),
    )
    app.view('page-3', async ({ ack, client }) => {
      await ack({ response_action: 'clear' })
      await client.chat.postMessage({
        channel: TRIAGE,
        text: 'A new ticket',
        blocks: [
          {
            type: 'actions',
            block_id: 'card',
            elements: [{ type: 'button', action_id: 'take', text: plain('Take'), value: '42' }],
          },
        ],
      })
    })
    app.action('take', async ({ ack, client, body }) => {
      await ack()
      if (body.type !== 'block_actions' || !body.message) throw new Error('no message')
      await client.chat.update({ channel: TRIAGE, ts: body.message.ts, text: `Taken by <@${body.user.id}>` })
    })
    app.event('message', async ({ event }) => void heard.push({ type: 'message', body: { ...event } }))
    app.event('app_home_opened', async ({ event, client }) => {
      const view = { type: 'home' as const, blocks: [{ type: 'header' as const, text: plain('My requests') }] }
      await client.views.publish({ user_id: event.user, view })
    })
  })
  afterAll(async () => {
    await app.stop().catch(() => undefined)
    await workspace.close()
  })

  test('opens a modal from a command, walks its pages, posts a card and edits it at a click', async () => {
    const { people, state } = workspace.slack
    expect(await people.slash(ADA, GENERAL, '/ticket')).toEqual({ ok: true })
    await workspace.slack.settled()
    const first = state.modal(ADA)
    expect(first).toMatchObject({ depth: 1, view: { callbackId: 'page-1', privateMetadata: 'draft-7' } })
    const id = first?.view.id as string

    expect(await people.submit(ADA, id)).toMatchObject({ ok: false, error: 'client_refused' })
    expect(await people.submit(ADA, id, { subject: 'bad' })).toMatchObject({
      ok: false,
      errors: { subject: 'Say more.' },
    })
    expect(state.modal(ADA)?.errors).toEqual({ subject: 'Say more.' })
    expect(await people.submit(ADA, id, { subject: 'wrong key' })).toMatchObject({ ok: false, error: 'invalid_errors' })
    expect(state.modal(ADA)?.banner).toContain('trouble connecting')

    expect(await people.submit(ADA, id, { subject: 'Printer' })).toEqual({ ok: true, next: 'updated' })
    expect(state.modal(ADA)?.view).toMatchObject({
      id,
      callbackId: 'page-2',
      values: { subject: { text: { value: 'Printer' } }, more: { text: { value: null } } },
    })

    expect(await people.submit(ADA, id)).toEqual({ ok: true, next: 'pushed' })
    expect(state.modal(ADA)).toMatchObject({
      depth: 2,
      view: { callbackId: 'page-3', previousViewId: id, rootViewId: id },
    })
    expect(await people.submit(ADA, state.modal(ADA)?.view.id as string)).toEqual({ ok: true, next: 'closed' })
    expect(state.modal(ADA)).toBeNull()
    await workspace.slack.settled()

    const card = state.all(TRIAGE).at(-1)
    expect(card).toMatchObject({ text: 'A new ticket', blocks: [{ block_id: 'card' }] })
    expect(await people.click(KOFI, { channelId: TRIAGE, ts: card?.ts as string }, 'take')).toEqual({ ok: true })
    await workspace.slack.settled()
    expect(state.all(TRIAGE).at(-1)).toMatchObject({ ts: card?.ts, text: `Taken by <@${KOFI}>` })
    expect(state.all(TRIAGE).at(-1)?.blocks).toBeUndefined()
  })

  test('hears what people write where it is present, escaped and with files', async () => {
    const { people } = workspace.slack
    const file = { name: 'log.txt', mimetype: 'text/plain', bytes: Buffer.from('log') }
    const sent = await people.post(KOFI, TRIAGE, { text: 'a < b & c', files: [file] })
    await workspace.slack.settled()
    const event = heard.find(({ body }) => body.ts === (sent as { ts: string }).ts)
    expect(event?.body).toMatchObject({
      text: 'a &lt; b &amp; c',
      user: KOFI,
      channel_type: 'group',
      subtype: 'file_share',
      files: [{ name: 'log.txt', size: 3 }],
    })
    const [shared] = (event?.body.files ?? []) as { url_private_download: string }[]
    const url = shared?.url_private_download as string
    expect(await (await fetch(url, { headers: { authorization: 'Bearer xoxb-sandbox' } })).text()).toBe('log')
    expect((await fetch(url)).headers.get('content-type')).toContain('text/html')
  })

  test('proves its request URL, where it has one', async () => {
    expect(await workspace.slack.verifyRequestUrl()).toBe(mode === 'http')
  })

  test('publishes a Home when it is opened', async () => {
    await workspace.slack.people.openHome(ADA)
    await workspace.slack.settled()
    expect(workspace.slack.state.home(ADA)?.blocks).toMatchObject([{ type: 'header', text: { text: 'My requests' } }])
  })

  test('is not there for external people who type its command, but they can click', async () => {
    expect(await workspace.slack.people.slash(ZOE, GENERAL, '/ticket')).toMatchObject({
      ok: false,
      error: 'unknown_command',
    })
  })
})
