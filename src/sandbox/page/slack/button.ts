import { useState } from 'preact/hooks'
import { css, html } from '../html.ts'
import { Icon } from '../icons.ts'
import { confirmed } from './confirm.ts'
import type { ElementProps } from './elements.ts'
import { Popover } from './popover.ts'
import { keyOf, type Option, useSite } from './site.ts'
import { wordsOf } from './text-object.ts'

/** A button; one with a url opens it and tells the app as well, as Slack does. */
export function Button({ element, blockId }: ElementProps) {
  const site = useSite()
  const busy = site.busy === keyOf(blockId, element)
  const press = async () => {
    if (busy || !(await confirmed(element.confirm))) return
    if (typeof element.url === 'string' && /^https?:/i.test(element.url)) window.open(element.url, '_blank', 'noopener')
    await site.act(element, blockId)
  }
  return html`<button
    type="button"
    class=${css('button', element.style === 'primary' && 'primary', element.style === 'danger' && 'danger', busy && 'busy')}
    aria-label=${element.accessibility_label}
    aria-busy=${busy}
    data-test=${`action-${element.action_id}`}
    data-value=${element.value}
    onClick=${press}
  >
    ${wordsOf(element.text)}
  </button>`
}

/** The "…" menu. */
export function Overflow({ element, blockId }: ElementProps) {
  const site = useSite()
  const [open, setOpen] = useState(false)
  const choose = async (option: Option) => {
    setOpen(false)
    if (!(await confirmed(element.confirm))) return
    if (option.url && /^https?:/i.test(option.url)) window.open(option.url, '_blank', 'noopener')
    await site.act(element, blockId, option.value)
  }
  return html`<${Popover}
    open=${open}
    onOpen=${setOpen}
    label="More actions"
    anchor=${(props: object) => html`<button
      type="button"
      class="button square"
      aria-label="More actions"
      data-test=${`action-${element.action_id}`}
      ...${props}
    ><${Icon} name="more" /></button>`}
  >
    <div role="menu" class="menu">
      ${(element.options as Option[]).map(
        (option) => html`<button
          type="button"
          role="menuitem"
          data-test=${`option-${option.value}`}
          onClick=${() => choose(option)}
        >
          ${wordsOf(option.text)}${option.description && html`<small>${wordsOf(option.description)}</small>`}
        </button>`,
      )}
    </div>
  <//>`
}
