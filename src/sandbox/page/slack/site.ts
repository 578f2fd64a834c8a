import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { ClickTarget, InputValue, StateValue, ViewValues } from '../../slack/types.ts'

/** A Block Kit element as the app sent it. */
export type Element = { type: string; action_id?: string; [property: string]: unknown }

/** The message, modal or Home in which blocks stand: what was chosen there, and what using an element does. */
export interface Site {
  target: ClickTarget
  values: ViewValues
  /** By block_id; only a modal has them. */
  errors: Record<string, string>
  /** `block_id/action_id` of what the app is working on. */
  busy: string | null
  /** A press or a choice that the app hears of at once (block_actions). */
  act(element: Element, blockId: string, value?: InputValue): Promise<void>
  /** A value put into an input block. */
  fill(element: Element, blockId: string, value: InputValue): Promise<void>
  /** A text that is still being typed: it is handed over before anything is pressed, and on leaving the field. */
  typing(key: string, hand: (() => Promise<void>) | null): void
}

export const SiteContext = createContext<Site | null>(null)

export function useSite(): Site {
  const site = useContext(SiteContext)
  if (!site) throw new Error('a block is drawn outside a message, modal or Home')
  return site
}

export const keyOf = (blockId: string, element: Element) => `${blockId}/${element.action_id ?? ''}`

/** An option of a menu, radio or checkbox group (docs.slack.dev/reference/block-kit/composition-objects/option-object). */
export interface Option {
  text: { type: string; text: string }
  value: string
  description?: { type: string; text: string }
  url?: string
}

export interface OptionGroup {
  label: { type: string; text: string }
  options: Option[]
}

/** What an element holds now. */
export function held(site: Site, blockId: string, element: Element): StateValue | undefined {
  return site.values[blockId]?.[element.action_id ?? '']
}

export const heldOption = (value: StateValue | undefined) => (value?.selected_option ?? null) as Option | null
export const heldOptions = (value: StateValue | undefined) => (value?.selected_options ?? []) as Option[]
