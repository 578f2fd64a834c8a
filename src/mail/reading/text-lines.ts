/** Text being put together from html, line by line: collapses blanks, keeps paragraphs, leads quoted lines with `> `. */
export class TextLines {
  private readonly lines: { depth: number; text: string }[] = []
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

  toString(): string {
    if (this.line !== '') this.flush()
    const texts = this.lines.map(({ depth, text }) => {
      const clean = text.replaceAll('\u00a0', ' ').trimEnd()
      return depth ? `${'>'.repeat(depth)}${clean ? ` ${clean}` : ''}` : clean
    })
    return limitBlankLines(texts).join('\n')
  }

  private add(text: string): void {
    if (text === '') return
    this.startLine()
    this.line += text
  }

  private startLine(): void {
    if (this.line !== '') return
    const depth = Math.min(this.quoteDepth, this.lines.at(-1)?.depth ?? 0)
    for (; this.blankLines > 0; this.blankLines--) this.lines.push({ depth, text: '' })
    this.line = this.lead
    this.lead = ''
  }

  private flush(): void {
    this.lines.push({ depth: this.quoteDepth, text: this.line })
    this.line = ''
  }
}

const MAX_LINK = 2_000

function bare(address: string): string {
  return address
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/$/, '')
    .toLowerCase()
}

/** No more than two blank lines together, none at either end. */
function limitBlankLines(lines: string[]): string[] {
  const kept: string[] = []
  let blank = 0
  for (const line of lines) {
    blank = line === '' ? blank + 1 : 0
    if (blank <= 2 && (kept.length || line !== '')) kept.push(line)
  }
  while (kept.at(-1) === '') kept.pop()
  return kept
}
