import type { StoredEvent } from '../../ticket/events.ts'
import { type TicketInFull, wayTo } from '../../ticket/in-full.ts'
import { actions, button, context, section, spoken } from './blocks.ts'
import { type MessageView, say, subjectOf, type ViewContext } from './context.ts'
import { nameOf } from './people.ts'

type Unreachable = StoredEvent & { type: 'unreachable' }

/** For agents, under the card: that somebody gets no direct messages, why, and how they are told instead. */
export function unreachableLine(full: TicketInFull, event: Unreachable, { words }: ViewContext): string {
  const { requester, ccs, formerCcs = [] } = full
  const person = [requester, ...ccs, ...formerCcs].find(({ id }) => id === event.contactId)
  const name = nameOf(person ?? { name: '' }, words)
  const why = say(words, 'slack.unreachable.why', { name, reason: event.reason })
  const channel = event.channel ? { markup: `<#${event.channel}>` } : ''
  return `${why} ${say(words, 'slack.unreachable.instead', { way: event.way, address: person?.address ?? '', channel })}`
}

/** The same on the card, as it is now; an empty string for who gets direct messages, or is not in Slack at all. */
export function noDmLine({ requester }: TicketInFull, { words }: ViewContext): string {
  const { slack, address } = requester
  if (!slack?.noDm) return ''
  const why = say(words, 'slack.unreachable.why', { name: nameOf(requester, words), reason: slack.noDm })
  const channel = slack.seenIn ? { markup: `<#${slack.seenIn}>` } : ''
  const way = wayTo(requester)
  return `${why} ${say(words, 'slack.unreachable.instead', { way, address: address ?? '', channel })}`
}

/** What only its reader sees in a channel: that a request is here, or has news, and how they hear of it. */
export function whisperView({ ticket, requester }: TicketInFull, event: StoredEvent, ctx: ViewContext): MessageView {
  const { words } = ctx
  const key = event.type === 'opened' ? 'opened' : 'news'
  const line = say(words, `whisper.${key}`, { number: ticket.id, subject: subjectOf(ticket.subject, words) })
  const how = requester.address
    ? say(words, 'whisper.by-mail', { address: requester.address })
    : words('whisper.no-address')
  return {
    text: spoken([line, how]),
    blocks: [
      section('whisper.line', line),
      actions('whisper.buttons', [
        button('request.show', words('conversation.linked.open'), { ticket: ticket.id }, { style: 'primary' }),
        ...(requester.address ? [] : [button('home.addresses', words('whisper.add-address'), {})]),
      ]),
      context('whisper.how', how),
    ],
  }
}
