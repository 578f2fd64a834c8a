import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { Button, Overflow } from './button.ts'
import { Choices } from './choices.ts'
import { DateTime, Day, Hour } from './dates.ts'
import { FileInput } from './file-input.ts'
import { Select } from './select.ts'
import type { Element } from './site.ts'
import { TextInput } from './text-input.ts'

export interface ElementProps {
  element: Element
  blockId: string
  /** 'act': the app hears of it at once; 'fill': it waits in its input block for the submission. */
  use: 'act' | 'fill'
  /** id of the label above, for screen readers. */
  labelledBy?: string
  invalid?: boolean
}

/** Any interactive element of Block Kit, by its type. */
export function BlockElement(props: ElementProps) {
  const { type } = props.element
  if (type === 'button' || type === 'workflow_button') return html`<${Button} ...${props} />`
  if (type === 'overflow') return html`<${Overflow} ...${props} />`
  if (type === 'checkboxes' || type === 'radio_buttons') return html`<${Choices} ...${props} />`
  if (type === 'datepicker') return html`<${Day} ...${props} />`
  if (type === 'timepicker') return html`<${Hour} ...${props} />`
  if (type === 'datetimepicker') return html`<${DateTime} ...${props} />`
  if (type === 'file_input') return html`<${FileInput} ...${props} />`
  if (type.endsWith('_select')) return html`<${Select} ...${props} />`
  if (type.endsWith('_input')) return html`<${TextInput} ...${props} />`
  if (type === 'image') return html`<img class="thumb" src=${props.element.image_url} alt=${props.element.alt_text} />`
  return html`<span class="unknown"><${Icon} name="help" /> ${type} is not drawn in this sandbox</span>`
}
