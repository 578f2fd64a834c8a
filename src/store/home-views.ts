import { freshView, type HistoryView } from '../ticket/history.ts'
import type { Db } from './database.ts'
import { managedOrganizations } from './organizations.ts'

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
  await db.query(
    `insert into home_views (contact_id, view, seen_at) values ($1, '{}', $2)
     on conflict (contact_id) do update set seen_at = excluded.seen_at,
       view = case when home_views.seen_at < $3 then excluded.view else home_views.view end`,
    [contactId, now, new Date(now.getTime() - KEPT_MS)],
  )
  await showsOrganizations(db, contactId, now)
}

/** Keeps of which organisations somebody's App Home, last seen at `seenAt`, lists the requests: those they manage now. */
export async function showsOrganizations(db: Db, contactId: number, seenAt: Date): Promise<void> {
  const managed = (await managedOrganizations(db, contactId)).map(({ id }) => id)
  await db.query('delete from organization_homes where contact_id = $1 and organization_id <> all($2)', [
    contactId,
    managed,
  ])
  if (managed.length === 0) return
  await db.query(
    `insert into organization_homes select unnest($2::bigint[]), $1, $3
     on conflict (organization_id, contact_id) do update set seen_at = excluded.seen_at`,
    [contactId, managed, seenAt],
  )
}
