import { createHash } from 'node:crypto'
import type { MailAttachment } from '../mail.ts'
import { decodeText } from './charset.ts'
import { cleanFilename, makeFilename } from './filename.ts'
import { unfold } from './flowed.ts'
import { decodeField, decodeWords, readHeaderFields } from './header-fields.ts'
import { htmlToText, textToHtml } from './html-to-text.ts'
import { fieldsNamed, type Part } from './parts.ts'
import { decodeTransfer } from './transfer-encoding.ts'
import { takeUuencoded } from './uuencoded.ts'

/** What the sender wrote: his text, his html, and the files beside them. */
export interface Bodies {
  text: string | null
  html: string | null
  attachments: MailAttachment[]
}

interface Written {
  text: string | null
  html: string | null
}

/** The bodies of the tree `root`: alternatives chosen, neighbours joined, everything else a file; `remarks` as in `readParts`. */
export function readBodies(root: Part, remarks: Set<string>): Bodies {
  const attachments: MailAttachment[] = []
  let budget = MAX_WRITTEN_BYTES
  const read = (part: Part): Written => {
    if (part.children.length) {
      const all = part.children.map(read)
      return part.type === 'multipart/alternative' ? choose(all) : join(all)
    }
    if (part.type.startsWith('multipart/')) return { text: null, html: null }
    const content = decodeTransfer(part.body, part.encoding)
    if (!isWritten(part)) {
      attachments.push(attachment(part, content))
      return { text: null, html: null }
    }
    const written = withinLimits(content.subarray(0, budget))
    budget -= written.length
    if (written.length < content.length) remarks.add('text-too-long: the rest is in the original only')
    const decoded = decodeText(written, part.params.get('charset') ?? metaCharset(part.type, content)).replace(
      /\r\n?/g,
      '\n',
    )
    if (part.type === 'text/html') return { text: null, html: blankAsNull(decoded) }
    if (part.params.get('format')?.toLowerCase() === 'flowed')
      return { text: blankAsNull(unfold(decoded, part.params.get('delsp')?.toLowerCase() === 'yes')), html: null }
    const { text, files } = takeUuencoded(decoded)
    for (const file of files)
      attachments.push(describeFile(file.name, 'application/octet-stream', file.content, null, false))
    return { text: blankAsNull(text), html: null }
  }
  return { ...read(root), attachments }
}

// Nobody writes more than this in one mail; all of it stays in the raw mail. The reading thread's memory is planned with it: V8 ends
// the whole process, not the thread, when one allocation jumps past a thread's limit.
const MAX_WRITTEN_BYTES = 8_000_000
const MAX_WRITTEN_LINES = 600_000

function withinLimits(limited: Buffer): Buffer {
  let at = -1
  for (let lines = 0; lines < MAX_WRITTEN_LINES; lines++) {
    at = limited.indexOf(0x0a, at + 1)
    if (at < 0) return limited
  }
  return limited.subarray(0, at)
}

/** The charset an html part names in itself, where its Content-Type does not. */
function metaCharset(type: string, content: Buffer): string | null {
  if (type !== 'text/html') return null
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(content.toString('latin1', 0, 3_000))?.[1] ?? null
}

/** Whether `part` is something to read, not a file: text without a name, or the mail's only text although it has one. */
function isWritten(part: Part): boolean {
  if (part.type !== 'text/plain' && part.type !== 'text/html') return false
  if (part.disposition?.value === 'attachment') return false
  const named = part.disposition?.params.has('filename') || part.params.has('name')
  if (!named) return true
  return !part.parent || part.parent.type === 'multipart/alternative'
}

/** RFC 2046 §5.1.4: the last alternative is the richest. A blank one is none. */
function choose(all: Written[]): Written {
  const texts = all.map((one) => one.text).filter((text) => text !== null)
  return { text: texts[0] ?? null, html: all.findLast((one) => one.html !== null)?.html ?? null }
}

/** Parts one after the other. Where one has only the other form, it is converted, so that neither reading loses it. */
function join(all: Written[]): Written {
  const some = all.filter((one) => one.text !== null || one.html !== null)
  if (some.length < 2) return some[0] ?? { text: null, html: null }
  const html = some.some((one) => one.html !== null)
    ? some.map((one) => one.html ?? textToHtml(one.text ?? '')).join('<br>\n')
    : null
  const text = some.some((one) => one.text !== null)
    ? some.map((one) => one.text ?? htmlToText(one.html ?? '')).join('\n')
    : null
  return { text, html }
}

const blankAsNull = (text: string) => (/[^\s\u200b\ufeff]/.test(text) ? text : null)

function attachment(part: Part, content: Buffer): MailAttachment {
  const given = part.disposition?.params.get('filename') || part.params.get('name') || ''
  const clean = cleanFilename(given)
  const id = /<?([^<>\s]{1,500})>?/.exec(decodeWords(fieldsNamed(part, 'content-id')[0] ?? ''))?.[1] ?? null
  const inline = part.disposition?.value === 'inline' || (!part.disposition && id !== null)
  return describeFile(
    clean || makeFilename(part.type, enclosedSubject(part.type, content)),
    part.type,
    content,
    id,
    inline,
  )
}

function describeFile(
  filename: string,
  contentType: string,
  content: Buffer,
  contentId: string | null,
  inline: boolean,
) {
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { filename, contentType, size: content.length, content, contentId, inline, sha256 }
}

const MAX_ENCLOSED_HEADER = 100_000

function enclosedSubject(type: string, content: Buffer): string | null {
  if (type !== 'message/rfc822') return null
  const subject = readHeaderFields(content, 0, Math.min(content.length, MAX_ENCLOSED_HEADER)).fields.find(
    (field) => field.name === 'subject',
  )
  return subject ? decodeField(subject.raw) : null
}
