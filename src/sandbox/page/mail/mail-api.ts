import type { MailboxSummary, Message, MessageSummary, SendRequest, SendResult } from '../../mail/types.ts'

const base = '/sandbox/mail'

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`${base}${path}`)
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  return (await answer.json()) as T
}

/** What a person does and sees in their mail program. */
export const mail = {
  mailboxes: () => get<MailboxSummary[]>('/mailboxes'),
  messages: (mailbox: string, folder: string) =>
    get<MessageSummary[]>(`/messages?${new URLSearchParams({ mailbox, folder })}`),
  message: (id: string) => get<Message>(`/messages/${encodeURIComponent(id)}`),
  rawUrl: (id: string) => `${base}/messages/${encodeURIComponent(id)}/raw`,
  htmlUrl: (id: string) => `${base}/messages/${encodeURIComponent(id)}/html`,
  attachmentUrl: (id: string, index: number) => `${base}/messages/${encodeURIComponent(id)}/attachments/${index}`,

  /** Throws an Error with words for the person when the sandbox refuses it. */
  async send(request: SendRequest): Promise<SendResult> {
    const answer = await fetch(`${base}/send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    })
    const said = (await answer.json()) as SendResult & { error?: string }
    if (!answer.ok) throw new Error(said.error ?? `the mail server answered ${answer.status}`)
    return said
  },
}
