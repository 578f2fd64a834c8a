import { Temporal } from 'temporal-polyfill'
import type { Answer, AnsweredFile, ChoiceField, Field, NumberField, TextField } from './form.ts'
import type { AnswerError, Choices } from './form-answers.ts'
import { isMailAddress } from './mail-address.ts'

/** An answer that can be taken, why it cannot, or undefined where nothing was answered. */
export type Read = { answer: Answer } | { error: AnswerError } | undefined

/**
 * What somebody sent for a field, trimmed and judged. Nothing is believed that came from outside: an option not offered,
 * a store that is none of theirs. Without `choices` any store will do.
 */
export function readAnswer(field: Field, raw: unknown, choices?: Choices): Read {
  if (field.kind === 'consent') return readConsent(field.required, raw)
  if (raw === undefined || raw === null || raw === '') return undefined
  switch (field.kind) {
    case 'files':
      return readFiles(field.maxFiles, raw)
    case 'checkboxes':
      return readMany(field, raw)
    case 'number':
      return readNumber(field, raw)
    case 'account': {
      if (typeof raw !== 'string') return { error: 'not-an-answer' }
      const isTheirs = !choices || choices.accounts.some(({ key }) => key === raw)
      return isTheirs ? { answer: raw } : { error: 'unknown-option' }
    }
    case 'select':
    case 'radio': {
      if (typeof raw !== 'string') return { error: 'not-an-answer' }
      return isOffered(field, raw) ? { answer: raw } : { error: 'unknown-option' }
    }
    case 'date':
      return readDate(raw)
    case 'name':
    case 'text':
    case 'longtext':
    case 'email':
    case 'url':
      return readText(field, raw)
    default:
      return field satisfies never
  }
}

/** One http or https address without a user name, as the schema of a form writes it too. */
export const webAddress = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s/?#@:]+(?::\d{1,5})?(?:[/?#]\S*)?$/u

function readText(field: TextField, raw: unknown): Read {
  if (typeof raw !== 'string') return { error: 'not-an-answer' }
  const answer = field.kind === 'longtext' ? tidy(raw) : tidy(raw).replace(/\s+/g, ' ')
  if (answer === '') return undefined
  if (answer.length > field.maxLength) return { error: 'too-long' }
  if (field.kind === 'email' && !isMailAddress(answer)) return { error: 'not-an-email' }
  if (field.kind === 'url' && !webAddress.test(answer)) return { error: 'not-a-url' }
  return { answer }
}

/** A number, also as Slack sends it: in digits, with a point before the decimals. */
function readNumber({ decimals, min, max }: NumberField, raw: unknown): Read {
  const text = typeof raw === 'string' ? raw.trim() : raw
  if (text === '') return undefined
  const number = typeof text === 'string' && /^[+-]?\d{1,15}(\.\d{1,10})?$/.test(text) ? Number(text) : text
  if (typeof number !== 'number' || !Number.isFinite(number)) return { error: 'not-a-number' }
  if (!decimals && !Number.isInteger(number)) return { error: 'not-a-number' }
  const isInRange = number >= (min ?? -MOST) && number <= (max ?? MOST)
  return isInRange ? { answer: number } : { error: 'out-of-range' }
}

/** The largest number, either way, that a form takes where it says no other: it is told exactly as it was typed. */
export const MOST = 999_999_999_999_999

function readDate(raw: unknown): Read {
  if (typeof raw !== 'string') return { error: 'not-an-answer' }
  const answer = raw.trim()
  if (answer === '') return undefined
  if (!/^\d{4}-\d{2}-\d{2}$/.test(answer)) return { error: 'not-a-date' }
  try {
    return { answer: Temporal.PlainDate.from(answer, { overflow: 'reject' }).toString() }
  } catch {
    return { error: 'not-a-date' }
  }
}

function readMany(field: ChoiceField, raw: unknown): Read {
  if (!Array.isArray(raw) || new Set(raw).size !== raw.length) return { error: 'not-an-answer' }
  if (!raw.every((one): one is string => typeof one === 'string')) return { error: 'not-an-answer' }
  if (!raw.every((one) => isOffered(field, one))) return { error: 'unknown-option' }
  return raw.length > 0 ? { answer: raw } : undefined
}

function isOffered(field: ChoiceField, value: string): boolean {
  return field.options.some((option) => option.value === value)
}

/** An unticked box is an answer, no; a box that has to be ticked is not answered until it is. */
function readConsent(required: boolean, raw: unknown): Read {
  const answer = raw ?? false
  if (typeof answer !== 'boolean') return { error: 'not-an-answer' }
  return required && !answer ? undefined : { answer }
}

function readFiles(maxFiles: number, raw: unknown): Read {
  if (!Array.isArray(raw)) return { error: 'not-an-answer' }
  if (raw.length > maxFiles) return { error: 'too-many-files' }
  const files: AnsweredFile[] = []
  for (const file of raw as Partial<Record<keyof AnsweredFile, unknown>>[]) {
    if (typeof file?.id !== 'string' || typeof file.name !== 'string') return { error: 'not-an-answer' }
    files.push({
      id: file.id,
      name: tidy(file.name),
      contentType: typeof file.contentType === 'string' ? file.contentType : 'application/octet-stream',
      size: typeof file.size === 'number' ? file.size : 0,
      url: typeof file.url === 'string' ? file.url : '',
    })
  }
  return files.length > 0 ? { answer: files } : undefined
}

/** Without what Postgres cannot store (NUL, lone surrogates), Windows line ends, and blanks around. */
function tidy(text: string): string {
  return text.toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()
}
