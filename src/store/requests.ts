import {
  activeStatuses,
  type Edge,
  type HistoryTerms,
  type HistoryView,
  numberIn,
  usualHistory,
} from '../ticket/history.ts'
import type { RequestRow } from '../ticket/in-full.ts'
import { outsidePlaces } from '../ticket/policies/effect.ts'
import type { Status } from '../ticket/ticket.ts'
import type { Db } from './database.ts'
import { IS_BELIEVED, readableTicket, requestersReadBy } from './readers.ts'
import { heldComments } from './undo.ts'

/** A page of somebody's request history, and where the pages beside it begin; null where there is none. */
export interface RequestPage {
  rows: RequestRow[]
  newer: Edge | null
  older: Edge | null
}

/**
 * One page of what somebody may read, as they look at it (CLI-01, CLI-04..07, TRK-01..03). Words are looked for in
 * subjects and public comments; a number finds its own request first, wherever it stands.
 */
export async function requestPage(
  db: Db,
  contactId: number,
  view: HistoryView,
  limit: number,
  terms: HistoryTerms = usualHistory,
): Promise<RequestPage> {
  const { edge } = view
  const backwards = edge?.side === 'before'
  const found = await rowsOf(db, contactId, view, limit + 1, terms)
  const rows = found.slice(0, limit)
  const hasMore = found.length > limit
  if (backwards) {
    // Less than a page before it: that is the first page, from its beginning.
    if (!hasMore) return requestPage(db, contactId, { ...view, edge: null }, limit, terms)
    rows.reverse()
  }
  // Requests that moved on may have left nothing here.
  if (edge && rows.length === 0) return requestPage(db, contactId, { ...view, edge: null }, limit, terms)
  const number = edge ? null : numberIn(view.search)
  const named = number === null ? null : await rowOf(db, contactId, number)
  return {
    rows: named ? [named, ...rows.filter(({ id }) => id !== named.id)] : rows,
    newer: edge ? edgeAt(rows[0], 'before') : null,
    older: backwards || hasMore ? edgeAt(rows.at(-1), 'after') : null,
  }
}

/** The requests of a person that wait for them, latest activity first: each kind at most `limit` and one more. */
export async function waitingFor(
  db: Db,
  contactId: number,
  limit: number,
): Promise<{ toAnswer: RequestRow[]; toRate: RequestRow[] }> {
  const fresh = { search: '', oldestFirst: false, edge: null }
  return {
    toAnswer: await rowsOf(db, contactId, { ...fresh, scope: 'mine', status: 'pending' }, limit + 1),
    toRate: await rowsOf(db, contactId, { ...fresh, scope: 'unrated', status: null }, limit + 1),
  }
}

/** The request with this number, where the reader may read it. */
async function rowOf(db: Db, contactId: number, number: number): Promise<RequestRow | null> {
  if (!(await readableTicket(db, contactId, number))) return null
  const { rows } = await db.query(
    `select ${COLUMNS} from tickets join contacts c on c.id = tickets.requester_id where tickets.id = $1`,
    [number],
  )
  return rows[0] ? toRow(rows[0], contactId) : null
}

async function rowsOf(
  db: Db,
  contactId: number,
  view: HistoryView,
  limit: number,
  terms: HistoryTerms = usualHistory,
): Promise<RequestRow[]> {
  const { scope, status, search, oldestFirst, edge } = view
  const values: unknown[] = [limit]
  const put = (value: unknown) => `$${values.push(value)}`
  const down = oldestFirst === (edge?.side === 'before')
  const order = down ? 'last_activity_at desc, id desc' : 'last_activity_at, id'
  const conditions = [
    ...(status === 'active'
      ? [`status = any(${put(activeStatuses(terms))})`]
      : status
        ? [`status = ${put(status)}`]
        : []),
    ...(scope === 'unrated' ? [`rated_at is null and status in ('solved', 'closed')`] : []),
    ...(edge ? [`(last_activity_at, id) ${down ? '<' : '>'} (${put(new Date(edge.at))}, ${put(edge.id)})`] : []),
    ...(search.trim() === '' ? [] : saysAll(search, scope === 'cc' ? contactId : null, put)),
    IS_BELIEVED,
  ].join(' and ')
  const { rows } = await db.query(await listed(db, contactId, scope, { conditions, order, put }), values)
  return rows.map((row) => toRow(row, contactId))
}

/** For each of the people asked about only one page is read, whatever they wrote in years. */
async function listed(
  db: Db,
  contactId: number,
  scope: HistoryView['scope'],
  { conditions, order, put }: { conditions: string; order: string; put: (value: unknown) => string },
): Promise<string> {
  const page = `order by ${order} limit $1`
  const named = `join contacts c on c.id = tickets.requester_id ${page.replaceAll(/(last_activity_at|\bid\b)/g, 'tickets.$1')}`
  if (scope === 'cc')
    return `select ${COLUMNS} from (
        select tickets.* from ticket_ccs join tickets on tickets.id = ticket_ccs.ticket_id
        where ticket_ccs.contact_id = ${put(contactId)} and ${conditions} ${page}) tickets ${named}`
  const requesters = scope === 'organization' ? await requestersReadBy(db, contactId) : [contactId]
  return `select ${COLUMNS} from unnest(${put(requesters)}::bigint[]) as asked (requester) cross join lateral (
      select * from tickets where requester_id = asked.requester and ${conditions} ${page}) tickets ${named}`
}

const COLUMNS = `tickets.id, tickets.subject, tickets.status, tickets.last_activity_at, tickets.reopen_until,
  tickets.rating_score, tickets.requester_id, c.name as requester_name`

/** What has all the words typed: in its subject and in what was said, as far as the reader may know of it. `cc`: who is copied. */
function saysAll(search: string, cc: number | null, put: (value: unknown) => string): string[] {
  const typed = put(search)
  const held = heldComments(put(outsidePlaces))
  return [
    `exists (select from ticket_words w where w.ticket_id = tickets.id and w.words @@ search_query(${typed}))`,
    saysAllWithout(typed, held),
    ...(cc === null ? [] : [saysAllSinceTheyJoined(typed, put(cc), held)]),
  ]
}

/** The words of an answer that can still be taken back are found by nobody. Asked of what has the words anyway. */
function saysAllWithout(typed: string, held: string): string {
  return `(not exists ${held} or to_tsvector('simple', folded(tickets.subject || ' ' || coalesce((
    select left(string_agg(left(m.text, 10000), ' '), 200000) from comments m
    where m.ticket_id = tickets.id and m.is_public and m.id not in ${held}), ''))) @@ search_query(${typed}))`
}

/**
 * Whom an agent adds later reads, and so finds, only the subject and what is said from then on. Asked of what has the words
 * anyway, and of those who were added later alone.
 */
function saysAllSinceTheyJoined(typed: string, contact: string, held: string): string {
  const says = (text: string) => `to_tsvector('simple', folded(${text})) @@ search_query(${typed})`
  return `not exists (
    select from events joined
    where joined.ticket_id = tickets.id and joined.type = 'joined'
      and exists (select from contacts me where (me.id = ${contact} or me.merged_into = ${contact})
        and coalesce(joined.data->'contactIds', to_jsonb(array[joined.actor_id])) @> to_jsonb(me.id))
      and not (${says('tickets.subject')})
      and not exists (select from events e join comments m on m.id = e.comment_id
        where e.ticket_id = tickets.id and e.id > joined.id and m.is_public and m.id not in ${held}
          and ${says('left(m.text, 10000)')}))`
}

function toRow(row: Record<string, unknown>, contactId: number): RequestRow {
  return {
    id: row.id as number,
    subject: row.subject as string,
    status: row.status as Status,
    lastActivityAt: row.last_activity_at as Date,
    reopenUntil: row.reopen_until as Date | null,
    rating: row.rating_score as number | null,
    requester: row.requester_id === contactId ? null : (row.requester_name as string),
  }
}

function edgeAt(row: RequestRow | undefined, side: Edge['side']): Edge | null {
  return row ? { side, at: row.lastActivityAt.getTime(), id: row.id } : null
}

/** The language somebody wrote their latest request in, for whom no other is known; null where they have none. */
export async function localeOfLatestRequest(db: Db, contactId: number): Promise<string | null> {
  const { rows } = await db.query<{ locale: string | null }>(
    'select locale from tickets where requester_id = $1 order by last_activity_at desc, id desc limit 1',
    [contactId],
  )
  return rows[0]?.locale ?? null
}
