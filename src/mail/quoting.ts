import type { Mail } from './mail.ts'
import { markOf } from './quoting/html-marks.ts'
import { writtenRange } from './quoting/scan.ts'
import { readHtml } from './reading/html-document.ts'
import { documentToLines, htmlToText } from './reading/html-to-text.ts'
import type { TextLine } from './reading/text-lines.ts'

/** What the author wrote now; `cut` says that something (a quote, a signature) was left out. */
export interface VisibleText {
  text: string
  cut: boolean
}

/** Text the sender wrote, without the quoted mail and signature. Keeps everything when in doubt: losing words is worse. */
export function visibleText(mail: Pick<Mail, 'text' | 'html' | 'subject'>): VisibleText {
  if (mail.html !== null) {
    // The html first: mail programs mark there what is quoted. Only where they did not, the text part's `>` may know more.
    const fromHtml = withoutQuote(documentToLines(readHtml(mail.html), markOf), mail.subject)
    if (fromHtml.text !== '' && (fromHtml.cut || mail.text === null || isStub(mail.text, fromHtml.text)))
      return fromHtml
  }
  return withoutQuote(plainLines(mail.text ?? ''), mail.subject)
}

/** Every word of the mail: its text part, or its html as text where there is none worth the name. */
export function fullText(mail: Pick<Mail, 'text' | 'html'>): string {
  if (mail.text === null) return trimBlankLines(htmlToText(mail.html ?? ''))
  if (mail.html === null || mail.text.length > MAX_STUB) return trimBlankLines(mail.text)
  const fromHtml = htmlToText(mail.html)
  return trimBlankLines(isStub(mail.text, fromHtml) ? fromHtml : mail.text)
}

const MAX_STUB = 300

/** "Your program cannot show this mail": a text part that says next to nothing of what the html says. */
function isStub(text: string, fromHtml: string): boolean {
  return text.trim().length <= MAX_STUB && fromHtml.length > 5 * text.trim().length + 200
}

function withoutQuote(lines: TextLine[], subject: string): VisibleText {
  const { from, to } = writtenRange(lines, subject)
  const all = trimBlankLines(lines.map((line) => line.text).join('\n'))
  const text = trimBlankLines(
    lines
      .slice(from, to)
      .map((line) => line.text)
      .join('\n'),
  )
  return text === '' ? { text: all, cut: false } : { text, cut: text !== all }
}

/** Lines of plain text. More than five line ends in a row are a flood, not paragraphs. */
function plainLines(text: string): TextLine[] {
  const calm = trimBlankLines(text).replace(/\n{6,}/g, '\n\n\n\n\n')
  return calm.split('\n').map((line) => ({ text: line, mark: null, isBoundary: false }))
}

function trimBlankLines(text: string): string {
  let start = 0
  while (start < text.length && isBlank(text.charCodeAt(start))) start++
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  return text.slice(start === 0 ? 0 : lineStart).trimEnd()
}

const isBlank = (code: number) => code === 32 || code === 10 || code === 13 || code === 9 || code === 0xa0
