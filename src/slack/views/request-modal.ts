import type { Button, KnownBlock, ModalView } from '@slack/types'
import type { Comment, TicketInFull } from '../../ticket/in-full.ts'
import { type ReaderAct, type ReaderRole, saidBefore } from '../../ticket/readers.ts'
import { mrkdwn, oneLine } from '../text.ts'
import { bullets } from './answers.ts'
import { actions, button, context, header, plainText, quote, section } from './blocks.ts'
import { consentBlocks } from './consent.ts'
import { moment, say, sayPlain, subjectOf, type ViewContext } from './context.ts'
import { fileBlocks } from './files.ts'
import { votes } from './home/row.ts'
import { limits } from './limits.ts'
import { answeringName, list, nameOf } from './people.ts'
import { stars } from './standing.ts'
import { surveyBlocks } from './survey.ts'

/** A ticket as one of its readers sees it. */
export interface ReaderTicket {
  full: TicketInFull
  role: ReaderRole
  acts: ReaderAct[]
  /** The event by which they were let in later, before which nothing is meant for them; 0 for all others. */
  since: number
  /** What was answered in the form, in the reader's words. */
  answers: { label: string; value: string }[]
  /** The last comment shown, by id; null for the newest. */
  last: number | null
  /** Where an agent finds its card; null, or left out, for everybody else. */
  card?: string | null
}

/** How many comments a page of the conversation has at most: each takes up to six of a modal's hundred blocks. */
export const COMMENTS_SHOWN = 10
/** What they take together, as Slack counts it (JSON in UTF-8): with all the rest less than the 250 KB of a view. */
const MOST_BYTES = 150_000

/**
 * A request with everything on it that people outside may see: how it stands, what happens next and when, what can be
 * done, the public conversation, newest page first, each page oldest first, and what was told in the form.
 */
export function requestModal({ ctx, ...data }: ReaderTicket & { ctx: ViewContext }): ModalView {
  const { ticket } = data.full
  const { words } = ctx
  return {
    type: 'modal',
    callback_id: 'request.modal',
    private_metadata: JSON.stringify({ ticket: ticket.id, last: data.last } satisfies RequestMetadata),
    title: plainText(sayPlain(words, 'history.modal.title', { number: String(ticket.id) }), limits.modalTitle),
    close: plainText(words('slack.button.close'), limits.modalButton),
    blocks: [
      header('request.subject', subjectOf(ticket.subject, words)),
      section('request.standing', standing(data, ctx)),
      ...cardLine(data, ctx),
      ...buttonsOf(data, ctx),
      ...rating(data, ctx),
      context('request.facts', facts(data, ctx).join('  ·  ')),
      { type: 'divider', block_id: 'request.line' },
      ...conversation(data, ctx),
      // Last: who is asked something looks for the question, not for what they once chose in the form.
      ...told(data, ctx),
      // Theirs alone, to give and to take back.
      ...(data.role === 'requester' ? consentBlocks(ticket, ctx) : []),
    ],
  }
}

function cardLine({ full, card }: ReaderTicket, { words }: ViewContext): KnownBlock[] {
  const number = String(full.ticket.id)
  const line = card && say(words, 'command.card', { number, card: { markup: `<${card}|#${number}>` } })
  return line ? [context('request.card', line)] : []
}

export interface RequestMetadata {
  ticket: number
  last: number | null
}

function standing(data: ReaderTicket, ctx: ViewContext): string {
  const status = say(ctx.words, 'history.modal.status', {
    status: ctx.words(`slack.status.requester.${data.full.ticket.status}`),
  })
  return `${status}\n${next(data, ctx)}`
}

/** What happens next and when, and what this reader can do about it. */
function next({ full, role, acts }: ReaderTicket, ctx: ViewContext): string {
  const { ticket } = full
  const agent = answeringName(full, ctx.words)
  const reply = acts.includes('reply') ? 'reply' : 'none'
  switch (ticket.status) {
    case 'open':
      return say(ctx.words, full.assignee ? 'history.next.open' : 'history.next.untaken', { agent, acts: reply })
    case 'pending': {
      const name = nameOf(full.requester, ctx.words)
      return say(ctx.words, 'history.next.pending', { agent, role, name, acts: reply })
    }
    case 'solved': {
      const until = moment(ctx, ticket.reopenUntil)
      if (acts.includes('follow-up')) return say(ctx.words, 'history.next.over', { until, acts: 'none' })
      return say(ctx.words, 'history.next.solved', { until, acts: acts.includes('reopen') ? 'reopen' : reply })
    }
    case 'closed': {
      const at = moment(ctx, ticket.closedAt)
      if (ticket.followUpId !== null)
        return say(ctx.words, 'history.next.continued', { at, number: String(ticket.followUpId) })
      return say(ctx.words, 'history.next.closed', { at, acts: acts.includes('follow-up') ? 'follow-up' : 'none' })
    }
    default:
      return ticket satisfies never
  }
}

function buttonsOf({ full, acts }: ReaderTicket, ctx: ViewContext): KnownBlock[] {
  const { ticket } = full
  const { words } = ctx
  const value = { ticket: ticket.id }
  const all: Record<Exclude<ReaderAct, 'rate'>, () => Button> = {
    reply: () => button('request.reply', words('history.act.reply'), value, { style: 'primary' }),
    solve: () => button('request.solve', words('slack.button.is-solved'), value),
    reopen: () => {
      const until = ticket.status === 'solved' ? ctx.moment(ticket.reopenUntil) : ''
      const spoken = sayPlain(words, 'slack.button.reopen-until', { until })
      return button('request.reopen', words('slack.button.reopen'), value, { spoken })
    },
    'follow-up': () => button('request.follow-up', words('history.act.follow-up'), value, { style: 'primary' }),
  }
  const shown = (actionId: string, number: number | null, style: { style?: 'primary' } = {}) => {
    if (number === null) return []
    const label = sayPlain(words, 'history.modal.show-number', { number: String(number) })
    return [button(actionId, label, { ticket: number }, style)]
  }
  const isContinued = ticket.followUpId !== null
  const mine = acts.flatMap((act) => (act === 'rate' || (act === 'follow-up' && isContinued) ? [] : [all[act]()]))
  const buttons = [
    ...mine,
    ...shown('request.show', ticket.followUpOf),
    // One follow-up is enough: it is where the conversation goes on.
    ...shown('request.show.next', ticket.followUpId, { style: 'primary' }),
  ]
  return buttons.length > 0 ? [actions('request.buttons', buttons)] : []
}

/** The survey, for the requester alone: it is their word. */
function rating({ full, role, acts }: ReaderTicket, ctx: ViewContext): KnownBlock[] {
  if (role !== 'requester') return []
  if (full.ticket.rating) return surveyBlocks(full.ticket, ctx).blocks
  if (!acts.includes('rate')) return []
  return [section('survey.line', ctx.words('slack.survey.ask')), votes('survey.votes', full.ticket.id, ctx)]
}

function facts({ full, role }: ReaderTicket, ctx: ViewContext): string[] {
  const { ticket } = full
  const { words } = ctx
  const fact = (name: string, value: string) => `${words(`history.fact.${name}`)}: ${value}`
  const text = (value: string) => mrkdwn(oneLine(value), 300)
  return [
    fact('opened', moment(ctx, ticket.openedAt).markup),
    fact('activity', moment(ctx, ticket.lastActivityAt).markup),
    ...(role === 'requester' ? [] : [fact('requester', text(nameOf(full.requester, words)))]),
    ...(full.accountName ? [fact('account', text(full.accountName))] : []),
    ...(full.ccs.length > 0
      ? [
          fact(
            'ccs',
            text(
              list(
                full.ccs.map((cc) => nameOf(cc, words)),
                words,
              ),
            ),
          ),
        ]
      : []),
    ...(ticket.rating && role !== 'requester' ? [fact('rating', stars(ticket.rating.score, ctx))] : []),
  ]
}

function told({ full, role, answers }: ReaderTicket, ctx: ViewContext): KnownBlock[] {
  const shown = bullets('request.answers', answers)
  if (shown.length === 0) return []
  const title =
    role === 'requester'
      ? ctx.words('history.modal.told')
      : say(ctx.words, 'history.modal.told-by', { name: nameOf(full.requester, ctx.words) })
  return [{ type: 'divider', block_id: 'request.end' }, section('request.told', `*${title}*`), ...shown]
}

function conversation({ full, last, since }: ReaderTicket, ctx: ViewContext): KnownBlock[] {
  const { words } = ctx
  const before = saidBefore(full, since)
  const all = publicComments(full).filter(({ id }) => !before.has(id))
  const at = last === null ? all.length : all.findIndex(({ id }) => id === last) + 1
  const end = at === 0 ? all.length : at
  const shown = fitting(all.slice(0, end), ctx)
  const start = end - shown.length
  const ticket = full.ticket.id
  const page = (actionId: string, key: string, count: number, to: number | null) =>
    actions(actionId, [button(actionId, words(key, { count }), { ticket, last: to })])
  const later = all.length - end
  const afterLater = all[end + COMMENTS_SHOWN - 1]
  return [
    section('request.conversation', `*${words('history.modal.conversation')}*`),
    ...(start > 0 ? [page('request.earlier', 'history.modal.earlier', start, all[start - 1]!.id)] : []),
    ...(before.size > 0 && start === 0 ? [context('request.before', words('history.modal.before-you'))] : []),
    ...(all.length === 0 ? [context('request.quiet', words('history.modal.quiet'))] : []),
    ...shown.flat(),
    ...(later > 0
      ? [page('request.later', 'history.modal.later', later, later > COMMENTS_SHOWN ? afterLater!.id : null)]
      : []),
  ]
}

/** The blocks of as many of the last comments as a page has room for; of one at least. */
function fitting(comments: Comment[], ctx: ViewContext): KnownBlock[][] {
  const shown: KnownBlock[][] = []
  let room = MOST_BYTES
  for (const comment of comments.slice(-COMMENTS_SHOWN).reverse()) {
    const blocks = said(comment, ctx)
    room -= Buffer.byteLength(JSON.stringify(blocks))
    if (room < 0 && shown.length > 0) break
    shown.unshift(blocks)
  }
  return shown
}

/** What everybody on the ticket may read: no notes, and no answer that can still be taken back. */
export function publicComments({ comments, events, undoable }: TicketInFull): Comment[] {
  const held = new Set(events.filter(({ id }) => undoable?.has(id)).map(({ commentId }) => commentId))
  return comments.filter(({ id, isPublic }) => isPublic && !held.has(id))
}

function said(comment: Comment, ctx: ViewContext): KnownBlock[] {
  const { words } = ctx
  const who = nameOf(comment.author, words)
  const way = ['slack', 'mail', 'web'].includes(comment.via) ? comment.via : 'system'
  const isEmpty = comment.text.trim() === '' && comment.files.length === 0
  return [
    context(
      `said.${comment.id}`,
      [
        say(words, `history.modal.said.${way}`, { who, at: moment(ctx, comment.at) }),
        ...(comment.editedAt ? [say(words, 'conversation.edited', { at: moment(ctx, comment.editedAt) })] : []),
      ].join('  ·  '),
    ),
    ...quote(`text.${comment.id}`, comment.text, words),
    ...(isEmpty ? [context(`empty.${comment.id}`, words('slack.comment.empty'))] : []),
    ...fileBlocks(`files.${comment.id}`, comment.files, ctx),
  ]
}
