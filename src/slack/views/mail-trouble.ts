import type { KnownBlock } from '@slack/types'
import type { StoredEvent } from '../../ticket/events.ts'
import type { TicketInFull } from '../../ticket/in-full.ts'
import { endOfTrouble } from '../../ticket/mail-trouble.ts'
import { actions, button, context, quote, section, spoken } from './blocks.ts'
import { type MessageView, type StaffContext, say } from './context.ts'
import { actorName } from './people.ts'

type Trouble = StoredEvent & { type: 'undelivered' | 'stuck' }

/**
 * A mail of ours that came back, waits, or may or may not have left, for staff: what its server said and what an agent can
 * do, until that is over; then how it ended. `call` names who should look.
 */
export function mailTroubleView(
  full: TicketInFull,
  event: Trouble,
  ctx: StaffContext,
  call: KnownBlock[],
): MessageView {
  const { words } = ctx
  const { recipient } = event
  const title = say(words, `slack.thread.${titleOf(event)}`, { recipient })
  const end = endOfTrouble(full.events, event)
  const after = end
    ? endWords(full, end, ctx)
    : event.type === 'undelivered' && event.suppression
      ? words('slack.thread.suppressed')
      : ''
  const buttons = end ? [] : buttonsOf(full, event, ctx)
  return {
    text: spoken([title], event.reason, [after]),
    blocks: [
      section('thread.title', title),
      ...quote('thread.said', event.reason, words),
      ...(after ? [context('thread.after', after)] : []),
      ...(buttons.length > 0 ? [actions('thread.trouble', buttons)] : []),
      ...(end ? [] : call),
    ],
  }
}

function titleOf(event: Trouble): string {
  if (event.type === 'stuck') return `stuck.${event.why}`
  return event.suppression === 'goes-on' ? 'not-sent' : 'undelivered'
}

function buttonsOf({ ticket }: TicketInFull, event: Trouble, { words }: StaffContext) {
  const value = { ticket: ticket.id, event: event.id }
  if (event.type === 'stuck')
    return event.why === 'unknown'
      ? [
          button('mail.send-again', words('slack.button.send-again'), value),
          button('mail.assume-sent', words('slack.button.assume-sent'), value),
        ]
      : []
  return event.suppression ? [button('mail.lift', words('slack.button.lift'), value)] : []
}

function endWords(full: TicketInFull, end: StoredEvent, ctx: StaffContext): string {
  const who = actorName(full, end.actor, ctx.words)
  if (end.type === 'lifted') return say(ctx.words, 'slack.thread.lifted', { who })
  return end.type === 'unstuck'
    ? say(ctx.words, `slack.thread.unstuck.${end.how}`, { who })
    : ctx.words('slack.thread.stuck-since')
}
