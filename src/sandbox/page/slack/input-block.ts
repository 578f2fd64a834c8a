import { useId } from 'preact/hooks'
import type { Block } from '../../slack/types.ts'
import { css, html } from '../html.ts'
import { BlockElement } from './elements.ts'
import { useReader } from './reader.ts'
import { type Element, useSite } from './site.ts'
import { textOf, wordsOf } from './text-object.ts'

/** A labelled input with its hint and, after a refused submission, what is wrong with it. */
export function InputBlock({ block }: { block: Block }) {
  const site = useSite()
  const reader = useReader()
  const label = useId()
  const id = String(block.block_id ?? '')
  const error = site.errors[id]
  return html`<div class=${css('block input', error && 'wrong')} data-test=${`block-${id}`}>
    <div class="label" id=${label}>
    ${wordsOf(block.label)}${block.optional ? html` <span class="optional">${reader.says.optional}</span>` : null}</div>
    <${BlockElement}
      element=${block.element as Element}
      blockId=${id}
      use="fill"
      labelledBy=${label}
      invalid=${Boolean(error)}
    />
    ${error && html`<p class="error" role="alert" data-test=${`error-${id}`}>${error}</p>`}
    ${block.hint && html`<p class="hint">${textOf(block.hint, reader)}</p>`}
  </div>`
}
