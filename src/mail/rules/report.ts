import type { Mail } from '../mail.ts'
import { decodeField, readHeaderFields } from '../reading/header-fields.ts'
import { canonicalId, idsIn } from '../threading.ts'

/** What a delivery report says of the mail it is about. */
export interface Report {
  /** RFC 3464 §2.3.3: failed, delayed, delivered, relayed, expanded; null when it does not say. */
  action: string | null
  recipient: string | null
  /** RFC 3463 code, such as 5.1.1. */
  status: string | null
  /** Message-ID of the mail reported on, if the report carries its header. */
  originalMessageId: string | null
}

// Old reports are long texts; what they are about stands near the top, the returned mail right below.
const MAX_TEXT = 60_000

/** Fields of the report in `mail`: from its machine readable part where it has one, otherwise from its words. */
export function readReport(mail: Mail): Report {
  const machine = mail.attachments
    .filter((one) =>
      /^message\/(?:global-)?(?:delivery-status|feedback-report|disposition-notification)$/.test(one.contentType),
    )
    .map((one) => one.content.toString('utf8', 0, MAX_TEXT))
    .join('\n')
  const words = reportWords(mail).slice(0, MAX_TEXT)
  const field = (name: string, value: string) =>
    new RegExp(`^${name}:\\s*${value}`, 'im').exec(machine) ??
    new RegExp(`^[ \\t>]{0,8}${name}:\\s*${value}`, 'im').exec(words)
  const recipient =
    field('(?:Final|Original)-Recipient', '(?:rfc822|utf-8|[a-z0-9-]{1,20})\\s*;\\s*<?([^\\s<>;]{1,320})')?.[1] ??
    field('Original-Rcpt-To', '<?([^\\s<>]{1,320})')?.[1] ??
    mail.headers.get('x-failed-recipients')?.[0]?.split(/[\s,]+/)[0] ??
    namedIn(mail, words.slice(0, 10_000))
  return {
    action: field('Action', '([a-z]+)')?.[1]?.toLowerCase() ?? null,
    recipient: recipient?.toLowerCase() ?? null,
    status:
      field('Status', '([245]\\.\\d{1,3}\\.\\d{1,3})')?.[1] ??
      /(?:^|[\s(#:])([45]\.\d{1,2}\.\d{1,3})(?=[\s)>,:;-])/.exec(words)?.[1] ??
      fromCode(words),
    originalMessageId: originalIds(mail)[0] ?? null,
  }
}

/** What a report says to people: its text, or its html without the tags. */
export function reportWords(mail: Mail): string {
  if (mail.text !== null || mail.html === null) return mail.text ?? ''
  return mail.html
    .slice(0, MAX_TEXT)
    .replace(/<(?:br|\/p|\/div|\/tr|\/h\d)\b[^<>]{0,200}>/gi, '\n')
    .replace(/<[/!a-z][^<>]{0,2000}>/gi, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
}

/** The address in `words` that the server told of: named in its own dialogue, else at the start of a line, else anywhere. */
function namedIn(mail: Mail, words: string): string | null {
  const others = new Set(
    [...mail.to, ...mail.cc, ...(mail.from ? [mail.from] : [])].map((one) => one.address.toLowerCase()),
  )
  const address = '[^\\s<>@(),;:"\'：，。]{1,64}@[^\\s<>@(),;:"\'：，。]{1,255}\\w'
  for (const lead of ['rcpt to:\\s{0,3}<?', '^[ \\t*<"\'>-]{0,12}', '<', '(?:^|[\\s(";:：\'])'])
    for (const match of words.matchAll(new RegExp(`${lead}(${address})`, 'gim')))
      if (!others.has(match[1]!.toLowerCase())) return match[1]!
  return null
}

/** Every Message-ID of returned mails or headers in `mail`. */
export function originalIds(mail: Mail): string[] {
  const ids: (string | null)[] = []
  for (const part of mail.attachments) {
    if (
      !/^(?:message\/(?:global|rfc822|global-headers|rfc822-headers|partial)|text\/(?:rfc822-headers|rfc822))$/.test(
        part.contentType,
      )
    )
      continue
    const { fields } = readHeaderFields(part.content.subarray(0, MAX_TEXT), 0, Math.min(part.content.length, MAX_TEXT))
    const id = fields.find((one) => one.name === 'message-id')
    ids.push(id ? canonicalId(decodeField(id.raw)) : null)
  }
  for (const match of (mail.text ?? '')
    .slice(0, MAX_TEXT)
    .matchAll(/^[ \t>|]{0,8}message-id:\s{0,10}(<[^<>\s]{1,998}>)/gim))
    ids.push(canonicalId(match[1]!))
  return idsIn(
    ids
      .filter((id) => id !== null)
      .map((id) => `<${id}>`)
      .join(' '),
  )
}

/** `550 no such user` without an enhanced code. */
function fromCode(words: string): string | null {
  const code = /(?:^|[\s:(#])([45])[0-5]\d[\s-](?=\S)/.exec(words.slice(0, 10_000))
  return code ? `${code[1]}.0.0` : null
}
