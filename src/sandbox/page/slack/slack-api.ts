import type {
  ClickTarget,
  InputValue,
  Outcome,
  Screen,
  SeenMessage,
  SlackFile,
  SubmitOutcome,
} from '../../slack/types.ts'

/** What a person does and sees in the sandbox's Slack, over the stand-in's `/ui/` routes. */
const base = '/sandbox/slack/ui'

async function get<T>(path: string, query: Record<string, string>): Promise<T> {
  const answer = await fetch(`${base}/${path}?${new URLSearchParams(query)}`)
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  return (await answer.json()) as T
}

async function post<T>(path: string, body: object): Promise<T> {
  const answer = await fetch(`${base}/do/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const said = (await answer.json()) as T & { error?: string }
  if (answer.ok) return said
  return { ok: false, error: 'refused', says: said.error ?? `The sandbox answered ${answer.status}.` } as T
}

export const slack = {
  screen: (user: string) => get<Screen>('screen', { user }),
  messages: (user: string, channel: string, thread = '') =>
    get<SeenMessage[]>('messages', { user, channel, ...(thread && { thread }) }),
  fileUrl: (id: string) => `${base}/files/${id}`,

  slash: (user: string, channel: string, command: string, text: string) =>
    post<Outcome>('slash', { user, channel, command, text }),
  shortcut: (user: string, callbackId: string) => post<Outcome>('globalShortcut', { user, callbackId }),
  messageShortcut: (user: string, callbackId: string, channel: string, ts: string) =>
    post<Outcome>('messageShortcut', { user, callbackId, channel, ts }),
  post: (user: string, channel: string, message: { text: string; threadTs?: string; fileIds?: string[] }) =>
    post<Outcome<{ ts: string }>>('post', { user, channel, ...message }),
  edit: (user: string, channel: string, ts: string, text: string) => post<Outcome>('edit', { user, channel, ts, text }),
  delete: (user: string, channel: string, ts: string) => post<Outcome>('delete', { user, channel, ts }),
  react: (user: string, channel: string, ts: string, name: string) =>
    post<Outcome>('react', { user, channel, ts, name }),
  openHome: (user: string, tab: 'home' | 'messages') => post<Outcome>('openHome', { user, tab }),
  openDm: (user: string, other?: string) => post<Outcome<{ channelId: string }>>('openDm', { user, other }),
  read: (user: string, channel: string) => post<Outcome>('read', { user, channel }),
  dismissNotice: (user: string, notice: string) => post<Outcome>('dismissNotice', { user, notice }),

  click: (user: string, target: ClickTarget, actionId: string, blockId: string, value?: InputValue) =>
    post<Outcome>('click', { user, target, actionId, blockId, value }),
  fill: (user: string, viewId: string, blockId: string, value: InputValue, actionId: string) =>
    post<Outcome>('fill', { user, viewId, blockId, value, actionId }),
  suggest: (user: string, target: ClickTarget, actionId: string, query: string, blockId: string) =>
    post<Outcome<{ options: unknown[]; option_groups?: unknown[] }>>('suggest', {
      user,
      target,
      actionId,
      query,
      blockId,
    }),
  submit: (user: string, viewId: string) => post<SubmitOutcome>('submit', { user, viewId }),
  close: (user: string, viewId: string, which: 'view' | 'all') => post<Outcome>('close', { user, viewId, which }),

  async upload(user: string, file: File): Promise<SlackFile> {
    const query = new URLSearchParams({ user, name: file.name, type: file.type || 'application/octet-stream' })
    const answer = await fetch(`${base}/upload?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: file,
    })
    const said = (await answer.json()) as SlackFile & { error?: string; says?: string }
    if (!answer.ok || said.error) throw new Error(said.says ?? said.error ?? `${answer.status}`)
    return said
  },
}
