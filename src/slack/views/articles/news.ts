import type { ArticleLine } from '../../../ticket/article.ts'
import { oneLine, plain } from '../../text.ts'
import { context, section, spoken } from '../blocks.ts'
import { type MessageView, say, type ViewContext } from '../context.ts'
import { articleLine, followButton, pageButton, readButton } from './article-line.ts'

const MOST_LISTED = 10

/** Articles that the reader follows and that have changed, in one message (ART-02). */
export function newsView(
  articles: (ArticleLine & { isFollowed: boolean })[],
  importId: number,
  ctx: ViewContext,
): MessageView {
  const { words } = ctx
  const shown = articles.slice(0, MOST_LISTED)
  const left = articles.length - shown.length
  const title = say(words, 'articles.news', { count: articles.length })
  const titles = shown.map(({ title }) => plain(oneLine(title), 200)).join('\n')
  const more = left > 0 ? words('articles.news-more', { count: left }) : ''
  return {
    text: spoken([title], titles, [more]),
    blocks: [
      section('news.title', title),
      ...shown.flatMap((article) =>
        articleLine(
          `article.${article.id}`,
          article,
          [
            readButton(article, ctx),
            ...pageButton(article, ctx),
            followButton(article, article.isFollowed, ctx, importId),
          ],
          ctx,
        ),
      ),
      ...(more ? [context('news.more', more)] : []),
    ],
  }
}
