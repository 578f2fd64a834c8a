import { actions, button, section } from './blocks.ts'
import type { MessageView, ViewContext } from './context.ts'

/** The button that somebody pressed, to be pressed once more; `value` as it came. */
export interface PressAgain {
  actionId: string
  text: string
  value: unknown
}

/** What was pressed opened nothing: says so in somebody's direct message, with the same button where it works there too. */
export function notOpenedView(text: string, again: PressAgain | null): MessageView {
  return {
    text,
    blocks: [
      section('not-opened', text),
      ...(again ? [actions('not-opened.again', [button(again.actionId, again.text, again.value)])] : []),
    ],
  }
}

/** The button that opens the questionnaire, for who used the shortcut. */
export function openForm({ words }: ViewContext): PressAgain {
  return { actionId: 'home.open_ticket', text: words('slack.button.open-ticket'), value: {} }
}
