import { cleanFilename } from './filename.ts'
import { decodeUu } from './transfer-encoding.ts'

const BEGIN = /^begin [0-7]{3,4} (.{1,200})$/
const LINE = /^[\x20-\x60]{1,90}$/

/** `text` without the files that old mail programs wrote into it (`begin 644 name` … `end`), and those files. */
export function takeUuencoded(text: string): { text: string; files: { name: string; content: Buffer }[] } {
  if (!/^begin [0-7]{3,4} /m.test(text)) return { text, files: [] }
  const files: { name: string; content: Buffer }[] = []
  const kept: string[] = []
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i++) {
    const begin = BEGIN.exec(lines[i]!)
    let end = i + 1
    while (begin && end < lines.length && LINE.test(lines[end]!) && lines[end] !== 'end') end++
    // A sentence that happens to begin with "begin 644" has no "end" below lines of that alphabet.
    if (!begin || lines[end] !== 'end' || end < i + 2) {
      kept.push(lines[i]!)
      continue
    }
    const content = decodeUu(Buffer.from(lines.slice(i + 1, end).join('\n'), 'latin1'))
    files.push({ name: cleanFilename(begin[1]!) || 'attachment.bin', content })
    i = end
  }
  return { text: kept.join('\n'), files }
}
