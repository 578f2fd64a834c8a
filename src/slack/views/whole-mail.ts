import type { ModalView } from '@slack/types'
import { mrkdwn, oneLine } from '../text.ts'
import { context, plainText, quote, section } from './blocks.ts'
import type { ViewContext } from './context.ts'
import { limits } from './limits.ts'

/** A mail with everything in it, as an agent reads it. */
export interface WholeMail {
  from: string | null
  to: string[]
  cc: string[]
  text: string | null
  /** What the formatted part says where that is not the same. */
  formatted: string | null
}

const MOST_NAMED = 10 // of each kind: with all of them the section stays below what Slack takes

/** Shows a whole mail: from and to whom, and both of its readings where they differ. */
export function wholeMailModal({ mail, ctx }: { mail: WholeMail; ctx: ViewContext }): ModalView {
  const { words } = ctx
  const { text, formatted } = mail
  const isEmpty = !text && !formatted
  const most = text && formatted ? MOST_QUOTES / 2 : MOST_QUOTES
  return {
    type: 'modal',
    callback_id: 'mail.whole',
    title: plainText(words('slack.mail.whole.title'), limits.modalTitle),
    close: plainText(words('slack.button.close'), limits.modalButton),
    blocks: [
      section('whole.people', people(mail, ctx)),
      ...(text && formatted ? [context('whole.differs', words('slack.mail.whole.differs'))] : []),
      ...(text && formatted ? [section('whole.text-title', words('slack.mail.whole.text'))] : []),
      ...quote('whole.text', text ?? '', words, most),
      ...(text && formatted ? [section('whole.formatted-title', words('slack.mail.whole.formatted'))] : []),
      ...quote('whole.formatted', formatted ?? '', words, most),
      ...(isEmpty ? [context('whole.empty', words('slack.comment.empty'))] : []),
    ],
  }
}

// More than under the card, because a modal is opened to read. Slack refuses a view of over 250 KB (views.open:
// view_too_large), which these are not even when each character takes four bytes.
const MOST_QUOTES = 20

function people({ from, to, cc }: WholeMail, { words }: ViewContext): string {
  const line = (key: string, who: string[]) => {
    const named = who.slice(0, MOST_NAMED).map((one) => mrkdwn(oneLine(one), 120))
    const more = who.length > MOST_NAMED ? ['…'] : []
    return named.length > 0 ? [`*${words(`slack.mail.whole.${key}`)}:* ${[...named, ...more].join(', ')}`] : []
  }
  const lines = [...line('from', [from ?? words('slack.mail.unknown-sender')]), ...line('to', to), ...line('cc', cc)]
  return lines.join('\n')
}
