import { type HtmlDocument, type HtmlElement, type HtmlNode, isElement, readHtml } from './html-document.ts'
import { type Mark, type TextLine, TextLines } from './text-lines.ts'

/** The words of `html` as a person would see them, with lines and paragraphs; quoted blocks are led by `> `. Linear. */
export function htmlToText(html: string): string {
  return documentToText(readHtml(html))
}

/** `text` as html that shows the same lines. */
export function textToHtml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return `<div style="white-space:pre-wrap">${escaped}</div>`
}

/** As `htmlToText`, for a tree already read. */
export function documentToText(document: HtmlDocument): string {
  return readLines(document, () => null).toString()
}

/** The lines of `document`, each with what `markOf` says of the element around it. */
export function documentToLines(document: HtmlDocument, markOf: (node: HtmlNode) => Mark | null): TextLine[] {
  return readLines(document, markOf).toLines()
}

/** Walks with a stack of its own: html may be nested deeper than ours. */
function readLines(document: HtmlDocument, markOf: (node: HtmlNode) => Mark | null): TextLines {
  const out = new TextLines()
  const stack: { node: HtmlNode | HtmlDocument; leave?: { mark: Mark | null } }[] = [{ node: document }]
  let visited = 0
  while (stack.length && visited < MAX_NODES) {
    const { node, leave } = stack.pop()!
    visited++
    if (leave) {
      if (isElement(node as HtmlNode)) close(node as HtmlElement, out)
      if (leave.mark) out.leave(leave.mark)
      continue
    }
    const mark = node === document ? null : markOf(node as HtmlNode)
    if (mark) out.enter(mark)
    if (node.type === 'text') {
      out.text((node as { data: string }).data)
      if (mark) out.leave(mark)
      continue
    }
    const entered = !('attribs' in node) || open(node, out)
    if (!entered || !('children' in node)) {
      if (mark) out.leave(mark)
      continue
    }
    stack.push({ node, leave: { mark } })
    for (let i = node.children.length - 1; i >= 0; i--) stack.push({ node: node.children[i]! })
  }
  return out
}

const MAX_NODES = 400_000

const SKIPPED = new Set([
  'head',
  'style',
  'script',
  'title',
  'template',
  'noscript',
  'object',
  'svg',
  'iframe',
  'xml',
  'select',
  'textarea',
])
const SPACED = new Set(['p', 'ul', 'ol', 'dl', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'figure', 'hr'])
const BLOCKS = new Set([
  ...SPACED,
  ...[
    'div',
    'table',
    'tbody',
    'thead',
    'tfoot',
    'tr',
    'li',
    'dt',
    'dd',
    'section',
    'article',
    'header',
    'footer',
    'main',
  ],
  ...['aside', 'nav', 'address', 'center', 'form', 'fieldset', 'caption', 'body', 'html'],
])

/** Enters `element`; false when nothing in it is to be read. */
function open(element: HtmlElement, out: TextLines): boolean {
  const name = element.name
  const style = element.attribs.style ?? ''
  if (SKIPPED.has(name) || /display\s*:\s*none/i.test(style.slice(0, 2_000))) return false
  if (name === 'br') out.lineBreak()
  else if (name === 'img') out.text(emoji(element.attribs.alt))
  else if (name === 'td' || name === 'th') out.cell()
  else if (BLOCKS.has(name)) out.block(margin(element))
  if (name === 'li') out.marker(listMarker(element))
  if (name === 'ul' || name === 'ol') out.indent(1)
  if (isQuote(element)) out.quote(1)
  if (isPreformatted(element)) out.preformatted(1)
  if (name === 'hr') out.rule()
  return true
}

function close(element: HtmlElement, out: TextLines): void {
  const name = element.name
  if (isPreformatted(element)) out.preformatted(-1)
  if (name === 'a') out.link(element.attribs.href ?? '', linkText(element))
  if (BLOCKS.has(name)) out.block(margin(element))
  if (name === 'ul' || name === 'ol') out.indent(-1)
  if (isQuote(element)) out.quote(-1)
}

/** Blank lines around a block: one for a paragraph, none for Outlook's, whose margin is zero. */
function margin(element: HtmlElement): number {
  if (!SPACED.has(element.name) || element.name === 'hr') return 0
  if (element.name !== 'p') return isNested(element) ? 0 : 1
  if (/^(?:Mso|x_Mso|elementToProof)/.test(element.attribs.class ?? '')) return 0
  const style = (element.attribs.style ?? '').slice(0, 2_000).replace(/\s+/g, '').toLowerCase()
  return /(?:^|;)margin:0(?:[a-z;!]|$)|margin-bottom:0|(?:^|;)margin:0(?:cm|in|px|pt)?0/.test(style) ? 0 : 1
}

function isNested(element: HtmlElement): boolean {
  return (
    (element.name === 'ul' || element.name === 'ol') &&
    element.parent !== null &&
    (element.parent as HtmlElement).name === 'li'
  )
}

/** Quoted matter, as opposed to the indentation that Gmail and Outlook also write as a blockquote. */
export function isQuote(element: HtmlElement): boolean {
  if (element.name !== 'blockquote') return false
  if (element.attribs.type === 'cite' || /quote/i.test(element.attribs.class ?? '')) return true
  return (
    !/border(?:-left)?\s*:\s*(?:none|0|medium none)/i.test(element.attribs.style ?? '') ||
    !/margin/i.test(element.attribs.style ?? '')
  )
}

function isPreformatted(element: HtmlElement): boolean {
  return (
    element.name === 'pre' ||
    /white-space\s*:\s*(?:pre\b|pre-wrap|break-spaces)/i.test(element.attribs.style?.slice(0, 2_000) ?? '')
  )
}

function listMarker(element: HtmlElement): string {
  const list = element.parent as HtmlElement | null
  if (list?.name !== 'ol') return '- '
  let number = Number.parseInt(list.attribs.start ?? '1', 10) || 1
  let counted = 0
  for (let node = element.prev; node && counted < 1_000; node = node.prev, counted++)
    if (isElement(node) && node.name === 'li') number++
  return `${number}. `
}

/** Gmail and Yahoo send emoji as pictures whose alternative text is the emoji. */
function emoji(alt: string | undefined): string {
  return alt && alt.length <= 12 && /\p{Extended_Pictographic}/u.test(alt) ? alt : ''
}

function linkText(element: HtmlElement): string {
  let text = ''
  for (const child of element.children.slice(0, 20))
    if (child.type === 'text') text += (child as { data: string }).data
    else if (isElement(child))
      for (const inner of child.children.slice(0, 5))
        if (inner.type === 'text') text += (inner as { data: string }).data
  return text.trim()
}
