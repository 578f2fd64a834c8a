import type { ActionsBlock, Button, KnownBlock } from '@slack/types'
import type { ArticleLine } from '../../../ticket/article.ts'
import { mrkdwn, oneLine } from '../../text.ts'
import { actions, button, section } from '../blocks.ts'
import type { ViewContext } from '../context.ts'

const LONGEST_TITLE = 200
const LONGEST_SNIPPET = 200
const LONGEST_URL = 3_000

/** An article in a list: title, a line of its text, and what can be done with it. `id` is unique in its view. */
export function articleLine(id: string, article: ArticleLine, presses: Button[], ctx: ViewContext): KnownBlock[] {
  const snippet = mrkdwn(oneLine(article.snippet), LONGEST_SNIPPET)
  // A line out of the middle of a sentence says that it is one.
  const lines = [titleLine(article, ctx), /^\p{Ll}/u.test(snippet) ? `… ${snippet}` : snippet]
  return [section(`${id}.line`, lines.filter(Boolean).join('\n')), actions(`${id}.press`, presses)]
}

/** The title in bold and, where it is not the reader's language, which one it is. */
export function titleLine(article: Pick<ArticleLine, 'title' | 'language'>, { words, language }: ViewContext): string {
  const title = `*${markupFree(mrkdwn(oneLine(article.title), LONGEST_TITLE))}*`
  return article.language === language
    ? title
    : `${title}  _${words('articles.in-language', { language: article.language })}_`
}

/** Signs that would end the bold of a title early are shown as they are by a thin space before them. */
function markupFree(text: string): string {
  return text.replace(/[*_~`]/g, (sign) => `\u200a${sign}`)
}

/** What a press on an article carries: hints, checked when it is pressed. */
export type ArticleValue = { article: number; import?: number }

export function readButton(article: ArticleLine, { words }: ViewContext): Button {
  return button('article.read', words('articles.read'), value(article), {
    spoken: words('articles.read-spoken', { title: oneLine(article.title) }),
  })
}

export function followButton(
  article: Pick<ArticleLine, 'id'>,
  isFollowed: boolean,
  ctx: ViewContext,
  importId?: number,
) {
  const { words } = ctx
  const about = { ...value(article), ...(importId === undefined ? {} : { import: importId }) }
  return isFollowed
    ? button('article.unfollow', words('articles.unfollow'), about)
    : button('article.follow', words('articles.follow'), about)
}

export function solvedButton(article: Pick<ArticleLine, 'id'>, { words }: ViewContext): Button {
  return button('article.solved', words('articles.solved'), value(article), { style: 'primary' })
}

/** The page of the article elsewhere; none when it has no page that Slack can link. */
export function pageButton(article: Pick<ArticleLine, 'id' | 'url'>, { words }: ViewContext): Button[] {
  if (!article.url || article.url.length > LONGEST_URL) return []
  return [{ ...button('article.page', words('articles.page'), value(article)), url: article.url }]
}

export function presses(id: string, elements: ActionsBlock['elements']): ActionsBlock[] {
  return elements.length > 0 ? [actions(id, elements)] : []
}

function value({ id }: { id: number }): ArticleValue {
  return { article: id }
}
