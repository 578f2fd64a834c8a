import { parseDocument } from 'htmlparser2'

/** A mail's html as a tree. Never executed, never rendered: read for its words and its quote marks. */
export type HtmlDocument = ReturnType<typeof parseDocument>
export type HtmlNode = HtmlDocument['children'][number]
export type HtmlElement = Extract<HtmlNode, { attribs: Record<string, string> }>

// More than this is no letter; the rest is left unread (the text part and the raw mail still have it).
export const MAX_HTML = 4_000_000
// The parser looks through all open elements at each stray end tag: 45 KB of nested tags took seconds.
const MAX_OPEN = 2_000

/** The tree of `html`, cut at MAX_HTML and MAX_TAGS; html nested to hurt loses its tags and keeps its words. */
export function readHtml(html: string): HtmlDocument {
  const limited = withinTags(html.slice(0, MAX_HTML))
  return parseDocument(deepest(limited) > MAX_OPEN ? withoutTags(limited) : limited)
}

// A node takes about 250 bytes: this many stay well inside the reading thread's memory. A long Outlook thread has 50,000.
const MAX_TAGS = 300_000

function withinTags(html: string): string {
  let at = -1
  for (let tags = 0; tags < MAX_TAGS; tags++) {
    at = html.indexOf('<', at + 1)
    if (at < 0) return html
  }
  return html.slice(0, at)
}

export function isElement(node: HtmlNode): node is HtmlElement {
  return 'attribs' in node
}

/** Elements open at once, at most: an end tag closes only one of its own name, as the parser sees it. Linear. */
function deepest(html: string): number {
  const openOf = new Map<string, number>()
  let open = 0
  let most = 0
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
    const isEnd = html.charCodeAt(at + 1) === 0x2f
    const name = tagName(html, isEnd ? at + 2 : at + 1)
    if (name === '' || VOID.has(name)) continue
    const count = openOf.get(name) ?? 0
    if (!isEnd) {
      openOf.set(name, count + 1)
      if (++open > most) most = open
    } else if (count > 0) {
      openOf.set(name, count - 1)
      open--
    }
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

function tagName(html: string, at: number): string {
  return /^[a-z][a-z0-9:-]{0,20}/i.exec(html.slice(at, at + 22))?.[0].toLowerCase() ?? ''
}

function withoutTags(html: string): string {
  const out: string[] = []
  let at = 0
  for (let open = html.indexOf('<'); open >= 0; open = html.indexOf('<', at)) {
    out.push(html.slice(at, open), /^<\/?(?:br|p|div|tr|li|h\d)\b/i.test(html.slice(open, open + 6)) ? '<br>' : ' ')
    const close = html.indexOf('>', open)
    if (close < 0) return out.join('')
    at = close + 1
  }
  out.push(html.slice(at))
  return out.join('')
}
