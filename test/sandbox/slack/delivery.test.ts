import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ADA, boltApp, GENERAL, KOFI, rawApp, type TestWorkspace, TRIAGE, testWorkspace } from './workspace.ts'

let workspace: TestWorkspace
afterEach(() => workspace.close())
const httpMode = { app: { requestUrl: '/slack/events' } }

describe('over HTTP', () => {
  test('every payload is signed over its raw body', async () => {
    workspace = await testWorkspace(httpMode)
    const app = rawApp(workspace)
    await workspace.slack.people.slash(ADA, GENERAL, '/ticket', 'ö & ü')
    const [sent] = app.payloads
    expect(sent?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(sent?.body).toMatchObject({ command: '/ticket', text: 'ö & ü', user_id: ADA })
    const at = String(sent?.headers['x-slack-request-timestamp'])
    const raw = new URLSearchParams(sent?.body as unknown as Record<string, string>).toString()
    const expected = `v0=${createHmac('sha256', 'sandbox-signing-secret').update(`v0:${at}:${raw}`).digest('hex')}`
    expect(sent?.headers['x-slack-signature']).toBe(expected)
  })

  test('an event that is not taken comes again with the same event_id and the number of the retry, three times at most', async () => {
    workspace = await testWorkspace({ ...httpMode, timing: { httpRetryMs: [0, 1, 1] } })
    const app = rawApp(workspace)
    app.answer = () => ({ status: 500 })
    await workspace.slack.people.post(KOFI, TRIAGE, { text: 'hello' })
    await vi.waitFor(() => expect(app.payloads).toHaveLength(4))
    expect(app.payloads.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1', '2', '3'])
    expect(new Set(app.payloads.map(({ body }) => body.event_id)).size).toBe(1)
  })

  test('a command that is not acknowledged in time fails for the person', async () => {
    workspace = await testWorkspace({ ...httpMode, timing: { ackMs: 50 } })
    rawApp(workspace).answer = () => ({ silent: true })
    expect(await workspace.slack.people.slash(ADA, GENERAL, '/ticket')).toMatchObject({ error: 'operation_timeout' })
    expect(workspace.slack.state.notices(ADA)).toMatchObject([
      { text: '/ticket failed with the error "operation_timeout"' },
    ])
  })
})

interface Heard {
  envelope_id: string
  retry_attempt: number
  retry_reason: string
  payload: { event_id: string }
}

/** A bare Socket Mode client that acknowledges nothing by itself. */
async function connected(): Promise<{ socket: WebSocket; heard: Heard[] }> {
  const opened = await fetch(`${workspace.slack.apiUrl}apps.connections.open`, {
    method: 'POST',
    headers: { authorization: 'Bearer xapp-sandbox' },
  })
  const { url } = (await opened.json()) as { url: string }
  const socket = new WebSocket(url)
  const heard: Heard[] = []
  await new Promise<void>((resolve) =>
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(data)
      if (message.type === 'hello') resolve()
      else heard.push(message)
    }),
  )
  return { socket, heard }
}

describe('over Socket Mode', () => {
  test('nobody connected: commands fail at once, events wait for a connection', async () => {
    workspace = await testWorkspace()
    expect(await workspace.slack.people.slash(ADA, GENERAL, '/ticket')).toMatchObject({ error: 'dispatch_failed' })
    await workspace.slack.people.post(KOFI, TRIAGE, { text: 'while you were away' })
    await workspace.slack.settled()
    expect(workspace.slack.log.deliveries.filter(({ kind }) => kind === 'events_api')).toEqual([])
    const heard: string[] = []
    const app = await boltApp(workspace, 'socket')
    app.event('message', async ({ event }) => void heard.push('text' in event ? String(event.text) : ''))
    await vi.waitFor(() => expect(heard).toEqual(['while you were away']))
    await app.stop()
  })

  test('an event that is not acknowledged comes again as a retry with the same event_id, until it is', async () => {
    workspace = await testWorkspace({ timing: { ackMs: 200, socketRetryMs: 1 } })
    const { socket, heard } = await connected()
    socket.addEventListener('message', ({ data }) => {
      const { envelope_id, retry_attempt } = JSON.parse(data)
      if (retry_attempt === 2) socket.send(JSON.stringify({ envelope_id }))
    })
    await workspace.slack.people.post(KOFI, TRIAGE, { text: 'hello' })
    await vi.waitFor(() =>
      expect(workspace.slack.log.deliveries.at(-1)).toMatchObject({ attempt: 2, ackMs: expect.any(Number) }),
    )
    expect(heard.map(({ retry_attempt, retry_reason }) => [retry_attempt, retry_reason])).toEqual([
      [0, ''],
      [1, 'timeout'],
      [2, 'timeout'],
    ])
    expect(new Set(heard.map(({ payload }) => payload.event_id)).size).toBe(1)
    expect(new Set(heard.map(({ envelope_id }) => envelope_id)).size).toBe(3)
    socket.close()
  })

  test('a connection that breaks while a click is on its way shows trouble at once', async () => {
    workspace = await testWorkspace()
    const { heard } = await connected()
    const typed = workspace.slack.people.slash(ADA, GENERAL, '/ticket')
    await vi.waitFor(() => expect(heard).toHaveLength(1))
    workspace.slack.faults.dropSockets()
    expect(await typed).toMatchObject({ ok: false, error: 'operation_timeout' })
  })

  test('a client that is asked to come back does so, and hears what happened meanwhile', async () => {
    workspace = await testWorkspace()
    const heard: string[] = []
    const app = await boltApp(workspace, 'socket')
    app.event('message', async ({ event }) => void heard.push('text' in event ? String(event.text) : ''))
    workspace.slack.faults.refreshSockets()
    const connected = () => workspace.slack.state.screen(KOFI).app.connected
    await vi.waitFor(() => expect(connected()).toBe(false))
    await workspace.slack.people.post(KOFI, TRIAGE, { text: 'meanwhile' })
    await vi.waitFor(() => expect(heard).toEqual(['meanwhile']), 3000)
    await app.stop()
  })

  test('a URL opens one connection', async () => {
    workspace = await testWorkspace()
    const response = await fetch(`${workspace.slack.apiUrl}apps.connections.open`, {
      method: 'POST',
      headers: { authorization: 'Bearer xapp-sandbox' },
    })
    const { url } = (await response.json()) as { url: string }
    const first = new WebSocket(url)
    const hello = await new Promise<string>((resolve) => first.addEventListener('message', ({ data }) => resolve(data)))
    expect(JSON.parse(hello)).toMatchObject({ type: 'hello', num_connections: 1, connection_info: { app_id: 'ADESK' } })
    const second = new WebSocket(url)
    await new Promise((resolve) => second.addEventListener('error', resolve))
    first.close()
  })
})

describe('faults', () => {
  const post = () =>
    fetch(`${workspace.slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-sandbox' },
      body: new URLSearchParams({ channel: TRIAGE, text: 't' }),
    })

  test('fail a method as often as asked, then it works again', async () => {
    workspace = await testWorkspace()
    const { faults } = workspace.slack
    faults.fail('chat.postMessage', { error: 'fatal_error' })
    faults.fail('chat.postMessage', { status: 503 })
    faults.fail('*', { retryAfter: 7 })
    expect(await (await post()).json()).toMatchObject({ error: 'fatal_error' })
    expect((await post()).status).toBe(503)
    expect((await post()).headers.get('retry-after')).toBe('7')
    expect(await (await post()).json()).toMatchObject({ ok: true })
  })

  test('accept and then drop: the message stands, the caller knows nothing', async () => {
    workspace = await testWorkspace()
    workspace.slack.faults.fail('chat.postMessage', { acceptThenDrop: true })
    await expect(post()).rejects.toThrow()
    expect(workspace.slack.state.all(TRIAGE)).toHaveLength(1)
    expect(workspace.slack.log.calls).toMatchObject([{ method: 'chat.postMessage', ok: true, token: 'bot' }])
  })
})

test('the workspace is there again after a restart, its files and unheard events too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slack-'))
  const stateFile = join(folder, 'state', 'slack.json')
  workspace = await testWorkspace({ stateFile })
  const file = { name: 'a.txt', mimetype: 'text/plain', bytes: Buffer.from('kept') }
  const sent = (await workspace.slack.people.post(KOFI, TRIAGE, { text: 'before', files: [file] })) as { ts: string }
  const { channelId } = (await workspace.slack.people.openDm(ADA)) as { channelId: string }
  await workspace.close()

  workspace = await testWorkspace({ stateFile, ...httpMode })
  const [message] = workspace.slack.state.messages(TRIAGE)
  expect(message).toMatchObject({ ts: sent.ts, text: 'before', fileObjects: [{ name: 'a.txt' }] })
  expect(await workspace.slack.state.fileBytes(message?.fileObjects[0]?.id as string)).toEqual(Buffer.from('kept'))
  expect(workspace.slack.state.dm(ADA)?.id).toBe(channelId)
  await rm(folder, { recursive: true })
})

test('the page sees and acts over JSON', async () => {
  workspace = await testWorkspace(httpMode)
  rawApp(workspace)
  const ui = `${workspace.baseUrl}/ui`
  const json = async (path: string, body?: unknown) => {
    const response = await fetch(
      `${ui}/${path}`,
      body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
    )
    return { status: response.status, body: await response.json() }
  }
  expect((await json('workspace')).body).toMatchObject({
    people: [{ id: ADA }, { id: KOFI }, {}],
    app: { name: 'Deskhand', connected: true },
  })
  const upload = await fetch(`${ui}/upload?user=${KOFI}&name=a.png&type=image/png`, { method: 'POST', body: 'png' })
  const { id } = (await upload.json()) as { id: string }
  expect((await json('do/post', { user: KOFI, channel: TRIAGE, text: 'hi', fileIds: [id] })).body).toMatchObject({
    ok: true,
  })
  expect((await json(`messages?user=${KOFI}&channel=${TRIAGE}`)).body).toMatchObject([
    { text: 'hi', fileObjects: [{ id }] },
  ])
  expect(await json(`messages?user=${ADA}&channel=${TRIAGE}`)).toMatchObject({ status: 400 })
  expect((await json(`screen?user=${KOFI}`)).body).toMatchObject({
    me: { id: KOFI },
    channels: [{ id: TRIAGE, unread: 0 }, { id: GENERAL }],
  })
  expect((await json('do/slash', { user: KOFI, channel: TRIAGE, command: '/nope' })).body).toMatchObject({
    ok: false,
    error: 'unknown_command',
  })
  expect(
    (await fetch(`${ui}/do/post`, { method: 'POST', headers: { origin: 'https://evil.example' }, body: '{}' })).status,
  ).toBe(400)
  const served = await fetch(`${ui}/files/${id}`)
  expect([served.headers.get('content-type'), await served.text()]).toEqual(['image/png', 'png'])
})
