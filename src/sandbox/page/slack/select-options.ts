import { useEffect, useState } from 'preact/hooks'
import type { ClickTarget, StateValue } from '../../slack/types.ts'
import type { Reader } from './reader.ts'
import { useReader } from './reader.ts'
import { type Element, heldOption, heldOptions, type Option, type OptionGroup } from './site.ts'
import { slack } from './slack-api.ts'
import { wordsOf } from './text-object.ts'

/** One line of an open select menu. */
export interface Offered {
  value: string
  label: string
  text?: unknown
  description?: string
}

interface Group {
  label: string
  options: Offered[]
}

/** Where the app's answer to what was typed is. */
export type Searching = 'searching' | 'done' | 'failed'

/** What a select menu offers for what was typed: its own options, the app's answer, or the workspace's people and channels. */
export function useOffered(element: Element, blockId: string, target: ClickTarget, open: boolean, query: string) {
  const reader = useReader()
  const [answer, setAnswer] = useState<Group[]>([])
  const [state, setState] = useState<Searching>('done')
  const external = element.type.includes('external')
  const least = Number(element.min_query_length ?? 3)

  useEffect(() => {
    if (!external || !open) return
    if (query.length < least) {
      setAnswer([])
      return
    }
    let wanted = true
    setState('searching')
    // Slack's client asks when typing pauses, not at every letter.
    const timer = setTimeout(async () => {
      const said = await slack.suggest(reader.me, target, String(element.action_id), query, blockId)
      if (!wanted) return
      setState(said.ok ? 'done' : 'failed')
      setAnswer(said.ok ? groupsOf({ ...said }) : [])
    }, 200)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [external, open, query])

  if (external) return { groups: answer, state }
  const all = element.type.includes('static') ? groupsOf(element) : [{ label: '', options: known(element, reader) }]
  return { groups: matching(all, query), state: 'done' as const }
}

function groupsOf(from: Record<string, unknown>): Group[] {
  if (Array.isArray(from.option_groups)) {
    return (from.option_groups as OptionGroup[]).map((group) => ({
      label: wordsOf(group.label),
      options: group.options.map(offered),
    }))
  }
  return [{ label: '', options: ((from.options ?? []) as Option[]).map(offered) }]
}

function offered(option: Option): Offered {
  return {
    value: option.value,
    label: wordsOf(option.text),
    text: option.text,
    description: wordsOf(option.description),
  }
}

function known(element: Element, reader: Reader): Offered[] {
  if (element.type.includes('users')) {
    return reader.screen.people
      .filter((person) => !person.deleted)
      .map((person) => ({ value: person.id, label: person.realName, description: person.email }))
  }
  const channels = reader.screen.channels.filter(
    (channel) => channel.kind === 'public' || !element.type.includes('channels'),
  )
  return channels.map((channel) => ({ value: channel.id, label: channel.with?.name ?? `#${channel.name}` }))
}

/** Upper and lower case, and accents, do not matter. */
function matching(groups: Group[], query: string): Group[] {
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const words = plain(query).split(/\s+/).filter(Boolean)
  const fits = (option: Offered) => {
    const text = plain(`${option.label} ${option.description ?? ''}`)
    return words.every((word) => text.includes(word))
  }
  return groups
    .map((group) => ({ ...group, options: group.options.filter(fits) }))
    .filter((group) => group.options.length)
}

/** What a select holds, with the labels people see. */
export function chosenOf(element: Element, value: StateValue | undefined, reader: Reader): Offered[] {
  // A view that was redrawn in another language calls the same value by other words.
  const own = groupsOf(element).flatMap(({ options }) => options)
  const asCalledNow = (option: Option) => own.find(({ value }) => value === option.value) ?? offered(option)
  const one = heldOption(value)
  if (one) return [asCalledNow(one)]
  const options = heldOptions(value)
  if (options.length) return options.map(asCalledNow)
  const held: Record<string, unknown> = value ?? {}
  const ids = ['user', 'conversation', 'channel'].flatMap((kind) =>
    [held[`selected_${kind}s`], held[`selected_${kind}`]].flat().filter((id) => typeof id === 'string'),
  )
  const labels = known(element, reader)
  return ids.map((id) => labels.find((option) => option.value === id) ?? { value: id, label: id })
}
