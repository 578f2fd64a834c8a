// C0, C1, line and paragraph separators; direction overrides, isolates and marks; invisible blanks. U+200D stays: emoji.
const unwanted = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u200b\ufeff]+/g

/**
 * Text fit for a header or for the middle of a sentence of ours: one line, no control or direction character, at most
 * `max` code points. Threats E24: mailparser hands out subjects with a real CR LF in them.
 */
export function oneLine(text: string, max: number): string {
  const line = text.toWellFormed().replace(unwanted, ' ').replace(/\s+/g, ' ').trim()
  // Counting code units first spares a megabyte of subject the detour over an array.
  const points = Array.from(line.slice(0, max * 2 + 2))
  return points.length > max
    ? `${points
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`
    : line
}

/** What somebody wrote, fit for a mail's body: their lines and words, without NUL and other control characters (E31). */
export function manyLines(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
    .replace(/^\n+/, '')
    .trimEnd()
}
