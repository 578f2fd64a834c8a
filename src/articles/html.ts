import { parseDocument } from 'htmlparser2'
import type { ArticlePart, Span } from '../ticket/article.ts'

/**
 * The text of an article's HTML in parts. Nothing but words, their looks and links to pages or addresses comes through:
 * scripts, styles, pictures, forms and whatever else there is are left out. `base` is what links are relative to.
 */
export function partsOf(html: string, base: string | null): ArticlePart[] {
  const parts: ArticlePart[] = []
  const out = new Writer(parts)
  walk(parseDocument(html).children, { lists: [], look: {}, base }, out)
  out.end()
  return parts
}

type ChildNode = ReturnType<typeof parseDocument>['children'][number]
type Element = Extract<ChildNode, { attribs: unknown }>

const isText = (node: ChildNode) => node.type === 'text'
const isTag = (node: ChildNode): node is Element => node.type === 'tag'

interface Place {
  /** The lists around, outermost first; `next` counts their items. */
  lists: { isOrdered: boolean; next: number }[]
  look: Omit<Span, 'text'>
  base: string | null
  /** In a row of a table: what is a block elsewhere goes on in its line. */
  isRow?: boolean
}

type Kind = { kind: 'heading' | 'paragraph' | 'quote' } | Omit<ArticlePart & { kind: 'item' }, 'spans'>

/** Gathers spans until a part is over. */
class Writer {
  readonly #parts: ArticlePart[]
  #spans: Span[] = []
  kind: Kind = { kind: 'paragraph' }

  constructor(parts: ArticlePart[]) {
    this.#parts = parts
  }

  say(text: string, look: Omit<Span, 'text'>): void {
    const last = this.#spans.at(-1)
    // Blanks between tags are one blank, and none at the beginning of a line.
    const tidy = text.replace(/[ \t\r\n\f]+/g, ' ')
    const isFirst = last === undefined || /\s$/.test(last.text)
    const said = isFirst ? tidy.replace(/^ /, '') : tidy
    if (said === '') return
    if (last && JSON.stringify({ ...last, text: '' }) === JSON.stringify({ text: '', ...look })) last.text += said
    else this.#spans.push({ text: said, ...look })
  }

  breakLine(): void {
    const last = this.#spans.at(-1)
    if (last) last.text = `${last.text.trimEnd()}\n`
  }

  end(next: Kind = { kind: 'paragraph' }): void {
    const last = this.#spans.at(-1)
    if (last) last.text = last.text.trimEnd()
    const spans = this.#spans.filter(({ text }) => text !== '')
    if (spans.length > 0) this.#parts.push({ ...this.kind, spans } as ArticlePart)
    this.#spans = []
    this.kind = next
  }

  code(text: string): void {
    this.end()
    if (text.trim() !== '') this.#parts.push({ kind: 'code', text: text.replace(/^\n|\s+$/g, '') })
  }
}

const hidden = new Set(
  'script style head title template noscript iframe object embed svg math select textarea button input video audio canvas'.split(
    ' ',
  ),
)
const blocks = new Set(
  'p div section article header footer main aside table dl dt dd figure figcaption address details summary center form fieldset hr'.split(
    ' ',
  ),
)
const looks: Record<string, Omit<Span, 'text'>> = {
  b: { bold: true },
  strong: { bold: true },
  th: { bold: true },
  i: { italic: true },
  em: { italic: true },
  cite: { italic: true },
  code: { code: true },
  kbd: { code: true },
  samp: { code: true },
  tt: { code: true },
}

// Whoever nests deeper writes no article; the walk must not end in a stack overflow.
const DEEPEST = 100

function walk(nodes: ChildNode[], place: Place, out: Writer, depth = 0): void {
  if (depth > DEEPEST) return
  for (const node of nodes) {
    if ('data' in node && isText(node)) out.say(node.data, place.look)
    else if (isTag(node)) element(node, place, out, depth)
  }
}

function element(node: Element, place: Place, out: Writer, depth: number): void {
  const name = node.name.toLowerCase()
  const inside = (next: Place = place) => walk(node.children, next, out, depth + 1)
  if (hidden.has(name) || node.attribs.hidden !== undefined) return
  if (name === 'br') out.breakLine()
  else if (name === 'pre') out.code(textIn(node.children))
  else if (name === 'ul' || name === 'ol') {
    const start = Number.parseInt(node.attribs.start ?? '1', 10)
    const list = { isOrdered: name === 'ol', next: Number.isNaN(start) ? 1 : start }
    within(out, undefined, () => inside({ ...place, lists: [...place.lists, list] }))
  } else if (name === 'li') {
    const list = place.lists.at(-1) ?? { isOrdered: false, next: 1 }
    const level = Math.max(0, place.lists.length - 1)
    within(out, { kind: 'item', isOrdered: list.isOrdered, level, number: list.next++ }, inside)
  } else if (/^h[1-6]$/.test(name)) within(out, { kind: 'heading' }, inside)
  else if (name === 'blockquote') within(out, { kind: 'quote' }, inside)
  else if (name === 'tr') block(out, () => row(node, place, out, depth))
  else if (place.isRow && blocks.has(name)) {
    out.say(' ', {})
    inside()
  } else if (blocks.has(name)) block(out, inside)
  else {
    const url = name === 'a' ? safeUrl(node.attribs.href, place.base) : null
    inside({ ...place, look: { ...place.look, ...(looks[name] ?? {}), ...(url ? { url } : {}) } })
  }
}

/** The cells of a row in one line. A list in one of them still is a list. */
function row(node: Element, place: Place, out: Writer, depth: number): void {
  const cells = node.children.filter((cell) => isTag(cell) && /^t[dh]$/i.test(cell.name))
  cells.forEach((cell, index) => {
    if (index > 0) out.say(' | ', {})
    walk([cell], { ...place, isRow: true }, out, depth + 1)
  })
}

/** A paragraph inside a list item or a quote goes on being one. */
function block(out: Writer, inside: () => void): void {
  const { kind } = out
  if (kind.kind === 'item') {
    inside()
    out.breakLine()
    return
  }
  const around = kind.kind === 'quote' ? kind : undefined
  out.end(around)
  inside()
  out.end(around)
}

function within(out: Writer, kind: Kind | undefined, inside: () => void): void {
  out.end(kind)
  inside()
  out.end()
}

function textIn(nodes: ChildNode[], depth = 0): string {
  if (depth > DEEPEST) return ''
  const textOf = (node: ChildNode) => {
    if ('data' in node && isText(node)) return node.data
    if (!isTag(node)) return ''
    return node.name === 'br' ? '\n' : textIn(node.children, depth + 1)
  }
  return nodes.map(textOf).join('')
}

const LONGEST_URL = 2_000

/** The address as it may be linked: http, https or mailto, made whole; null for all others. */
export function safeUrl(href: string | undefined | null, base: string | null): string | null {
  if (!href) return null
  try {
    const url = base ? new URL(href.trim(), base) : new URL(href.trim())
    const isSafe = ['http:', 'https:', 'mailto:'].includes(url.protocol) && url.username === '' && url.password === ''
    return isSafe && url.href.length <= LONGEST_URL ? url.href : null
  } catch {
    return null
  }
}
