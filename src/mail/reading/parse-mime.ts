import type { Mail } from '../mail.ts'
import { canonicalId, idsIn } from '../threading.ts'
import { MAX_ADDRESSES, readAddresses, readFrom } from './addresses.ts'
import { readBodies } from './bodies.ts'
import { storable } from './charset.ts'
import { decodeField, decodeWords, readHeaderFields, unfold } from './header-fields.ts'
import { fieldsNamed, HeadersTooLarge, MAX_HEADER_BYTES, type Part, readParts, TooManyParts } from './parts.ts'

// Larger mails are refused by nearly every server (Gmail 25 MB, Exchange Online 150 MB).
export const MAX_MAIL_BYTES = 150_000_000

/** `raw` read in one go, blocking; see `parseMail`. */
export function parseMime(raw: Buffer): Mail {
  const remarks = new Set<string>()
  if (raw.length === 0) return unreadableMail('empty')
  if (raw.length > MAX_MAIL_BYTES) return headersOnly(raw, 'too-large')
  const bytes = raw.includes(0x0a) ? raw : withLineFeeds(raw)
  let root: Part
  try {
    root = readParts(bytes, remarks)
  } catch (error) {
    if (error instanceof TooManyParts) return headersOnly(bytes, 'too-many-parts')
    if (error instanceof HeadersTooLarge) return headersOnly(bytes, 'headers-too-large')
    throw error
  }
  if (!root.fields.length) return { ...unreadableMail('no-headers'), text: storable(raw.toString('utf8', 0, 100_000)) }
  const mail = readHeader(root)
  // An mbox file keeps the envelope sender in its first line (RFC 4155); reports have none.
  const envelope = /^From (\S{1,320}) /.exec(bytes.toString('latin1', 0, 400))?.[1]
  if (mail.returnPath === null && /^(?:mailer-daemon|<>)$/i.test(envelope ?? '')) mail.returnPath = ''
  if (/^(?:multipart\/encrypted|application\/(?:x-)?pkcs7-mime)$/.test(root.type)) remarks.add('encrypted')
  const bodies = readBodies(root, remarks)
  if ([mail.subject, bodies.text, bodies.html].some((words) => words?.includes('\uFFFD')))
    remarks.add('charset: some characters could not be decoded')
  return { ...mail, ...bodies, errors: [...mail.errors, ...remarks] }
}

/** Old Macs ended lines with CR alone. */
function withLineFeeds(raw: Buffer): Buffer {
  const bytes = Buffer.from(raw)
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 0x0d) bytes[at] = 0x0a
  return bytes
}

/** A mail of which only the header can be read, or nothing. */
function headersOnly(bytes: Buffer, unreadable: Mail['unreadable']): Mail {
  const { fields } = readHeaderFields(bytes.subarray(0, MAX_HEADER_BYTES), 0, Math.min(bytes.length, MAX_HEADER_BYTES))
  const root: Part = {
    fields: fields.slice(0, 200),
    type: 'text/plain',
    params: new Map(),
    disposition: null,
    encoding: '',
    body: Buffer.alloc(0),
    children: [],
    parent: null,
  }
  return { ...readHeader(root), unreadable }
}

/** A mail of which nothing is known but why. */
export function unreadableMail(unreadable: NonNullable<Mail['unreadable']>): Mail {
  return {
    from: null,
    fromProblem: 'missing',
    claimedFrom: null,
    sender: null,
    replyTo: [],
    to: [],
    cc: [],
    subject: '',
    date: null,
    messageId: null,
    inReplyTo: null,
    references: [],
    returnPath: null,
    autoSubmitted: null,
    precedence: null,
    listId: null,
    reportType: null,
    contentType: 'text/plain',
    text: null,
    html: null,
    attachments: [],
    headers: new Map(),
    unreadable,
    errors: [unreadable],
  }
}

function readHeader(root: Part): Mail {
  const hint = root.params.get('charset') ?? null
  const raws = (name: string) => fieldsNamed(root, name)
  const first = (name: string) => raws(name)[0] ?? null
  const decoded = (name: string) => {
    const raw = first(name)
    return raw === null ? null : decodeField(raw, hint)
  }
  const word = (name: string) => /^[^\s;]{1,60}/.exec(decoded(name) ?? '')?.[0].toLowerCase() ?? null
  const { from, problem, claimed } = readFrom(raws('from'))
  const errors: string[] = problem ? [`from: ${problem}`] : []
  const dateText = decoded('date')
  const date = dateText === null ? null : readDate(dateText)
  if (dateText !== null && !date) errors.push('date: not a date')
  const ids = idsIn(raws('references').map(forIds).join(' '))
  if (ids.length > MAX_REFERENCES)
    errors.push(`references: ${ids.length}, the first and last ${MAX_REFERENCES / 2} are kept`)
  const to = readAddresses(raws('to'))
  const cc = readAddresses(raws('cc'))
  if (to.length === MAX_ADDRESSES || cc.length === MAX_ADDRESSES)
    errors.push(`recipients: only the first ${MAX_ADDRESSES} are kept`)
  const returnPath = first('return-path')
  return {
    ...unreadableMail('empty'),
    from,
    fromProblem: problem,
    claimedFrom: claimed,
    sender: readAddresses(raws('sender'))[0] ?? null,
    replyTo: readAddresses(raws('reply-to')),
    to,
    cc,
    subject: cleanSubject(decoded('subject') ?? ''),
    date,
    messageId: canonicalId(forIds(first('message-id') ?? '')),
    inReplyTo: idsIn(raws('in-reply-to').map(forIds).join(' '))[0] ?? null,
    references:
      ids.length > MAX_REFERENCES ? [...ids.slice(0, MAX_REFERENCES / 2), ...ids.slice(-MAX_REFERENCES / 2)] : ids,
    returnPath: returnPath === null ? null : (/<?([^<>\s]*)>?/.exec(unfold(returnPath))?.[1] ?? ''),
    autoSubmitted: word('auto-submitted'),
    precedence: word('precedence'),
    listId: decoded('list-id'),
    reportType: root.type === 'multipart/report' ? (root.params.get('report-type')?.toLowerCase() ?? null) : null,
    contentType: root.type,
    headers: allHeaders(root, hint),
    unreadable: null,
    errors,
  }
}

const MAX_REFERENCES = 200
const MAX_HEADER_VALUES = 2_000

const forIds = (raw: string) =>
  raw.includes('=?') ? decodeWords(unfold(raw)) : raw.replace(/\n[ \t]+(?=[^<\s])/g, (fold) => fold)

function allHeaders(root: Part, hint: string | null): Map<string, string[]> {
  const headers = new Map<string, string[]>()
  for (const field of root.fields.slice(0, MAX_HEADER_VALUES)) {
    const values = headers.get(field.name) ?? []
    values.push(decodeField(field.raw.slice(0, 20_000), hint))
    headers.set(field.name, values)
  }
  return headers
}

// An encoded word may hold a line end (`=0D=0A`): in a subject it would start a header field of ours.
function cleanSubject(subject: string): string {
  return storable(subject)
    .replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ')
    .trim()
    .slice(0, 2_000)
}

/** RFC 5322 §3.3, with the forms V8 also understands. Null when it is no date: "now" would be a lie. */
function readDate(text: string): Date | null {
  const plain = text
    .slice(0, 100)
    .replace(/\([^()]*\)/g, '')
    // "+0200 CEST": the zone said twice.
    .replace(/([+-]\d{4})\s+[A-Z]{2,5}\s*$/, '$1')
    .trim()
  for (const one of [plain, plain.replace(/\b[A-Z]{3,5}$/, (zone) => ZONES[zone] ?? zone)]) {
    const date = new Date(one)
    if (!Number.isNaN(date.getTime())) return date
  }
  return null
}

// Zones that mail programs write and V8 does not know. Those with two meanings are left out.
const ZONES: Record<string, string> = {
  WET: '+0000',
  WEST: '+0100',
  CET: '+0100',
  MET: '+0100',
  MEZ: '+0100',
  CEST: '+0200',
  MEST: '+0200',
  MESZ: '+0200',
  EET: '+0200',
  EEST: '+0300',
  MSK: '+0300',
  JST: '+0900',
  KST: '+0900',
  HKT: '+0800',
  SGT: '+0800',
  NZST: '+1200',
  NZDT: '+1300',
  AEST: '+1000',
  AEDT: '+1100',
}
