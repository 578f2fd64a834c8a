import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADA, GENERAL, KOFI, type RawApp, rawApp, type TestWorkspace, testWorkspace } from './workspace.ts'

type Json = Record<string, unknown>
const plain = (text: string) => ({ type: 'plain_text', text })
const field = (block_id: string, action_id: string, more: Json = {}) => ({
  type: 'input',
  block_id,
  optional: true,
  label: plain('l'),
  element: { type: 'plain_text_input', action_id },
  ...more,
})
const modal = (more: Json = {}) => ({ type: 'modal', title: plain('T'), submit: plain('S'), blocks: [], ...more })

let workspace: TestWorkspace
let app: RawApp

beforeAll(async () => {
  workspace = await testWorkspace({ app: { requestUrl: '/slack/events' }, pace: 'off', timing: { ackMs: 500 } })
  app = rawApp(workspace)
})
afterAll(() => workspace.close())

const call = async (method: string, args: Json): Promise<Json & { view: Json }> => {
  const response = await fetch(`${workspace.slack.apiUrl}${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer xoxb-sandbox' },
    body: JSON.stringify(args),
  })
  return (await response.json()) as Json & { view: Json }
}
/** A fresh trigger id: Ada types the command. */
const trigger = async (): Promise<string> => {
  await workspace.slack.people.slash(ADA, GENERAL, '/ticket')
  return app.last('command').trigger_id as unknown as string
}
const open = async (more: Json = {}) =>
  (await call('views.open', { trigger_id: await trigger(), view: modal(more) })).view as Json & {
    id: string
    hash: string
  }
const shown = () => workspace.slack.state.modal(ADA)
const button = { type: 'actions', block_id: 'b', elements: [{ type: 'button', action_id: 'go', text: plain('Go') }] }

test('a view of over 250 KB is refused, counted in bytes', async () => {
  const said = (pieces: number) => ({
    submit: undefined,
    blocks: Array.from({ length: pieces }, () => ({ type: 'section', text: plain('語'.repeat(2_900)) })),
  })
  const opened = async (pieces: number) =>
    call('views.open', { trigger_id: await trigger(), view: modal(said(pieces)) })
  expect(await opened(28)).toMatchObject({ ok: true })
  expect(await opened(29)).toMatchObject({ ok: false, error: 'view_too_large' })
})

describe('a trigger id', () => {
  test('opens one view', async () => {
    const id = await trigger()
    expect(await call('views.open', { trigger_id: id, view: modal() })).toMatchObject({ ok: true })
    expect(await call('views.open', { trigger_id: id, view: modal() })).toMatchObject({
      ok: false,
      error: 'exchanged_trigger_id',
    })
  })

  test('lives three seconds', async () => {
    const id = await trigger()
    await workspace.clock.push(3100)
    expect(await call('views.open', { trigger_id: id, view: modal() })).toMatchObject({ error: 'expired_trigger_id' })
  })

  test('is not spent by a view that is refused', async () => {
    const id = await trigger()
    const refused = await call('views.open', { trigger_id: id, view: modal({ title: plain('x'.repeat(25)) }) })
    expect(refused).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'] },
    })
    expect(await call('views.open', { trigger_id: id, view: modal() })).toMatchObject({ ok: true })
  })

  test('must be one', async () => {
    expect(await call('views.open', { trigger_id: 'made.up', view: modal() })).toMatchObject({
      error: 'invalid_trigger_id',
    })
    expect(await call('views.open', { view: modal() })).toMatchObject({ error: 'invalid_arguments' })
  })

  test('from a command pushes nothing', async () => {
    expect(await call('views.push', { trigger_id: await trigger(), view: modal() })).toMatchObject({
      error: 'invalid_trigger_id',
    })
  })
})

describe('a modal', () => {
  test('holds three views, not four', async () => {
    await open({ blocks: [button] })
    for (const depth of [2, 3, 4]) {
      const top = shown()?.view.id as string
      await workspace.slack.people.click(ADA, { viewId: top }, 'go')
      const pushed = await call('views.push', {
        trigger_id: app.last('block_actions').trigger_id,
        view: modal({ blocks: [button] }),
      })
      if (depth < 4) expect(pushed).toMatchObject({ ok: true, view: { previous_view_id: top } })
      else expect(pushed).toMatchObject({ ok: false, error: 'push_limit_reached' })
    }
    expect(shown()?.depth).toBe(3)
  })

  test('shows the view below again, with what was typed, when the top is closed', async () => {
    const root = await open({ blocks: [field('a', 'x'), button] })
    await workspace.slack.people.fill(ADA, root.id, 'a', 'kept')
    await workspace.slack.people.click(ADA, { viewId: root.id }, 'go')
    await call('views.push', { trigger_id: app.last('block_actions').trigger_id, view: modal() })
    await workspace.slack.people.close(ADA, shown()?.view.id as string)
    expect(shown()).toMatchObject({ depth: 1, view: { id: root.id, values: { a: { x: { value: 'kept' } } } } })
  })

  test('is not larger than 250 KB', async () => {
    const options = (n: number) =>
      Array.from({ length: 100 }, (_, i) => ({ text: plain('ö'.repeat(75)), value: `${n}-${i}-${'v'.repeat(140)}` }))
    const blocks = Array.from({ length: 8 }, (_, n) =>
      field(`b${n}`, 'x', { element: { type: 'static_select', options: options(n) } }),
    )
    expect(await call('views.open', { trigger_id: await trigger(), view: modal({ blocks }) })).toMatchObject({
      error: 'view_too_large',
    })
  })

  test('keeps what was typed through an update for the same block_id and action_id alone', async () => {
    const { id } = await open({ blocks: [field('a', 'x'), field('b', 'x'), field('c', 'x')] })
    for (const block of ['a', 'b', 'c']) await workspace.slack.people.fill(ADA, id, block, `typed in ${block}`)
    await call('views.update', {
      view_id: id,
      view: modal({ blocks: [field('a', 'x'), field('b', 'other'), field('d', 'x')] }),
    })
    expect(shown()?.view.values).toEqual({
      a: { x: { type: 'plain_text_input', value: 'typed in a' } },
      b: { other: { type: 'plain_text_input', value: null } },
      d: { x: { type: 'plain_text_input', value: null } },
    })
  })

  test('is not updated over a stale hash, nor when it is gone', async () => {
    const { id, hash } = await open()
    expect(await call('views.update', { view_id: id, hash, view: modal() })).toMatchObject({ ok: true, view: { id } })
    expect(await call('views.update', { view_id: id, hash, view: modal() })).toMatchObject({ error: 'hash_conflict' })
    await workspace.slack.people.close(ADA, id)
    expect(await call('views.update', { view_id: id, view: modal() })).toMatchObject({ error: 'not_found' })
    expect(await call('views.update', { view: modal() })).toMatchObject({ error: 'invalid_arguments' })
  })

  test('has an external_id of its own', async () => {
    await open({ external_id: 'draft-1' })
    expect(
      await call('views.update', { external_id: 'draft-1', view: modal({ external_id: 'draft-1' }) }),
    ).toMatchObject({ ok: true })
    const home = { type: 'home', blocks: [], external_id: 'draft-1' }
    expect(await call('views.publish', { user_id: KOFI, view: home })).toMatchObject({ error: 'duplicate_external_id' })
  })

  test('says that it was closed only when it asked for it, and × names the root', async () => {
    const { id } = await open()
    app.payloads.length = 0
    await workspace.slack.people.close(ADA, id)
    expect(app.payloads).toEqual([])
    const asked = await open({ notify_on_close: true, blocks: [button] })
    await workspace.slack.people.click(ADA, { viewId: asked.id }, 'go')
    await call('views.push', { trigger_id: app.last('block_actions').trigger_id, view: modal() })
    await workspace.slack.people.close(ADA, shown()?.view.id as string, 'all')
    expect(app.last('view_closed')).toMatchObject({ is_cleared: true, view: { id: asked.id } })
    expect(shown()).toBeNull()
  })

  test('reports untouched elements as null and empty lists', async () => {
    const options = [{ text: plain('o'), value: 'o' }]
    const elements = ['static_select', 'radio_buttons', 'checkboxes', 'multi_static_select'].map((type) => ({
      type,
      action_id: type,
      options,
    }))
    const others = ['datepicker', 'timepicker', 'users_select', 'multi_users_select'].map((type) => ({
      type,
      action_id: type,
    }))
    const blocks = [...elements, ...others, { type: 'file_input', action_id: 'file_input' }].map((element) =>
      field(element.action_id, '', { element }),
    )
    const { id } = await open({ blocks })
    expect(await workspace.slack.people.submit(ADA, id)).toEqual({ ok: true, next: 'closed' })
    const values = app.last('view_submission') as unknown as {
      view: { state: { values: Record<string, Record<string, Json>> } }
    }
    const held = Object.fromEntries(Object.entries(values.view.state.values).map(([block, by]) => [block, by[block]]))
    expect(held).toEqual({
      static_select: { type: 'static_select', selected_option: null },
      radio_buttons: { type: 'radio_buttons', selected_option: null },
      checkboxes: { type: 'checkboxes', selected_options: [] },
      multi_static_select: { type: 'multi_static_select', selected_options: [] },
      datepicker: { type: 'datepicker', selected_date: null },
      timepicker: { type: 'timepicker', selected_time: null },
      users_select: { type: 'users_select', selected_user: null },
      multi_users_select: { type: 'multi_users_select', selected_users: [] },
      file_input: { type: 'file_input', files: [] },
    })
  })
})

test('what is typed into an input is told at once only where the block dispatches actions, and a choice taken back is null', async () => {
  const options = [{ text: plain('o'), value: 'o' }]
  const radio = { element: { type: 'static_select', action_id: 'x', options } }
  const { id } = await open({
    blocks: [field('quiet', 'x', radio), field('loud', 'x', { ...radio, dispatch_action: true })],
  })
  app.payloads.length = 0
  await workspace.slack.people.fill(ADA, id, 'quiet', 'o')
  expect(app.payloads).toEqual([])
  await workspace.slack.people.fill(ADA, id, 'loud', 'o')
  expect(app.last('block_actions')).toMatchObject({
    actions: [{ block_id: 'loud', selected_option: options[0] }],
    view: { id },
  })
  await workspace.slack.people.fill(ADA, id, 'loud', null)
  expect(app.last('block_actions')).toMatchObject({ actions: [{ block_id: 'loud', selected_option: null }] })
})

describe('pressing submit', () => {
  test('with a required block empty stays with the person', async () => {
    const { id } = await open({ blocks: [field('a', 'x', { optional: false })] })
    app.payloads.length = 0
    expect(await workspace.slack.people.submit(ADA, id)).toMatchObject({
      ok: false,
      errors: { a: 'Please complete this required field.' },
    })
    expect(app.payloads).toEqual([])
  })

  test('is refused in the language they have Slack in', async () => {
    const { id } = await open({ blocks: [field('a', 'x', { optional: false })] })
    const ada = workspace.slack.state.people().find((person) => person.id === ADA)!
    const before = ada.locale
    ada.locale = 'pt-BR'
    expect(await workspace.slack.people.submit(ADA, id)).toMatchObject({
      errors: { a: 'Preencha este campo obrigatório.' },
    })
    ada.locale = before
  })

  test('takes files up to 10 MB, and as many as the element allows', async () => {
    const upload = (name: string, size: number) =>
      workspace.slack.people.upload(ADA, { name, mimetype: 'image/png', bytes: new Uint8Array(size) })
    const element = { type: 'file_input', action_id: 'x', max_files: 1, filetypes: ['png'] }
    const { id } = await open({ blocks: [field('a', 'x', { element })] })
    const [fits, big, other] = [
      await upload('a.png', 10 * 1024 * 1024),
      await upload('b.png', 10 * 1024 * 1024 + 1),
      await upload('c.exe', 1),
    ]
    const submit = (files: { id: string }[]) =>
      workspace.slack.people.submit(ADA, id, { a: files.map((file) => file.id) })
    expect(await submit([big])).toMatchObject({ errors: { a: expect.stringContaining('10 MB') } })
    expect(await submit([fits, fits])).toMatchObject({ errors: { a: 'You can add up to 1 files.' } })
    expect(await submit([other])).toMatchObject({ errors: { a: expect.stringContaining('png') } })
    expect(await submit([fits])).toEqual({ ok: true, next: 'closed' })
    const sent = JSON.stringify(app.last('view_submission'))
    expect(sent).toContain(`"url_private_download":"${workspace.baseUrl}/files-pri/`)
  })

  test('closes what the app opened with views.open before it answered: update is the way to a next page', async () => {
    const { id } = await open()
    app.answer = (type, body) => {
      if (type !== 'view_submission') return undefined
      opened = call('views.open', { trigger_id: body.trigger_id, view: modal({ callback_id: 'next' }) })
      return { after: opened }
    }
    let opened: Promise<Json> = Promise.resolve({})
    await workspace.slack.people.submit(ADA, id)
    expect(await opened).toMatchObject({ ok: true })
    app.answer = () => undefined
    expect(shown()).toBeNull()
  })

  test('sends text as it was typed, unescaped', async () => {
    const { id } = await open({ blocks: [field('a', 'x')] })
    await workspace.slack.people.submit(ADA, id, { a: 'a < b & c' })
    expect(JSON.stringify(app.last('view_submission'))).toContain('"value":"a < b & c"')
  })

  test.each([
    ['no answer in time', { silent: true }, 'operation_timeout'],
    ['an error of the server', { status: 500 }, 'http_service_error'],
    ['errors for an action_id', { body: { response_action: 'errors', errors: { x: 'no' } } }, 'invalid_errors'],
    ['no errors at all', { body: { response_action: 'errors', errors: {} } }, 'invalid_errors'],
    ['a view Slack refuses', { body: { response_action: 'update', view: { type: 'modal' } } }, 'invalid_arguments'],
    ['an action that does not exist', { body: { response_action: 'replace' } }, 'invalid_response_action'],
  ])('meets %s: the modal stays, with what was typed and a banner', async (_what, answer, error) => {
    const { id } = await open({ blocks: [field('a', 'x')] })
    app.answer = (type) => (type === 'view_submission' ? answer : undefined)
    expect(await workspace.slack.people.submit(ADA, id, { a: 'precious' })).toEqual({
      ok: false,
      error,
      says: 'We had some trouble connecting. Try again?',
    })
    app.answer = () => undefined
    expect(shown()).toMatchObject({
      banner: expect.any(String),
      view: { id, values: { a: { x: { value: 'precious' } } } },
    })
  })
})

describe('a Home', () => {
  test('belongs to one person and is replaced only over its own hash', async () => {
    const published = await call('views.publish', { user_id: ADA, view: { type: 'home', blocks: [] } })
    expect(published).toMatchObject({ ok: true, view: { type: 'home' } })
    const { hash } = published.view as { hash: string }
    expect(await call('views.publish', { user_id: ADA, hash, view: { type: 'home', blocks: [button] } })).toMatchObject(
      { ok: true },
    )
    expect(await call('views.publish', { user_id: ADA, hash, view: { type: 'home', blocks: [] } })).toMatchObject({
      error: 'hash_conflict',
    })
    expect(workspace.slack.state.home(KOFI)).toBeNull()
  })

  test('gives its clicks a trigger and no response_url, and pushes nothing', async () => {
    await call('views.publish', { user_id: ADA, view: { type: 'home', blocks: [button] } })
    await workspace.slack.people.click(ADA, { viewId: workspace.slack.state.home(ADA)?.id as string }, 'go')
    const click = app.last('block_actions')
    expect(click).toMatchObject({ container: { type: 'view' }, view: { type: 'home' } })
    expect(click).not.toHaveProperty('response_url')
    expect(await call('views.push', { trigger_id: click.trigger_id, view: modal() })).toMatchObject({
      error: 'invalid_arguments',
    })
    expect(await call('views.open', { trigger_id: click.trigger_id, view: modal() })).toMatchObject({ ok: true })
  })
})

test('an external select offers what the app answers for what was typed, and nothing else can be chosen', async () => {
  const element = { type: 'external_select', action_id: 'who', min_query_length: 2 }
  const { id } = await open({ blocks: [field('a', 'who', { element })] })
  const option = { text: plain('Acme Berlin'), value: 'acme-berlin' }
  app.answer = (type) => (type === 'block_suggestion' ? { body: { options: [option] } } : undefined)
  expect(await workspace.slack.people.suggest(ADA, { viewId: id }, 'who', 'a')).toEqual({ ok: true, options: [] })
  expect(await workspace.slack.people.suggest(ADA, { viewId: id }, 'who', 'ac')).toEqual({
    ok: true,
    options: [option],
  })
  await expect(workspace.slack.people.fill(ADA, id, 'a', 'other')).rejects.toThrow('offers no option')
  await workspace.slack.people.fill(ADA, id, 'a', 'acme-berlin')
  expect(shown()?.view.values).toMatchObject({ a: { who: { selected_option: option } } })
})
