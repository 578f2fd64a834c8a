import iconv from 'iconv-lite'

/**
 * The text in `bytes`, whatever `label` claims: a byte order mark decides, then valid UTF-8, then the label, then a
 * guess. Senders label UTF-8 as big5 or latin1 and send GBK without a label (seen in the wild); bytes do not lie.
 * Never throws; what cannot be decoded becomes U+FFFD. NUL and lone surrogates are gone, because Postgres refuses them.
 */
export function decodeText(bytes: Uint8Array, label: string | null, hint: string | null = null): string {
  return storable(decodeBytes(bytes, normalLabel(label), normalLabel(hint)))
}

function decodeBytes(bytes: Uint8Array, label: string | null, hint: string | null): string {
  const marked = byteOrderMark(bytes)
  if (marked) return new TextDecoder(marked).decode(bytes)
  if (label && SHIFTED.test(label)) return decodeAs(bytes, label) ?? latin(bytes)
  if (isAscii(bytes)) return hasEscapes(bytes) ? (decodeAs(bytes, 'iso-2022-jp') ?? latin(bytes)) : latin(bytes)
  const utf8 = strictly(bytes, 'utf-8')
  // A word of two or three Chinese characters may be valid UTF-8 by chance: there the label wins.
  if (utf8 !== null && !(label && PAIRED.test(label) && isShortPairs(utf8))) return utf8
  if (label && label !== 'utf-8' && label !== 'us-ascii') {
    const labelled = decodeAs(bytes, label)
    if (labelled !== null) return labelled
  }
  if (label === 'utf-8') {
    const repaired = new TextDecoder('utf-8').decode(bytes)
    const broken = count(repaired, '\uFFFD')
    // A cut or a stray byte in honest UTF-8; otherwise the label was wrong.
    if (broken * 4 <= [...repaired].filter((letter) => letter > '\x7f').length) return repaired
  }
  if (hint && hint !== 'utf-8' && hint !== 'us-ascii') {
    const hinted = decodeAs(bytes, hint)
    if (hinted !== null) return hinted
  }
  return decodeAs(bytes, guessCharset(bytes)) ?? latin(bytes)
}

/** `text` without what Postgres cannot store: U+0000 (SQLSTATE 22021) and lone surrogates (22P02). */
export function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

const SHIFTED = /^(?:iso-2022|utf-7|utf-16|utf-32|hz-)/
const PAIRED = /^(?:gb|big5|shift_jis|euc-|ks_c|cp9[345])/

// Names that neither WHATWG nor iconv-lite knows, as mail programs write them.
const ALIASES: Record<string, string> = {
  ascii: 'us-ascii',
  'ansi_x3.4-1968': 'us-ascii',
  utf8: 'utf-8',
  'unicode-1-1-utf-7': 'utf-7',
  unicode: 'utf-16',
  cp932: 'shift_jis',
  'windows-932': 'shift_jis',
  ms932: 'shift_jis',
  'shift-jis': 'shift_jis',
  cp936: 'gbk',
  'cp-936': 'gbk',
  ms936: 'gbk',
  'windows-936': 'gbk',
  cp949: 'euc-kr',
  'ks_c_5601-1987': 'euc-kr',
  cp950: 'big5',
  'windows-950': 'big5',
  latin1: 'windows-1252',
  'latin-1': 'windows-1252',
  'iso-8859-1': 'windows-1252',
  'iso8859-1': 'windows-1252',
}

function normalLabel(label: string | null): string | null {
  if (!label) return null
  const name = label
    .trim()
    .toLowerCase()
    .replace(/^["']|["']$/g, '')
    .replaceAll(' ', '')
  const known = ALIASES[name] ?? name
  return /^iso-2022-jp/.test(known) ? 'iso-2022-jp' : known.replace(/^win-?(?=\d)/, 'windows-')
}

function decodeAs(bytes: Uint8Array, label: string): string | null {
  // Node's own euc-kr lacks the 8,822 syllables of cp949, which every Korean Windows writes under that name.
  if (label === 'iso-2022-jp') bytes = withoutIdleShifts(bytes)
  if (label === 'euc-kr') return iconv.decode(Buffer.from(bytes), 'cp949')
  try {
    return new TextDecoder(label).decode(bytes)
  } catch {
    // Not one of the web's charsets: utf-7, cp850, cp437, … are still in use.
    return iconv.encodingExists(label) ? iconv.decode(Buffer.from(bytes), label) : null
  }
}

/** Back to ASCII and out again at once: what joining two encoded words leaves, and the decoder takes for an attack. */
function withoutIdleShifts(bytes: Uint8Array): Uint8Array {
  return Buffer.from(latin(bytes).replace(/\x1b\([BJ](?=\x1b)/g, ''), 'latin1')
}

function strictly(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function byteOrderMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return null
}

const latin = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! > 0x7f) return false
  return true
}

/** ESC $ or ESC ( followed by a designator: Japanese in seven bits, which some send without saying so. */
function hasEscapes(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(0x1b); at >= 0; at = bytes.indexOf(0x1b, at + 1))
    if (bytes[at + 1] === 0x24 && (bytes[at + 2] === 0x42 || bytes[at + 2] === 0x40)) return true
  return false
}

function isShortPairs(text: string): boolean {
  const high = text.match(/[^\x00-\x7f]/g) ?? []
  return (
    high.length <= 3 && high.every((letter) => letter <= '\u07ff') && !/[a-z][^\x00-\x7f]|[^\x00-\x7f][a-z]/i.test(text)
  )
}

function count(text: string, letter: string): number {
  let found = 0
  for (let at = text.indexOf(letter); at >= 0; at = text.indexOf(letter, at + 1)) found++
  return found
}

/** Name of the likeliest charset of unlabelled eight-bit bytes, by how their high bytes stand together. */
export function guessCharset(bytes: Uint8Array): string {
  let pairs = 0
  let odd = 0
  let runs = 0
  let kana = 0
  let hangul = 0
  let shifted = 0
  let upper = 0
  let lower = 0
  let insideWords = 0
  for (let i = 0; i < bytes.length && i < 20_000; i++) {
    const first = bytes[i]!
    if (first < 0x80) continue
    let end = i
    while (end < bytes.length && bytes[end]! >= 0x80) end++
    runs++
    if ((end - i) % 2) odd++
    if (end - i <= 2 && (isLetter(bytes[i - 1]) || isLetter(bytes[end]))) insideWords++
    for (let at = i; at < end; at++) {
      if (bytes[at]! >= 0xe0) lower++
      else if (bytes[at]! >= 0xc0) upper++
    }
    for (let at = i; at < end; at += 2) {
      const lead = bytes[at]!
      pairs++
      if (lead === 0xa4 || lead === 0xa5) kana++
      if (lead >= 0xb0 && lead <= 0xc8) hangul++
      if (lead === 0x82 || lead === 0x83) shifted++
    }
    i = end
  }
  // One or two of them among Latin letters: an umlaut, not a character of two bytes.
  if (insideWords * 2 > runs) return 'windows-1252'
  const length = lower + upper
  if (shifted * 4 > pairs && strictly(bytes, 'shift_jis') !== null) return 'shift_jis'
  if (odd * 3 > runs) return length > runs * 3 ? (lower >= upper ? 'windows-1251' : 'koi8-r') : 'windows-1252'
  if (kana * 4 > pairs && strictly(bytes, 'euc-jp') !== null) return 'euc-jp'
  if (pairs >= 6 && hangul * 10 > pairs * 9 && strictly(bytes, 'euc-kr') !== null) return 'euc-kr'
  if (strictly(bytes, 'gb18030') !== null) return 'gb18030'
  if (strictly(bytes, 'big5') !== null) return 'big5'
  return 'windows-1252'
}

const isLetter = (byte: number | undefined) => byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
