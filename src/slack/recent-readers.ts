import type { Person } from '../ticket/in-full.ts'

/** `isUnmet`: nobody has asked yet who that is, so no language is theirs. */
export type SlackReader = Pick<Person, 'locale' | 'language' | 'timeZone'> & { isUnmet?: true }

/**
 * The language and zone of people met lately, for what has to be said before the database has answered, or because it
 * did not: "one moment", "something went wrong".
 */
export interface RecentReaders {
  saw(userId: string, reader: SlackReader): void
  of(userId: string): SlackReader
}

/** As many as are remembered. */
export const MOST_READERS = 10_000

export function createRecentReaders(): RecentReaders {
  const seen = new Map<string, SlackReader>()
  return {
    saw(userId, { locale, language = null, timeZone }) {
      if (seen.size >= MOST_READERS) seen.clear()
      seen.set(userId, { locale, language, timeZone })
    },
    of: (userId) => seen.get(userId) ?? { locale: null, timeZone: null, isUnmet: true },
  }
}
