import { isSentFrom } from './sent-from.ts'

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
    if (/^\s*-{2,}\s*$/.test(line) && looksScanned(lines, at + 1, last)) return at
    if (isSentFrom(line) && (looksNamed(lines, at + 1, last) || looksSigned(lines, at + 1, last, true))) return at
    if (/^\s*—\s*$/.test(line) && looksNamed(lines, at + 1, last)) return at
    if (/^\s*_{40,80}\s*$/.test(line) && looksLikeFooter(lines, at + 1, last)) return at
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
    const isSentence =
      line.split(/\s+/).length > 9 || /[?？]$/.test(line) || (/[.!]$/.test(line) && line.split(/\s+/).length > 4)
    if (++count > MAX_AFTER_RULER || line.length > 100 || (isSentence && !isContact)) return false
  }
  return count > 0 && (contacts > 0 || !needsContact)
}

/** A name below a lone dash, as some programs close every mail: words with capitals, one line or two. */
function looksNamed(lines: readonly string[], from: number, to: number): boolean {
  const filled = lines
    .slice(from, to)
    .map((line) => line.trim())
    .filter(Boolean)
  return (
    filled.length > 0 &&
    filled.length <= 2 &&
    filled.every((line) => /^(?:\p{Lu}[\p{L}.'’-]{0,30}\s?){1,4}$/u.test(line))
  )
}

/** What a mailing list or a free mail service puts under each mail, below a ruler of its own width: short, with a link. */
function looksLikeFooter(lines: readonly string[], from: number, to: number): boolean {
  const filled = lines.slice(from, to).filter((line) => line.trim() !== '')
  return filled.length > 0 && filled.length <= 6 && filled.some((line) => /https?:\/\/|www\./i.test(line.slice(0, 500)))
}

/** "This email has been checked for viruses by …": what a scanner puts under a mail, below a ruler. */
function looksScanned(lines: readonly string[], from: number, to: number): boolean {
  const filled = lines.slice(from, to).filter((line) => line.trim() !== '')
  return filled.length > 0 && filled.length <= 6 && SCANNED.test(filled[0]!.slice(0, 300))
}

const SCANNED =
  /(?:virus|viren|вирус|malware|病毒|ウイルス).{0,80}(?:by|von|par|por|da|door|av|avast|avg|norton|eset|mcafee|softw|message|nachricht|mail|frei|free|free\.|программ)|(?:no|not?|kein\S*|aucun|sin|nessun) (?:virus|viren)/iu
