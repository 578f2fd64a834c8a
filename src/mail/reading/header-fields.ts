import { decodeText } from './charset.ts'

/** One header field as it stands in the mail: `raw` is its unfolded value, one character per byte (latin1). */
export interface HeaderField {
  name: string
  raw: string
}

/**
 * Header fields of `bytes` in [start, end), and where the body begins. Never throws. `isPart`: of a part, whose header may
 * be empty, so that a line of its words that looks like a field stays one of its words.
 */
export function readHeaderFields(
  bytes: Buffer,
  start: number,
  end: number,
  isPart = false,
): { fields: HeaderField[]; body: number } {
  const fields: HeaderField[] = []
  let at = start
  while (at < end) {
    const newline = bytes.indexOf(0x0a, at)
    const next = newline < 0 || newline >= end ? end : newline + 1
    const line = bytes.toString('latin1', at, Math.min(next, at + MAX_FIELD + 1_000)).replace(/\r?\n$/, '')
    if (line.trim() === '' && !/^[ \t]/.test(line)) {
      if (fields.length) return { fields, body: next }
      // A blank line above the header was put there by a gateway; the header still follows.
      const expected = isPart ? PART_FIELD : FIELD
      if (!expected.test(bytes.toString('latin1', next, Math.min(end, next + 200)))) return { fields, body: next }
      at = next
      continue
    }
    const last = fields.at(-1)
    const field = FIELD.exec(line)
    if (field && fields.length >= MAX_FIELDS) {
      // Read on to find the body; nobody has so much to say in a header.
    } else if (field) fields.push({ name: field[1]!.toLowerCase(), raw: line.slice(field[0].length, MAX_FIELD) })
    else if (/^[ \t]/.test(line)) {
      if (last) last.raw += last.raw.length < MAX_FIELD ? `\n${line}` : ''
    } else if (/^>?From /.test(line)) {
      // mbox separator (RFC 4155), also found in the middle of forwarded headers.
    } else if (last && moreFieldsFollow(bytes, next, end)) last.raw += ` ${line}`
    else return { fields, body: at }
    at = next
  }
  return { fields, body: end }
}

// RFC 5322 §3.6.8: printable ASCII without colon. Blanks before the colon are obsolete syntax (§4.5) and still sent.
const FIELD = /^([\x21-\x39\x3b-\x7e]{1,200})[ \t]*:[ \t]*/
const PART_FIELD = /^content-[a-z-]{2,30}[ \t]*:/i
// Longer fields are cut: 40,000 References in one field were seen in a hostile mail.
export const MAX_FIELD = 200_000
const MAX_FIELDS = 5_000
const LOOK_AHEAD = 4_000

/** Whether a line that is no header field is debris inside the header, not the first line of the body. */
function moreFieldsFollow(bytes: Buffer, at: number, end: number): boolean {
  const ahead = bytes.toString('latin1', at, Math.min(end, at + LOOK_AHEAD)).split(/\r?\n\r?\n/, 1)[0]!
  return /^(?:content-type|mime-version|content-transfer-encoding|from|to|date|message-id|subject):/im.test(ahead)
}

/** Value of `field` with folds removed and every encoded word (RFC 2047) and raw eight-bit byte decoded. */
export function decodeField(raw: string, hint: string | null = null): string {
  return decodeWords(unfold(raw), hint).trim()
}

/** `raw` on one line (RFC 5322 §2.2.3), still undecoded. */
export function unfold(raw: string): string {
  // Not by one pattern: "blanks before a line end" takes quadratic time on a megabyte of blanks.
  return raw
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim()
}

interface Word {
  charset: string
  bytes: Buffer
}

const ENCODED_WORD = /=\?([^?\s]{1,40})\?([bq])\?([^?]{0,20000})\?=/gi

/** `value` (latin1) with its encoded words decoded. Neighbours are joined first: some cut a character in two. */
export function decodeWords(value: string, hint: string | null = null): string {
  let out = ''
  let at = 0
  let pending: Word | null = null
  const flush = () => {
    if (pending) out += decodeText(pending.bytes, pending.charset, hint)
    pending = null
  }
  for (const match of value.matchAll(ENCODED_WORD)) {
    const between = value.slice(at, match.index)
    const blankBetween = pending !== null && between.trim() === ''
    if (!blankBetween) {
      flush()
      out += decodeText(Buffer.from(between, 'latin1'), null, hint)
    }
    const charset = match[1]!.replace(/\*.*$/, '').toLowerCase()
    const bytes = match[2]!.toLowerCase() === 'b' ? Buffer.from(match[3]!, 'base64') : decodeQ(match[3]!)
    const before = pending as Word | null
    if (before && before.charset === charset) before.bytes = Buffer.concat([before.bytes, bytes])
    else {
      flush()
      pending = { charset, bytes }
    }
    at = match.index + match[0].length
  }
  flush()
  return out + decodeText(Buffer.from(value.slice(at), 'latin1'), null, hint)
}

function decodeQ(text: string): Buffer {
  const plain = text
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(plain, 'latin1')
}
