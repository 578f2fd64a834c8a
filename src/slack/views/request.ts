import type { Button } from '@slack/types'
import type { TicketInFull } from '../../ticket/in-full.ts'
import { mrkdwn } from '../text.ts'
import { actions, button, context, header, section, spoken } from './blocks.ts'
import { consentMenu, withdrawnNote } from './consent.ts'
import { type MessageView, say, sayPlain, subjectOf, type ViewContext } from './context.ts'
import { limits } from './limits.ts'
import { requesterNext } from './standing.ts'

/**
 * The message at the top of the requester's thread about one ticket: what it is about, how it stands in their words,
 * what happens next and what they can do. Everything they write under it is a reply.
 */
export function requestView(full: TicketInFull, ctx: ViewContext): MessageView {
  const { ticket } = full
  const { words } = ctx
  const title = sayPlain(words, 'slack.title', { number: ticket.id, subject: subjectOf(ticket.subject, words) })
  const status = say(words, 'slack.request.status', { status: words(`slack.status.requester.${ticket.status}`) })
  const next = requesterNext(full, ctx)
  const links = linksOf(full, ctx)
  const buttons = requestButtons(ticket, ctx)
  const menu = consentMenu(ticket, ctx)
  return {
    text: spoken([mrkdwn(title, limits.spokenTitle), status.replaceAll('*', ''), next, ...links]),
    blocks: [
      header('request.title', title),
      { ...section('request.status', `${status}\n${next}`), ...(menu ? { accessory: menu } : {}) },
      ...withdrawnNote(ticket, ctx),
      ...(links.length > 0 ? [context('request.links', links.join('  ·  '))] : []),
      ...(buttons.length > 0 ? [actions('request.buttons', buttons)] : []),
    ],
  }
}

/** What the requester can press at each status; the words beside it say until when. */
export function requestButtons(
  ticket: Pick<TicketInFull['ticket'], 'id' | 'status'> & { reopenUntil?: Date | null },
  ctx: ViewContext,
): Button[] {
  const { words } = ctx
  const value = { ticket: ticket.id }
  switch (ticket.status) {
    case 'open':
    case 'pending':
      return [button('request.solve', words('slack.button.is-solved'), value)]
    case 'solved': {
      const spokenUntil = ticket.reopenUntil
        ? { spoken: sayPlain(words, 'slack.button.reopen-until', { until: ctx.moment(ticket.reopenUntil) }) }
        : {}
      return [button('request.reopen', words('slack.button.reopen'), value, spokenUntil)]
    }
    case 'closed':
      return []
    default:
      return ticket.status satisfies never
  }
}

function linksOf({ ticket }: TicketInFull, { words }: ViewContext): string[] {
  return [
    ...(ticket.followUpOf === null ? [] : [say(words, 'slack.request.follows', { number: ticket.followUpOf })]),
    ...(ticket.followUpId === null ? [] : [say(words, 'slack.request.continued', { number: ticket.followUpId })]),
  ]
}
