import { type ClientWords, clientWords } from './client-words.ts'
import { elementsOf, isEmpty, textIn } from './inputs.ts'
import type { Block, StateValue, View } from './types.ts'

export const FILE_INPUT_LIMIT_BYTES = 10 * 1024 * 1024 // BK/block-elements/file-input-element
const FILE_INPUT_MAX_FILES = 10
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** What Slack's client itself says before it sends a submission, by block_id; empty when there is nothing to say. */
export function clientErrors(view: View, locale?: string): Record<string, string> {
  const says = clientWords(locale)
  const errors: Record<string, string> = {}
  for (const { block, element, blockId, actionId } of elementsOf(view.blocks)) {
    if (block.type !== 'input') continue
    const value = view.values[blockId]?.[actionId]
    const error = isEmpty(value) ? (block.optional ? undefined : says.required) : wrong(element, value, says)
    if (error) errors[blockId] = error
  }
  return errors
}

function wrong(element: Block, value: StateValue | undefined, says: ClientWords): string | undefined {
  const text = textIn(value) ?? ''
  switch (element.type) {
    case 'plain_text_input': {
      const least = (element.min_length as number | undefined) ?? 0
      const most = (element.max_length as number | undefined) ?? 3000
      if (text.length < least) return says.atLeast(least)
      if (text.length > most) return says.atMost(most)
      return undefined
    }
    case 'email_text_input':
      return EMAIL.test(text) ? undefined : says.email
    case 'url_text_input':
      return URL.canParse(text) ? undefined : says.url
    case 'number_input':
      return wrongNumber(element, text, says)
    case 'multi_static_select':
    case 'multi_external_select':
    case 'multi_users_select':
    case 'multi_channels_select':
    case 'multi_conversations_select':
      return tooMany(element, value, says)
    case 'file_input':
      return wrongFiles(element, (value?.files ?? []) as { name: string; size: number }[], says)
    default:
      return undefined
  }
}

function wrongNumber(element: Block, text: string, says: ClientWords): string | undefined {
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number)) return says.number
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return says.whole
  if (element.min_value !== undefined && number < Number(element.min_value)) return says.least(element.min_value)
  if (element.max_value !== undefined && number > Number(element.max_value)) return says.most(element.max_value)
  return undefined
}

function tooMany(element: Block, value: StateValue | undefined, says: ClientWords): string | undefined {
  const most = element.max_selected_items as number | undefined
  const chosen = Object.values(value ?? {}).find(Array.isArray) as unknown[] | undefined
  return most !== undefined && (chosen?.length ?? 0) > most ? says.choices(most) : undefined
}

function wrongFiles(element: Block, files: { name: string; size: number }[], says: ClientWords): string | undefined {
  const most = (element.max_files as number | undefined) ?? FILE_INPUT_MAX_FILES
  if (files.length > most) return says.files(most)
  const big = files.find((file) => file.size > FILE_INPUT_LIMIT_BYTES)
  if (big) return says.large(big.name)
  const types = element.filetypes as string[] | undefined
  const other = types && files.find((file) => !types.includes(file.name.split('.').pop()?.toLowerCase() ?? ''))
  return other ? says.type(other.name, types.join(', ')) : undefined
}
