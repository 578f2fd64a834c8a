import type { AnsweredFile, Field, Page } from '../../ticket/form.ts'
import { NO_ACCOUNT } from './form-field.ts'

/**
 * What somebody filled in on a page, by field key, from `view.state.values`: a string, values of options,
 * true or false for consent, files.
 * A field left empty, or in a shape that is not ours, has no entry; `checkAnswers` judges the rest.
 */
export function readState(page: Page, values: unknown): Record<string, unknown> {
  const raw: Record<string, unknown> = {}
  for (const field of page.fields) {
    const answer = readField(field, onlyElement(at(values, field.key)))
    if (answer !== undefined) raw[field.key] = answer
  }
  return raw
}

/** What a field's block holds: it has one element, whatever that is called. */
function onlyElement(block: unknown): unknown {
  return typeof block === 'object' && block !== null ? Object.values(block)[0] : undefined
}

function readField(field: Field, state: unknown): unknown {
  if (typeof state !== 'object' || state === null) return undefined
  switch (field.kind) {
    case 'name':
    case 'text':
    case 'longtext':
    case 'email':
    case 'url':
    case 'number':
      return text(at(state, 'value'))
    case 'date':
      return text(at(state, 'selected_date'))
    case 'checkboxes': {
      const ticked = at(state, 'selected_options')
      return Array.isArray(ticked) ? ticked.map((option) => at(option, 'value')) : undefined
    }
    case 'select':
    case 'radio':
      return text(at(at(state, 'selected_option'), 'value'))
    case 'account': {
      const key = text(at(at(state, 'selected_option'), 'value'))
      return key === NO_ACCOUNT ? undefined : key
    }
    case 'consent': {
      const ticked = at(state, 'selected_options')
      return Array.isArray(ticked) ? ticked.length > 0 : undefined
    }
    case 'files': {
      const files = at(state, 'files')
      return Array.isArray(files) ? files.map(readFile).filter((file) => file !== null) : undefined
    }
    default:
      return field satisfies never
  }
}

/** A file object of Slack's (docs.slack.dev/reference/objects/file-object), or null when it names no file. */
export function readFile(file: unknown): AnsweredFile | null {
  const id = text(at(file, 'id'))
  if (!id) return null
  const size = at(file, 'size')
  return {
    id,
    name: text(at(file, 'name')) ?? text(at(file, 'title')) ?? id,
    contentType: text(at(file, 'mimetype')) ?? 'application/octet-stream',
    size: typeof size === 'number' && size >= 0 ? size : 0,
    url: text(at(file, 'url_private_download')) ?? text(at(file, 'url_private')) ?? '',
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A property of something unknown; undefined where there is none. */
export function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
}
