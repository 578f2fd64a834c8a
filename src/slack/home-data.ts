import { followedArticles } from '../store/articles/follows.ts'
import type { Database } from '../store/database.ts'
import { requestsOf } from '../store/in-full.ts'
import type { Person } from '../ticket/in-full.ts'
import { HOME_ARTICLES } from './views/home/followed.ts'
import { HOME_ROWS } from './views/home/requests.ts'
import type { HomeData } from './views/home/section.ts'

/** Reads what a person's App Home shows now; each of its sections has its own question to the database here. */
export async function homeData(
  database: Database,
  contactId: number,
  person: Person | null,
  locales: string[],
): Promise<HomeData> {
  const speaking = { chosen: person?.language ?? null, locales, timeZone: person?.timeZone ?? null }
  const followed = await followedArticles(database, contactId, HOME_ARTICLES)
  return { ...(await requestsOf(database, contactId, HOME_ROWS)), speaking, followed }
}
