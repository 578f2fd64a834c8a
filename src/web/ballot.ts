import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Secrets } from '../secrets.ts'
import { provePage, sourceOfPage } from './page-proof.ts'
import { postedFields } from './posted.ts'

/** What somebody sent with a survey page. `source` is null when the page is too old, or not ours: nothing may count. */
export interface Ballot {
  score: number | null
  /** Whether they said yes to another look at the request. */
  again: boolean
  comment: string
  source: string | null
}

/** What a survey page proves itself with. */
export function issuePage(secrets: Secrets, clock: Clock, token: string, nonce: string): string {
  return provePage(secrets, clock, 'survey', token, nonce)
}

/** Reads a posted form, or null when it is none of ours: a field unknown, sent twice or no plain string (W21). */
export function readBallot(secrets: Secrets, clock: Clock, token: string, body: string): Ballot | null {
  const fields = postedFields(body)
  const { success, data } = form.safeParse(fields && Object.fromEntries(fields))
  if (!success) return null
  const comment = printable(data.comment)
  return {
    score: data.score ? Number(data.score) : null,
    comment,
    again: data.again !== undefined,
    source: sourceOfPage(secrets, clock, 'survey', token, data.page),
  }
}

const form = z.strictObject({
  page: z.string().default(''),
  score: z
    .string()
    .regex(/^[1-5]$/)
    .optional(),
  comment: z.string().default(''),
  again: z.literal('yes').optional(),
})

/** Browsers send line ends as CR LF; Postgres takes neither NUL nor half a surrogate pair. */
function printable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '')
    .toWellFormed()
    .trim()
}
