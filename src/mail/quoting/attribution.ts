import { ON, WROTE } from './words.ts'

// "Wrapped over lines": a phone breaks `On Tue, 3 March … Name <address> wrote:` into up to four.
const MAX_LINES = 4

/** Index of the first line of the attribution that ends with line `last`, or -1. `quoteFollows`: `>` lines come next. */
export function attributionStart(lines: readonly string[], last: number, quoteFollows: boolean): number {
  // Yahoo on a phone goes on in the same line: `On …, Name wrote:   Hello`.
  const end = plain(lines[last]!).replace(/^(.{20,300}?[:：])\s{2,}\S.*$/, '$1')
  if (end === '' || (!quoteFollows && !/[:：]$|[-–—]{2,}$/.test(end))) return -1
  let joined = ''
  let loose = -1
  let found = -1
  for (let first = last; first >= 0 && first > last - MAX_LINES; first--) {
    const line = first === last ? end : plain(lines[first]!)
    if (line === '' || /^[>|]/.test(line)) break
    joined = joined === '' ? line : `${line} ${joined}`
    if (!isAttribution(joined, quoteFollows)) continue
    // `<address> wrote:` may be the wrapped end of one: its date then stands in a line above.
    if (startsLikeOne(line) && (found < 0 || ((DATE.test(line) || ARTICLE.test(line)) && first < found))) {
      found = first
      if (DATE.test(joined)) return withNameAbove(lines, first)
    }
    const above = first === 0 ? '' : plain(lines[first - 1]!)
    if (loose < 0 && quoteFollows && above === '') loose = first
  }
  return found >= 0 ? found : loose
}

/** Chinese Gmail breaks behind the address, Notes before it: `Name <address>`, or the name, is a line of its own on top. */
function withNameAbove(lines: readonly string[], first: number): number {
  const above = first === 0 ? '' : plain(lines[first - 1]!)
  const isAddress = /^[<([][^\s@<>]{1,64}@[^\s@<>]{1,200}[>)\]]$/.test(above)
  if (isAddress && WROTE.exec(plain(lines[first]!))?.index === 0) return withNameAbove(lines, first - 1)
  if (/^[<([]/.test(plain(lines[first]!)) && /^(?:\p{Lu}[\p{L}.'’/-]{0,30},?\s?){1,5}$/u.test(above)) return first - 1
  return /^[^<>@]{1,80}<[^\s@<>]{1,64}@[^\s@<>]{1,200}>$/.test(above) ? first - 1 : first
}

/** The line as patterns may see it: short, without bold marks and invisible direction marks, digits in ASCII. */
function plain(line: string): string {
  return line
    .slice(0, 1_000)
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff*]/g, '')
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[\u00a0\u202f]/g, ' ')
    .trim()
}

const OURSELVES =
  /(?<!\p{L})(?:i|we|you|he|she|they|ich|wir|sie|du|er|yo|usted|tú|ella|eu|você|j['’]ai|vous|nous|tu|il|elle|я|мы|вы|ты|他|她|我|你|您)(?!\p{L})/iu

const ADDRESS = /[^\s@<>()[\]:,;"]{1,64}@[^\s@<>()[\]:,;"]{1,200}\.[^\s@<>()[\]:,;"]{1,63}/
const DATE = /\d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}|\d{1,4}\s?年\s?\d{1,2}\s?月|\b(?:19|20)\d\d\b|\d{4}년/
const DAY = /\d{1,2}/
const TIME = /\b\d{1,2}\s?[:.h時时]\s?\d{2}/

/** Usenet names the article first. */
const ARTICLE = /^in (?:article|message) </i

function isAttribution(text: string, quoteFollows: boolean): boolean {
  if (text.length > 600) return false
  const wrote = WROTE.test(text)
  const address = ADDRESS.test(text)
  const date = DATE.test(text) && DAY.test(text)
  const time = TIME.test(text)
  const colon = /[:：]$/.test(text)
  const ruled = /^[-–—]{2,}.*[-–—]{2,}$/.test(text)
  if (!quoteFollows) {
    if (!colon && !(ruled && wrote)) return false
    // "On Monday I wrote to you:" introduces words of the writer's own.
    if (!address && OURSELVES.test(text)) return false
    return (date && address) || (date && wrote && (time || ON.test(text))) || (ruled && wrote && date)
  }
  if (colon || ruled)
    return (date && (address || wrote || time)) || (address && wrote) || endsInVerb(text) || isNameAndAddress(text)
  if (/^\[.{10,200}\]$/.test(text)) return date && time
  if (/\.\.\.$/.test(text) && /\bnews:/i.test(text)) return wrote && address
  // Gmail of 2010: `2010/3/4 Kofi Mensah <kofi@desk.example>`.
  if (/^\d{4}[/.-].{1,120}<[^\s@<>]{1,64}@[^\s@<>]{1,200}>$/.test(text)) return date
  // Without a colon only what says all three: when, who, wrote.
  return date && time && (address || wrote)
}

/** `Ada Lovelace wrote:` and nothing else. "As you wrote:" is the writer's own. */
function endsInVerb(text: string): boolean {
  if (text.length > 100 || OURSELVES.test(text)) return false
  const verb = WROTE.exec(text)
  return verb !== null && /^[\s:：)(а-яa-z]{0,6}$/iu.test(text.slice(verb.index + verb[0].length))
}

function isNameAndAddress(text: string): boolean {
  return (
    text.length <= 160 && /^[^.!?]{0,80}[<([]\s?(?:mailto:)?[^\s@<>]{1,64}@[^\s@<>]{1,200}[>)\]]\s?[:：]$/.test(text)
  )
}

/** On …, a date, a weekday before a number, `Name <address>`, or a bare address. */
function startsLikeOne(line: string): boolean {
  const text = line.replace(/^[-–—_>\s"'«„“]+/, '')
  if (ON.test(text) || /^\d/.test(text) || /^[^:：]{1,80}\swrote on\s\d/i.test(text)) return true
  if (/^\p{L}{1,14}\.?[,،、]?\s+(?:(?:den|the|de|le|der|el)\s+)?(?:\p{L}{2,14}\.?,?\s+)?\d/iu.test(text)) return true
  return (
    /^[^<>@]{0,80}[<([]\s?(?:mailto:)?[^\s@<>]{1,64}@/.test(text) ||
    /^[^\s@<>]{1,64}@[^\s@<>]+/.test(text) ||
    endsInVerb(text)
  )
}
