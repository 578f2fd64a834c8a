import { elementsOf, isEmpty, textIn } from './inputs.ts'
import type { Block, StateValue, View } from './types.ts'

export const FILE_INPUT_LIMIT_BYTES = 10 * 1024 * 1024 // BK/block-elements/file-input-element
const FILE_INPUT_MAX_FILES = 10
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** What Slack's client itself says before it sends a submission, by block_id; empty when there is nothing to say. */
export function clientErrors(view: View): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const { block, element, blockId, actionId } of elementsOf(view.blocks)) {
    if (block.type !== 'input') continue
    const value = view.values[blockId]?.[actionId]
    const says = isEmpty(value)
      ? block.optional
        ? undefined
        : 'Please complete this required field.'
      : wrong(element, value)
    if (says) errors[blockId] = says
  }
  return errors
}

function wrong(element: Block, value: StateValue | undefined): string | undefined {
  const text = textIn(value) ?? ''
  switch (element.type) {
    case 'plain_text_input': {
      const least = (element.min_length as number | undefined) ?? 0
      const most = (element.max_length as number | undefined) ?? 3000
      if (text.length < least) return `Please enter at least ${least} characters.`
      if (text.length > most) return `Please enter no more than ${most} characters.`
      return undefined
    }
    case 'email_text_input':
      return EMAIL.test(text) ? undefined : 'Enter an email address.'
    case 'url_text_input':
      return URL.canParse(text) ? undefined : 'Enter a URL.'
    case 'number_input':
      return wrongNumber(element, text)
    case 'multi_static_select':
    case 'multi_external_select':
    case 'multi_users_select':
    case 'multi_channels_select':
    case 'multi_conversations_select':
      return tooMany(element, value)
    case 'file_input':
      return wrongFiles(element, (value?.files ?? []) as { name: string; size: number }[])
    default:
      return undefined
  }
}

function wrongNumber(element: Block, text: string): string | undefined {
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number)) return 'Enter a number.'
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return 'Enter a whole number.'
  if (element.min_value !== undefined && number < Number(element.min_value))
    return `Enter at least ${element.min_value}.`
  if (element.max_value !== undefined && number > Number(element.max_value))
    return `Enter at most ${element.max_value}.`
  return undefined
}

function tooMany(element: Block, value: StateValue | undefined): string | undefined {
  const most = element.max_selected_items as number | undefined
  const chosen = Object.values(value ?? {}).find(Array.isArray) as unknown[] | undefined
  return most !== undefined && (chosen?.length ?? 0) > most ? `Choose no more than ${most}.` : undefined
}

function wrongFiles(element: Block, files: { name: string; size: number }[]): string | undefined {
  const most = (element.max_files as number | undefined) ?? FILE_INPUT_MAX_FILES
  if (files.length > most) return `You can add up to ${most} files.`
  const big = files.find((file) => file.size > FILE_INPUT_LIMIT_BYTES)
  if (big) return `${big.name} is too large. Files can be up to 10 MB.`
  const types = element.filetypes as string[] | undefined
  const other = types && files.find((file) => !types.includes(file.name.split('.').pop()?.toLowerCase() ?? ''))
  return other ? `${other.name} is not one of the allowed file types (${types.join(', ')}).` : undefined
}
