import { type HeaderField, readHeaderFields } from './header-fields.ts'
import { type Parameterised, readParameters } from './parameters.ts'

/** One entity of a MIME tree (RFC 2045 §2.4): its fields and either its children or the bytes of its body, still encoded. */
export interface Part {
  fields: HeaderField[]
  type: string
  params: Map<string, string>
  disposition: Parameterised | null
  encoding: string
  body: Buffer
  children: Part[]
  parent: Part | null
}

// A mail of more parts than this was made to hurt (CVE-2024-23184 and relatives); real ones have tens.
export const MAX_PARTS = 1_000
const MAX_DEPTH = 60
export const MAX_HEADER_BYTES = 4_000_000

export class TooManyParts extends Error {}
export class HeadersTooLarge extends Error {}

/** The MIME tree of `bytes`. Throws TooManyParts or HeadersTooLarge; `remarks` gets what was repaired on the way. */
export function readParts(bytes: Buffer, remarks: Set<string>): Part {
  let parts = 0
  const read = (start: number, end: number, parent: Part | null, depth: number): Part => {
    if (++parts > MAX_PARTS) throw new TooManyParts()
    const { fields, body } = readHeaderFields(bytes, start, end, parent !== null)
    if (body - start > MAX_HEADER_BYTES) throw new HeadersTooLarge()
    const part = describe(fields, parent)
    part.body = bytes.subarray(body, end)
    if (!part.type.startsWith('multipart/')) return part
    const boundary = part.params.get('boundary') || firstBoundary(bytes, body, end)
    if (!boundary || depth > MAX_DEPTH) {
      remarks.add(boundary ? 'parts-nested-too-deep' : 'multipart-without-boundary')
      part.type = depth > MAX_DEPTH ? 'application/octet-stream' : 'text/plain'
      return part
    }
    const { ranges, closed } = cutAtBoundary(bytes, body, end, boundary)
    if (!closed) remarks.add('multipart-not-closed')
    for (const [from, to] of ranges) part.children.push(read(from, to, part, depth + 1))
    // No delimiter at all: what stands there is all the text there is.
    if (!ranges.length) part.type = 'text/plain'
    return part
  }
  return read(0, bytes.length, null, 0)
}

/** Fields of `part` named `name`, undecoded, from the top down. */
export function fieldsNamed(part: Part, name: string): string[] {
  return part.fields.filter((field) => field.name === name).map((field) => field.raw)
}

function describe(fields: HeaderField[], parent: Part | null): Part {
  const first = (name: string) => fields.find((field) => field.name === name)?.raw
  const given = readParameters(first('content-type') ?? '')
  const fallback = parent?.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
  const disposition = first('content-disposition')
  return {
    fields,
    type: /^[^\s/]+\/[^\s/]+$/.test(given.value) ? given.value : given.value === 'html' ? 'text/html' : fallback,
    params: given.params,
    disposition: disposition === undefined ? null : readParameters(disposition),
    encoding: (first('content-transfer-encoding') ?? '')
      .replace(/\([^()]*\)/g, '')
      .trim()
      .toLowerCase()
      .replace(/[;"].*$/, ''),
    body: Buffer.alloc(0),
    children: [],
    parent,
  }
}

/** Ranges between the delimiter lines of RFC 2046 §5.1.1. The line end before a delimiter belongs to the delimiter. */
function cutAtBoundary(bytes: Buffer, start: number, end: number, boundary: string) {
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  const ranges: [number, number][] = []
  let open = -1
  let closed = false
  for (let at = bytes.indexOf(delimiter, start); at >= 0 && at < end; at = bytes.indexOf(delimiter, at + 1)) {
    if (at > start && bytes[at - 1] !== 0x0a) continue
    let after = at + delimiter.length
    const isLast = bytes[after] === 0x2d && bytes[after + 1] === 0x2d
    if (isLast) after += 2
    while (after < end && (bytes[after] === 0x20 || bytes[after] === 0x09 || bytes[after] === 0x0d)) after++
    if (after < end && bytes[after] !== 0x0a && !isLast) continue
    if (open >= 0) {
      let to = at
      if (to > open && bytes[to - 1] === 0x0a) to--
      if (to > open && bytes[to - 1] === 0x0d) to--
      ranges.push([open, Math.max(open, to)])
      open = -1
    }
    if (isLast) {
      closed = true
      break
    }
    open = Math.min(end, after + 1)
  }
  if (open >= 0 && open < end) ranges.push([open, end])
  return { ranges, closed }
}

/** The boundary a multipart forgot to name, read from its first delimiter line. */
function firstBoundary(bytes: Buffer, start: number, end: number): string | null {
  const head = bytes.toString('latin1', start, Math.min(end, start + 4_000))
  return /(?:^|\n)--([^\s-][^\r\n]{0,68}?)[ \t]*\r?\ncontent-/i.exec(head)?.[1] ?? null
}
