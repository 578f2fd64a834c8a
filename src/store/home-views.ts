import { freshView, type HistoryView } from '../ticket/history.ts'
import type { Db } from './database.ts'

// Who comes back after a break looks for what is new, not for the page they left.
const KEPT_MS = 60 * 60_000

/** How a person last looked at their App Home, or as whoever has chosen nothing. */
export async function homeViewOf(db: Db, contactId: number): Promise<HistoryView> {
  const { rows } = await db.query<{ view: Partial<HistoryView> }>('select view from home_views where contact_id = $1', [
    contactId,
  ])
  return { ...freshView, ...rows[0]?.view }
}

/** Remembers how somebody looks at their App Home. */
export async function saveHomeView(db: Db, contactId: number, view: HistoryView, now: Date): Promise<void> {
  await db.query(
    `insert into home_views (contact_id, view, seen_at) values ($1, $2, $3)
     on conflict (contact_id) do update set view = excluded.view, seen_at = excluded.seen_at`,
    [contactId, JSON.stringify(view), now],
  )
}

/** Somebody opens their App Home: after a break of an hour they begin afresh. */
export async function homeOpened(db: Db, contactId: number, now: Date): Promise<void> {
  await db.query('delete from home_views where contact_id = $1 and seen_at < $2', [
    contactId,
    new Date(now.getTime() - KEPT_MS),
  ])
}
