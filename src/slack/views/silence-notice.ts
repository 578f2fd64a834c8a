import type { Person } from '../../ticket/in-full.ts'
import { section } from './blocks.ts'
import { type MessageView, say, type ViewContext } from './context.ts'
import { nameAndAddress } from './people.ts'

/** Tells the triage channel, once a day for each, that somebody writes so often that we stopped answering by ourselves. */
export function silenceNoticeView(person: Person, ctx: ViewContext): MessageView {
  const text = say(ctx.words, 'slack.mail.silenced', { who: nameAndAddress(person, ctx.words) })
  return { text, blocks: [section('mail.silenced', text)] }
}
