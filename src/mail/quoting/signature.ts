import { isSentFrom } from './words.ts'

// RFC 3676 §4.3 allows any length; a longer tail below a lone `--` is more likely a person's.
const MAX_AFTER_SEPARATOR = 40
const MAX_AFTER_RULER = 10

/** Where the signature at the end of lines [start, end) begins, or `end` when there is no clear one. */
export function signatureStart(lines: readonly string[], start: number, end: number): number {
  let last = end
  while (last > start && lines[last - 1]!.trim() === '') last--
  if (last > start && isSentFrom(lines[last - 1]!)) return last - 1
  // Outlook's "Get Outlook for iOS" wraps its address to the next line.
  if (
    last > start + 1 &&
    /^\s*[<(]?https?:\/\/\S+[>)]?$/.test(lines[last - 1]!.slice(0, 500)) &&
    isSentFrom(lines[last - 2]!)
  )
    return last - 2
  let words = 0
  for (let at = last - 1; at >= start && words <= MAX_AFTER_SEPARATOR; at--) {
    const line = lines[at]!
    if (line.trim() === '') continue
    if (/^\s?>/.test(line)) return end
    if (/^-- ?\u00a0?$/.test(line) && (line !== '--' || looksSigned(lines, at + 1, last))) return at
    // Other rulers also part a person's list from his sentence: only a name with a way to reach it is a signature.
    if (/^\s*(?:-{2,4}|_{2,80}|—|–{1,3})\s*$/.test(line) && looksSigned(lines, at + 1, last, true)) return at
    words++
  }
  return end
}

/** Whether lines [from, to) are a name, a role, ways to reach somebody: short lines, no sentences. */
function looksSigned(lines: readonly string[], from: number, to: number, needsContact = false): boolean {
  let count = 0
  let contacts = 0
  for (let at = from; at < to; at++) {
    const line = lines[at]!.trim()
    if (line === '') continue
    const isContact = /@|https?:|www\.|\+?\d[\d ()./-]{6,}/.test(line)
    if (isContact) contacts++
    const isSentence = line.split(/\s+/).length > 9 || (/[.!?]$/.test(line) && line.split(/\s+/).length > 4)
    if (++count > MAX_AFTER_RULER || line.length > 100 || (isSentence && !isContact)) return false
  }
  return count > 0 && (contacts > 0 || !needsContact)
}
