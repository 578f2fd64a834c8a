import type { Block } from '../../slack/types.ts'
import { css, html } from '../html.ts'
import { Icon } from '../icons.ts'
import { BlockElement } from './elements.ts'
import { InputBlock } from './input-block.ts'
import { markdown } from './markdown.ts'
import { useReader } from './reader.ts'
import { richText } from './rich-text.ts'
import type { Element } from './site.ts'
import { textOf, wordsOf } from './text-object.ts'

/**
 * Block Kit as Slack's client shows it, every block that can hold a help desk's messages, modals and Home, with its
 * elements alive. Drawn here because the kept libraries (slack-blocks-to-jsx) draw messages for reading only.
 */
export function Blocks({ blocks }: { blocks: Block[] }) {
  return html`<div class="blocks">
  ${blocks.map((block, index) => html`<${OneBlock} key=${block.block_id ?? index} block=${block} />`)}</div>`
}

function OneBlock({ block }: { block: Block }) {
  const reader = useReader()
  const id = String(block.block_id ?? '')
  const props = { class: `block ${block.type}`, 'data-test': `block-${id}` }
  const element = (one: unknown) => html`<${BlockElement} element=${one as Element} blockId=${id} use="act" />`
  switch (block.type) {
    case 'section':
      return html`<div ...${props}>
        <div class="words">
          ${block.text && html`<div>${textOf(block.text, reader)}</div>`}
          ${block.fields && html`<div class="fields">${(block.fields as unknown[]).map((field) => html`<div>${textOf(field, reader)}</div>`)}</div>`}
        </div>
        ${block.accessory && html`<div class="accessory">${element(block.accessory)}</div>`}
      </div>`
    case 'header':
      return html`<h3 ...${props}>${wordsOf(block.text)}</h3>`
    case 'divider':
      return html`<hr ...${props} />`
    case 'context':
      return html`<div ...${props}>
      ${(block.elements as Element[]).map((one) => (one.type === 'image' ? html`<img src=${one.image_url} alt=${one.alt_text} />` : html`<span>${textOf(one, reader)}</span>`))}</div>`
    case 'actions':
    case 'context_actions':
      return html`<div ...${props}>${(block.elements as unknown[]).map(element)}</div>`
    case 'input':
      return html`<${InputBlock} block=${block} />`
    case 'image':
      return html`<figure ...${props}>
      ${block.title && html`<figcaption>${wordsOf(block.title)}</figcaption>`}<img src=${block.image_url} alt=${block.alt_text} loading="lazy" />
      </figure>`
    case 'rich_text':
      return html`<div ...${props}>${richText(block, reader)}</div>`
    case 'markdown':
      return html`<div ...${props}>${markdown(String(block.text), reader)}</div>`
    case 'alert':
      return html`<div
        ...${props}
        class=${css('block alert', String(block.level ?? 'default'))}
        role="note"
      ><${Icon} name="help" /> <div>${textOf(block.text, reader)}</div></div>`
    case 'table':
      return html`<div ...${props}>
      <table>${(block.rows as unknown[][]).map((row) => html`<tr>${row.map((cell) => html`<td>${cellOf(cell as Block, reader)}</td>`)}</tr>`)}</table>
      </div>`
    default:
      return html`<div ...${props}>
      <span class="unknown"><${Icon} name="help" /> A ${block.type} block is not drawn in this sandbox</span></div>`
  }
}

function cellOf(cell: Block, reader: ReturnType<typeof useReader>) {
  return cell.type === 'rich_text' ? richText(cell, reader) : String(cell.text ?? cell.value ?? '')
}
