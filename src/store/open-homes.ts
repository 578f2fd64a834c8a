import type { Effect } from '../ticket/policies/effect.ts'
import type { Ticket } from '../ticket/ticket.ts'
import type { Db, Tx } from './database.ts'
import { showsOrganizations } from './home-views.ts'
import { insertEffect } from './outbox.ts'

// Slack does not say when somebody turns away from their Home: who has not come back in half a day has.
const OPEN_MS = 4 * 60 * 60_000
// One change costs as much in an organisation of thousands. Who looked longest ago sees it when they open it again.
const MOST_HOMES = 50
// Of whom nobody wrote down yet that they read an organisation's requests.
const MOST_LOOKED_THROUGH = 1_000

/**
 * The people beside its requester who may read this ticket and whose App Home may be on their screen, at most fifty: CCs,
 * and who reads the requests of the requester's organisation. `also`: people who were on it until now.
 */
export async function homesOn(
  db: Db,
  ticket: Pick<Ticket, 'requesterId' | 'ccIds'>,
  also: number[],
  now: Date,
): Promise<number[]> {
  const { rows } = await db.query<{ contact_id: number }>(
    `select contact_id from (
       (select contact_id, seen_at from home_views where contact_id = any($2::bigint[]) and seen_at > $3)
       union all
       (select o.contact_id, o.seen_at from (
          select distinct d.organization_id from contact_addresses a
            join organization_domains d on d.domain = substring(a.address, '[^@]*$') where a.contact_id = $1) asked
        cross join lateral (
          select contact_id, seen_at from organization_homes h
          where h.organization_id = asked.organization_id and h.seen_at > $3 order by seen_at desc limit $4) o)
     ) looking
     where contact_id <> $1 and exists (select from contact_slack_users u where u.contact_id = looking.contact_id)
     group by contact_id order by max(seen_at) desc limit $4`,
    [ticket.requesterId, [...ticket.ccIds, ...also], new Date(now.getTime() - OPEN_MS), MOST_HOMES],
  )
  return rows.map((row) => row.contact_id)
}

/**
 * The people whose App Home may be on their screen and shows, or is to show, other requests since what was granted to this
 * organisation has changed, at most fifty.
 */
export async function homesUnderGrant(tx: Tx, organizationId: number, now: Date): Promise<number[]> {
  const { rows } = await tx.query<{ contact_id: number; seen_at: Date }>(
    `select contact_id, max(seen_at) as seen_at from (
       (select contact_id, seen_at from organization_homes
        where organization_id = $1 and seen_at > $2 order by seen_at desc limit $3)
       union all
       select v.contact_id, v.seen_at
       from (select contact_id, seen_at from home_views where seen_at > $2 order by seen_at desc limit $4) v
       cross join lateral (select from contact_addresses a where a.contact_id = v.contact_id
         and (substring(a.address, '[^@]*$') = any(array(select domain from organization_domains where organization_id = $1))
           or a.address = any(array(select address from organization_members where organization_id = $1))) limit 1) theirs
     ) looking
     cross join lateral (select from contact_slack_users u where u.contact_id = looking.contact_id limit 1) in_slack
     group by contact_id order by max(seen_at) desc limit $3`,
    [organizationId, new Date(now.getTime() - OPEN_MS), MOST_HOMES, MOST_LOOKED_THROUGH],
  )
  for (const row of rows) await showsOrganizations(tx, row.contact_id, row.seen_at)
  return rows.map((row) => row.contact_id)
}

/** The lane in which other people's Homes are drawn: one, so that all of them together keep within Slack's pace. */
export const OTHERS_HOMES = 'homes'

/**
 * Wants these Homes drawn anew in `inMs`; answers whether one was added. A Home that is about to be drawn is not drawn
 * twice, however much changes until then: whoever draws it waits for this transaction, and reads what it did.
 */
export async function drawOthersHomes(tx: Tx, cause: string, contactIds: number[], inMs: number): Promise<boolean> {
  const { rows } = await tx.query<{ contact_id: number }>(
    `select (effect->'slot'->>'contactId')::bigint as contact_id from outbox
     where lane = $1 and state = 'waiting' and coalesce(not_before, now()) >= now() + make_interval(secs => $2::float / 1000)
     order by id for share`,
    [OTHERS_HOMES, inMs],
  )
  const coming = new Set(rows.map((row) => row.contact_id))
  let isAdded = false
  for (const contactId of contactIds.filter((id) => !coming.has(id))) {
    const effect: Effect = { kind: 'post', slot: { place: 'home', contactId } }
    const row = { key: `${cause}/homes/${contactId}`, ticketId: null, eventId: null, lane: OTHERS_HOMES, effect }
    if (await insertEffect(tx, { ...row, messageId: null }, inMs)) isAdded = true
  }
  return isAdded
}
