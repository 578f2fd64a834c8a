import type { Clock } from '../clock.ts'

/**
 * Up to which moment all that people said in Slack is here, so that nobody's words are met by a deadline that they were in
 * time for. Slack delivers what we did not take again, after up to five minutes (docs.slack.dev/apis/events-api).
 */
export interface Heard {
  upTo(): Date
  /** We hear, or hear again. */
  began(): void
  /** We do not hear. */
  ended(): void
  /** Something was not taken: Slack says it again. */
  missed(): void
}

const AGAIN_MS = 6 * 60_000
/** What somebody said a moment ago may still be on its way, or be waiting for the database. */
const ON_ITS_WAY_MS = 10_000

export function createHeard(clock: Clock): Heard {
  let allUpTo = new Date(0)
  let hearingSince: Date | null = null
  const upTo = () => {
    const now = clock.now().getTime()
    const isWhole = hearingSince !== null && now - hearingSince.getTime() >= AGAIN_MS
    if (isWhole) allUpTo = new Date(now - ON_ITS_WAY_MS)
    return allUpTo
  }
  return {
    upTo,
    began: () => {
      hearingSince ??= clock.now()
    },
    ended: () => {
      upTo()
      hearingSince = null
    },
    missed: () => {
      upTo()
      if (hearingSince !== null) hearingSince = clock.now()
    },
  }
}
