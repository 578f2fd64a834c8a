/** What an element says of the words in it: quoted mail, a signature, the sender's own again, or all below is quoted. */
export type Mark = 'quoted' | 'signature' | 'written' | 'boundary'

/** One line of text. `marks` come from the html it was in; plain text has none. */
export interface TextLine {
  text: string
  mark: 'quoted' | 'signature' | null
  /** Everything from here down is the quoted mail. */
  isBoundary: boolean
}

/** Text being put together from html, line by line: collapses blanks, keeps paragraphs, leads quoted lines with `> `. */
export class TextLines {
  private readonly lines: { depth: number; text: string; mark: TextLine['mark']; isBoundary: boolean }[] = []
  private readonly marks: Mark[] = []
  private atBoundary = false
  private line = ''
  private blankLines = 0
  private quoteDepth = 0
  private listDepth = 0
  private keepBlanks = 0
  private lead = ''

  text(data: string): void {
    if (this.keepBlanks) {
      const [first = '', ...rest] = data.split(/\r\n?|\n/)
      this.add(first)
      for (const next of rest) {
        this.lineBreak()
        this.add(next)
      }
      return
    }
    const text = data.replace(/[ \t\r\n\f]+/g, ' ')
    const joined = this.line === '' || this.line.endsWith(' ') ? text.replace(/^ /, '') : text
    if (joined !== '') this.add(joined)
  }

  lineBreak(): void {
    this.startLine()
    this.flush()
  }

  /** A block begins or ends here, with `margin` blank lines to the next words. */
  block(margin: number): void {
    if (this.line !== '') this.flush()
    if (this.lines.length) this.blankLines = Math.max(this.blankLines, margin)
  }

  cell(): void {
    if (this.line !== '' && !this.line.endsWith(' ')) this.line += ' '
  }

  marker(marker: string): void {
    this.lead = '  '.repeat(Math.max(0, this.listDepth - 1)) + marker
  }

  indent(by: 1 | -1): void {
    this.listDepth += by
  }

  quote(by: 1 | -1): void {
    if (this.line !== '') this.flush()
    this.quoteDepth = Math.max(0, this.quoteDepth + by)
  }

  preformatted(by: 1 | -1): void {
    this.keepBlanks += by
  }

  rule(): void {
    this.add('________________________________')
    this.flush()
  }

  /** Mail programs write a link whose words are not its address as `words <address>`. */
  link(href: string, words: string): void {
    if (!/^https?:\/\//i.test(href) || href.length > MAX_LINK || words === '') return
    if (bare(href) === bare(words)) return
    this.add(`${this.line.endsWith(' ') ? '' : ' '}<${href}>`)
  }

  enter(mark: Mark): void {
    if (this.line !== '') this.flush()
    if (mark === 'boundary') this.atBoundary = true
    else this.marks.push(mark)
  }

  leave(mark: Mark): void {
    if (this.line !== '') this.flush()
    if (mark !== 'boundary') this.marks.pop()
  }

  toString(): string {
    return this.toLines()
      .map((line) => line.text)
      .join('\n')
  }

  /** The lines so far, trimmed, with at most two blank ones together. */
  toLines(): TextLine[] {
    if (this.line !== '') this.flush()
    const lines = this.lines.map(({ depth, text, mark, isBoundary }) => {
      const clean = text.replaceAll('\u00a0', ' ').trimEnd()
      return { text: depth ? `${'>'.repeat(depth)}${clean ? ` ${clean}` : ''}` : clean, mark, isBoundary }
    })
    return limitBlankLines(lines)
  }

  private add(text: string): void {
    if (text === '') return
    this.startLine()
    this.line += text
  }

  private startLine(): void {
    if (this.line !== '') return
    const depth = Math.min(this.quoteDepth, this.lines.at(-1)?.depth ?? 0)
    for (; this.blankLines > 0; this.blankLines--) this.lines.push({ depth, text: '', mark: null, isBoundary: false })
    this.line = this.lead
    this.lead = ''
  }

  private flush(): void {
    const mark = this.marks.at(-1)
    this.lines.push({
      depth: Math.min(this.quoteDepth, MAX_DEPTH),
      text: this.line,
      mark: mark === 'quoted' || mark === 'signature' ? mark : null,
      isBoundary: this.atBoundary,
    })
    this.atBoundary = false
    this.line = ''
  }
}

// Deeper quotes read the same; two thousand `>` on each of a hundred thousand lines would fill the memory.
const MAX_DEPTH = 20
const MAX_LINK = 2_000

function bare(address: string): string {
  return address
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/$/, '')
    .toLowerCase()
}

/** No more than two blank lines together, none at either end; a boundary on a blank line moves to the next one kept. */
function limitBlankLines(lines: TextLine[]): TextLine[] {
  const kept: TextLine[] = []
  let blank = 0
  let boundary = false
  for (const line of lines) {
    blank = line.text === '' ? blank + 1 : 0
    boundary ||= line.isBoundary
    if (blank > 2 || (!kept.length && line.text === '')) continue
    kept.push({ ...line, isBoundary: boundary })
    boundary = false
  }
  while (kept.at(-1)?.text === '') kept.pop()
  return kept
}
