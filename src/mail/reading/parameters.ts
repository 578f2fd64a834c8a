import { decodeText } from './charset.ts'
import { decodeWords, unfold } from './header-fields.ts'

/** A structured value such as Content-Type: `value` in lower case, parameters by lower-case name, decoded. */
export interface Parameterised {
  value: string
  params: Map<string, string>
}

/**
 * Value and parameters of a Content-Type or Content-Disposition field (RFC 2045 §5.1, RFC 2231 continuations and
 * charsets; also encoded words and raw bytes inside quotes, which no RFC allows and everybody sends).
 */
export function readParameters(raw: string): Parameterised {
  const pieces = splitParameters(unfold(raw).slice(0, MAX_STRUCTURED))
  const value = (pieces[0] ?? '')
    .replace(/\([^()]*\)/g, '')
    .trim()
    .toLowerCase()
  const plain = new Map<string, string>()
  const extended = new Map<string, { index: number; encoded: boolean; text: string }[]>()
  for (const piece of pieces.slice(1)) {
    const equals = piece.indexOf('=')
    if (equals < 1) continue
    const name = piece.slice(0, equals).trim().toLowerCase()
    const text = unquote(piece.slice(equals + 1).trim())
    const star = /^([^*]+)\*(?:(\d{1,3})(\*)?)?$/.exec(name)
    if (!star) {
      if (!plain.has(name)) plain.set(name, decodeWords(text))
      continue
    }
    const list = extended.get(star[1]!) ?? []
    list.push({ index: Number(star[2] ?? 0), encoded: star[2] === undefined || star[3] === '*', text })
    extended.set(star[1]!, list)
  }
  for (const [name, list] of extended) plain.set(name, joinExtended(list))
  return { value, params: plain }
}

const MAX_STRUCTURED = 20_000

/** RFC 2231 §3, §4: `name*0*=utf-8'en'…; name*1=…` put together, in order of their numbers. */
function joinExtended(list: { index: number; encoded: boolean; text: string }[]): string {
  list.sort((a, b) => a.index - b.index)
  const charset = /^([^']{0,40})'[^']{0,40}'/.exec(list[0]?.encoded ? list[0].text : '')
  const bytes = list.map((piece, at) => {
    const text = at === 0 && charset ? piece.text.slice(charset[0].length) : piece.text
    return Buffer.from(piece.encoded ? percentDecoded(text) : text, 'latin1')
  })
  const text = Buffer.concat(bytes)
  return charset ? decodeText(text, charset[1]!) : decodeWords(text.toString('latin1'))
}

function percentDecoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** `text` cut at semicolons that stand outside quotes. A quote that never closes ends with the text. */
function splitParameters(text: string): string[] {
  const pieces: string[] = []
  let piece = ''
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!
    if (quoted && letter === '\\' && i + 1 < text.length) {
      piece += letter + text[++i]
      continue
    }
    if (letter === '"') quoted = !quoted
    if (letter === ';' && !quoted) {
      pieces.push(piece)
      piece = ''
    } else piece += letter
  }
  pieces.push(piece)
  return pieces
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text
  const inner = text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text.slice(1)
  // Windows paths are sent unescaped ("C:\new.txt"): only a quote or a backslash was really escaped.
  return inner.replace(/\\(["\\])/g, '$1')
}
