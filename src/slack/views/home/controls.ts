import type { Button, InputBlock, KnownBlock, StaticSelect } from '@slack/types'
import type { Words } from '../../../templates.ts'
import { type HistoryTerms, LONGEST_SEARCH, type Scope, type StatusFilter, scopes } from '../../../ticket/history.ts'
import { plain } from '../../text.ts'
import { actions, button, plainText, section } from '../blocks.ts'
import { say, type ViewContext } from '../context.ts'
import { limits } from '../limits.ts'
import type { HomeData, HomeSection } from './section.ts'

/** Whose requests, which status, which order, and the search: what is chosen is seen (TRK-02, TRK-03, CLI-04..07). 5 blocks. */
export const controls: HomeSection = (data, ctx) => [
  { type: 'divider', block_id: 'home.line' } satisfies KnownBlock,
  actions('home.scopes', scopeButtons(data, ctx)),
  searchInput(data, ctx),
  actions('home.filters', [statusSelect(data, ctx), sortButton(data, ctx), ...clearButton(data, ctx)]),
  ...found(data, ctx),
]

function scopeButtons({ view, hasOrganization }: HomeData, { words }: ViewContext): Button[] {
  const offered = (scope: Scope) => scope !== 'organization' || hasOrganization
  return scopes
    .filter(offered)
    .map((scope) =>
      button(
        `home.scope.${scope}`,
        words(`history.scope.${scope}`),
        {},
        view.scope === scope ? { style: 'primary' } : {},
      ),
    )
}

/** Slack puts a new text into a field only under a new block id: while it is the same, what is being typed stays. */
function searchInput({ view }: HomeData, { words }: ViewContext): InputBlock {
  return {
    type: 'input',
    block_id: `home.search.${Buffer.from(view.search).toString('base64url').slice(0, 200)}`,
    dispatch_action: true,
    label: plainText(words('history.search.label'), limits.inputLabel),
    element: {
      type: 'plain_text_input',
      action_id: 'home.search',
      max_length: LONGEST_SEARCH,
      placeholder: plainText(words('history.search.placeholder'), limits.placeholder),
      dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] },
      ...(view.search ? { initial_value: plain(view.search, LONGEST_SEARCH) } : {}),
    },
  }
}

function statusSelect({ view, terms }: HomeData, { words }: ViewContext): StaticSelect {
  // What is looked at is named in any case: another way than the filter may have led there.
  const beside = view.status && !terms.filters.includes(view.status) ? [view.status] : []
  const options = (['any', ...terms.filters, ...beside] as const).map((value) => ({
    value,
    text: plainText(value === 'any' ? words('history.status-any') : filterName(value, terms, words), limits.optionText),
  }))
  return {
    type: 'static_select',
    action_id: 'home.status',
    placeholder: plainText(words('history.status-any'), limits.placeholder),
    options,
    initial_option: options.find(({ value }) => value === (view.status ?? 'any'))!,
  }
}

/** What a filter is called, in the reader's words. */
export function filterName(filter: StatusFilter, { solvedIsActive }: HistoryTerms, words: Words): string {
  if (filter !== 'active') return words(`status.${filter}`)
  return words('history.status-active', { over: solvedIsActive ? 'closed' : 'solved' })
}

/** Says the order there is; pressing it turns it round. */
function sortButton({ view }: HomeData, { words }: ViewContext): Button {
  const [key, spoken] = view.oldestFirst ? ['oldest', 'to-newest'] : ['newest', 'to-oldest']
  return button('home.sort', words(`history.sort.${key}`), {}, { spoken: words(`history.sort.${spoken}`) })
}

function clearButton({ view }: HomeData, { words }: ViewContext): Button[] {
  return view.search ? [button('home.clear', words('history.search.clear'), {})] : []
}

function found({ view, page }: HomeData, { words }: ViewContext): KnownBlock[] {
  if (!view.search || page.rows.length === 0) return []
  return [section('home.found', say(words, 'history.search.found', { search: view.search }))]
}
