import type { RichTextBlock, RichTextSection } from '@slack/types'
import type { ArticlePart, Span } from '../../../ticket/article.ts'
import { pieces, plain } from '../../text.ts'

/** How much of an article a modal shows, in characters and in parts: far below Slack's 250 KB for a view. */
export const SHOWN = 20_000
const SHOWN_PARTS = 400
const PARTS_OF_A_BLOCK = 40
const LONGEST_SPAN = 2_900
const DEEPEST_LIST = 8

/**
 * The text of an article as rich text, in which Slack parses nothing: what looks like a mention or a link in it is words.
 * `isCut`: it is longer than this.
 */
export function articleText(parts: ArticlePart[]): { blocks: RichTextBlock[]; isCut: boolean } {
  const elements: RichTextBlock['elements'] = []
  let room = SHOWN
  let isCut = parts.length > SHOWN_PARTS
  for (const part of parts.slice(0, SHOWN_PARTS)) {
    if (room <= 0) {
      isCut = true
      break
    }
    const spans = part.kind === 'code' ? [{ text: part.text }] : part.spans
    const fitting = fit(spans, room)
    isCut ||= fitting.isCut
    room -= fitting.length
    if (fitting.spans.length > 0) add(elements, part, fitting.spans)
  }
  const blocks: RichTextBlock[] = []
  for (let from = 0; from < elements.length; from += PARTS_OF_A_BLOCK)
    blocks.push({
      type: 'rich_text',
      block_id: `article.text.${blocks.length}`,
      elements: elements.slice(from, from + PARTS_OF_A_BLOCK),
    })
  return { blocks, isCut }
}

function fit(spans: Span[], room: number): { spans: Span[]; length: number; isCut: boolean } {
  const kept: Span[] = []
  let length = 0
  for (const span of spans) {
    const left = room - length
    if (left <= 0) return { spans: kept, length, isCut: true }
    for (const text of pieces(plain(span.text, left), LONGEST_SPAN)) kept.push({ ...span, text })
    length += span.text.length
  }
  return { spans: kept, length, isCut: length > room }
}

function add(elements: RichTextBlock['elements'], part: ArticlePart, spans: Span[]): void {
  if (part.kind === 'code')
    elements.push({ type: 'rich_text_preformatted', elements: spans.map(({ text }) => ({ type: 'text', text })) })
  else if (part.kind === 'quote') elements.push({ type: 'rich_text_quote', elements: spans.map(inline) })
  else if (part.kind === 'item') addItem(elements, part, spans)
  else {
    const isHeading = part.kind === 'heading'
    const said = spans.map((span) => inline(isHeading ? { ...span, bold: true } : span))
    // Slack draws sections without a gap between them; a list brings its own.
    const gap = elements.length > 0 ? [{ type: 'text' as const, text: '\n' }] : []
    elements.push({ type: 'rich_text_section', elements: [...gap, ...said] })
  }
}

/** Items that belong together are one list; a deeper one between two starts another, and the numbers go on. */
function addItem(elements: RichTextBlock['elements'], part: ArticlePart & { kind: 'item' }, spans: Span[]): void {
  const style = part.isOrdered ? 'ordered' : 'bullet'
  const indent = Math.min(part.level, DEEPEST_LIST)
  const item: RichTextSection = { type: 'rich_text_section', elements: spans.map(inline) }
  const last = elements.at(-1)
  const goesOn = last?.type === 'rich_text_list' && last.style === style && (last.indent ?? 0) === indent
  if (goesOn && (!part.isOrdered || part.number === offsetOf(last) + last.elements.length + 1)) last.elements.push(item)
  else
    elements.push({
      type: 'rich_text_list',
      style,
      indent,
      // Not in @slack/types yet, but in docs.slack.dev/reference/block-kit/blocks/rich-text-block.
      ...(part.isOrdered && part.number > 1 ? { offset: part.number - 1 } : {}),
      elements: [item],
    })
}

function offsetOf(list: object): number {
  return 'offset' in list && typeof list.offset === 'number' ? list.offset : 0
}

function inline({ text, url, ...look }: Span): RichTextSection['elements'][number] {
  const style = Object.keys(look).length > 0 ? { style: look } : {}
  return url ? { type: 'link', url, text, ...style } : { type: 'text', text, ...style }
}
