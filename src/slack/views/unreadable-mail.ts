import { mrkdwn, oneLine } from '../text.ts'
import { markupText, section, spoken } from './blocks.ts'
import { type MessageView, moment, say, subjectOf, type ViewContext } from './context.ts'

/** A mail that could not be read, as the inbox keeps it. `reason` is a sentence for staff, not a code. */
export interface UnreadableMail {
  id: number
  reason: string
  from: string | null
  subject: string | null
  receivedAt: Date
}

/** Tells the triage channel of a mail that nobody will otherwise see: what is known of it, and where it lies. */
export function unreadableMailView(mail: UnreadableMail, ctx: ViewContext): MessageView {
  const { words } = ctx
  const title = words('slack.mail.unreadable')
  const facts = [
    ['from', mrkdwn(oneLine(mail.from ?? ''), LONGEST) || words('slack.mail.unknown-sender')],
    ['subject', mrkdwn(subjectOf(mail.subject ?? '', words), LONGEST)],
    ['received', moment(ctx, mail.receivedAt).markup],
    ['reason', mrkdwn(oneLine(mail.reason), LONGEST)],
  ].map(([key, value]) => ({ label: words(`slack.mail.fact.${key}`), value }))
  const next = say(words, 'slack.mail.next', { id: mail.id })
  return {
    text: spoken([title, ...facts.map(({ label, value }) => `${label}: ${value}`), next]),
    blocks: [
      section('mail.title', title),
      {
        type: 'section',
        block_id: 'mail.facts',
        fields: facts.map(({ label, value }) => markupText(`*${label}:* ${value}`)),
      },
      section('mail.next', next),
    ],
  }
}

const LONGEST = 250
