import type { Clock } from '../clock.ts'
import { hashOf, type Secrets } from '../secrets.ts'

/** A page that is sent back to us. */
export type SentPage = 'survey' | 'describe' | 'join'

/**
 * The proof that a page carries: its hour, a random name, and a token over both and the page's link. A mail scanner
 * that only opens links never sends it (W1), another site cannot make one (W8), and each page counts at most once.
 */
export function provePage(secrets: Secrets, clock: Clock, kind: SentPage, token: string, nonce: string): string {
  const page = `${hourOf(clock)}.${nonce}`
  return `${page}.${secrets.pageToken(about(kind, token, page))}`
}

/** The cause that a sent page is, the same for the same page; null when it is too old or not ours: nothing may count. */
export function sourceOfPage(
  secrets: Secrets,
  clock: Clock,
  kind: SentPage,
  token: string,
  proof: string,
): string | null {
  const [, hour = '', nonce = '', sent = ''] = /^(\d{1,9})\.([a-z0-9]{16,64})\.([a-z2-7]{26})$/.exec(proof) ?? []
  const age = hourOf(clock) - Number(hour)
  const isOurs = secrets.isPageToken(about(kind, token, `${hour}.${nonce}`), sent)
  return isOurs && age >= 0 && age <= VALID_HOURS ? `web/${kind}/${hashOf(token).toString('hex')}/${nonce}` : null
}

const VALID_HOURS = 4 // a page left open over lunch still counts; one from a browser's history asks once more

function about(kind: SentPage, token: string, page: string): string {
  return `${kind}:${token}:${page}`
}

function hourOf(clock: Clock): number {
  return Math.floor(clock.now().getTime() / 3_600_000)
}
