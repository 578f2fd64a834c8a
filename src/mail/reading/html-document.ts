import { parseDocument } from 'htmlparser2'

/** A mail's html as a tree. Never executed, never rendered: read for its words and its quote marks. */
export type HtmlDocument = ReturnType<typeof parseDocument>
export type HtmlNode = HtmlDocument['children'][number]
export type HtmlElement = Extract<HtmlNode, { attribs: Record<string, string> }>

// More than this is no letter; the rest is left unread (the text part and the raw mail still have it).
export const MAX_HTML = 4_000_000
// The parser looks through all open elements at each stray end tag: 45 KB of nested tags took seconds.
const MAX_OPEN = 2_000

/** The tree of `html`, cut at MAX_HTML; html nested to hurt loses its tags and keeps its words. */
export function readHtml(html: string): HtmlDocument {
  const limited = html.slice(0, MAX_HTML)
  return parseDocument(deepest(limited) > MAX_OPEN ? withoutTags(limited) : limited)
}

export function isElement(node: HtmlNode): node is HtmlElement {
  return 'attribs' in node
}

/** Elements open at once, at most, if every start tag were closed by some end tag: an upper bound, in linear time. */
function deepest(html: string): number {
  let open = 0
  let most = 0
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
    const next = html.charCodeAt(at + 1)
    if (next === 0x2f) open = Math.max(0, open - 1)
    else if ((next | 32) >= 97 && (next | 32) <= 122 && !isVoid(html, at + 1)) open++
    if (open > most) most = open
  }
  return most
}

const VOID = new Set([
  'br',
  'img',
  'hr',
  'meta',
  'link',
  'input',
  'col',
  'wbr',
  'area',
  'base',
  'p',
  'li',
  'tr',
  'td',
  'o:p',
])

function isVoid(html: string, at: number): boolean {
  return VOID.has(/^[a-z][a-z0-9:]{0,10}/i.exec(html.slice(at, at + 12))![0].toLowerCase())
}

function withoutTags(html: string): string {
  const out: string[] = []
  let at = 0
  for (let open = html.indexOf('<'); open >= 0; open = html.indexOf('<', at)) {
    out.push(html.slice(at, open), ' ')
    const close = html.indexOf('>', open)
    if (close < 0) return out.join('')
    at = close + 1
  }
  out.push(html.slice(at))
  return out.join('')
}
