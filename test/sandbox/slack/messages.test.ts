import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  ADA,
  BOT,
  ELSEWHERE,
  GENERAL,
  KOFI,
  type RawApp,
  rawApp,
  type TestWorkspace,
  TRIAGE,
  testWorkspace,
  ZOE,
} from './workspace.ts'

type Json = Record<string, unknown>
const plain = (text: string) => ({ type: 'plain_text', text })
const button = {
  type: 'actions',
  block_id: 'b',
  elements: [{ type: 'button', action_id: 'go', text: plain('Go'), value: '7' }],
}
const x = (length: number) => 'x'.repeat(length)

let workspace: TestWorkspace
let app: RawApp

beforeAll(async () => {
  workspace = await testWorkspace({ app: { requestUrl: '/slack/events' }, pace: 'off' })
  app = rawApp(workspace)
})
afterAll(() => workspace.close())
beforeEach(() => void app.payloads.splice(0))

type Answer = Json & { ok: boolean; ts: string; channel: string; error?: string; message: Json }
const call = async (method: string, args: Json, token = 'xoxb-sandbox'): Promise<Answer> => {
  const response = await fetch(`${workspace.slack.apiUrl}${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(args),
  })
  return (await response.json()) as Answer
}
const post = (args: Json) => call('chat.postMessage', { channel: TRIAGE, ...args })
const stored = (ts: string, channel = TRIAGE) => workspace.slack.state.all(channel).find((message) => message.ts === ts)

describe('posting', () => {
  test('cuts text after 40 000 characters and refuses none', async () => {
    expect(await post({})).toMatchObject({ error: 'no_text' })
    expect(stored((await post({ text: x(40_000) })).ts)?.text).toHaveLength(40_000)
    expect(stored((await post({ text: x(40_001) })).ts)?.text).toHaveLength(40_000)
  })

  test.each([
    ['to nowhere', { channel: 'CNOWHERE', text: 't' }, 'channel_not_found'],
    ['where the bot is not', { channel: ELSEWHERE, text: 't' }, 'not_in_channel'],
    ['without a channel', { channel: '', text: 't' }, 'invalid_arguments'],
    ['under a message that is not there', { text: 't', thread_ts: '1.000001' }, 'thread_not_found'],
    ['with both markdown and text', { text: 't', markdown_text: 'm' }, 'markdown_text_conflict'],
    ['with too much markdown', { markdown_text: x(12_001) }, 'msg_too_long'],
    [
      'with 101 attachments',
      { attachments: Array.from({ length: 101 }, () => ({ text: 'a' })) },
      'too_many_attachments',
    ],
    ['with blocks that are no list', { text: 't', blocks: '{' }, 'invalid_blocks_format'],
    [
      'with a file_input',
      { text: 't', blocks: [{ type: 'input', label: plain('l'), element: { type: 'file_input' } }] },
      'invalid_blocks',
    ],
    ['with metadata without a type', { text: 't', metadata: { event_payload: {} } }, 'invalid_metadata_format'],
    [
      'with metadata that is no object',
      { text: 't', metadata: { event_type: 'a', event_payload: 'x' } },
      'invalid_metadata_schema',
    ],
  ])('%s is refused', async (_what, args, error) => {
    expect(await post(args)).toMatchObject({ ok: false, error })
  })

  test('into a thread needs the parent, not a reply', async () => {
    const { ts } = await post({ text: 'parent' })
    const reply = await post({ text: 'reply', thread_ts: ts })
    expect(reply).toMatchObject({ ok: true, message: { thread_ts: ts, parent_user_id: BOT } })
    expect(await post({ text: 'reply to a reply', thread_ts: reply.ts })).toMatchObject({ error: 'invalid_thread_ts' })
    expect(workspace.slack.state.messages(TRIAGE).find((message) => message.ts === ts)).toMatchObject({ replyCount: 1 })
  })

  test('to a person opens the direct message', async () => {
    const sent = await post({ channel: ADA, text: 'hello' })
    expect(sent.channel).toBe(workspace.slack.state.dm(ADA)?.id)
    expect(workspace.slack.state.messages(sent.channel, { viewer: ADA })).toMatchObject([
      { text: 'hello', author: { isBot: true } },
    ])
  })

  test('to a person needs the Messages tab, publishing a Home needs the Home tab', async () => {
    const closed = await testWorkspace({ app: { messagesTab: false, homeTab: false } })
    await expect(closed.web.chat.postMessage({ channel: ADA, text: 't' })).rejects.toThrow('messages_tab_disabled')
    await expect(closed.web.views.publish({ user_id: ADA, view: { type: 'home', blocks: [] } })).rejects.toThrow(
      'not_enabled',
    )
    await closed.close()
  })

  test('keeps bare & < > as entities and rings only for what is written as a mention', async () => {
    const { ts } = await post({ text: 'a & b < c > <!channel> &lt;!here&gt; <https://a.example|A>' })
    expect(stored(ts)?.text).toBe('a &amp; b &lt; c &gt; <!channel> &lt;!here&gt; <https://a.example|A>')
    expect(workspace.slack.state.mentions(TRIAGE)).toEqual(['!channel'])
  })

  test('is heard by the app itself, marked as its own', async () => {
    const { ts } = await post({ text: 'mine' })
    await workspace.slack.settled()
    expect(app.last('message')).toMatchObject({ event: { ts, bot_id: 'BDESK', app_id: 'ADESK' } })
  })
})

describe('one message a second a channel', () => {
  test('after a short burst the answer is 429 with Retry-After, and other channels go on', async () => {
    const strict = await testWorkspace()
    const send = (channel: string) =>
      fetch(`${strict.slack.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { authorization: 'Bearer xoxb-sandbox' },
        body: new URLSearchParams({ channel, text: 't' }),
      })
    for (let burst = 0; burst < 4; burst++) expect((await send(TRIAGE)).status).toBe(200)
    const refused = await send(TRIAGE)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    expect((await send(GENERAL)).status).toBe(200)
    await strict.clock.push(1000)
    expect((await send(TRIAGE)).status).toBe(200)
    await strict.close()
  })
})

describe('a method of tier 2', () => {
  test('answers twenty calls a minute, and 429 with Retry-After from then on', async () => {
    const strict = await testWorkspace()
    const list = () =>
      fetch(`${strict.slack.apiUrl}users.list`, { method: 'POST', headers: { authorization: 'Bearer xoxb-sandbox' } })
    for (let calls = 0; calls < 20; calls++) expect((await list()).status).toBe(200)
    const refused = await list()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3'])
    expect(await refused.json()).toEqual({ ok: false, error: 'ratelimited' })
    await strict.close()
  })
})

describe('updating', () => {
  test('with text alone removes the blocks and marks it edited', async () => {
    const { ts } = await post({ text: 't', blocks: [button] })
    await call('chat.update', { channel: TRIAGE, ts, text: 'new' })
    expect(stored(ts)).toMatchObject({ text: 'new', edited: { user: BOT } })
    expect(stored(ts)?.blocks).toBeUndefined()
  })

  test('with blocks keeps no mark; an empty list removes them', async () => {
    const { ts } = await post({ text: 't', metadata: { event_type: 'card', event_payload: { ticket: 7 } } })
    await call('chat.update', { channel: TRIAGE, ts, text: 't', blocks: [button] })
    expect(stored(ts)).toMatchObject({ blocks: [{ block_id: 'b' }], metadata: { event_type: 'card' } })
    expect(stored(ts)?.edited).toBeUndefined()
    await call('chat.update', { channel: TRIAGE, ts, text: 't', blocks: [], metadata: {} })
    expect(stored(ts)?.blocks).toBeUndefined()
    expect(stored(ts)?.metadata).toBeUndefined()
  })

  test('takes 4000 characters, not 4001', async () => {
    const { ts } = await post({ text: 't' })
    expect(await call('chat.update', { channel: TRIAGE, ts, text: x(4000) })).toMatchObject({ ok: true })
    expect(await call('chat.update', { channel: TRIAGE, ts, text: x(4001) })).toMatchObject({ error: 'msg_too_long' })
  })

  test('only its own, and only what is there', async () => {
    const theirs = (await workspace.slack.people.post(KOFI, TRIAGE, { text: 'mine' })) as { ts: string }
    expect(await call('chat.update', { channel: TRIAGE, ts: theirs.ts, text: 'x' })).toMatchObject({
      error: 'cant_update_message',
    })
    expect(await call('chat.delete', { channel: TRIAGE, ts: theirs.ts })).toMatchObject({
      error: 'cant_delete_message',
    })
    expect(await call('chat.update', { channel: TRIAGE, ts: '1.000001', text: 'x' })).toMatchObject({
      error: 'message_not_found',
    })
    expect(await call('chat.update', { channel: KOFI, ts: theirs.ts, text: 'x' })).toMatchObject({
      error: 'channel_not_found',
    })
  })
})

describe('an ephemeral', () => {
  test('reaches one member and nobody else, and cannot be updated', async () => {
    const sent = await call('chat.postEphemeral', { channel: TRIAGE, user: KOFI, text: 'only you', blocks: [button] })
    const ts = String(sent.message_ts)
    expect(workspace.slack.state.messages(TRIAGE, { viewer: KOFI }).at(-1)).toMatchObject({
      text: 'only you',
      ephemeral: true,
    })
    expect(workspace.slack.state.all(TRIAGE).some((message) => message.ts === ts)).toBe(false)
    expect(await call('chat.update', { channel: TRIAGE, ts, text: 'x' })).toMatchObject({ error: 'message_not_found' })
    expect(await call('chat.postEphemeral', { channel: TRIAGE, user: ADA, text: 't' })).toMatchObject({
      error: 'user_not_in_channel',
    })
  })

  test('is replaced and deleted through the response_url of its own click', async () => {
    await call('chat.postEphemeral', { channel: TRIAGE, user: KOFI, text: 'sure?', blocks: [button] })
    const ephemeral = workspace.slack.state.ephemerals(KOFI).at(-1)
    await workspace.slack.people.click(KOFI, { channelId: TRIAGE, ts: ephemeral?.ts as string }, 'go')
    const click = app.last('block_actions')
    expect(click).toMatchObject({ container: { is_ephemeral: true } })
    expect(click).not.toHaveProperty('message')
    await fetch(click.response_url as unknown as string, {
      method: 'POST',
      body: JSON.stringify({ replace_original: true, text: 'done' }),
    })
    expect(workspace.slack.state.ephemerals(KOFI).at(-1)).toMatchObject({ ts: ephemeral?.ts, text: 'done' })
    await fetch(click.response_url as unknown as string, {
      method: 'POST',
      body: JSON.stringify({ delete_original: true }),
    })
    expect(workspace.slack.state.ephemerals(KOFI).some((message) => message.ts === ephemeral?.ts)).toBe(false)
  })
})

describe('a response_url', () => {
  const command = async () => {
    await workspace.slack.people.slash(ADA, GENERAL, '/ticket')
    return app.last('command').response_url as unknown as string
  }
  const use = async (url: string, body: Json = { text: 'hi' }) =>
    (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).status

  test('works five times', async () => {
    const url = await command()
    for (let times = 0; times < 5; times++) expect(await use(url)).toBe(200)
    expect(await use(url)).toBe(404)
  })

  test('works for thirty minutes', async () => {
    const url = await command()
    await workspace.clock.push(29 * 60_000)
    expect(await use(url)).toBe(200)
    await workspace.clock.push(2 * 60_000)
    expect(await use(url)).toBe(404)
  })

  test('speaks to one person unless told in_channel, and refuses what Slack refuses', async () => {
    const url = await command()
    await use(url, { text: 'private' })
    expect(workspace.slack.state.ephemerals(ADA).at(-1)).toMatchObject({ text: 'private' })
    await use(url, { text: 'public', response_type: 'in_channel' })
    expect(workspace.slack.state.all(GENERAL).at(-1)).toMatchObject({ text: 'public', botId: 'BDESK' })
    expect(await use(url, { blocks: [{ type: 'alert', text: plain('a') }] })).toBe(400)
  })
})

describe('a shortcut', () => {
  test('has a trigger; a global one no channel, one on a message the message', async () => {
    await workspace.slack.people.globalShortcut(ADA, 'open_ticket')
    expect(app.last('shortcut')).toMatchObject({ callback_id: 'open_ticket', trigger_id: expect.any(String) })
    expect(app.last('shortcut')).not.toHaveProperty('channel')
    const { ts } = await post({ text: 'look' })
    await workspace.slack.people.messageShortcut(KOFI, 'send_to_requester', { channelId: TRIAGE, ts })
    expect(app.last('message_action')).toMatchObject({
      message: { text: 'look', ts },
      channel: { id: TRIAGE },
      response_url: expect.any(String),
    })
    expect(await workspace.slack.people.globalShortcut(ADA, 'none')).toMatchObject({ error: 'unknown_shortcut' })
  })
})

describe('a command', () => {
  test('is answered by its acknowledgement, to the person or to the channel', async () => {
    app.answer = () => ({ body: { text: 'usage: /ticket' } })
    await workspace.slack.people.slash(ADA, GENERAL, '/ticket', 'help')
    expect(workspace.slack.state.ephemerals(ADA).at(-1)).toMatchObject({ text: 'usage: /ticket' })
    app.answer = () => ({ body: { text: 'for all', response_type: 'in_channel' } })
    await workspace.slack.people.slash(ADA, GENERAL, '/ticket')
    expect(workspace.slack.state.all(GENERAL).at(-1)).toMatchObject({ text: 'for all' })
    app.answer = () => ({ body: { text: 't', blocks: [{ type: 'alert' }] } })
    expect(await workspace.slack.people.slash(ADA, GENERAL, '/ticket')).toMatchObject({ ok: false })
    app.answer = () => undefined
  })
})

describe('a click', () => {
  test('by somebody from another workspace arrives with their team', async () => {
    const { ts } = await post({ channel: GENERAL, text: 't', blocks: [button] })
    await workspace.slack.people.click(ZOE, { channelId: GENERAL, ts }, 'go')
    expect(app.last('block_actions')).toMatchObject({
      user: { id: ZOE, team_id: 'TOTHER' },
      actions: [{ action_id: 'go', value: '7', block_id: 'b' }],
    })
  })

  test('carries what was chosen in the message, each person for themselves', async () => {
    const options = ['low', 'high'].map((value) => ({ text: plain(value), value }))
    const blocks = [
      { type: 'actions', block_id: 'b', elements: [{ type: 'static_select', action_id: 'how', options }] },
    ]
    const { ts } = await post({ channel: GENERAL, text: 't', blocks })
    await workspace.slack.people.click(ADA, { channelId: GENERAL, ts }, 'how', { value: 'high' })
    expect(app.last('block_actions')).toMatchObject({
      actions: [{ action_id: 'how', selected_option: { value: 'high' } }],
      state: { values: { b: { how: { selected_option: { value: 'high' } } } } },
    })
    const seen = (viewer: string) =>
      workspace.slack.state.messages(GENERAL, { viewer }).find((message) => message.ts === ts)?.values
    expect(seen(ADA)).toMatchObject({ b: { how: { selected_option: { value: 'high' } } } })
    expect(seen(KOFI)).toMatchObject({ b: { how: { selected_option: null } } })
  })
})

describe('the app hears', () => {
  test('an edit and a deletion, with what was there before', async () => {
    const { ts } = (await workspace.slack.people.post(KOFI, TRIAGE, { text: 'one' })) as { ts: string }
    await workspace.slack.people.edit(KOFI, TRIAGE, ts, 'two')
    await workspace.slack.settled()
    expect(app.last('message')).toMatchObject({
      event: { subtype: 'message_changed', message: { ts, text: 'two' }, previous_message: { text: 'one' } },
    })
    await workspace.slack.people.delete(KOFI, TRIAGE, ts)
    await workspace.slack.settled()
    expect(app.last('message')).toMatchObject({
      event: { subtype: 'message_deleted', deleted_ts: ts, previous_message: { text: 'two' } },
    })
  })

  test('an emoji by its name', async () => {
    await workspace.slack.people.post(KOFI, TRIAGE, { text: 'Thanks 👍' })
    await workspace.slack.settled()
    expect(app.last('message')).toMatchObject({ event: { text: 'Thanks :+1:' } })
  })

  test('from which workspace an external person writes, and no file of theirs before it asks', async () => {
    const file = { name: 'a.txt', mimetype: 'text/plain', bytes: Buffer.from('a') }
    await workspace.slack.people.post(ZOE, GENERAL, { text: 'hi', files: [file] })
    await workspace.slack.settled()
    const sent = app.last('message') as unknown as { event: { files: { id: string }[] } }
    expect(sent).toMatchObject({
      is_ext_shared_channel: true,
      event: { user_team: 'TOTHER', files: [{ file_access: 'check_file_info' }] },
    })
    expect(await call('files.info', { file: sent.event.files[0]?.id })).toMatchObject({
      file: { name: 'a.txt', file_access: 'visible' },
    })
  })

  test('nothing more from a channel it was removed from, and cannot write there or in an archived one', async () => {
    await workspace.slack.people.kick(KOFI, GENERAL, BOT)
    expect(await post({ channel: GENERAL, text: 't' })).toMatchObject({ error: 'not_in_channel' })
    await workspace.slack.people.invite(KOFI, GENERAL, BOT)
    expect(await post({ channel: GENERAL, text: 't' })).toMatchObject({ ok: true })
    const archived = await testWorkspace()
    await archived.slack.people.archive(KOFI, TRIAGE)
    await expect(archived.web.chat.postMessage({ channel: TRIAGE, text: 't' })).rejects.toThrow('is_archived')
    await archived.close()
  })

  test('who joins and leaves, and nothing from where it is not', async () => {
    await workspace.slack.people.invite(KOFI, TRIAGE, ADA)
    await workspace.slack.people.leave(ADA, TRIAGE)
    await workspace.slack.people.post(ADA, ELSEWHERE, { text: 'unheard' })
    await workspace.slack.settled()
    expect(app.payloads.map(({ type }) => type).sort()).toEqual(['member_joined_channel', 'member_left_channel'])
  })
})

describe('the Web API', () => {
  test.each([
    ['an unknown method', 'chat.shout', {}, 'xoxb-sandbox', 'unknown_method'],
    ['a wrong token', 'auth.test', {}, 'xoxb-other', 'invalid_auth'],
    ['the app-level token where the bot token belongs', 'auth.test', {}, 'xapp-sandbox', 'not_allowed_token_type'],
    [
      'the bot token where the app-level one belongs',
      'apps.connections.open',
      {},
      'xoxb-sandbox',
      'not_allowed_token_type',
    ],
    ['a missing argument', 'users.info', {}, 'xoxb-sandbox', 'invalid_arguments'],
    ['nobody', 'users.info', { user: 'UNOBODY' }, 'xoxb-sandbox', 'user_not_found'],
    ['an address nobody has', 'users.lookupByEmail', { email: 'no@acme.example' }, 'xoxb-sandbox', 'users_not_found'],
    [
      'a group message without its scope',
      'conversations.open',
      { users: 'UADA,U2,U3,U4,U5,U6,U7,U8,U9' },
      'xoxb-sandbox',
      'missing_scope',
    ],
    ['a private channel it is not in', 'conversations.info', { channel: 'GNONE' }, 'xoxb-sandbox', 'channel_not_found'],
    [
      'a reaction without the scope',
      'reactions.add',
      { channel: TRIAGE, name: 'x', timestamp: '1' },
      'xoxb-sandbox',
      'missing_scope',
    ],
  ])('refuses %s', async (_what, method, args, token, error) => {
    expect(await call(method, args, token)).toMatchObject({ ok: false, error })
  })

  test('opens no conversation with more than eight people', async () => {
    const wide = await testWorkspace({ app: { scopes: ['mpim:write'] } })
    await expect(wide.web.conversations.open({ users: 'U1,U2,U3,U4,U5,U6,U7,U8,U9' })).rejects.toThrow('too_many_users')
    await wide.close()
  })

  test('without a token says not_authed, and names the scope that is missing', async () => {
    expect(await (await fetch(`${workspace.slack.apiUrl}auth.test`, { method: 'POST' })).json()).toEqual({
      ok: false,
      error: 'not_authed',
    })
    expect(await call('reactions.add', { channel: TRIAGE, name: 'x', timestamp: '1' })).toMatchObject({
      needed: 'reactions:write',
      provided: expect.stringContaining('chat:write'),
    })
  })

  test('shows a person with address and locale, an outsider without', async () => {
    expect(await call('users.info', { user: ADA, include_locale: true })).toMatchObject({
      user: {
        team_id: 'TSANDBOX',
        locale: 'en-US',
        tz: 'Europe/Berlin',
        tz_offset: 3600,
        profile: { email: 'ada@acme.example' },
      },
    })
    const outsider = (await call('users.info', { user: ZOE, include_locale: true })).user as Json
    expect(outsider).toMatchObject({ team_id: 'TOTHER', is_stranger: false })
    expect(outsider).not.toHaveProperty('locale')
    const { members } = (await call('users.list', {})) as unknown as { members: { id: string }[] }
    expect(members.map(({ id }) => id)).toEqual([BOT, ADA, KOFI])
  })

  test('lists history newest first, replies oldest first, with metadata only when asked', async () => {
    const metadata = { event_type: 'card', event_payload: { key: 'k' } }
    const { ts } = await post({ text: 'root', metadata })
    const reply = await post({ text: 'reply', thread_ts: ts })
    const history = (await call('conversations.history', {
      channel: TRIAGE,
      limit: 1,
      include_all_metadata: true,
    })) as unknown as { messages: Json[] }
    expect(history).toMatchObject({ has_more: true, messages: [{ ts, metadata }] })
    const replies = (await call('conversations.replies', { channel: TRIAGE, ts })) as unknown as { messages: Json[] }
    expect(replies.messages.map((message) => message.ts)).toEqual([ts, reply.ts])
    expect(replies.messages[0]).not.toHaveProperty('metadata')
  })

  test('gives a permalink, with the thread for a reply', async () => {
    const { ts } = await post({ text: 'root' })
    const reply = await post({ text: 'reply', thread_ts: ts })
    expect((await call('chat.getPermalink', { channel: TRIAGE, message_ts: reply.ts })).permalink).toContain(
      `?thread_ts=${ts}&cid=${TRIAGE}`,
    )
    expect(await call('chat.getPermalink', { channel: TRIAGE, message_ts: '1.000001' })).toMatchObject({
      error: 'message_not_found',
    })
  })

  test('uploads in three steps, and shows the file in the channel', async () => {
    const uploaded = await workspace.web.filesUploadV2({
      channel_id: TRIAGE,
      filename: 'report.csv',
      file: Buffer.from('a,b'),
      initial_comment: 'here',
    })
    expect(uploaded.ok).toBe(true)
    const message = workspace.slack.state.messages(TRIAGE).at(-1)
    expect(message).toMatchObject({
      text: 'here',
      fileObjects: [{ name: 'report.csv', mimetype: 'text/csv', size: 3 }],
    })
    expect(await workspace.slack.state.fileBytes(message?.fileObjects[0]?.id as string)).toEqual(Buffer.from('a,b'))
  })

  test('takes exactly the bytes announced, for an address it gave, and shares nothing it has not got', async () => {
    const given = await call('files.getUploadURLExternal', { filename: 'a.txt', length: 3 })
    const complete = (more: Json = {}) =>
      call('files.completeUploadExternal', { files: [{ id: given.file_id }], channel_id: TRIAGE, ...more })
    expect(await complete()).toMatchObject({ error: 'file_not_found' })
    const send = (url: string, body: string) => fetch(url, { method: 'POST', body })
    expect((await send(String(given.upload_url), 'four')).status).toBe(400)
    expect((await send(`${given.upload_url}x`, 'abc')).status).toBe(404)
    expect((await send(String(given.upload_url), 'abc')).status).toBe(200)
    expect(await call('files.info', { file: given.file_id })).toMatchObject({ error: 'file_not_found' })
    expect(await complete({ channel_id: 'C0NOWHERE' })).toMatchObject({ error: 'channel_not_found' })
    expect(await complete({ thread_ts: '1.000001' })).toMatchObject({ error: 'thread_not_found' })
    const { ts } = await post({ text: 'root' })
    expect(await complete({ thread_ts: ts })).toMatchObject({ ok: true, files: [{ id: given.file_id, shares: {} }] })
    expect(await complete({ thread_ts: ts })).toMatchObject({ error: 'file_not_found' })
    const { file } = (await call('files.info', { file: given.file_id })) as unknown as { file: Json }
    const [shared] = Object.values(file.shares as Record<string, Json>).map((channels) => channels[TRIAGE])
    expect(shared).toMatchObject([{ thread_ts: ts }])
  })

  test('deletes a file of the app’s own with the message that was nothing else, and no other’s', async () => {
    const given = await call('files.getUploadURLExternal', { filename: 'a.txt', length: 3 })
    await fetch(String(given.upload_url), { method: 'POST', body: 'abc' })
    const { ts } = await post({ text: 'root' })
    const files = [{ id: given.file_id }]
    await call('files.completeUploadExternal', { files, channel_id: TRIAGE, thread_ts: ts })
    const thread = () => workspace.slack.state.messages(TRIAGE, { threadTs: String(ts) })
    expect(thread()).toHaveLength(2)
    expect(await call('files.delete', { file: given.file_id })).toMatchObject({ ok: true })
    expect(thread()).toHaveLength(1)
    expect(await call('files.delete', { file: given.file_id })).toMatchObject({ error: 'file_not_found' })
    expect(await call('files.delete', {})).toMatchObject({ error: 'invalid_arguments' })
    const bytes = Buffer.from('theirs')
    const theirs = [{ name: 'theirs.txt', mimetype: 'text/plain', bytes }]
    await workspace.slack.people.post(KOFI, TRIAGE, { text: 'x', files: theirs })
    const [file] = workspace.slack.state.messages(TRIAGE).at(-1)!.fileObjects
    expect(await call('files.delete', { file: file!.id })).toMatchObject({ error: 'cant_delete_file' })
  })
})
