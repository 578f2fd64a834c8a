import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { css, html } from '../html.ts'
import { Icon } from '../icons.ts'
import { confirmed } from './confirm.ts'
import type { ElementProps } from './elements.ts'
import { Popover } from './popover.ts'
import { useReader } from './reader.ts'
import { chosenOf, type Offered, type Searching, useOffered } from './select-options.ts'
import { held, keyOf, useSite } from './site.ts'
import type { SlackWords } from './slack-words.ts'
import { textOf, wordsOf } from './text-object.ts'

/** Every select menu, single and multiple, with search: static, external, users, conversations and channels. */
export function Select({ element, blockId, use, labelledBy, invalid }: ElementProps) {
  const site = useSite()
  const reader = useReader()
  const [open, setOpen] = useState(false)
  const [query, setQuery] = useState('')
  const many = element.type.startsWith('multi_')
  const chosen = chosenOf(element, held(site, blockId, element), reader)
  const { groups, state } = useOffered(element, blockId, site.target, open, query)

  useEffect(() => {
    if (!open) setQuery('')
  }, [open])

  const give = async (value: string | string[] | null) => {
    if (!(await confirmed(element.confirm))) return
    await (use === 'act' ? site.act(element, blockId, value) : site.fill(element, blockId, value))
  }
  const pick = (value: string) => {
    if (!many) {
      setOpen(false)
      return give(value)
    }
    const values = chosen.map((one) => one.value)
    return give(values.includes(value) ? values.filter((one) => one !== value) : [...values, value])
  }
  const clear = () => {
    setOpen(false)
    void give(null)
  }
  const placeholder = wordsOf(element.placeholder) || (many ? reader.says.selectMany : reader.says.selectOne)
  const busy = site.busy === keyOf(blockId, element)

  return html`<div class="select">
    ${
      many &&
      chosen.length > 0 &&
      html`<div class="chips">${chosen.map(
        (one) => html`<button
      type="button"
      class="chip"
      key=${one.value}
      aria-label=${`Remove ${one.label}`}
      onClick=${() => pick(one.value)}
    >${one.label} <${Icon} name="close" size=${12} /></button>`,
      )}</div>`
    }
    <${Popover}
      open=${open}
      onOpen=${setOpen}
      wide=${use === 'fill'}
      anchor=${(props: object) => html`<button
        type="button"
        role="combobox"
        class=${css('field choose', use === 'act' && 'inline', busy && 'busy')}
        aria-labelledby=${labelledBy}
        aria-invalid=${invalid}
        data-test=${`action-${element.action_id}`}
        data-value=${many ? undefined : chosen[0]?.value}
        ...${props}
      >
        <span class=${css(!(chosen[0] && !many) && 'placeholder')}>${(!many && chosen[0]?.label) || placeholder}</span>
        <${Icon} name="down" size=${16} />
      </button>`}
    >
      <${Options} groups=${groups} chosen=${chosen.map((one) => one.value)} many=${many} state=${state} query=${query} onQuery=${setQuery} onPick=${pick}
        onClear=${!many && use === 'fill' && chosen[0] ? clear : null} least=${Number(element.min_query_length ?? 0)} />
    <//>
  </div>`
}

interface OptionsProps {
  groups: { label: string; options: Offered[] }[]
  chosen: string[]
  many: boolean
  state: Searching
  query: string
  onQuery: (query: string) => void
  onPick: (value: string) => void
  onClear: (() => void) | null
  least: number
}

function Options({ groups, chosen, many, state, query, onQuery, onPick, onClear, least }: OptionsProps) {
  const reader = useReader()
  const flat = groups.flatMap((group) => group.options)
  const [at, setAt] = useState(
    Math.max(
      0,
      flat.findIndex((option) => chosen.includes(option.value)),
    ),
  )
  const list = useRef<HTMLDivElement>(null)
  const search = useRef<HTMLInputElement>(null)
  const id = useId()
  useEffect(() => search.current?.focus({ preventScroll: true }), [])
  useEffect(() => {
    list.current?.querySelector('[data-at="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      setAt((now) => Math.max(0, Math.min(flat.length - 1, now + step)))
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      const option = flat[at]
      if (option) onPick(option.value)
    }
  }
  let index = -1
  return html`<div class="options" onKeyDown=${onKeyDown}>
    <label class="search">
    <${Icon} name="search" size=${15} />
    <input ref=${search} placeholder=${reader.says.search} aria-label=${reader.says.search} aria-controls=${id} aria-activedescendant=${`${id}-${at}`} data-test="select-search" value=${query} onInput=${(
      event: Event,
    ) => {
      onQuery((event.currentTarget as HTMLInputElement).value)
      setAt(0)
    }} /></label>
    <div role="listbox" id=${id} aria-multiselectable=${many} ref=${list}>
      ${groups.map((group) => {
        return html`<div role="group" aria-label=${group.label} key=${group.label}>
          ${group.label && html`<div class="group">${group.label}</div>`}
          ${group.options.map((option) => {
            index += 1
            const here = index
            const is = chosen.includes(option.value)
            return html`<div
              role="option"
              id=${`${id}-${here}`}
              key=${option.value}
              aria-selected=${is}
              data-at=${here === at}
              data-test=${`option-${option.value}`}
              onMouseMove=${() => setAt(here)}
              onClick=${() => onPick(option.value)}
            >
              <span>${option.text ? textOf(option.text, reader) : option.label}${option.description && html`<small>${option.description}</small>`}</span>
              ${is && html`<${Icon} name="check" size=${15} />`}
            </div>`
          })}
        </div>`
      })}
      ${flat.length === 0 && html`<p class="none">${emptyWords(state, query, least, reader.says)}</p>`}
    </div>
    ${
      onClear &&
      html`<button
      type="button"
      class="clear"
      data-test="select-clear"
      onClick=${onClear}
    >${reader.says.clear}</button>`
    }
  </div>`
}

function emptyWords(state: Searching, query: string, least: number, says: SlackWords): string {
  if (state === 'searching') return says.searching
  if (state === 'failed') return 'The app did not answer. Type again to ask it once more.'
  if (query.length >= least) return says.noMatches
  return least === 1 ? 'Type something to search' : `Type at least ${least} characters to search`
}
