import type { ComponentChildren } from 'preact'
import { html } from '../html.ts'
import { slackDate } from '../moment.ts'
import { emojiNamed } from './emoji.ts'
import { link } from './mrkdwn.ts'
import type { Reader } from './reader.ts'

interface Node {
  type: string
  elements?: Node[]
  [property: string]: unknown
}

/** A rich_text block (docs.slack.dev/reference/block-kit/blocks/rich-text-block). Its text is never parsed for marks. */
export function richText(block: unknown, reader: Reader): ComponentChildren {
  return ((block as Node).elements ?? []).map((node) => part(node, reader))
}

function part(node: Node, reader: Reader): ComponentChildren {
  const inside = () => (node.elements ?? []).map((element) => leaf(element, reader))
  switch (node.type) {
    case 'rich_text_section':
      return html`<div class="rich-line">${inside()}</div>`
    case 'rich_text_quote':
      return html`<blockquote>${inside()}</blockquote>`
    case 'rich_text_preformatted':
      return html`<pre class="code">${inside()}</pre>`
    case 'rich_text_list': {
      const items = (node.elements ?? []).map((item) => html`<li>${part(item, reader)}</li>`)
      const indent = { marginInlineStart: `${Number(node.indent ?? 0) * 1.4}em` }
      if (node.style === 'ordered') return html`<ol style=${indent} start=${Number(node.offset ?? 0) + 1}>${items}</ol>`
      return html`<ul style=${indent}>${items}</ul>`
    }
    default:
      return null
  }
}

function leaf(node: Node, reader: Reader): ComponentChildren {
  const shown = bare(node, reader)
  const style = (node.style ?? {}) as Record<string, boolean>
  let out: ComponentChildren = shown
  if (style.code) out = html`<code>${out}</code>`
  if (style.bold) out = html`<strong>${out}</strong>`
  if (style.italic) out = html`<em>${out}</em>`
  if (style.strike) out = html`<s>${out}</s>`
  return out
}

function bare(node: Node, reader: Reader): ComponentChildren {
  const text = typeof node.text === 'string' ? node.text : ''
  switch (node.type) {
    case 'text':
      return withBreaks(text)
    case 'link':
      return link(String(node.url), text || String(node.url))
    case 'emoji':
      return emojiNamed(String(node.name)) ?? `:${node.name}:`
    case 'user':
      return html`<span class="mention">@${reader.nameOf(String(node.user_id)) ?? String(node.user_id)}</span>`
    case 'channel':
      return html`<span class="mention">#${reader.channelName(String(node.channel_id))}</span>`
    case 'broadcast':
      return html`<span class="mention me">@${String(node.range)}</span>`
    case 'date':
      return slackDate(Number(node.timestamp), String(node.format), reader.now, reader.viewer)
    default:
      return text
  }
}

function withBreaks(text: string): ComponentChildren {
  return text.split('\n').flatMap((line, index) => (index ? [html`<br />`, line] : [line]))
}
