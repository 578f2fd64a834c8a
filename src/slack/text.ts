/** What somebody said, made safe for the one place it goes to: escaped once, here at the sink, and never before. */

/** `&`, `<` and `>` as entities, and nothing else (docs.slack.dev/messaging/formatting-message-text). */
export function escapeText(s: string): string {
  return s.replace(/[&<>]/g, (sign) => entities[sign]!)
}

/** Text for mrkdwn and `text`: tidied, escaped, at most `max` characters, "…" at the cut, no entity or emoji in halves. */
export function mrkdwn(s: string, max: number): string {
  return cutTo(tidy(s), max, escapeText)
}

/** Text for plain_text and rich text, which Slack does not parse: tidied, at most `max` characters, "…" at the cut. */
export function plain(s: string, max: number): string {
  return cutTo(tidy(s), max, (sign) => sign)
}

/** Names, subjects, file names: one line, so that nobody draws a second line that looks like ours. */
export function oneLine(s: string): string {
  return tidy(s).replace(/\s+/g, ' ').trim()
}

/** The text in pieces of at most `max` characters, whole words where there are any; no emoji in halves. */
export function pieces(s: string, max: number): string[] {
  const cut: string[] = []
  let rest = tidy(s)
  while (rest.length > max) {
    const near = rest.slice(0, max)
    const blank = Math.max(near.lastIndexOf('\n'), near.lastIndexOf(' '))
    const end = blank > max / 2 ? blank + 1 : plain(near, max).length - (isHighSurrogate(near) ? 1 : 0)
    cut.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return [...cut, rest].filter((piece) => piece.trim() !== '')
}

/** A moment in the reader's own zone; `fallback` is what clients that cannot do that show instead. */
export function momentToken(date: Date, fallback: string): string {
  return dateToken(date, '{date_short_pretty} {time}', fallback)
}

/** The same in digits, as 2026-11-24 20:00: Slack says "today" in its own language, whoever reads. */
export function digitsToken(date: Date, fallback: string): string {
  return dateToken(date, '{date_num} {time}', fallback)
}

/** The same to the second, without the day. */
export function secondToken(date: Date, fallback: string): string {
  return dateToken(date, '{time_secs}', fallback)
}

function dateToken(date: Date, format: string, fallback: string): string {
  const words = escapeText(oneLine(fallback)).replaceAll('|', '/')
  return `<!date^${Math.floor(date.getTime() / 1000)}^${format}|${words}>`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Without what makes a line read otherwise than it is written (bidi overrides and isolates) and what Slack refuses. */
function tidy(s: string): string {
  return s
    .toWellFormed()
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[\0-\x08\v\f\x0e-\x1f\x7f]/g, '')
}

function cutTo(s: string, max: number, write: (s: string) => string): string {
  const whole = write(s)
  if (whole.length <= max) return whole
  let kept = ''
  for (const sign of s) {
    const next = kept + write(sign)
    if (next.length >= max) break
    kept = next
  }
  return `${kept}…`
}

function isHighSurrogate(s: string): boolean {
  return /[\ud800-\udbff]$/.test(s)
}
