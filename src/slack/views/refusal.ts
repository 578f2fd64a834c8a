import type { Words } from '../../templates.ts'
import type { RefusalCode } from '../../ticket/refusal.ts'
import { say } from './context.ts'

/** A Refusal as the text of an ephemeral: what cannot be done, and what can be done instead. */
export function refusalText(code: RefusalCode, params: Record<string, string | number>, words: Words): string {
  return say(words, `refusal.${code}`, params)
}
