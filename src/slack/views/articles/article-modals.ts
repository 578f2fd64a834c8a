import type { KnownBlock, ModalView } from '@slack/types'
import type { Article, ArticleLine } from '../../../ticket/article.ts'
import { mrkdwn, oneLine } from '../../text.ts'
import { actions, button, context, plainText, section } from '../blocks.ts'
import { moment, say, type ViewContext } from '../context.ts'
import type { PageMetadata } from '../form-modal.ts'
import { at } from '../form-state.ts'
import { limits } from '../limits.ts'
import { articleLine, followButton, pageButton, presses, readButton, solvedButton, titleLine } from './article-line.ts'
import { articleText } from './article-text.ts'

/** What brought somebody to an article, so that Back leads there: the questionnaire, a search, or a list of theirs. */
export type ArticleWay = ({ way: 'draft' } & PageMetadata) | { way: 'search'; words: string } | { way: 'list' }

/** The words of the form's own buttons, so that this page has the same ones. */
export interface FormButtons {
  continue: string
  back: string
  close: string
}

export const LONGEST_WORDS = 150

/**
 * Articles that may settle it, as a page of its own between two pages of the form: never in anybody's way, because Continue
 * is where it always is (TEC-03, TEC-04). `page` is the one that comes next.
 */
export function suggestionsModal(input: {
  articles: ArticleLine[]
  meta: PageMetadata
  buttons: FormButtons
  ctx: ViewContext
}): ModalView {
  const { articles, meta, buttons, ctx } = input
  const { words } = ctx
  return {
    ...frame({ way: 'draft', ...meta }, words('articles.suggest.title'), ctx, buttons),
    blocks: [
      section(
        'articles.intro',
        say(words, 'articles.suggest.intro', { count: articles.length, button: buttons.continue }),
      ),
      ...articles.flatMap((article) =>
        articleLine(
          `article.${article.id}`,
          article,
          [readButton(article, ctx), ...pageButton(article, ctx), solvedButton(article, ctx)],
          ctx,
        ),
      ),
      actions('articles.nav', [button('intake.back', buttons.back, { page: meta.page })]),
    ],
  }
}

/** One article with its text, Follow at its top right (ART-01), and the way back. */
export function articleModal(input: {
  article: Article
  isFollowed: boolean
  way: ArticleWay
  buttons: FormButtons
  ctx: ViewContext
}): ModalView {
  const { article, isFollowed, way, buttons, ctx } = input
  const { words } = ctx
  const { blocks, isCut } = articleText(article.parts)
  const about = [
    article.section ? mrkdwn(oneLine(article.section), 100) : '',
    say(words, 'articles.changed', { at: moment(ctx, article.changedAt) }),
  ]
  // What is nothing but a film or pictures is to be seen on its page.
  const isElsewhere = blocks.length === 0 && article.url !== null
  const cut =
    isCut || isElsewhere ? [context('article.cut', words(article.url ? 'articles.cut-page' : 'articles.cut'))] : []
  const back = way.way === 'list' ? [] : [button('article.back', buttons.back, {})]
  return {
    ...frame(way, words('articles.title'), ctx, buttons),
    blocks: [
      { ...section('article.title', titleLine(article, ctx)), accessory: followButton(article, isFollowed, ctx) },
      context('article.about', about.filter(Boolean).join('  ·  ')),
      ...blocks,
      ...cut,
      ...presses('article.nav', [
        ...(way.way === 'draft' ? [solvedButton(article, ctx)] : []),
        ...pageButton(article, ctx),
        ...back,
      ]),
    ],
  }
}

/** Where articles are looked for, with what was found for `asked`; before anything was asked, with those followed. */
export function searchModal(input: {
  asked: string
  /** Null when the database did not answer. */
  found: ArticleLine[] | null
  followed: ArticleLine[]
  ctx: ViewContext
}): ModalView {
  const { asked, found, followed, ctx } = input
  const { words } = ctx
  const listed = asked ? (found ?? []) : followed
  const intro = !asked
    ? followed.length > 0
      ? words('articles.followed.title')
      : words('articles.search.intro')
    : found === null
      ? words('articles.search.not-now')
      : listed.length === 0
        ? say(words, 'articles.search.none', { asked })
        : say(words, 'articles.search.found', { count: listed.length, asked })
  return {
    type: 'modal',
    callback_id: 'articles.search',
    private_metadata: JSON.stringify({ way: 'search', words: asked } satisfies ArticleWay),
    title: plainText(words('articles.search.title'), limits.modalTitle),
    submit: plainText(words('articles.search.submit'), limits.modalButton),
    close: plainText(words('slack.button.close'), limits.modalButton),
    blocks: [
      {
        type: 'input',
        block_id: 'words',
        label: plainText(words('articles.search.label'), limits.inputLabel),
        element: {
          type: 'plain_text_input',
          action_id: 'words',
          max_length: LONGEST_WORDS,
          focus_on_load: true,
          placeholder: plainText(words('articles.search.placeholder'), limits.placeholder),
          ...(asked ? { initial_value: asked } : {}),
        },
      },
      section('articles.found', intro),
      ...listed.flatMap((article): KnownBlock[] =>
        articleLine(`article.${article.id}`, article, [readButton(article, ctx), ...pageButton(article, ctx)], ctx),
      ),
    ],
  }
}

/** The wish is settled and no ticket was opened; the way to open one anyway. */
export function settledModal(input: { title: string; draftId: string; ctx: ViewContext }): ModalView {
  const { title, draftId, ctx } = input
  const { words } = ctx
  return {
    type: 'modal',
    callback_id: 'articles.settled',
    title: plainText(words('articles.settled.title'), limits.modalTitle),
    close: plainText(words('slack.button.close'), limits.modalButton),
    blocks: [
      section('settled.text', say(words, 'articles.settled.text', { title })),
      actions('settled.nav', [button('article.anyway', words('articles.settled.anyway'), { draft: draftId })]),
    ],
  }
}

function frame(way: ArticleWay, title: string, ctx: ViewContext, buttons: FormButtons): Omit<ModalView, 'blocks'> {
  const isPage = way.way === 'draft'
  return {
    type: 'modal',
    callback_id: isPage ? 'articles.page' : 'articles.article',
    private_metadata: JSON.stringify(way),
    title: plainText(title, limits.modalTitle),
    ...(isPage ? { submit: plainText(buttons.continue, limits.modalButton) } : {}),
    close: plainText(isPage ? buttons.close : ctx.words('slack.button.close'), limits.modalButton),
  }
}

/** What a modal of ours says it came from; a list where it says nothing that is ours. */
export function readWay(text: string | undefined): ArticleWay {
  try {
    const way: unknown = JSON.parse(text ?? '')
    const [draft, page, words] = ['draft', 'page', 'words'].map((key) => at(way, key))
    if (at(way, 'way') === 'draft' && typeof draft === 'string' && typeof page === 'string')
      return { way: 'draft', draft, page }
    if (at(way, 'way') === 'search' && typeof words === 'string') return { way: 'search', words }
  } catch {
    // Said below.
  }
  return { way: 'list' }
}
