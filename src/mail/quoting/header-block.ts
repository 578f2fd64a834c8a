import { FORWARDED, FROM_LABEL, ORIGINAL, OTHER_LABEL, SUBJECT_LABEL } from './words.ts'

/** How many lines may stand between the first and the third label: long To lists wrap. */
const REACH = 14

/** Whether the header of a quoted mail begins at line `at`: three labels or more, a From among them, as Outlook writes it. */
export function isHeaderBlock(lines: readonly string[], at: number): boolean {
  const first = label(lines[at]!)
  if (!first) return false
  const startsWithFrom = FROM_LABEL.test(first.name)
  // Hotmail and GMX begin with the date or the subject; then the others must follow at once.
  if (!startsWithFrom && !SUBJECT_LABEL.test(first.name) && !OTHER_LABEL.test(first.name)) return false
  let labels = 1
  let stray = 0
  let from = startsWithFrom ? first.value : null
  let subject = SUBJECT_LABEL.test(first.name)
  for (let i = at + 1; i < lines.length && i < at + REACH; i++) {
    const line = lines[i]!
    if (line.trim() === '') {
      // html turns each line of the block into a paragraph; after three labels a blank line ends it.
      if (labels >= 3 || !startsWithFrom) break
      continue
    }
    const next = label(line)
    const isFrom = next !== null && FROM_LABEL.test(next.name)
    const isSubject = next !== null && SUBJECT_LABEL.test(next.name)
    if (!next || !(isFrom || isSubject || OTHER_LABEL.test(next.name))) {
      if (++stray > (startsWithFrom ? 6 : 0)) break
      continue
    }
    if (isFrom) from ??= next.value
    subject ||= isSubject
    labels++
  }
  if (from === null || labels < 3) return false
  // "From: Paris, To: London, Date: Monday" is a person's own list: only a mail has a subject or an address there.
  const address = /@|mailto:/i.test(from)
  return startsWithFrom ? subject || address : subject && address
}

/** `-----Original Message-----` in any language, or any words between dashes with a header block right below. */
export function isOriginalRuler(lines: readonly string[], at: number): boolean {
  const words = betweenRulers(lines[at]!)
  if (words === null) return false
  if (ORIGINAL.test(words)) return true
  return words === '' && headerFollows(lines, at)
}

/** `---------- Forwarded message ---------`, `Begin forwarded message:`. */
export function isForwardMark(line: string): boolean {
  const text = tidy(line)
  if (text === '' || text.length > 150) return false
  const words = betweenRulers(line)
  if (words) return FORWARDED.test(words)
  return /[:：]$/.test(text) && FORWARDED.test(text.replace(/\s?[:：]$/, ''))
}

/** `## Reply above this line ##`: what a help desk puts on top of its mails. */
export function isReplyAbove(line: string): boolean {
  if (line.length > 160 || !/^[\s>]*[#=*_~-]{2,}.*[#=*_~-]{2,}\s*$/.test(line)) return false
  return /(?:reply|respond|response|answer|type|write|antwort|répon|respuesta|responde|escrib|resposta|respond|ответ).{0,60}(?:above|oberhalb|über dieser|au-dessus|encima|arriba|por encima|acima|выше)/iu.test(
    line,
  )
}

/** The words between two runs of dashes; '' for a plain ruler of underscores or dashes; null for any other line. */
function betweenRulers(line: string): string | null {
  const text = tidy(line)
  if (text.length > 150) return null
  if (/^(?:_{10,}|-{20,}|={20,})$/.test(text)) return ''
  const ruled = /^[-‐‑–—_=~]{2,}\s*([^-_=].*?)\s*[-‐‑–—_=~]{2,}\s*:?$/.exec(text)
  return ruled ? ruled[1]!.replace(/[:：]$/, '').replace(/\s+/g, ' ') : null
}

function headerFollows(lines: readonly string[], at: number): boolean {
  for (let i = at + 1; i < lines.length && i <= at + 3; i++) if (lines[i]!.trim() !== '') return isHeaderBlock(lines, i)
  return false
}

/** `Label: value`, with the bold marks and the space before the colon that some write. */
function label(line: string): { name: string; value: string } | null {
  const match = /^([^\d:：<>@"]{1,25})[:：]\s?(.*)$/.exec(tidy(line).slice(0, 1_000))
  return match ? { name: match[1]!.trim().toLowerCase(), value: match[2]! } : null
}

function tidy(line: string): string {
  return line
    .slice(0, 1_000)
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff*]/g, '')
    .replace(/[\u00a0\u202f]/g, ' ')
    .trim()
}
