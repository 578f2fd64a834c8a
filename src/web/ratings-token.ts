import type { Clock } from '../clock.ts'
import type { Secrets } from '../secrets.ts'

const VALID_DAYS = 30
const DAY_MS = 24 * 3_600_000

/** What opens the list of one person's unrated requests: whose it is, until which day, and a proof of both. */
export function ratingsToken(secrets: Pick<Secrets, 'pageToken'>, clock: Clock, contactId: number): string {
  const until = dayOf(clock) + VALID_DAYS
  return `${contactId}.${until}.${secrets.pageToken(about(contactId, until))}`
}

/** Whose list a token opens; null when it is not ours or over, which nobody can tell apart (W3, W4). */
export function contactOfRatings(secrets: Pick<Secrets, 'isPageToken'>, clock: Clock, token: string): number | null {
  const [, contact = '', until = '', proof = ''] = /^([1-9]\d{0,14})\.(\d{1,7})\.([a-z2-7]{26})$/.exec(token) ?? []
  const isOurs = secrets.isPageToken(about(Number(contact), Number(until)), proof)
  return isOurs && Number(until) >= dayOf(clock) ? Number(contact) : null
}

const about = (contactId: number, until: number) => `ratings:${contactId}:${until}`

const dayOf = (clock: Clock) => Math.floor(clock.now().getTime() / DAY_MS)
