import { useId } from 'preact/hooks'
import { html } from '../html.ts'
import { confirmed } from './confirm.ts'
import type { ElementProps } from './elements.ts'
import { useReader } from './reader.ts'
import { held, heldOption, heldOptions, type Option, useSite } from './site.ts'
import { textOf } from './text-object.ts'

/** A group of checkboxes or radio buttons. */
export function Choices({ element, blockId, use, labelledBy }: ElementProps) {
  const site = useSite()
  const reader = useReader()
  const group = useId()
  const many = element.type === 'checkboxes'
  const value = held(site, blockId, element)
  const chosen = many ? heldOptions(value).map((option) => option.value) : [heldOption(value)?.value]

  const choose = async (option: Option, event: Event) => {
    const box = event.currentTarget as HTMLInputElement
    if (!(await confirmed(element.confirm))) {
      box.checked = !box.checked
      return
    }
    const others = chosen.filter((one): one is string => one !== undefined && one !== option.value)
    const next = many ? (box.checked ? [...others, option.value] : others) : option.value
    await (use === 'act' ? site.act(element, blockId, next) : site.fill(element, blockId, next))
  }
  return html`<div
    class="choices"
    role=${many ? 'group' : 'radiogroup'}
    aria-labelledby=${labelledBy}
    data-test=${`action-${element.action_id}`}
  >
    ${(element.options as Option[]).map(
      (option) => html`<label class="choice" key=${option.value}>
        <input
          type=${many ? 'checkbox' : 'radio'}
          name=${group}
          value=${option.value}
          checked=${chosen.includes(option.value)}
          data-test=${`option-${option.value}`}
          onChange=${(event: Event) => choose(option, event)}
        />
        <span>${textOf(option.text, reader)}${option.description && html`<small>${textOf(option.description, reader)}</small>`}</span>
      </label>`,
    )}
  </div>`
}
