import { crc32, deflateSync, inflateSync } from 'node:zlib'

/**
 * The same picture in 256 colours, for pages that show it: a third of the bytes of what a browser saves. Takes what
 * Chromium writes, eight bits a channel and not interlaced; throws on any other.
 */
export function smallPng(png: Buffer): Buffer {
  const chunks = chunksOf(png)
  const head = chunks.find(({ type }) => type === 'IHDR')!.data
  const [width, height, kind] = [head.readUInt32BE(0), head.readUInt32BE(4), head.subarray(8).toString('hex')]
  const channels = { '0802000000': 3, '0806000000': 4 }[kind]
  if (!channels) throw new Error(`a PNG of another kind: ${kind}`)
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data))
  const pixels = unfiltered(inflateSync(packed), width * channels, height, channels)
  const colours = new Uint32Array(width * height)
  for (let at = 0; at < colours.length; at++) colours[at] = pixels.readUIntBE(at * channels, 3)
  const palette = commonest(colours)
  const rows = Buffer.alloc((width + 1) * height)
  const known = new Map<number, number>()
  for (let at = 0; at < colours.length; at++) {
    const colour = colours[at]!
    const index = known.get(colour) ?? nearest(palette, colour)
    known.set(colour, index)
    rows[at + Math.floor(at / width) + 1] = index
  }
  const header = Buffer.from(head)
  header[9] = 3 // a palette
  const table = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', header),
    chunk('PLTE', table),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  const found: { type: string; data: Buffer }[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    found.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) })
    at += length + 12
  }
  return found
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

/** Each row says in its first byte from which neighbours its bytes were predicted (PNG, section 9). */
function unfiltered(rows: Buffer, stride: number, height: number, channels: number): Buffer {
  const out = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]!
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x
      const left = x >= channels ? out[at - channels]! : 0
      const up = y > 0 ? out[at - stride]! : 0
      const corner = x >= channels && y > 0 ? out[at - stride - channels]! : 0
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!
      out[at] = rows[at + y + 1]! + predicted
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(left + up - corner - value)) as [number, number, number]
  if (a <= b && a <= c) return left
  return b <= c ? up : corner
}

/** The 256 most used colours, of those that look alike only the most used. */
function commonest(colours: Uint32Array): number[] {
  const used = new Map<number, number>()
  for (const colour of colours) used.set(colour, (used.get(colour) ?? 0) + 1)
  const alike = new Map<number, number>()
  const byUse = [...used].sort(([, one], [, other]) => other - one)
  for (const [colour] of byUse) if (!alike.has(colour & 0xf0f0f0)) alike.set(colour & 0xf0f0f0, colour)
  return [...new Set([...byUse.slice(0, 128).map(([colour]) => colour), ...alike.values()])].slice(0, 256)
}

function nearest(palette: number[], colour: number): number {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (const [index, other] of palette.entries()) {
    const [r, g, b] = [
      (colour >> 16) - (other >> 16),
      ((colour >> 8) & 255) - ((other >> 8) & 255),
      (colour & 255) - (other & 255),
    ]
    const distance = r * r + g * g + b * b
    if (distance < least) {
      least = distance
      best = index
    }
  }
  return best
}
