import type { Button, KnownBlock } from '@slack/types'
import type { ArticleLine } from '../../../ticket/article.ts'
import type { Edge, HistoryTerms, HistoryView } from '../../../ticket/history.ts'
import type { RequestRow } from '../../../ticket/in-full.ts'
import type { ViewContext } from '../context.ts'

/** Everything the App Home of one person shows. `slack/home-data.ts` reads it; a section that needs more adds a field. */
export interface HomeData {
  /** What the reader chose to see. */
  view: HistoryView
  terms: HistoryTerms
  /** The page of requests they chose, in the order they are shown. */
  page: { rows: RequestRow[]; newer: Edge | null; older: Edge | null }
  /** What waits for them: at most `WAITING_ROWS` of a kind, and one more that says that there are others. */
  waiting: { toAnswer: RequestRow[]; toRate: RequestRow[] }
  /** Whether they may read the requests of their organisation. */
  hasOrganization: boolean
  /** The language the reader chose (null: none), those there are, and their IANA zone as Slack has it. */
  speaking: { chosen: string | null; locales: string[]; timeZone: string | null }
  /** Articles that the reader follows, the last changed first, and how many there are in all. */
  followed?: { articles: ArticleLine[]; total: number }
}

/** A part of the App Home: its blocks, none when it has nothing to say. Each keeps to the number of blocks that it states. */
export type HomeSection = (data: HomeData, ctx: ViewContext) => KnownBlock[]

/** A button at the top of the App Home, or none for this reader. */
export type HomeButton = (data: HomeData, ctx: ViewContext) => Button | null
