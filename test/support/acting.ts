import { expect } from 'vitest'
import type { SeenMessage } from '../../src/sandbox/slack/types.ts'
import type { World } from './world.ts'

/** A mail as its reader has it. */
export interface ReceivedMail {
  id: string
  from: string
  replyTo: string
  subject: string
  text: string
  html: string
  messageId: string
  headers: Map<string, unknown>
}

/** What our support address and others sent to somebody, oldest first. */
const parsed = new Map<string, ReceivedMail>()

/** Reads a mailbox; call `settle` before. Mails are parsed once by `prepare`, so this can stay synchronous. */
export function mailsTo(world: World, address: string): ReceivedMail[] {
  return world.mail.mailboxOf(address).map((mail) => {
    const key = `${world.url}/${mail.id}`
    const found = parsed.get(key) ?? read(mail.id, mail.raw)
    parsed.set(key, found)
    return found
  })
}

export async function lastMailTo(world: World, address: string): Promise<ReceivedMail> {
  const last = mailsTo(world, address).at(-1)
  expect(last, `no mail to ${address}`).toBeDefined()
  return last!
}

function read(id: string, raw: Buffer): ReceivedMail {
  // Only header lines and decoded parts of our own mails are needed, which have a known, simple shape.
  const source = raw.toString('utf8')
  const [head = '', ...rest] = source.split('\r\n\r\n')
  const headers = new Map<string, string>()
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':')
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  const body = rest.join('\r\n\r\n')
  const part = (type: string) => {
    const at = body.search(new RegExp(`content-type: ${type}`, 'i'))
    if (at < 0) return ''
    const from = body.slice(at)
    const headerEnd = from.indexOf('\r\n\r\n')
    const partHead = from.slice(0, headerEnd)
    const content = from.slice(headerEnd + 4).split(/\r\n--/)[0]!
    if (/base64/i.test(partHead)) return Buffer.from(content, 'base64').toString('utf8')
    if (/quoted-printable/i.test(partHead)) return quotedPrintable(content)
    return content
  }
  return {
    id,
    headers,
    from: decoded(headers.get('from') ?? ''),
    replyTo: /[^\s<]+@[^\s>]+/.exec(headers.get('reply-to') ?? '')?.[0] ?? '',
    subject: decoded(headers.get('subject') ?? ''),
    messageId: headers.get('message-id') ?? '',
    text: part('text/plain'),
    html: part('text/html'),
  }
}

function quotedPrintable(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

function decoded(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?q\?([^?]*)\?=/gi, (_, words: string) => quotedPrintable(words.replaceAll('_', ' ')))
    .replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, words: string) => Buffer.from(words, 'base64').toString('utf8'))
}

/** Answers a mail from the mailbox it lies in, as Gmail on the web does: with the quote, In-Reply-To and References. */
export async function replyByMail(
  world: World,
  mail: ReceivedMail,
  text: string,
  extra: { subject?: string; headers?: Record<string, string> } = {},
): Promise<void> {
  const message = await (await fetch(`${world.url}/sandbox/mail/messages/${mail.id}`)).json()
  await send(world, {
    from: message.mailbox,
    to: message.reply.to.map(({ address }: { address: string }) => address),
    subject: message.reply.subject,
    text,
    inReplyTo: mail.id,
    ...extra,
  })
}

/** Writes a new mail, to the support address unless said. */
export async function writeMail(
  world: World,
  mail: { from: string; fromName?: string; to?: string[]; cc?: string[]; subject: string; text: string },
): Promise<void> {
  await send(world, { to: [world.supportAddress], ...mail })
}

async function send(world: World, request: object): Promise<void> {
  const answer = await fetch(`${world.url}/sandbox/mail/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: world.url },
    body: JSON.stringify(request),
  })
  expect(answer.status, await answer.clone().text()).toBe(200)
}

/** The direct message between somebody and the app. */
export function dmOf(world: World, user: string): string {
  return world.slack.state.dm(user)?.id ?? 'D-none'
}

export function thread(world: World, channel: string, ts: string, viewer: string): SeenMessage[] {
  return world.slack.state.messages(channel, { viewer, threadTs: ts }).filter((message) => message.ts !== ts)
}

/** Presses a button of a message. */
export async function press(
  world: World,
  user: string,
  message: Pick<SeenMessage, 'channel' | 'ts'>,
  actionId: string,
): Promise<void> {
  const answer = await world.slack.people.click(user, { channelId: message.channel, ts: message.ts }, actionId)
  expect(answer).toMatchObject({ ok: true })
}

export function buttonIn(message: SeenMessage, actionId: string): boolean {
  return JSON.stringify(message.blocks ?? []).includes(`"action_id":"${actionId}"`)
}
