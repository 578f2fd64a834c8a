import type { KnownBlock } from '@slack/types'
import type { SenderProof } from '../../ticket/ticket.ts'
import { mrkdwn, oneLine } from '../text.ts'
import { actions, button, markupText, quote, section, spoken } from './blocks.ts'
import { type MessageView, moment, say, subjectOf, type ViewContext } from './context.ts'

/** Mail that a person must decide about, as the inbox keeps it. `reason` is a sentence for staff, not a code. */
export interface MailNotice {
  id: number
  kind: 'held' | 'spam' | 'unreadable'
  reason: string
  from: string | null
  /** Whether that is who wrote it; null when nobody could ask. */
  proof: SenderProof | null
  subject: string | null
  receivedAt: Date
  /** How it begins; '' when it says nothing, or nobody could read it. */
  excerpt: string
  /** The ticket a held mail wanted to join. */
  wantedTicketId: number | null
  /** How it was decided since; null while it waits. */
  decided: {
    what: 'accepted' | 'opened' | 'discarded' | 'replayed'
    by: string | null
    ticketId: number | null
  } | null
}

/** Shows the triage channel a mail that no ticket shows: who wrote what, why it waits, and the choices, until one is made. */
export function mailNoticeView(mail: MailNotice, ctx: ViewContext): MessageView {
  const { words } = ctx
  const number = mail.wantedTicketId ?? 0
  const title = mail.decided
    ? decision(mail, mail.decided, ctx)
    : say(words, `slack.mail.title.${mail.kind}`, { number })
  const from = mrkdwn(oneLine(mail.from ?? ''), LONGEST) || words('slack.mail.unknown-sender')
  const isDoubtful = mail.proof === 'unproven' || mail.proof === 'failed'
  const facts = [
    ['from', isDoubtful ? `${from}\n${words(`slack.thread.sender.${mail.proof}`)}` : from],
    ['subject', mrkdwn(subjectOf(mail.subject ?? '', words), LONGEST)],
    ['received', moment(ctx, mail.receivedAt).markup],
    // Why it waits, while it does.
    ...(mail.decided ? [] : [['reason', mrkdwn(oneLine(mail.reason), LONGEST)]]),
  ].map(([key, value]) => ({ label: words(`slack.mail.fact.${key}`), value }))
  const next = mail.decided ? '' : say(words, `slack.mail.next.${mail.kind}`, { number, id: mail.id })
  return {
    text: spoken([title, ...facts.map(({ label, value }) => `${label}: ${value}`)], mail.excerpt, [next]),
    blocks: [
      section('mail.title', title),
      {
        type: 'section',
        block_id: 'mail.facts',
        fields: facts.map(({ label, value }) => markupText(`*${label}:* ${value}`)),
      },
      ...quote('mail.said', mail.excerpt, words),
      ...(next ? [section('mail.next', next)] : []),
      ...choices(mail, ctx),
    ],
  }
}

/** Who decided what, in place of the question. */
function decision(
  mail: MailNotice,
  { what, by, ticketId }: NonNullable<MailNotice['decided']>,
  { words }: ViewContext,
) {
  const agent = by ?? words('slack.people.somebody')
  return say(words, `slack.mail.decided.${what}`, { agent, number: ticketId ?? 0, id: mail.id })
}

/** What an agent may do about it. Which of these is possible is asked anew when one is pressed. */
function choices({ id, kind, decided }: MailNotice, { words }: ViewContext): KnownBlock[] {
  if (decided) return []
  const value = { mail: id }
  const accept = button('mail.accept', words('slack.button.accept-mail'), value, { style: 'primary' })
  return [
    actions('mail.actions', [
      ...(kind === 'held' ? [accept] : []),
      button('mail.open', words('slack.button.new-ticket'), value),
      button('mail.discard', words('slack.button.discard'), value),
    ]),
  ]
}

const LONGEST = 250
