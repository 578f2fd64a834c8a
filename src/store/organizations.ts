import { type Grant, type Granted, managesOrganization, type Organization } from '../ticket/organization.ts'
import type { Actor, Ticket } from '../ticket/ticket.ts'
import type { Db, Tx } from './database.ts'
import { addressesOf } from './people.ts'
import { storable } from './storable.ts'

const columns = `o.id, o.name, o.access,
  array(select domain from organization_domains d where d.organization_id = o.id order by domain) as domains,
  array(select address from organization_members m where m.organization_id = o.id order by address) as members`

/** The organisation with this id, or null. */
export async function organization(db: Db, id: number): Promise<Organization | null> {
  const { rows } = await db.query(`select ${columns} from organizations o where id = $1`, [id])
  return rows[0] ? toOrganization(rows[0]) : null
}

/** The organisations that own these domains, in the order of their names. */
export async function organizationsOfDomains(db: Db, domains: string[]): Promise<Organization[]> {
  const { rows } = await db.query(
    `select ${columns} from organizations o where id in
       (select organization_id from organization_domains where domain = any($1)) order by name, id`,
    [domains],
  )
  return rows.map(toOrganization)
}

/** The organisations that somebody with any of this contact's addresses belongs to, whether or not they manage them. */
export async function organizationsOf(db: Db, contactId: number): Promise<Organization[]> {
  const { rows } = await db.query(
    `select ${columns} from organizations o where id in (
       select d.organization_id from contact_addresses a
         join organization_domains d on d.domain = substring(a.address, '[^@]*$') where a.contact_id = $1
       union
       select m.organization_id from contact_addresses a
         join organization_members m on m.address = a.address where a.contact_id = $1)
     order by name, id`,
    [contactId],
  )
  return rows.map(toOrganization)
}

/** Those of them whose requests the contact may read and manage now (CLI-07). */
export async function managedOrganizations(db: Db, contactId: number): Promise<Organization[]> {
  const all = await organizationsOf(db, contactId)
  if (all.length === 0) return []
  const addresses = await addressesOf(db, [contactId])
  return all.filter((each) => managesOrganization(each, addresses))
}

/** The contacts whose requests are these organisations': everybody who writes from one of their domains. */
export async function membersOf(db: Db, organizationIds: number[]): Promise<number[]> {
  const { rows } = await db.query<{ contact_id: number }>(
    `select distinct a.contact_id from organization_domains d
       join contact_addresses a on substring(a.address, '[^@]*$') = d.domain
     where d.organization_id = any($1)`,
    [organizationIds],
  )
  return rows.map((row) => row.contact_id)
}

/**
 * Whether the actor manages the requests of the ticket's requester. False for one that a lying mail opened in the
 * requester's name and no agent has answered: it shows in nobody's list.
 */
export async function managesTicket(
  db: Db,
  actor: Actor,
  ticket: Pick<Ticket, 'id' | 'requesterId'>,
): Promise<boolean> {
  if (actor.kind !== 'contact' || actor.id === ticket.requesterId) return false
  const managed = await managedOrganizations(db, actor.id)
  if (managed.length === 0) return false
  const { rows } = await db.query(
    `select from contact_addresses a join organization_domains d on d.domain = substring(a.address, '[^@]*$')
     where a.contact_id = $1 and d.organization_id = any($2) and not exists (
       select from comments first where first.ticket_id = $3 and first.sender_proof = 'failed'
         and first.id = (select min(id) from comments where ticket_id = $3)
         and not exists (select from comments where ticket_id = $3 and is_public and author_kind = 'agent'))
     limit 1`,
    [ticket.requesterId, managed.map(({ id }) => id), ticket.id],
  )
  return rows.length > 0
}

/** A domain is another organisation's already. */
export class DomainTaken extends Error {
  readonly domain: string
  readonly organization: string

  constructor(domain: string, organization: string) {
    super(`${domain} is ${organization}'s`)
    this.domain = domain
    this.organization = organization
  }
}

/**
 * Writes what an agent grants, in full and in place of what was granted before; to a new organisation where `id` is
 * null. Answers with its id; the same `source` twice changes nothing the second time. Throws DomainTaken, with nothing
 * changed by the caller's rollback.
 */
export async function grant(
  tx: Tx,
  id: number | null,
  granted: Grant,
  by: { agentId: number; ticketId: number | null; source: string; at: Date },
): Promise<number> {
  // Two agents at once: the second sees what the first has granted.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('organizations', 4))`)
  const before = await tx.query<{ organization_id: number }>(
    'select organization_id from organization_grants where source = $1',
    [by.source],
  )
  if (before.rows[0]) return before.rows[0].organization_id
  const name = storable(granted.name)
  const { rows } = await tx.query<{ id: number }>(
    id === null
      ? 'insert into organizations (name, access, created_at) values ($1, $2, $3) returning id'
      : 'update organizations set name = $1, access = $2 where id = $3 returning id',
    [name, granted.access, id ?? by.at],
  )
  const organizationId = rows[0]?.id
  if (organizationId === undefined) throw new Error(`there is no organisation ${id}`)
  await tx.query('delete from organization_domains where organization_id = $1', [organizationId])
  await tx.query('delete from organization_members where organization_id = $1', [organizationId])
  const [other] = await organizationsOfDomains(tx, granted.domains)
  if (other) throw new DomainTaken(other.domains.find((domain) => granted.domains.includes(domain))!, other.name)
  await tx.query('insert into organization_domains (domain, organization_id) select unnest($1::text[]), $2', [
    granted.domains,
    organizationId,
  ])
  await tx.query('insert into organization_members (address, organization_id) select unnest($1::text[]), $2', [
    granted.members,
    organizationId,
  ])
  await tx.query(
    `insert into organization_grants (organization_id, agent_id, ticket_id, granted, source, at)
     values ($1, $2, $3, $4, $5, $6)`,
    [organizationId, by.agentId, by.ticketId, JSON.stringify({ ...granted, name }), by.source, by.at],
  )
  return organizationId
}

/** The last grant to an organisation, and who made it. */
export async function lastGrant(db: Db, organizationId: number): Promise<{ agent: string; at: Date } | null> {
  const { rows } = await db.query<{ agent: string; at: Date }>(
    `select a.name as agent, g.at from organization_grants g join agents a on a.id = g.agent_id
     where organization_id = $1 order by g.id desc limit 1`,
    [organizationId],
  )
  return rows[0] ?? null
}

/** Organisations whose name has these letters, by name, at most `most`; and how many more there are. */
export async function organizationsNamed(
  db: Db,
  letters: string,
  most: number,
): Promise<{ found: Granted[]; more: number }> {
  const { rows } = await db.query(
    `select ${columns}, g.agent, g.at, count(*) over ()::int as of_all from organizations o
     left join lateral (select a.name as agent, g.at from organization_grants g join agents a on a.id = g.agent_id
       where g.organization_id = o.id order by g.id desc limit 1) g on true
     where position(lower($1) in lower(o.name)) > 0 order by o.name, o.id limit $2`,
    [letters, most],
  )
  const found = rows.map((row) => ({
    ...toOrganization(row),
    last: row.agent === null ? null : { agent: row.agent as string, at: row.at as Date },
  }))
  return { found, more: (rows[0]?.of_all ?? 0) - rows.length }
}

/** What was granted last because this ticket asked for it, to which organisation, and by whom; null for nothing yet. */
export async function grantOfTicket(
  db: Db,
  ticketId: number,
): Promise<{ organizationId: number; grant: Grant; agent: string; at: Date } | null> {
  const { rows } = await db.query<{ organization_id: number; granted: Grant; agent: string; at: Date }>(
    `select g.organization_id, g.granted, a.name as agent, g.at from organization_grants g
     join agents a on a.id = g.agent_id where g.ticket_id = $1 order by g.id desc limit 1`,
    [ticketId],
  )
  const row = rows[0]
  return row ? { organizationId: row.organization_id, grant: row.granted, agent: row.agent, at: row.at } : null
}

function toOrganization(row: Record<string, unknown>): Organization {
  return {
    id: row.id as number,
    name: row.name as string,
    access: row.access as Organization['access'],
    domains: row.domains as string[],
    members: row.members as string[],
  }
}
