import { FORWARDED, FROM_LABEL, ORIGINAL, OTHER_LABEL, SUBJECT_LABEL } from './words.ts'

/** How many lines may stand between the first and the third label: long To lists wrap. */
const REACH = 14

/** Whether the header of a quoted mail begins at line `at`: three labels or more, a From among them, as Outlook writes it. */
export function isHeaderBlock(lines: readonly string[], at: number): boolean {
  const first = label(lines[at]!)
  if (!first) return false
  if (isPastedHeader(lines, at)) return false
  if (isBlockInAnyLanguage(lines, at)) return true
  const startsWithFrom = FROM_LABEL.test(first.name)
  // Hotmail and GMX begin with the date or the subject; then the others must follow at once.
  if (!startsWithFrom && !SUBJECT_LABEL.test(first.name) && !OTHER_LABEL.test(first.name)) return false
  let labels = 1
  let stray = 0
  let from = startsWithFrom ? first.value : null
  let subject = SUBJECT_LABEL.test(first.name)
  // Told of somebody, or of a moment: "From: must be set, To: too, Subject: may be empty" tells of neither.
  let says = first.value
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
    says += ` ${next.value}`
  }
  // A mail is from somebody: "From: 10.0.0.1" is a line of a log.
  if (from === null || labels < 3 || !/\p{L}/u.test(from)) return false
  // "From: Paris, To: London, Date: Monday" is a person's own list: only a mail has a subject or an address there.
  const address = /@|mailto:/i.test(from)
  if (labels === 3 && !/[@\d]/.test(says)) return false
  // Windows mail: From, Sent, To, and no subject.
  const second = label(lines[at + 1] ?? '')
  if (startsWithFrom && second && OTHER_LABEL.test(second.name) && isFullMoment(second.value)) return true
  return startsWithFrom ? subject || address : subject && address
}

/** A year and a time of day. */
const isFullMoment = (text: string) => /(?<!\d)\d{4}(?!\d)/.test(text) && /\d{1,2}[:.]\d{2}/.test(text)

/** "Here are the headers you asked for": a mail's whole header, which no mail program puts above a quote. */
function isPastedHeader(lines: readonly string[], at: number): boolean {
  for (let i = Math.max(0, at - 8); i < lines.length && i < at + 8; i++)
    if (
      /^\s?(?:return-path|received|message-id|mime-version|dkim-signature|authentication-results)\s?:/i.test(lines[i]!)
    )
      return true
  return false
}

/**
 * A block whose labels we cannot read: whom first, as a name with an address, then at least two more labels without a
 * line between them, a moment among them. A person's own list has no `Name <address>` on top.
 */
function isBlockInAnyLanguage(lines: readonly string[], at: number): boolean {
  if (!/[<[](?:mailto:)?[^\s@<>]{1,64}@[^\s@<>]{1,200}[>\]]/.test(lines[at]!.slice(0, 1_000))) return false
  let labels = 1
  let hasMoment = false
  for (let i = at + 1; i < lines.length && i < at + 8; i++) {
    const next = label(lines[i]!)
    if (!next) break
    labels++
    hasMoment ||= isFullMoment(next.value)
  }
  return labels >= 3 && hasMoment
}

/** `-----Original Message-----` in any language, or a ruler, with words in it or without, and a header block right below. */
export function isOriginalRuler(lines: readonly string[], at: number): boolean {
  const words = betweenRulers(lines[at]!)
  if (words === null) return false
  return ORIGINAL.test(words) || headerFollows(lines, at)
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
  if (line.length > 160) return false
  if (/^[\s>]*[#=*_~-]{2,}.*[#=*_~-]{2,}\s*$/.test(line)) return REPLY_ABOVE.test(line)
  return line.length <= 100 && REPLY_ABOVE_THIS_LINE.test(line.trim())
}

const REPLY_ABOVE =
  /(?:reply|respond|response|replies|answer|type|write|antwort|répon|respuesta|responde|escrib|resposta|ответ).{0,60}(?:above|oberhalb|über dieser|au-dessus|encima|arriba|sobre esta|acima|выше)/iu
const REPLY_ABOVE_THIS_LINE =
  /^[[({*]*(?:please |kindly )?(?:(?:type|write|enter|add|post) )?(?:your |a )?(?:reply|response|answer|comment)s? (?:to this \S{1,20} )?above this line\b/i

/**
 * Whether Lotus Notes' table of headers begins at line `at`: whom, then a bare moment, then To, cc and Subject as words
 * without a colon, their values beside or below them.
 */
export function isNotesHeader(lines: readonly string[], at: number): boolean {
  const below: string[] = []
  for (let i = at + 1; i < lines.length && i < at + REACH && below.length < 10; i++) {
    const text = tidy(lines[i]!)
    if (text !== '') below.push(text)
  }
  // "Sent by: …" of a deputy may stand between.
  const moment = below.slice(0, /^[^:]{2,20}: ?\S/.test(below[0] ?? '') ? 2 : 1).findIndex(isMoment)
  if (moment < 0 || !/\p{L}/u.test(lines[at]!.slice(0, 200)) || lines[at]!.length > 200) return false
  const bare = below.slice(moment + 1).map((text) => text.split(/[\s:]/, 1)[0]!)
  const to = bare.findIndex((word) => OTHER_LABEL.test(word))
  return to >= 0 && bare.slice(to + 1, to + 6).some((word) => SUBJECT_LABEL.test(word))
}

/** `02/11/2010 03:42 PM` and nothing else. */
function isMoment(text: string): boolean {
  return (
    text.length <= 40 &&
    /^(?:\p{L}{2,4}\.?,? )?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?(?: \p{Lu}{2,5})?$/iu.test(
      text,
    )
  )
}

/** The words between two runs of dashes; '' for a plain ruler of underscores or dashes; null for any other line. */
function betweenRulers(line: string): string | null {
  const text = tidy(line)
  if (text.length > 150) return null
  if (/^(?:_{10,}|-{20,}|={20,}|[—―─]{10,})$/.test(text)) return ''
  const ruled = /^[-‐‑–—―_=~]{2,}\s*([^-_=].*?)\s*[-‐‑–—―_=~]{2,}\s*:?$/.exec(text)
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
    .replace(/^[\s|]+/, '')
    .trimEnd()
}
