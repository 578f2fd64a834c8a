import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { hashOf, type Secrets } from '../secrets.ts'

/** What somebody sent with a survey page. `source` is null when the page is too old, or not ours: nothing may count. */
export interface Ballot {
  score: number | null
  comment: string
  source: string | null
}

/**
 * The proof that a page carries: its hour, a random name, and a token over both and the survey's link. A mail scanner
 * that only opens links never sends it (W1), another site cannot make one (W8), and each page counts at most once.
 */
export function issuePage(secrets: Secrets, clock: Clock, token: string, nonce: string): string {
  const page = `${hourOf(clock)}.${nonce}`
  return `${page}.${secrets.pageToken(about(token, page))}`
}

/** Reads a posted form, or null when it is none of ours: a field unknown, sent twice or no plain string (W21). */
export function readBallot(secrets: Secrets, clock: Clock, token: string, body: string): Ballot | null {
  const fields = [...new URLSearchParams(body)]
  if (new Set(fields.map(([name]) => name)).size !== fields.length) return null
  const { success, data } = form.safeParse(Object.fromEntries(fields))
  if (!success) return null
  const comment = printable(data.comment)
  return { score: data.score ? Number(data.score) : null, comment, source: sourceOf(secrets, clock, token, data.page) }
}

const form = z.strictObject({
  page: z.string().default(''),
  score: z
    .string()
    .regex(/^[1-5]$/)
    .optional(),
  comment: z.string().default(''),
})

function sourceOf(secrets: Secrets, clock: Clock, token: string, sent: string): string | null {
  const [, hour = '', nonce = '', proof = ''] = /^(\d{1,9})\.([a-z0-9]{16,64})\.([a-z2-7]{26})$/.exec(sent) ?? []
  const age = hourOf(clock) - Number(hour)
  const isOurs = secrets.isPageToken(about(token, `${hour}.${nonce}`), proof)
  return isOurs && age >= 0 && age <= VALID_HOURS ? `web/survey/${hashOf(token).toString('hex')}/${nonce}` : null
}

const VALID_HOURS = 4 // a page left open over lunch still counts; one from a browser's history asks once more

function about(token: string, page: string): string {
  return `survey:${token}:${page}`
}

function hourOf(clock: Clock): number {
  return Math.floor(clock.now().getTime() / 3_600_000)
}

/** Browsers send line ends as CR LF; Postgres takes neither NUL nor half a surrogate pair. */
function printable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '')
    .toWellFormed()
    .trim()
}
