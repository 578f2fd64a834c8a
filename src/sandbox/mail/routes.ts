/** mailRoutes: the JSON routes of types.ts over plain node:http, for the mailbox page and for anybody with curl. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import { compose } from './compose.ts'
import type { MailboxChange, Mailboxes, StoredMail } from './mailboxes.ts'
import type { PostOffice } from './post-office.ts'
import { type ReadMail, readMail, summaryOf } from './read.ts'
import type { FolderName, MailboxSummary, MailEvent, SendRequest, SendResult } from './types.ts'

const MAX_BODY = 40 * 1024 * 1024

const sendRequest = z.object({
  from: z.email(),
  fromName: z.string().optional(),
  to: z.array(z.email()).min(1),
  cc: z.array(z.email()).optional(),
  subject: z.string(),
  text: z.string(),
  html: z.string().optional(),
  attachments: z.array(z.object({ filename: z.string(), contentType: z.string(), content: z.base64() })).optional(),
  inReplyTo: z.string().optional(),
  withoutQuote: z.boolean().optional(),
  headers: z.record(z.string(), z.string()).optional(),
})

class RequestProblem extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface MailRoutes {
  /** Answers a request below the base path; false when it is for somebody else. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>
  close(): void
}

export function mailRoutes(options: {
  mailboxes: Mailboxes
  office: PostOffice
  clock: Clock
  support: string
  base: string
}): MailRoutes {
  const { mailboxes, office, clock, support, base } = options
  const listeners = new Set<ServerResponse>()
  const read = new WeakMap<StoredMail, Promise<ReadMail>>()
  const readOnce = (mail: StoredMail) => {
    const reading = read.get(mail) ?? readMail(mail)
    read.set(mail, reading)
    return reading
  }
  const find = (id: string | undefined): StoredMail => {
    const mail = mailboxes.get(id ?? '')
    if (!mail)
      throw new RequestProblem(404, `There is no mail ${id}. GET ${base}/messages?mailbox=ADDRESS lists what there is.`)
    return mail
  }

  const forget = mailboxes.onChange(async ({ type, mail, folder }: MailboxChange) => {
    if (!mail || listeners.size === 0 || (type !== 'arrived' && type !== 'changed')) return
    const where = { mailbox: folder.mailbox, folder: folder.name, id: mail.id }
    const { message } = await readOnce(mail)
    const event: MailEvent =
      type === 'arrived'
        ? { type, ...where, from: message.from?.address ?? '', subject: message.subject }
        : { type, ...where }
    for (const res of listeners) res.write(`data: ${JSON.stringify(event)}\n\n`)
  })

  const summaries = (): MailboxSummary[] =>
    mailboxes.people().map(({ address, name }) => ({
      address,
      name,
      support: address === support,
      folders: (['INBOX', 'Sent'] as FolderName[]).map((folder) => {
        const { mails } = mailboxes.folder(address, folder)
        return {
          name: folder,
          total: mails.length,
          unread: mails.filter((mail) => !mail.flags.includes('\\Seen')).length,
        }
      }),
    }))

  const listMessages = async (query: URLSearchParams) => {
    const mailbox = (query.get('mailbox') ?? '').toLowerCase()
    const folder: FolderName = query.get('folder') === 'Sent' ? 'Sent' : 'INBOX'
    if (!mailboxes.has(mailbox))
      throw new RequestProblem(404, `There is no mailbox ${mailbox}. Send it a mail and there is.`)
    const mails = [...mailboxes.folder(mailbox, folder).mails].reverse()
    return Promise.all(mails.map(async (mail) => summaryOf((await readOnce(mail)).message, mail)))
  }

  const show = async (mail: StoredMail) => {
    const { message } = await readOnce(mail)
    if (mail.mailbox !== support && !mail.flags.includes('\\Seen')) {
      mail.flags.push('\\Seen')
      mailboxes.flagsChanged(mail)
    }
    return { ...message, unread: false }
  }

  const send = async (req: IncomingMessage): Promise<SendResult> => {
    if (!req.headers['content-type']?.startsWith('application/json'))
      throw new RequestProblem(415, 'Send application/json.')
    const parsed = sendRequest.safeParse(JSON.parse(await bodyOf(req)))
    if (!parsed.success) throw new RequestProblem(422, `Not sent: ${z.prettifyError(parsed.error)}`)
    const request = parsed.data as SendRequest
    const sender = mailboxes.person(request.from, request.fromName)
    const name = mailboxes.people().find(({ address }) => address === sender)?.name ?? ''
    const original = request.inReplyTo ? (await readOnce(find(request.inReplyTo))).message : undefined
    const id = randomBytes(18).toString('base64url')
    const from = { name, address: request.from }
    const { raw, messageId } = await compose({ request, from, original, date: clock.now(), id })
    const taken: string[] = []
    const refused: SendResult['refused'] = []
    for (const address of [...request.to, ...(request.cc ?? [])]) {
      const rejection = office.rejection(address)
      if (rejection === 'silence') refused.push({ address, code: 421, text: 'The server did not answer' })
      else if (rejection) refused.push({ address, code: rejection.code, text: rejection.text })
      else taken.push(address)
    }
    if (taken.length > 0) office.submit({ user: sender, from: request.from, to: taken, raw })
    return { messageId, refused }
  }

  const events = (res: ServerResponse) => {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    res.write(': listening\n\n')
    listeners.add(res)
    res.on('close', () => listeners.delete(res))
  }

  const route = async (req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> => {
    const [place, id, part, index] = url.pathname
      .slice(base.length + 1)
      .split('/')
      .map(decodeURIComponent)
    const wanted = `${req.method} ${[place, id && 'ID', part, index && 'N'].filter(Boolean).join('/')}`
    switch (wanted) {
      case 'GET mailboxes':
        return json(res, 200, summaries())
      case 'GET messages':
        return json(res, 200, await listMessages(url.searchParams))
      case 'GET messages/ID':
        return json(res, 200, await show(find(id)))
      case 'GET messages/ID/raw':
        return bytes(res, find(id).raw, { 'content-type': 'text/plain; charset=utf-8' })
      case 'GET messages/ID/html':
        return bytes(res, Buffer.from(pageOf(await readOnce(find(id)))), htmlHeaders)
      case 'GET messages/ID/attachments/N': {
        const { message, contents } = await readOnce(find(id))
        const file = message.files[Number(index)]
        if (!file) throw new RequestProblem(404, `This mail has ${message.files.length} files, counted from 0.`)
        return bytes(res, contents[file.index] ?? Buffer.alloc(0), {
          'content-type': 'application/octet-stream',
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.filename)}`,
        })
      }
      case 'POST send':
        return json(res, 200, await send(req))
      case 'GET events':
        return events(res)
      default:
        throw new RequestProblem(404, `There is no ${req.method} ${url.pathname}. The routes are listed in types.ts.`)
    }
  }

  return {
    async handle(req, res) {
      const url = new URL(req.url ?? '/', 'http://sandbox.invalid')
      if (!url.pathname.startsWith(`${base}/`)) return false
      try {
        await route(req, res, url)
      } catch (error) {
        const status = error instanceof RequestProblem ? error.status : error instanceof SyntaxError ? 400 : 500
        if (res.headersSent) res.destroy()
        else json(res, status, { error: error instanceof Error ? error.message : String(error) })
      }
      return true
    },
    close() {
      forget()
      for (const res of listeners) res.end()
    },
  }
}

/** A mail's html is a stranger's: no scripts, no requests to anywhere, links open beside the page. */
const htmlHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'",
}

function pageOf({ message, contents }: ReadMail): string {
  const html =
    message.html ??
    `<pre style="white-space:pre-wrap;font:inherit">${message.text.replace(/[&<]/g, (c) => (c === '&' ? '&amp;' : '&lt;'))}</pre>`
  const whole = html.replace(/cid:([^"'\s>)]+)/g, (link, cid: string) => {
    const file = message.files.find(({ contentId }) => contentId === cid)
    return file ? `data:${file.contentType};base64,${contents[file.index]?.toString('base64')}` : link
  })
  return `<!doctype html><meta charset="utf-8"><base target="_blank"><body style="font-family:system-ui,sans-serif">${whole}`
}

function json(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  res.end(JSON.stringify(body))
}

function bytes(res: ServerResponse, body: Buffer, headers: Record<string, string>): void {
  res.writeHead(200, { ...headers, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
  res.end(body)
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY) throw new RequestProblem(413, `At most ${MAX_BODY / 1024 / 1024} MB.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
