import type { StoredEvent } from '../../ticket/events.ts'
import type { Comment, TicketInFull } from '../../ticket/in-full.ts'
import { actions, button, context, quote, section, spoken } from './blocks.ts'
import { type MessageView, moment, say, type ViewContext } from './context.ts'
import { fileBlocks, filesSpoken } from './files.ts'
import { actorName, answeringName, commentOf } from './people.ts'
import { surveyBlocks } from './survey.ts'

/**
 * The notice in the requester's thread for one event, ending with what they can do next. Null for an event that is
 * not told to them: what only staff may see never gets here, whatever it is called with.
 */
export function requestThreadView(full: TicketInFull, event: StoredEvent, ctx: ViewContext): MessageView | null {
  const { ticket } = full
  const { words } = ctx
  const byRequester = event.actor.kind === 'contact' && event.actor.id === ticket.requesterId
  const who = actorName(full, event.actor, words)
  const number = ticket.id
  switch (event.type) {
    case 'answered':
      return saidView(say(words, 'slack.notice.answered', { who }), afterAnswer(full, who, ctx), full, event, ctx)
    case 'replied': {
      const way = event.via === 'mail' ? 'mail' : 'slack'
      const title = say(words, `slack.notice.replied.${byRequester ? 'you' : 'other'}.${way}`, { who })
      if (event.isThanks) return thanksView(title, full, event, ctx)
      return saidView(title, event.reopens ? words('slack.notice.reopened') : '', full, event, ctx)
    }
    case 'pended':
      return notice(say(words, 'slack.notice.pended', { agent: answeringName(full, words) }))
    case 'reopened': {
      const key = event.byReply ? (byRequester ? 'your-reply' : 'reply') : byRequester ? 'you' : 'other'
      return notice(
        `${say(words, `slack.notice.reopened-by.${key}`, { who, number })} ${words('slack.notice.reopened')}`,
      )
    }
    case 'solved':
      return solvedView(full, event, ctx)
    case 'reminded':
      return event.asks ? reminderView(full, ctx) : null
    case 'closed':
      return notice(say(words, 'slack.notice.closed', { number }))
    case 'continued':
      return notice(say(words, 'slack.notice.continued', { number, followUp: event.followUpId }))
    case 'opened':
    case 'joined':
    case 'withdrawn':
    case 'left':
    case 'edited': // told by what it changed
    case 'deleted':
    case 'noted':
    case 'assigned':
    case 'rated':
    case 'consent-withdrawn':
    case 'undelivered':
    case 'stuck':
    case 'unstuck':
    case 'lifted':
    case 'unreachable':
    case 'described':
      return null
    default:
      return event satisfies never
  }
}

/** Words taken for mere thanks: that nothing was reopened, and the button for whoever meant more. */
function thanksView(title: string, full: TicketInFull, event: StoredEvent, ctx: ViewContext): MessageView | null {
  const { ticket } = full
  const { words } = ctx
  const byRequester = event.actor.kind === 'contact' && event.actor.id === ticket.requesterId
  const isOwnInSlack = byRequester && event.via === 'slack'
  if (ticket.status === 'solved') {
    const line = say(words, 'conversation.notice.thanks-solved', { until: moment(ctx, ticket.reopenUntil) })
    const reopen = actions('notice.thanks', [
      button('request.reopen', words('slack.button.reopen'), { ticket: ticket.id }),
    ])
    const said = isOwnInSlack ? notice(line) : saidView(title, line, full, event, ctx)
    return said && { ...said, blocks: [...said.blocks, reopen] }
  }
  const standing = ticket.status === 'closed' ? 'closed' : 'reopened'
  const line = words(`conversation.notice.thanks-${standing}`)
  return isOwnInSlack ? notice(line) : saidView(title, line, full, event, ctx)
}

/** What the requester can do after an answer: they must, they may, or the ticket is solved and they need not. */
function afterAnswer({ ticket }: TicketInFull, who: string, ctx: ViewContext): string {
  if (ticket.status === 'pending') return say(ctx.words, 'slack.notice.answer-needed', { who })
  if (ticket.status === 'solved')
    return say(ctx.words, 'slack.notice.solved-then.solved', { until: moment(ctx, ticket.reopenUntil) })
  return ctx.words('slack.notice.answer-here')
}

/** Solved, until when a reply reopens it, and the survey. Edited by a vote, so it says how the ticket stands now. */
function solvedView(full: TicketInFull, event: StoredEvent & { type: 'solved' }, ctx: ViewContext): MessageView {
  const { ticket } = full
  const { words } = ctx
  const byRequester = event.actor.kind === 'contact' && event.actor.id === ticket.requesterId
  const params = { who: actorName(full, event.actor, words), number: ticket.id }
  const solved = say(words, `slack.notice.solved-by.${byRequester ? 'you' : 'other'}`, params)
  // Drawn late, it may stand above another one: that one asks, and this one is over.
  const isSolvedAgain = full.events.some(({ type, id }) => type === 'solved' && id > event.id)
  const isOver = isSolvedAgain || (ticket.status !== 'solved' && ticket.status !== 'closed')
  const standing = isOver ? 'reopened' : ticket.status
  const then = say(words, `slack.notice.solved-then.${standing}`, { until: moment(ctx, event.reopenUntil) })
  // Asked of another request a short time ago: of this one it is only offered.
  const survey = isSolvedAgain
    ? { spoken: '', blocks: [] }
    : surveyBlocks(ticket, ctx, { isQuiet: event.asks === false })
  return {
    text: spoken([solved, then, survey.spoken]),
    blocks: [section('notice.title', `${solved}\n${then}`), ...survey.blocks],
  }
}

/** Asks once more; edited by a vote, and without its question once the request is worked on again. */
function reminderView({ ticket }: TicketInFull, ctx: ViewContext): MessageView {
  const line = say(ctx.words, ticket.rating ? 'slack.notice.reminder-rated' : 'slack.notice.reminder', {
    number: ticket.id,
  })
  const survey = surveyBlocks(ticket, ctx)
  return { text: spoken([line, survey.spoken]), blocks: [section('notice.title', line), ...survey.blocks] }
}

function saidView(
  title: string,
  next: string,
  full: TicketInFull,
  event: StoredEvent,
  ctx: ViewContext,
): MessageView | null {
  const comment = commentOf(full, event)
  if (comment?.removedAt) return notice(`${title} ${ctx.words('conversation.removed')}`)
  if (comment && !comment.isPublic) return null
  const { text, files }: Pick<Comment, 'text' | 'files'> = comment ?? { text: '', files: [] }
  const edited = comment?.editedAt ? say(ctx.words, 'conversation.edited', { at: moment(ctx, comment.editedAt) }) : ''
  return {
    text: spoken([title], text, [edited, filesSpoken(files, ctx), next]),
    blocks: [
      section('notice.title', title),
      ...quote('notice.said', text, ctx.words),
      ...(edited ? [context('notice.edited', edited)] : []),
      ...fileBlocks('notice.files', files, ctx, 'request-files'),
      ...(next ? [context('notice.next', next)] : []),
    ],
  }
}

function notice(line: string): MessageView {
  return { text: line, blocks: [section('notice.title', line)] }
}
