import type { Button, KnownBlock } from '@slack/types'
import type { ArticleLine } from '../../../ticket/article.ts'
import type { RequestRow } from '../../../ticket/in-full.ts'
import type { ViewContext } from '../context.ts'

/** Everything the App Home of one person shows. `slack/home-data.ts` reads it; a section that needs more adds a field. */
export interface HomeData {
  /** The reader's requests, in the order they are shown. */
  rows: RequestRow[]
  /** There are others beyond `rows`. */
  hasMore: boolean
  /** The language the reader chose (null: none), those there are, and their IANA zone as Slack has it. */
  speaking: { chosen: string | null; locales: string[]; timeZone: string | null }
  /** Articles that the reader follows, the last changed first, and how many there are in all. */
  followed?: { articles: ArticleLine[]; total: number }
}

/** A part of the App Home: its blocks, none when it has nothing to say. Each keeps to the number of blocks that it states. */
export type HomeSection = (data: HomeData, ctx: ViewContext) => KnownBlock[]

/** A button at the top of the App Home, or none for this reader. */
export type HomeButton = (data: HomeData, ctx: ViewContext) => Button | null
