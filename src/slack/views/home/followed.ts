import type { KnownBlock } from '@slack/types'
import { readButton, titleLine } from '../articles/article-line.ts'
import { context, section } from '../blocks.ts'
import { moment, say } from '../context.ts'
import type { HomeSection } from './section.ts'

/** How many followed articles the App Home shows; all of them are behind "Help articles". */
export const HOME_ARTICLES = 8

/** Articles that the reader follows, the last changed first, each with when that was (ART-02). 11 blocks. */
export const followedSection: HomeSection = ({ followed }, ctx) => {
  const { words } = ctx
  const { articles = [], total = 0 } = followed ?? {}
  if (articles.length === 0) return []
  const left = total - articles.length
  return [
    section('home.followed', words('articles.followed.title')),
    ...articles.map((article): KnownBlock => {
      const lines = [titleLine(article, ctx), say(words, 'articles.changed', { at: moment(ctx, article.changedAt) })]
      return { ...section(`home.article.${article.id}`, lines.join('\n')), accessory: readButton(article, ctx) }
    }),
    ...(left > 0 ? [context('home.followed-more', words('articles.followed.more', { count: left }))] : []),
    { type: 'divider', block_id: 'home.followed-end' },
  ]
}
