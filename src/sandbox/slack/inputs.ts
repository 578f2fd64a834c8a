import type { Block, InputValue, SlackFile, StateValue, ViewValues } from './types.ts'

/** An interactive element where it stands: in an input, as an accessory, or among the elements of an actions block. */
export interface Placed {
  block: Block
  element: Block
  blockId: string
  actionId: string
}

type Json = Record<string, unknown>

/** Every interactive element of these blocks, in reading order. */
export function elementsOf(blocks: readonly Block[]): Placed[] {
  return blocks.flatMap((block) => {
    const found: unknown[] = []
    if (block.type === 'input') found.push(block.element)
    if (block.type === 'section' && block.accessory) found.push(block.accessory)
    if (block.type === 'actions' || block.type === 'context_actions') found.push(...(block.elements as unknown[]))
    if (block.type === 'card') found.push(...((block.actions as unknown[] | undefined) ?? []))
    const nested = block.type === 'carousel' ? block.elements : block.type === 'container' ? block.child_blocks : []
    const placed = (found as Block[])
      .filter((element) => element.action_id !== undefined)
      .map((element) => ({
        block,
        element,
        blockId: String(block.block_id),
        actionId: String(element.action_id),
      }))
    return [...placed, ...elementsOf((nested ?? []) as Block[])]
  })
}

/** The property of a state value in which each kind of element keeps what was chosen. */
const HOLDS: Record<string, string> = {
  plain_text_input: 'value',
  email_text_input: 'value',
  url_text_input: 'value',
  number_input: 'value',
  rich_text_input: 'rich_text_value',
  static_select: 'selected_option',
  external_select: 'selected_option',
  radio_buttons: 'selected_option',
  overflow: 'selected_option',
  users_select: 'selected_user',
  conversations_select: 'selected_conversation',
  channels_select: 'selected_channel',
  checkboxes: 'selected_options',
  multi_static_select: 'selected_options',
  multi_external_select: 'selected_options',
  multi_users_select: 'selected_users',
  multi_conversations_select: 'selected_conversations',
  multi_channels_select: 'selected_channels',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
  file_input: 'files',
}
const LISTS = new Set(['selected_options', 'selected_users', 'selected_conversations', 'selected_channels', 'files'])

/** Elements that keep no value: buttons, and the overflow menu. */
const isStateless = (type: string) => HOLDS[type] === undefined || type === 'overflow'

function initialValue(element: Block): StateValue | undefined {
  const holds = HOLDS[element.type]
  if (!holds || isStateless(element.type)) return undefined
  const given = Object.entries(element).find(([name]) => name.startsWith('initial_'))?.[1]
  if (given !== undefined) return { type: element.type, [holds]: given }
  if (element.type === 'rich_text_input') return { type: element.type }
  return { type: element.type, [holds]: LISTS.has(holds) ? [] : null }
}

/** What the stateful elements of `blocks` hold: what was there before for the same block_id and action_id
 * (/reference/views/modal-views), else the initial value. Untouched: null, or [] for lists. */
export function valuesOf(blocks: readonly Block[], before: ViewValues = {}): ViewValues {
  const values: ViewValues = {}
  for (const { element, blockId, actionId } of elementsOf(blocks)) {
    const kept = before[blockId]?.[actionId]
    const value = kept?.type === element.type ? kept : initialValue(element)
    if (!value) continue
    values[blockId] ??= {}
    values[blockId][actionId] = value
  }
  return values
}

/** The options an element offers, groups opened. */
export function optionsOf(element: Block): Block[] {
  const groups = (element.option_groups ?? []) as { options: Block[] }[]
  return [...((element.options ?? []) as Block[]), ...groups.flatMap((group) => group.options)]
}

/** The state value after somebody chose or typed `input`. Throws an Error naming what the element does not offer. */
export function chosen(
  element: Block,
  input: InputValue,
  known: { file(id: string): SlackFile | undefined; fileObject(file: SlackFile): Json; external?: Block[] },
): StateValue {
  const holds = HOLDS[element.type]
  if (!holds) throw new Error(`${element.type} holds no value`)
  const list = input === null ? [] : Array.isArray(input) ? input : [String(input)]
  const one = list[0] ?? null
  const state = (value: unknown): StateValue => ({ type: element.type, [holds]: value })
  if (holds === 'selected_options' || holds === 'selected_option') {
    const offered = [...optionsOf(element), ...(known.external ?? [])]
    const options = list.map((value) => {
      const option = offered.find((candidate) => candidate.value === value)
      if (!option) throw new Error(`${element.type} ${element.action_id} offers no option with value ${value}`)
      return option
    })
    return state(holds === 'selected_options' ? options : (options[0] ?? null))
  }
  if (holds === 'files') {
    const files = list.map((id) => known.file(id))
    if (files.some((file) => !file)) throw new Error(`no such file: ${list.join()}`)
    return state(files.map((file) => known.fileObject(file as SlackFile)))
  }
  if (LISTS.has(holds)) return state(list)
  if (element.type === 'datetimepicker') return state(one === null ? null : Number(one))
  if (element.type === 'rich_text_input') {
    const section = { type: 'rich_text_section', elements: [{ type: 'text', text: one }] }
    return one === null ? { type: element.type } : state({ type: 'rich_text', elements: [section] })
  }
  return state(one === '' ? null : one)
}

/** Nothing chosen, nothing typed. */
export function isEmpty(value: StateValue | undefined): boolean {
  if (!value) return true
  const held = value[HOLDS[value.type] ?? '']
  return held === null || held === undefined || held === '' || (Array.isArray(held) && held.length === 0)
}

/** The string a text-like element holds. */
export function textIn(value: StateValue | undefined): string | undefined {
  return typeof value?.value === 'string' ? value.value : undefined
}
