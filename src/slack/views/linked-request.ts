import type { KnownBlock } from '@slack/types'
import type { Ticket } from '../../ticket/ticket.ts'
import { actions, button, context, section } from './blocks.ts'
import { type MessageView, say, subjectOf, type ViewContext } from './context.ts'

type Linked = Pick<Ticket, 'id' | 'subject' | 'status'>

/** What stands under a link to a request: number, subject and status, nothing that was said. */
export function linkedRequestView(ticket: Linked, ctx: ViewContext): { blocks: KnownBlock[] } {
  return { blocks: [section('linked', lineOf(ticket, ctx))] }
}

/** The same for whoever posted the link alone, with the way to open it. */
export function onlyYouView(ticket: Linked, ctx: ViewContext): MessageView {
  const { words } = ctx
  const line = lineOf(ticket, ctx)
  return {
    text: line,
    blocks: [
      section('linked', line),
      actions('linked.open', [button('request.show', words('conversation.linked.open'), { ticket: ticket.id })]),
      context('linked.only-you', words('conversation.linked.only-you')),
    ],
  }
}

function lineOf({ id, subject, status }: Linked, ctx: ViewContext): string {
  const { words } = ctx
  return say(words, 'conversation.linked.line', {
    number: id,
    subject: subjectOf(subject, words),
    status: words(`status.${status}`),
  })
}
