import type { KnownBlock } from '@slack/types'
import { actions, button, section } from '../blocks.ts'
import { say, type ViewContext } from '../context.ts'
import { filterName } from './controls.ts'
import { rowBlock, votes } from './row.ts'
import type { HomeData, HomeSection } from './section.ts'

/** How many requests a page of the App Home shows: well below Slack's 100 blocks, and as many as anybody scrolls. */
export const HOME_ROWS = 20

/** The page of requests, each with what can be done from here, and the way to the pages beside it. 42 blocks. */
export const requests: HomeSection = (data, ctx) => {
  const { page, view } = data
  const end: KnownBlock = { type: 'divider', block_id: 'home.end' }
  if (page.rows.length === 0) return [section('home.none', nothing(data, ctx)), end]
  const rated = view.scope === 'unrated'
  const rows = page.rows
    .slice(0, HOME_ROWS)
    .flatMap((row): KnownBlock[] => [
      rowBlock(`home.request.${row.id}`, row, ctx),
      ...(rated ? [votes(`home.vote.${row.id}`, row.id, ctx)] : []),
    ])
  return [...rows, ...paging(data, ctx), end]
}

function paging({ page }: HomeData, { words }: ViewContext): KnownBlock[] {
  const buttons = [
    ...(page.newer ? [button('home.newer', words('history.previous'), page.newer)] : []),
    ...(page.older ? [button('home.older', words('history.next'), page.older)] : []),
  ]
  return buttons.length > 0 ? [actions('home.pages', buttons)] : []
}

/** Why there is nothing, and what to do: the most particular choice is the one to say. */
function nothing({ view, terms }: HomeData, { words }: ViewContext): string {
  if (view.search) return say(words, 'history.empty.search', { search: view.search })
  if (view.status) return say(words, 'history.empty.status', { status: filterName(view.status, terms, words) })
  return words(`history.empty.${view.scope}`)
}
