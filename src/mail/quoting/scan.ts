import type { TextLine } from '../reading/text-lines.ts'
import { isForwardSubject } from '../threading.ts'
import { attributionStart } from './attribution.ts'
import { isForwardMark, isHeaderBlock, isNotesHeader, isOriginalRuler, isReplyAbove } from './header-block.ts'
import { signatureStart } from './signature.ts'

const BLANK = 0
const WRITTEN = 1
const QUOTED = 2
const SIGNED = 3

/**
 * What of `lines` their author wrote now, as a range [from, to). Looks at structure from the bottom up and stops at the
 * first words it cannot explain: answers between quoted lines, and everything of a mail passed on, stay whole.
 */
export function writtenRange(lines: readonly TextLine[], subject: string): { from: number; to: number } {
  const texts = lines.map((line) => line.text)
  const kinds = classify(lines)
  const whole = { from: 0, to: lines.length }
  const boundary = findBoundary(lines, texts, kinds)
  if (boundary?.kind === 'forward') return whole
  if (boundary && boundary.kind !== 'attribution' && isForwardSubject(subject)) return whole
  let to = boundary ? boundary.at : lines.length
  if (!hasWords(kinds, 0, to)) return whole
  // Quote below quote, signature below signature: a few rounds reach the words.
  for (let round = 0; round < 10; round++) {
    const before = to
    to = withoutSignature(texts, kinds, to)
    to = withoutTrailingQuote(texts, kinds, to)
    if (to === before) break
  }
  // A ruler that parted the words from what is gone.
  const ruler = boundary ? /^\s*(?:[-_=*‐–—―─]{2,}\s*)?$/ : /^\s*(?:[-_=―─]{10,}\s*)?$/
  while (to < lines.length && to > 0 && ruler.test(texts[to - 1]!.slice(0, 200)) && hasWords(kinds, 0, to - 1)) to--
  const from = afterLeadingQuote(texts, kinds, to)
  return { from, to }
}

function classify(lines: readonly TextLine[]): Uint8Array {
  const kinds = new Uint8Array(lines.length)
  for (let i = 0; i < lines.length; i++) {
    const { text, mark } = lines[i]!
    if (text.trim() === '') kinds[i] = BLANK
    else if (mark === 'quoted' || isQuotedLine(text)) kinds[i] = QUOTED
    else kinds[i] = mark === 'signature' ? SIGNED : WRITTEN
  }
  for (let i = 0; i < lines.length; i++) {
    // mbox files write a line that begins with "From " as ">From "; the writer did not quote it.
    const isEscaped = kinds[i] === QUOTED && lines[i]!.text.startsWith('>From ')
    if (isEscaped && kinds[i - 1] !== QUOTED && kinds[i + 1] !== QUOTED) kinds[i] = WRITTEN
  }
  for (let i = 1; i + 1 < lines.length; i++) {
    if (
      kinds[i] === WRITTEN &&
      kinds[i - 1] === QUOTED &&
      kinds[i + 1] === QUOTED &&
      isWrapped(lines[i - 1]!.text, lines[i]!.text)
    )
      kinds[i] = QUOTED
  }
  return kinds
}

/** `> text`, `>> text`, and Usenet's `Ada> text`. An arrow such as `>=` or `->` is none. */
function isQuotedLine(text: string): boolean {
  if (!text.includes('>') && !text.includes('＞')) return false
  const start = text.slice(0, 40)
  return /^\s{0,3}[>＞](?!=)/.test(start) || /^\s?\p{Lu}\p{L}{0,3}>\s/u.test(start)
}

/** The end of a quoted line that was broken on the way: goes on in lower case, below a line that was full. */
function isWrapped(above: string, text: string): boolean {
  return above.length >= 60 && text.length < 40 && /^[\p{Ll}\d(]/u.test(text) && !/[.!?:]\s*$/.test(above)
}

// Nobody writes so many lines above a quote; a flood of them must not be looked at one by one.
const MAX_SCANNED = 5_000

interface Boundary {
  at: number
  kind: 'marked' | 'header' | 'original' | 'reply-above' | 'attribution' | 'forward'
}

/** The first line from which everything below is another mail, quoted without `>` or passed on. */
function findBoundary(lines: readonly TextLine[], texts: readonly string[], kinds: Uint8Array): Boundary | null {
  for (let i = 0; i < lines.length && i < MAX_SCANNED; i++) {
    if (lines[i]!.isBoundary) return { at: i, kind: forwardNear(texts, i) ? 'forward' : 'marked' }
    if (kinds[i] === BLANK) continue
    // A mark further down in a quote tells of a mail passed on earlier, not of this one.
    const isInsideQuote = isQuotedLine(texts[i]!) || (kinds[i] === QUOTED && kinds[lastFilled(kinds, i)] === QUOTED)
    if (!isInsideQuote && isForwardMark(texts[i]!)) return { at: i, kind: 'forward' }
    if (!isInsideQuote || kinds[lastFilled(kinds, i)] !== QUOTED) {
      if (isGroupWise(texts[i]!)) return { at: i, kind: 'attribution' }
    }
    if (kinds[i] !== WRITTEN) continue
    if (isReplyAbove(texts[i]!)) return { at: i, kind: 'reply-above' }
    if (isOriginalRuler(texts, i)) return { at: i, kind: 'original' }
    if (isHeaderBlock(texts, i) || isNotesHeader(texts, i)) return { at: i, kind: 'header' }
    const start = nextKind(kinds, i + 1) === QUOTED ? -1 : attributionStart(texts, i, false)
    if (start >= 0) return { at: start, kind: 'attribution' }
  }
  return null
}

/** GroupWise: `>>> Kofi Mensah <kofi@desk.example> 3/4/2010 5:10 PM >>>`, and the mail below it as it was. */
function isGroupWise(text: string): boolean {
  return /^\s?>{2,4} .{3,200} >{2,4}\s*$/.test(text.slice(0, 300)) && /\d/.test(text)
}

function forwardNear(texts: readonly string[], at: number): boolean {
  return texts.slice(Math.max(0, at - 3), at + 3).some(isForwardMark)
}

/** Kind of the first line at or below `at` that is not blank; BLANK at the end. */
function nextKind(kinds: Uint8Array, at: number): number {
  for (let i = at; i < kinds.length && i < at + 6; i++) if (kinds[i] !== BLANK) return kinds[i]!
  return BLANK
}

function hasWords(kinds: Uint8Array, from: number, to: number): boolean {
  const at = kinds.indexOf(WRITTEN, from)
  return at >= 0 && at < to
}

function lastFilled(kinds: Uint8Array, to: number): number {
  let at = to - 1
  while (at >= 0 && kinds[at] === BLANK) at--
  return at
}

function withoutSignature(texts: readonly string[], kinds: Uint8Array, to: number): number {
  let start = lastFilled(kinds, to) + 1
  while (start > 0 && (kinds[start - 1] === SIGNED || kinds[start - 1] === BLANK)) start--
  if (start < to && kinds.indexOf(SIGNED, start) >= 0 && kinds.indexOf(SIGNED, start) < to && hasFilled(kinds, start))
    return start
  const begin = signatureStart(texts, 0, to)
  return begin < to && hasFilled(kinds, begin) ? begin : to
}

/** Whether there is anything but a signature above `to`: a quote counts, the reply may stand above that. */
function hasFilled(kinds: Uint8Array, to: number): boolean {
  return hasWords(kinds, 0, to)
}

function withoutTrailingQuote(texts: readonly string[], kinds: Uint8Array, to: number): number {
  const last = lastFilled(kinds, to)
  if (last < 0 || kinds[last] !== QUOTED) return to
  let start = last
  while (start > 0 && (kinds[start - 1] === QUOTED || kinds[start - 1] === BLANK)) start--
  const above = lastFilled(kinds, start)
  const attribution = above >= 0 && start - above <= 3 ? attributionStart(texts, above, true) : -1
  // "I typed this:" above `>` lines that nobody is named for: an excerpt of the writer's own.
  if (
    attribution < 0 &&
    above >= 0 &&
    kinds[above] === WRITTEN &&
    start - above <= 2 &&
    /[:：]\s*$/.test(texts[above]!.slice(-200))
  )
    return to
  const cut = attribution >= 0 ? attribution : start
  return hasWords(kinds, 0, cut) ? cut : to
}

/** Apple Mail quotes the attribution too: `> On …, Name wrote:`, on up to three lines. */
function beginsWithAttribution(texts: readonly string[], quote: number): boolean {
  const inside = texts.slice(quote, quote + 3).map((text) => text.slice(0, 1_000).replace(/^\s?>\s?/, ''))
  return inside.some((_, last) => attributionStart(inside, last, false) === 0)
}

/** First line below a quote that stands on top with its attribution, when all the author wrote stands below it. */
function afterLeadingQuote(texts: readonly string[], kinds: Uint8Array, to: number): number {
  const quote = kinds.indexOf(QUOTED)
  if (quote < 0 || quote >= to) return 0
  let above = lastFilled(kinds, quote)
  const attribution = above >= 0 ? attributionStart(texts, above, true) : -1
  above = attribution < 0 ? above : lastFilled(kinds, attribution)
  const hasAttribution = attribution >= 0 || beginsWithAttribution(texts, quote)
  if (above >= 0 || !hasAttribution) return 0
  let below = quote
  while (below < to && (kinds[below] === QUOTED || kinds[below] === BLANK)) below++
  const isInterleaved = kinds.subarray(below, to).indexOf(QUOTED) >= 0
  return isInterleaved || !hasWords(kinds.subarray(0, to), below, to) ? 0 : below
}
