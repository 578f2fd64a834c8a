/** The bytes of `body` without its Content-Transfer-Encoding (RFC 2045 §6). An unknown encoding is taken as none. */
export function decodeTransfer(body: Buffer, encoding: string): Buffer {
  if (encoding.startsWith('base64')) return decodeBase64(body)
  if (encoding.startsWith('quoted')) return decodeQuotedPrintable(body)
  if (/^(?:x-)?uu/.test(encoding)) return decodeUu(body)
  return body
}

/** Decodes up to the padding; a footer that a mailing list glued behind it as plain text is left out. */
function decodeBase64(body: Buffer): Buffer {
  const text = body.toString('latin1')
  const padding = text.indexOf('=')
  if (padding < 0) return Buffer.from(text, 'base64')
  // Some gateways encode in pieces and put the pieces one after the other, each with its padding.
  const pieces = text
    .split(/=+\s*/, 10_000)
    .filter((piece, at) => at === 0 || /^[A-Za-z0-9+/\r\n]*$/.test(piece.slice(0, 10_000)))
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64')))
}

/** RFC 2045 §6.7. A broken `=XY` stays as it is written; blanks at a line's end were added on the way. */
export function decodeQuotedPrintable(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length)
  let length = 0
  let solid = 0 // length up to the last character of this line that is not a blank
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]!
    if (byte === 0x0a || (byte === 0x0d && body[i + 1] === 0x0a)) {
      length = solid
      if (byte === 0x0d) out[length++] = body[i++]!
      out[length++] = 0x0a
      solid = length
      continue
    }
    if (byte !== 0x3d) {
      out[length++] = byte
      if (byte !== 0x20 && byte !== 0x09) solid = length
      continue
    }
    const softBreak = endOfLine(body, i + 1)
    if (softBreak >= 0) {
      solid = length
      i = softBreak
      continue
    }
    const value = Number.parseInt(body.toString('latin1', i + 1, i + 3), 16)
    if (/^[0-9a-f]{2}$/i.test(body.toString('latin1', i + 1, i + 3))) {
      out[length++] = value
      i += 2
    } else out[length++] = byte
    solid = length
  }
  return out.subarray(0, length)
}

/** Index of the line feed if only blanks stand between `at` and it, the end of `body` counting as one; else -1. */
function endOfLine(body: Buffer, at: number): number {
  let i = at
  while (i < body.length && i - at < 80 && (body[i] === 0x20 || body[i] === 0x09 || body[i] === 0x0d)) i++
  return i >= body.length || body[i] === 0x0a ? i : -1
}

/** The bytes between `begin 644 name` and `end`, of the old Unix encoding. */
export function decodeUu(body: Buffer): Buffer {
  const out = Buffer.alloc(body.length)
  let length = 0
  for (let at = 0; at < body.length; ) {
    const newline = body.indexOf(0x0a, at)
    const end = newline < 0 ? body.length : newline
    const line = body.toString('latin1', at, Math.min(end, at + 200)).trimEnd()
    at = end + 1
    if (line === '' || /^(?:begin [0-7]{3,4} |end$)/.test(line)) continue
    const full = length + ((line.charCodeAt(0) - 32) & 63)
    const six = (i: number) => ((line.charCodeAt(i) || 32) - 32) & 63
    for (let i = 1; length < full && i < line.length; i += 4) {
      out[length++] = (six(i) << 2) | (six(i + 1) >> 4)
      out[length++] = ((six(i + 1) & 15) << 4) | (six(i + 2) >> 2)
      out[length++] = ((six(i + 2) & 3) << 6) | six(i + 3)
    }
    length = Math.min(length, full)
  }
  return out.subarray(0, length)
}
