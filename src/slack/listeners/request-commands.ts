import type { BlockAction, ButtonAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import type { SlackUser } from '../../store/people.ts'
import { requestPage } from '../../store/requests.ts'
import { loadTicket } from '../../store/tickets.ts'
import { freshView, searchOf } from '../../ticket/history.ts'
import type { Person, RequestRow } from '../../ticket/in-full.ts'
import { readerActs } from '../../ticket/readers.ts'
import { Refusal } from '../../ticket/refusal.ts'
import { cardLink } from '../card-link.ts'
import { explain, type Listening, userOf } from '../listening.ts'
import { openModal } from '../modal-answer.ts'
import { sendReply } from '../reader-reply.ts'
import { readable, readerModal } from '../reader-ticket.ts'
import { type Asked, folded, readSubcommand, subcommands, type Vocabulary } from '../subcommand.ts'
import {
  answer,
  articlesAnswer,
  COMMAND_ROWS,
  doneAnswer,
  helpAnswer,
  listAnswer,
  nearAnswer,
  rateAnswer,
  ratedAnswer,
} from '../views/command-answers.ts'
import { type MessageView, moment, say, type ViewContext } from '../views/context.ts'
import { requestReplyModal } from '../views/request-reply-modal.ts'
import { loadingModal, problemModal } from '../views/small-modals.ts'
import { isKnownAgent } from './agent-commands.ts'

/** What a subcommand leads to: words for its reader alone, a modal, or the questionnaire about what was typed. */
export type CommandAnswer = MessageView | { modal: ModalView } | { about: string }

const carried = z.object({ typed: z.string() })

/** The buttons of what the command answers: what was meant, and a request about what was typed. */
export function register(listening: Listening, openForm: OpenForm): void {
  const { app, client, render, who } = listening
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: 'command.open_form' },
    async ({ ack, body, action }) => {
      await ack()
      await openForm(userOf(body), body.trigger_id, carried.parse(JSON.parse(action.value ?? '')).typed)
    },
  )
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: 'command.run' },
    async ({ ack, body, action, respond }) => {
      await ack()
      const user = userOf(body)
      const { typed } = carried.parse(JSON.parse(action.value ?? ''))
      // Of the message, not of the press: pressed twice it does what was meant once.
      const cause = `slack/run/${body.channel?.id}/${body.container.message_ts}/${user.userId}`
      const asked = await requestCommand(listening, user, { text: typed, cause }).catch(async (error) => {
        const person = await who.contact(user).catch(() => who.lately(user))
        return {
          modal: problemModal({ text: explain(listening, error, person), ctx: render.requesterContext(person) }),
        }
      })
      if ('about' in asked) return openForm(user, body.trigger_id, asked.about)
      if ('modal' in asked)
        return openModal(
          client,
          body.trigger_id,
          Promise.resolve(asked.modal),
          loadingModal({ ctx: render.requesterContext(who.lately(userOf(body))) }),
        )
      await respond({ response_type: 'ephemeral', replace_original: true, ...asked })
    },
  )
}

export type OpenForm = (user: SlackUser, triggerId: string, about?: string) => Promise<void>

/**
 * Does what somebody typed after the command, once for each `cause`. A Refusal, in the words of the same rules as
 * everywhere, when it cannot be.
 */
export async function requestCommand(
  listening: Listening,
  user: SlackUser,
  typed: { text: string; cause: string; channel_id?: string },
): Promise<CommandAnswer> {
  const receivedAt = listening.clock.now()
  const asked = readSubcommand(typed.text, vocabularyOf(listening))
  if (asked.kind === 'form') return { about: asked.about }
  const person = await listening.who.contact(user)
  const ctx = listening.render.requesterContext(person)
  switch (asked.kind) {
    case 'help':
      return helpAnswer(listening.command, ctx, await isKnownAgent(listening, user, typed.channel_id ?? ''))
    case 'articles': {
      // Where nothing fits, whoever needs help gets the form at once.
      const articles = await listening.articles.likely(person, asked.search)
      return articles.length > 0 ? articlesAnswer({ articles, ...asked, ctx }) : { about: asked.about }
    }
    case 'near':
      return nearAnswer({ command: listening.command, meant: asked.meant, about: asked.about, ctx })
    case 'mine': {
      const { rows, older } = await requestPage(listening.database, person.id, freshView, COMMAND_ROWS)
      return listAnswer({ rows, hasMore: older !== null, ctx })
    }
    case 'search': {
      const search = searchOf(asked.search)
      return listAnswer({ ...(await found(listening, person, search)), search, ctx })
    }
    case 'show':
      return show(listening, person, user, asked.number)
    case 'act':
      return act(listening, person, asked, { ctx, source: typed.cause, receivedAt })
    default:
      return asked satisfies never
  }
}

/** Among all that they may read, latest activity first. */
async function found({ database }: Listening, person: Person, search: string) {
  const rows: RequestRow[] = []
  let hasMore = false
  for (const scope of ['mine', 'cc', 'organization'] as const) {
    const page = await requestPage(database, person.id, { ...freshView, scope, search }, COMMAND_ROWS)
    rows.push(...page.rows.filter(({ id }) => !rows.some((row) => row.id === id)))
    hasMore ||= page.older !== null
  }
  rows.sort((one, other) => other.lastActivityAt.getTime() - one.lastActivityAt.getTime())
  return { rows, hasMore: hasMore || rows.length > COMMAND_ROWS }
}

/** The request as a modal; for an agent of its team who is not on it, the way to its card. */
async function show(listening: Listening, person: Person, user: SlackUser, number: number): Promise<CommandAnswer> {
  try {
    return { modal: await readerModal(listening, person, number) }
  } catch (error) {
    const isNone = !(error instanceof Refusal) || !Number.isSafeInteger(number)
    const ticket = isNone ? null : await loadTicket(listening.database, number)
    const card = ticket && (await cardLink(listening, user, ticket))
    if (!card) throw error
    const { words } = listening.render.deskContext()
    return answer(say(words, 'command.card', { number: String(number), card: { markup: `<${card}|#${number}>` } }))
  }
}

async function act(
  listening: Listening,
  person: Person,
  { act: asked, number, rest }: Asked & { kind: 'act' },
  { ctx, source, receivedAt }: { ctx: ViewContext; source: string; receivedAt: Date },
): Promise<CommandAnswer> {
  const { desk, maxFileBytes } = listening
  const { ticket, role } = await readable(listening, person, number)
  const about = { ticketId: number, actor: { kind: 'contact', id: person.id }, via: 'slack', source } as const
  const said = (key: string, more: Parameters<typeof say>[2] = {}) =>
    doneAnswer(say(ctx.words, key, { number: String(number), ...more }), number, ctx)
  switch (asked) {
    case 'reply':
    case 'follow-up': {
      const isFollowUp = readerActs(ticket, role, receivedAt).includes('follow-up')
      if (asked === 'follow-up' && !isFollowUp) return said('command.not-closed')
      if (!rest) return { modal: requestReplyModal({ ticket, isFollowUp, maxFileBytes, ctx }) }
      const wentTo = await sendReply(listening, person, number, { text: rest, files: [], source, receivedAt })
      if (wentTo === number) return said('command.replied')
      return doneAnswer(
        say(ctx.words, 'command.followed-up', { number: String(number), followUp: String(wentTo) }),
        wentTo,
        ctx,
      )
    }
    case 'solve': {
      await desk.handle({ type: 'solve', ...about })
      const solved = (await readable(listening, person, number)).ticket
      return solved.status === 'solved'
        ? said('command.solved', { until: moment(ctx, solved.reopenUntil) })
        : said('command.done')
    }
    case 'reopen':
      await desk.handle({ type: 'reopen', askedAt: receivedAt, ...about })
      return said('command.reopened')
    case 'rate': {
      const score = /^[1-5]$/.test(rest) ? Number(rest) : null
      if (score === null) return rateAnswer(number, ctx)
      await desk.handle({ type: 'rate', score, comment: null, ...about })
      return ratedAnswer((await readable(listening, person, number)).ticket, score, ctx)
    }
    default:
      return asked satisfies never
  }
}

/** The words of every language: whoever reads Spanish may type English. Earlier languages win where two share a word. */
function vocabularyOf({ render }: Listening): Vocabulary {
  const vocabulary: Vocabulary = new Map()
  for (const locale of render.locales) {
    const { words } = render.requesterContext({ locale, timeZone: null })
    for (const name of subcommands)
      for (const word of words(`command.word.${name}`).split(',')) {
        const key = folded(word.trim())
        if (key && !vocabulary.has(key)) vocabulary.set(key, name)
      }
  }
  return vocabulary
}
