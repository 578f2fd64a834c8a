import type { Button } from '@slack/types'
import { plain } from '../../text.ts'
import { button } from '../blocks.ts'
import type { ViewContext } from '../context.ts'
import { LONGEST_WORDS } from './article-modals.ts'

/** Opens the window in which articles are looked for, with what is found for `asked` if anything was asked. */
export function articlesButton(asked: string, { words }: Pick<ViewContext, 'words'>): Button {
  return button('home.articles', words('articles.button'), { words: plain(asked, LONGEST_WORDS) })
}
