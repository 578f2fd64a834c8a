import { followedArticles } from '../store/articles/follows.ts'
import type { Database } from '../store/database.ts'
import { homeViewOf } from '../store/home-views.ts'
import { requestersReadBy } from '../store/readers.ts'
import { requestPage, waitingFor } from '../store/requests.ts'
import type { HistoryTerms } from '../ticket/history.ts'
import type { Person } from '../ticket/in-full.ts'
import { HOME_ARTICLES } from './views/home/followed.ts'
import { WAITING_ROWS } from './views/home/needs-me.ts'
import { HOME_ROWS } from './views/home/requests.ts'
import type { HomeData } from './views/home/section.ts'

/** Reads what a person's App Home shows now; each of its sections has its own question to the database here. */
export async function homeData(
  database: Database,
  contactId: number,
  person: Person | null,
  locales: string[],
  terms: HistoryTerms,
): Promise<HomeData> {
  const view = await homeViewOf(database, contactId)
  const [page, waiting, others] = await Promise.all([
    requestPage(database, contactId, view, HOME_ROWS, terms),
    waitingFor(database, contactId, WAITING_ROWS),
    requestersReadBy(database, contactId),
  ])
  const speaking = { chosen: person?.language ?? null, locales, timeZone: person?.timeZone ?? null }
  const followed = await followedArticles(database, contactId, HOME_ARTICLES)
  return { view, terms, page, waiting, hasOrganization: others.length > 0, speaking, followed }
}
