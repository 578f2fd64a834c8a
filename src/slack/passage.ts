import type { Passage } from '../store/passages.ts'
import type { TalkWords } from '../store/talks.ts'

/** The words of a passage, with its lines as they are now. */
export function passageText(passage: Passage, lines: Pick<TalkWords, 'ts' | 'text'>[]): string {
  const said = new Map(lines.map(({ ts, text }) => [ts, text]))
  return passage
    .flatMap((piece) => {
      if (typeof piece === 'string') return [piece]
      const text = said.get(piece.ts)
      return text ? [text] : []
    })
    .join('\n')
    .trim()
}

/** A passage of nothing but these lines, one after the other. */
export function passageOf(lines: Pick<TalkWords, 'ts'>[]): Passage {
  return lines.map(({ ts }) => ({ ts }))
}

/**
 * Where these lines stand in a text that was begun with them and that its author may have changed since. What they wrote over,
 * or took out, stands nowhere any more: there the text is theirs, whatever becomes of the line.
 */
export function findLines(text: string, lines: Pick<TalkWords, 'ts' | 'text' | 'begun'>[]): Passage {
  const rows = text.split('\n')
  const passage: Passage = []
  let done = 0
  // All of them in a row, as they were put there, are those; what was typed before may have the same words.
  let next = Math.max(0, lastPlaceOf(rowsOf(lines.map(({ begun }) => begun).filter(Boolean)), rows))
  for (const { ts, begun, text: now } of lines) {
    const found = [begun, now].map((words) => ({ words: rowsOf([words]), at: placeOf(rowsOf([words]), rows, next) }))
    // A line without words, a file, stands behind the one before it, should it be given some.
    const place = begun === '' ? { words: [], at: next } : found.find(({ at }) => at !== -1)
    if (!place) continue
    if (place.at > done) passage.push(rows.slice(done, place.at).join('\n'))
    passage.push({ ts })
    next = place.at + place.words.length
    done = next
  }
  if (done < rows.length) passage.push(rows.slice(done).join('\n'))
  return passage
}

function rowsOf(texts: string[]): string[] {
  return texts.flatMap((text) => text.split('\n'))
}

/** Where `some` stand in a row in `rows`, from `from` on; -1 when they do not. */
function placeOf(some: string[], rows: string[], from: number): number {
  for (let at = from; at + some.length <= rows.length; at++) if (some.every((row, n) => row === rows[at + n])) return at
  return -1
}

function lastPlaceOf(some: string[], rows: string[]): number {
  let last = -1
  for (let at = placeOf(some, rows, 0); at !== -1; at = placeOf(some, rows, at + 1)) last = at
  return last
}
