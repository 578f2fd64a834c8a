/** compose: a mail as a person writes it in Gmail on the web: multipart/alternative, the quoted original below the answer. */
import MailComposer from 'nodemailer/lib/mail-composer'
import type { Address, Message, SendRequest } from './types.ts'

export interface Composed {
  messageId: string
  raw: Buffer
}

/** The raw mail for what somebody typed. `original` is the mail it answers; `id` makes the Message-ID unique. */
export async function compose(options: {
  request: SendRequest
  from: Address
  original: Message | undefined
  date: Date
  id: string
}): Promise<Composed> {
  const { request, from, original, date, id } = options
  const messageId = `<CA+${id}@mail.gmail.com>`
  const quoted = original !== undefined && request.withoutQuote !== true
  const ownHtml = request.html ?? `<div dir="ltr">${paragraphs(request.text)}</div>`
  const attribution = original ? attributionOf(original) : ''
  const raw = await new MailComposer({
    from,
    to: request.to,
    cc: request.cc ?? [],
    subject: request.subject,
    date,
    messageId,
    ...(original?.messageId
      ? { inReplyTo: original.messageId, references: [...original.references, original.messageId] }
      : {}),
    headers: request.headers ?? {},
    text: quoted ? `${request.text}\n\n${attribution}\n\n${quoteText(original.text)}\n` : `${request.text}\n`,
    html: quoted ? `${ownHtml}<br>${quoteHtml(original, attribution)}` : ownHtml,
    attachments: (request.attachments ?? []).map(({ filename, contentType, content }) => ({
      filename,
      contentType,
      content: Buffer.from(content, 'base64'),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build()
  return { messageId, raw }
}

/** "On Mon, Nov 9, 2026 at 5:00 PM Acme Support <support@acme.test> wrote:", as Gmail writes it in English. */
function attributionOf(original: Message): string {
  const at = new Date(original.date ?? original.receivedAt)
  const day = at.toLocaleDateString('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    timeZone: 'UTC',
  })
  const time = at.toLocaleTimeString('en-US', { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' })
  const who = original.from ? `${original.from.name} <${original.from.address}>`.trim() : 'somebody'
  return `On ${day} at ${time} ${who} wrote:`
}

function quoteText(text: string): string {
  const lines = text.trimEnd().split(/\r?\n/)
  return lines.map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd())).join('\n')
}

function quoteHtml(original: Message, attribution: string): string {
  const style = 'margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex'
  const body = original.html ?? paragraphs(original.text)
  return (
    `<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">${escapeHtml(attribution)}<br></div>` +
    `<blockquote class="gmail_quote" style="${style}">${body}</blockquote></div>`
  )
}

const paragraphs = (text: string) =>
  text
    .split(/\r?\n/)
    .map((line) => `<div>${escapeHtml(line) || '<br>'}</div>`)
    .join('')

const escapeHtml = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c)
