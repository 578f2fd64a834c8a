import type { ArticleLine } from '../../ticket/article.ts'
import type { RequestRow } from '../../ticket/in-full.ts'
import type { Ticket } from '../../ticket/ticket.ts'
import { oneLine, plain } from '../text.ts'
import { articleLine, pageButton, readButton } from './articles/article-line.ts'
import { LONGEST_WORDS } from './articles/article-modals.ts'
import { articlesButton } from './articles/articles-button.ts'
import { actions, button, context, section } from './blocks.ts'
import { agentLines, subcommandLines } from './command-help.ts'
import { type MessageView, say, type ViewContext } from './context.ts'
import { rowBlock, showButton, votes } from './home/row.ts'
import { limits } from './limits.ts'
import { lookAgain } from './survey.ts'

/** How many requests an answer to the command lists: all of them are in the App Home. */
export const COMMAND_ROWS = 10

/** A list of requests, or what to do when there is none. `hasMore`: there are others. */
export function listAnswer(data: {
  rows: RequestRow[]
  hasMore: boolean
  search?: string
  ctx: ViewContext
}): MessageView {
  const { rows, hasMore, search, ctx } = data
  const { words } = ctx
  if (rows.length === 0) return nothing(search, ctx)
  const shown = rows.slice(0, COMMAND_ROWS)
  const title =
    search === undefined
      ? words('command.mine', { count: shown.length })
      : say(words, 'command.found', { count: shown.length, search })
  return {
    text: title,
    blocks: [
      section('command.title', title),
      ...shown.map((row) => rowBlock(`command.request.${row.id}`, row, ctx)),
      ...(hasMore ? [context('command.more', words('command.more'))] : []),
    ],
  }
}

function nothing(search: string | undefined, ctx: ViewContext): MessageView {
  const { words } = ctx
  const text = search === undefined ? words('history.empty.mine') : say(words, 'command.nothing-found', { search })
  return answer(text, [openButton(search ?? '', ctx)])
}

/** One sentence and what can be pressed about it. */
export function answer(text: string, buttons: Parameters<typeof actions>[1] = []): MessageView {
  return {
    text,
    blocks: [section('command.text', text), ...(buttons.length > 0 ? [actions('command.buttons', buttons)] : [])],
  }
}

/** What was done to a request, and the button that shows it. */
export function doneAnswer(text: string, number: number, ctx: ViewContext): MessageView {
  return answer(text, [showButton(number, ctx)])
}

/** What a rating by the command became; a bad one is offered another look as everywhere. */
export function ratedAnswer(ticket: Ticket, score: number, ctx: ViewContext): MessageView {
  const text = say(ctx.words, 'command.rated', { number: String(ticket.id), score: String(score) })
  const done = doneAnswer(text, ticket.id, ctx)
  const again = lookAgain(ticket, ctx)
  return again ? { text: `${text} ${again.spoken}`, blocks: [...done.blocks, ...again.blocks] } : done
}

/** Asks for the score that was not said. */
export function rateAnswer(number: number, ctx: ViewContext): MessageView {
  const text = say(ctx.words, 'command.rate', { number: String(number) })
  return { text, blocks: [section('command.text', text), votes('command.votes', number, ctx)] }
}

/** A word that was nearly one of ours: did they mean it, or is it what their request is about? */
export function nearAnswer(data: { command: string; meant: string; about: string; ctx: ViewContext }): MessageView {
  const { command, meant, about, ctx } = data
  const text = say(ctx.words, 'command.near', { command, meant })
  const yes = button('command.run', say(ctx.words, 'command.near-yes', {}), whole({ typed: meant }), {
    style: 'primary',
  })
  return answer(text, [yes, openButton(about, ctx)])
}

/** What can be typed after the command, in the reader's words; to an agent what only agents can type as well. */
export function helpAnswer(command: string, ctx: ViewContext, isAgent = false): MessageView {
  const forAgents = isAgent ? agentLines(command, ctx.words) : []
  const text = [ctx.words('command.help'), ...subcommandLines(command, ctx.words), ...forAgents].join('\n')
  return answer(text, [openButton('', ctx), articlesButton('', ctx)])
}

/** Articles about what somebody wants help with, and the request that it is about if none of them helps. */
export function articlesAnswer(data: {
  articles: ArticleLine[]
  search: string
  about: string
  ctx: ViewContext
}): MessageView {
  const { articles, about, ctx } = data
  const search = plain(oneLine(data.search), LONGEST_WORDS)
  const title = say(ctx.words, 'articles.search.found', { count: articles.length, asked: search })
  return {
    text: title,
    blocks: [
      section('command.title', title),
      ...articles.flatMap((article) =>
        articleLine(`article.${article.id}`, article, [readButton(article, ctx), ...pageButton(article, ctx)], ctx),
      ),
      actions('command.buttons', [openButton(about, ctx), articlesButton(search, ctx)]),
    ],
  }
}

function openButton(about: string, { words }: Pick<ViewContext, 'words'>) {
  return button(
    'command.open_form',
    words(about ? 'command.open-about' : 'slack.button.open-ticket'),
    short({ typed: about }),
  )
}

/** Words to a request go out whole or not at all: with more than a button carries, it only opens where they are written. */
function whole({ typed }: { typed: string }): { typed: string } {
  const meant = { typed: plain(typed, typed.length) }
  if (JSON.stringify(meant).length <= limits.buttonValue) return meant
  const toWhom = /^\S+\s+#?\d+(?=\s)/.exec(meant.typed)?.[0]
  return toWhom === undefined ? short(meant) : { typed: toWhom }
}

/** What a button carries is cut to what Slack lets it carry. */
function short({ typed }: { typed: string }): { typed: string } {
  return { typed: plain(typed, LONGEST_TYPED) }
}

const LONGEST_TYPED = Math.floor(limits.buttonValue / 7) // each sign is up to six in JSON
