import type { KnownBlock } from '@slack/types'
import type { Words } from '../../templates.ts'
import type { StoredEvent } from '../../ticket/events.ts'
import { type Comment, type TicketInFull, wayTo } from '../../ticket/in-full.ts'
import { mrkdwn } from '../text.ts'
import { asking, bullets } from './answers.ts'
import { actions, button, context, quote, section, spoken } from './blocks.ts'
import { type Markup, type MessageView, moment, type StaffContext, say, second, type ViewContext } from './context.ts'
import { fileBlocks, filesSpoken } from './files.ts'
import { mailTroubleView } from './mail-trouble.ts'
import { actorName, commentOf, list, nameAndAddress, nameOf } from './people.ts'
import { stars } from './standing.ts'
import { unreachableLine } from './unreachable.ts'

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
      return saidView(openedBy(full, event, who, ctx), comment, ctx, [...answerBlocks(ctx), ...wholeMail(event, ctx)])
    case 'replied': {
      const isCc = event.actor.kind === 'contact' && event.actor.id !== full.ticket.requesterId
      const key = `slack.thread.replied.${event.via === 'mail' ? 'mail' : 'slack'}`
      const title = say(words, key, { who, role: isCc ? 'cc' : 'requester' })
      const after = event.reopens ? words('slack.thread.reopened-by-reply') : ''
      const whole = wholeMail(event, ctx)
      if (event.isThanks) {
        const [buttons, taken] = thanksTaken(full, ctx)
        return saidView(title, comment, ctx, [...buttons, ...whole], taken)
      }
      return saidView(title, comment, ctx, [...whole, ...forAssignee(full, ctx)], after)
    }
    case 'answered':
      return answeredView(full, event, say(words, 'slack.thread.answered', { who }), ctx)
    case 'solved': {
      const until = moment(ctx, event.reopenUntil)
      return noticeView(say(words, 'slack.thread.solved', { who, until }))
    }
    case 'reopened':
      if (event.byReply) return null
      return noticeView(say(words, 'slack.thread.reopened', { who }), forAssignee(full, ctx))
    case 'rated': {
      const title = say(words, event.changed ? 'slack.thread.rating-changed' : 'slack.thread.rated', {
        who,
        stars: stars(event.score, ctx),
      })
      return quotedView(title, event.comment ?? '', ctx)
    }
    case 'described':
      return describedView(event, who, ctx, forAssignee(full, ctx))
    case 'undelivered':
    case 'stuck':
      return mailTroubleView(full, event, ctx, forAssignee(full, ctx))
    case 'unreachable':
      return noticeView(unreachableLine(full, event, ctx), forAssignee(full, ctx))
    case 'withdrawn': // told by the answer it took back
    case 'unstuck': // told by the trouble it ended
    case 'lifted':
      return null
    case 'joined': {
      if (!event.contactIds) return null // told by the reply they joined with
      return noticeView(say(words, 'people.thread.added', { who, ...named(full, event.contactIds, words) }))
    }
    case 'left':
      return noticeView(say(words, 'people.thread.removed', { who, ...named(full, event.contactIds, words) }))
    case 'edited': // told by what it changed
    case 'deleted':
    case 'noted':
    case 'consent-withdrawn':
    case 'reminded':
    case 'assigned':
    case 'pended':
    case 'closed':
    case 'continued':
      return null
    default:
      return event satisfies never
  }
}

/** Above is only what its author wrote now; one press shows the mail with all it says. */
function wholeMail(event: StoredEvent, { words }: StaffContext): KnownBlock[] {
  if (event.via !== 'mail') return []
  const value = { ticket: event.ticketId, event: event.id }
  return [actions('thread.mail', [button('mail.whole', words('slack.button.whole-mail'), value)])]
}

/** Who asks for help, or which agent asks it for whom. */
function openedBy({ requester }: TicketInFull, { actor }: StoredEvent, who: string, { words }: StaffContext): string {
  if (actor.kind !== 'agent') return say(words, 'slack.thread.opened', { who })
  return say(words, 'conversation.thread.opened-for', { who, name: nameOf(requester, words) })
}

/** What was taken for mere thanks calls nobody; while it can be reopened, one press does. */
function thanksTaken({ ticket }: TicketInFull, { words }: StaffContext): [KnownBlock[], string] {
  const standing = ticket.status === 'solved' || ticket.status === 'closed' ? ticket.status : 'reopened'
  const reopen = button('ticket.reopen', words('slack.button.reopen'), { ticket: ticket.id })
  return [
    standing === 'solved' ? [actions('thread.thanks', [reopen])] : [],
    words('conversation.thread.thanks', { standing }),
  ]
}

/** An answer: where it goes, with the button that takes it back, until it leaves; then where it went. */
function answeredView(full: TicketInFull, event: StoredEvent, title: string, ctx: StaffContext): MessageView {
  const { words } = ctx
  const comment = commentOf(full, event)
  const withdrawn = full.events.find((later) => later.type === 'withdrawn' && later.eventId === event.id)
  if (withdrawn) {
    const by = actorName(full, withdrawn.actor, words)
    return saidView(`${title} ${say(words, 'slack.thread.withdrawn', { by })}`, comment, ctx)
  }
  const heldMs = full.undoable?.get(event.id)
  if (heldMs === undefined) return saidView(`${title} ${sentTo(full, ctx)}`, comment, ctx)
  const undo = button('ticket.undo', words('slack.button.undo'), { ticket: full.ticket.id, event: event.id })
  const seconds = Math.ceil(heldMs / 1000)
  const at = second(ctx, new Date(ctx.now.getTime() + heldMs))
  const goes = sentTo(full, ctx, 'slack.thread.goes-to', { seconds, at })
  return saidView(`${title} ${goes}`, comment, ctx, [actions('thread.undo', [undo])])
}

/** People by name and address, and how many they are. */
function named({ ccs, formerCcs = [] }: TicketInFull, contactIds: number[], words: Words) {
  const found = [...ccs, ...formerCcs].filter(({ id }) => contactIds.includes(id))
  const names = list(
    found.map((person) => nameAndAddress(person, words)),
    words,
  )
  return { names, count: contactIds.length }
}

/** Who an answer went to and where: so that nobody wonders whether it left. */
export function sentTo(
  full: TicketInFull,
  ctx: ViewContext,
  key = 'slack.thread.sent-to',
  more: { seconds?: number; at?: Markup } = {},
): string {
  const { requester, ccs } = full
  const way = wayTo(requester)
  const count = ccs.filter(({ address }) => address !== null).length
  return say(ctx.words, key, {
    ...more,
    name: nameOf(requester, ctx.words),
    address: requester.address ?? '',
    way,
    count,
  })
}

function saidView(
  title: string,
  comment: Comment | undefined,
  ctx: ViewContext,
  more: KnownBlock[] = [],
  after = '',
): MessageView {
  if (comment?.removedAt) {
    const removed = ctx.words('conversation.removed')
    return {
      text: spoken([title, removed]),
      blocks: [section('thread.title', title), context('thread.removed', removed)],
    }
  }
  const text = comment?.text ?? ''
  const files = comment?.files ?? []
  const edited = comment?.editedAt ? say(ctx.words, 'conversation.edited', { at: moment(ctx, comment.editedAt) }) : ''
  const sealed = comment?.sealed ? ctx.words(`slack.thread.sealed.${comment.sealed}`) : ''
  const isEmpty = text.trim() === '' && files.length === 0 && sealed === ''
  const empty = isEmpty ? ctx.words('slack.comment.empty') : ''
  const isDoubtful = comment?.proof === 'unproven' || comment?.proof === 'failed'
  const doubt = isDoubtful ? ctx.words(`slack.thread.sender.${comment.proof}`) : ''
  return {
    text: spoken([title, doubt, sealed, empty], text, [edited, filesSpoken(files, ctx), after]),
    blocks: [
      section('thread.title', title),
      ...(doubt ? [context('thread.sender', doubt)] : []),
      ...(sealed ? [context('thread.sealed', sealed)] : []),
      ...quote('thread.said', text, ctx.words),
      ...(edited ? [context('thread.edited', edited)] : []),
      ...(isEmpty ? [context('thread.empty', empty)] : []),
      ...fileBlocks('thread.files', files, ctx, 'card-files'),
      ...(after ? [context('thread.after', after)] : []),
      ...more,
    ],
  }
}

function quotedView(title: string, said: string, ctx: ViewContext, more: KnownBlock[] = []): MessageView {
  return {
    text: spoken([title], said),
    blocks: [section('thread.title', title), ...quote('thread.said', said, ctx.words), ...more],
  }
}

function noticeView(title: string, more: KnownBlock[] = []): MessageView {
  return { text: title, blocks: [section('thread.title', title), ...more] }
}

/** Calls the assignee: a message under the card is heard of only by who wrote there before, or is named. */
function forAssignee({ assignee }: TicketInFull, { words }: ViewContext): KnownBlock[] {
  const userId = assignee?.slack.userId ?? ''
  if (!/^[UW][A-Z0-9]+$/.test(userId)) return []
  return [context('thread.for', say(words, 'slack.thread.for', { mention: { markup: `<@${userId}>` } }))]
}

/** What was answered later, and what it does to the priority: of use to who has to decide what to do next. */
function describedView(
  event: StoredEvent & { type: 'described' },
  who: string,
  ctx: StaffContext,
  more: KnownBlock[],
): MessageView {
  const { words } = ctx
  const said = ctx.answers.filter(({ key }) => Object.hasOwn(event.answers, key))
  const title = say(words, 'slack.thread.described', { who })
  const after = event.fields.priority
  const priority = say(words, `slack.thread.priority-${after === event.priorityBefore ? 'stays' : 'changed'}`, {
    priority: words(`slack.priority.${after}`),
  })
  return {
    text: spoken([title, ...said.map(({ label, value }) => mrkdwn(`${asking(label)} ${value}`, 700)), priority]),
    blocks: [
      section('thread.title', title),
      ...bullets('thread.answers', said),
      context('thread.after', priority),
      ...more,
    ],
  }
}

/** The form's other answers: those that are neither on the card nor in the description. */
function answerBlocks({ answers, roles }: StaffContext): KnownBlock[] {
  const others = [roles?.problemType, roles?.experience]
  return bullets(
    'thread.answers',
    answers.filter(({ key, value }) => others.includes(key) && value.trim() !== ''),
  )
}
