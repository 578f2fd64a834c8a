import type { Person } from '../ticket/in-full.ts'

export type SlackReader = Pick<Person, 'locale' | 'timeZone'>

/**
 * The language and zone of people met lately, for what has to be said before the database has answered, or because it
 * did not: "one moment", "something went wrong".
 */
export interface RecentReaders {
  saw(userId: string, reader: SlackReader): void
  /** Null for somebody this process has not met. */
  of(userId: string): SlackReader | null
}

const MOST = 10_000

export function createRecentReaders(): RecentReaders {
  const seen = new Map<string, SlackReader>()
  return {
    saw(userId, { locale, timeZone }) {
      if (seen.size >= MOST) seen.clear()
      seen.set(userId, { locale, timeZone })
    },
    of: (userId) => seen.get(userId) ?? null,
  }
}
