import { mrkdwn } from '../text.ts'
import { actions, button, section } from './blocks.ts'
import type { MessageView, ViewContext } from './context.ts'
import { limits } from './limits.ts'

/** A message that anybody in a channel can ask for help from, whether or not Slack gives them our command. */
export function helpButtonView({ words }: ViewContext): MessageView {
  const text = mrkdwn(words('access.help.text'), limits.sectionText)
  const open = button('home.open_ticket', words('access.help.button'), {}, { style: 'primary' })
  return { text, blocks: [section('help.text', text), actions('help.open', [open])] }
}
