import type { MailAlarm } from '../../ticket/policies/effect.ts'
import { section } from './blocks.ts'
import { type MessageView, say, type ViewContext } from './context.ts'

/** Tells the triage channel, once a day for each address, that its mail is strange, what we do about it, and what to do. */
export function mailAlarmView(alarm: { about: MailAlarm; address: string }, ctx: ViewContext): MessageView {
  const text = say(ctx.words, `slack.mail.alarm.${alarm.about}`, { address: alarm.address })
  return { text, blocks: [section('mail.alarm', text)] }
}
