import type { KnownBlock } from '@slack/types'
import type { StoredEvent } from '../../ticket/events.ts'
import type { Comment, TicketInFull } from '../../ticket/in-full.ts'
import { plain } from '../text.ts'
import { context, quote, section, spoken } from './blocks.ts'
import { type MessageView, moment, type StaffContext, say, type ViewContext } from './context.ts'
import { fileBlocks, filesSpoken } from './files.ts'
import { actorName, commentOf, nameOf } from './people.ts'
import { stars } from './standing.ts'

/**
 * The message under the card for one event, for staff only: what was said and what needs a person. Null for an event
 * that the card itself tells (`show-staff` posts none for those).
 */
export function cardThreadView(full: TicketInFull, event: StoredEvent, ctx: StaffContext): MessageView | null {
  const { words } = ctx
  const who = actorName(full, event.actor, words)
  const comment = commentOf(full, event)
  switch (event.type) {
    case 'opened':
      return saidView(say(words, 'slack.thread.opened', { who }), comment, ctx, answerBlocks(ctx))
    case 'replied': {
      const isCc = event.actor.kind === 'contact' && event.actor.id !== full.ticket.requesterId
      const key = `slack.thread.replied.${event.via === 'mail' ? 'mail' : 'slack'}`
      const title = say(words, key, { who, role: isCc ? 'cc' : 'requester' })
      return saidView(event.reopens ? `${title} ${words('slack.thread.reopened-by-reply')}` : title, comment, ctx)
    }
    case 'answered':
      return saidView(`${say(words, 'slack.thread.answered', { who })} ${sentTo(full, ctx)}`, comment, ctx)
    case 'solved': {
      const until = moment(ctx, event.reopenUntil)
      return noticeView(say(words, 'slack.thread.solved', { who, until }))
    }
    case 'reopened':
      return noticeView(say(words, 'slack.thread.reopened', { who }))
    case 'rated': {
      const title = say(words, event.changed ? 'slack.thread.rating-changed' : 'slack.thread.rated', {
        who,
        stars: stars(event.score, ctx),
      })
      return quotedView(title, event.comment ?? '', ctx)
    }
    case 'undelivered':
      return quotedView(say(words, 'slack.thread.undelivered', { recipient: event.recipient }), event.reason, ctx)
    case 'noted':
    case 'assigned':
    case 'pended':
    case 'closed':
    case 'continued':
      return null
    default:
      return event satisfies never
  }
}

/** Who an answer went to and where: so that nobody wonders whether it left. */
export function sentTo(full: TicketInFull, ctx: ViewContext): string {
  const { requester, ccs } = full
  const way = requester.slack ? (requester.address ? 'both' : 'slack') : requester.address ? 'mail' : 'none'
  const count = ccs.filter(({ address }) => address !== null).length
  return say(ctx.words, 'slack.thread.sent-to', {
    name: nameOf(requester, ctx.words),
    address: requester.address ?? '',
    way,
    count,
  })
}

function saidView(title: string, comment: Comment | undefined, ctx: ViewContext, more: KnownBlock[] = []): MessageView {
  const text = comment?.text ?? ''
  const files = comment?.files ?? []
  const isEmpty = text.trim() === '' && files.length === 0
  const empty = isEmpty ? ctx.words('slack.comment.empty') : ''
  return {
    text: spoken([title, filesSpoken(files, ctx), empty], text),
    blocks: [
      section('thread.title', title),
      ...quote('thread.said', text, ctx.words),
      ...(isEmpty ? [context('thread.empty', empty)] : []),
      ...fileBlocks('thread.files', files, ctx),
      ...more,
    ],
  }
}

function quotedView(title: string, said: string, ctx: ViewContext): MessageView {
  return {
    text: spoken([title], said),
    blocks: [section('thread.title', title), ...quote('thread.said', said, ctx.words)],
  }
}

function noticeView(title: string): MessageView {
  return { text: title, blocks: [section('thread.title', title)] }
}

/** The form's other answers: those that are neither on the card nor in the description. */
function answerBlocks({ answers, roles }: StaffContext): KnownBlock[] {
  const others = [roles?.problemType, roles?.experience, roles?.consent]
  const shown = answers.filter(({ key }) => others.includes(key))
  if (shown.length === 0) return []
  return [
    {
      type: 'rich_text',
      block_id: 'thread.answers',
      elements: shown.map(({ label, value }) => ({
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: `${plain(label, 200)}: `, style: { bold: true } },
          { type: 'text', text: `${plain(value, 500)}\n` },
        ],
      })),
    },
  ]
}
