import type { Agent, Person } from '../ticket/in-full.ts'
import type { Db, Tx } from './database.ts'
import { storable } from './storable.ts'

export interface SlackUser {
  teamId: string
  userId: string
}

/** Who chose the language that Slack has them in keeps its region, and with it how days and hours are written. */
export const spokenLocale = `case when c.language is null or split_part(replace(c.locale, '_', '-'), '-', 1) = c.language
  then c.locale else c.language end`

const personColumns = `c.id, c.name, c.language, c.time_zone, ${spokenLocale} as locale,
  (select address from contact_addresses a where a.contact_id = c.id order by is_proven desc, linked_at nulls first, address limit 1) as address,
  (select json_strip_nulls(json_build_object('teamId', s.team_id, 'userId', s.user_id, 'noDm', s.no_dm_reason,
      'noDmSince', s.no_dm_since, 'seenIn', p.channel))
    from contact_slack_users s left join slack_places p on p.team_id = s.team_id and p.user_id = s.user_id
    where s.contact_id = c.id order by s.no_dm_since is not null, s.linked_at desc, s.team_id, s.user_id limit 1) as slack,
  array(select p.address from contact_addresses p where p.contact_id = c.id and p.is_proven
    union select s.address from contact_store_addresses s where s.contact_id = c.id order by 1) as store_addresses,
  array(select m.id from contacts m where m.merged_into = c.id order by m.id) as former_ids`

/** The people with these ids, in no particular order. */
export async function people(db: Db, ids: number[]): Promise<Person[]> {
  const { rows } = await db.query(`select ${personColumns} from contacts c where c.id = any($1)`, [ids])
  return rows.map(toPerson)
}

/** The contact this Slack user is, or null. */
export async function contactOfSlackUser(db: Db, user: SlackUser): Promise<Person | null> {
  const { rows } = await db.query(
    `select ${personColumns} from contacts c join contact_slack_users u on u.contact_id = c.id
     where u.team_id = $1 and u.user_id = $2`,
    [user.teamId, user.userId],
  )
  return rows[0] ? toPerson(rows[0]) : null
}

/** The contact that has this address, or null. */
export async function contactOfAddress(db: Db, address: string): Promise<Person | null> {
  const { rows } = await db.query(
    `select ${personColumns} from contacts c join contact_addresses x on x.contact_id = c.id where x.address = $1`,
    [canonical(address)],
  )
  return rows[0] ? toPerson(rows[0]) : null
}

/**
 * The contact for a Slack user, made if need be. Slack vouches for the address of its own member, so a contact who
 * has only written mail from it so far becomes the same person (AUT-13). Answers with the contact's id.
 */
export async function ensureSlackContact(
  tx: Tx,
  user: SlackUser,
  profile: { name: string; address: string | null; locale: string | null; timeZone: string | null },
  now: Date,
): Promise<number> {
  // Two clicks of a new person at once: the second waits here and finds what the first made.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [`${user.teamId}/${user.userId}`])
  // Their first mail at this very moment: whoever comes second finds the contact that the first made.
  if (profile.address) await lockAddress(tx, profile.address)
  const known = await contactOfSlackUser(tx, user)
  const byAddress = known ?? (profile.address ? await contactOfAddress(tx, profile.address) : null)
  const id = byAddress?.id ?? (await insertContact(tx, profile.name, profile.locale, profile.timeZone, now))
  if (byAddress)
    await tx.query(
      'update contacts set locale = coalesce(locale, $2), time_zone = coalesce($3, time_zone) where id = $1',
      [id, profile.locale, profile.timeZone],
    )
  if (!known)
    await tx.query(
      'insert into contact_slack_users (team_id, user_id, contact_id, linked_at) values ($1, $2, $3, $4)',
      [user.teamId, user.userId, id, now],
    )
  if (profile.address) await claimAddress(tx, profile.address, id, true)
  return id
}

/** The contact for a mail address, made if need be (AUT-14). Answers with the contact's id. */
export async function ensureMailContact(
  tx: Tx,
  sender: { name: string; address: string },
  locale: string | null,
  now: Date,
): Promise<number> {
  const address = canonical(sender.address)
  await lockAddress(tx, address)
  const known = await contactOfAddress(tx, address)
  if (known) return known.id
  const id = await insertContact(tx, sender.name.trim() || address, locale, null, now)
  await claimAddress(tx, address, id, false)
  return id
}

/** Whoever else finds or makes the contact of this address waits until the transaction ends. */
export async function lockAddress(tx: Tx, address: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [canonical(address)])
}

async function insertContact(tx: Tx, name: string, locale: string | null, zone: string | null, now: Date) {
  const { rows } = await tx.query<{ id: number }>(
    'insert into contacts (name, locale, time_zone, created_at) values ($1, $2, $3, $4) returning id',
    [storable(name), locale, zone, now],
  )
  return rows[0]!.id
}

async function claimAddress(tx: Tx, address: string, contactId: number, isProven: boolean): Promise<void> {
  await tx.query(
    `insert into contact_addresses (address, contact_id, is_proven) values ($1, $2, $3)
     on conflict (address) do update set is_proven = contact_addresses.is_proven or excluded.is_proven
       where contact_addresses.contact_id = excluded.contact_id`,
    [canonical(address), contactId, isProven],
  )
}

/** The agent a Slack user is, made if need be. The caller has checked that they are staff. */
export async function ensureAgent(tx: Tx, user: SlackUser, name: string, now: Date): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into agents (team_id, user_id, name, created_at) values ($1, $2, $3, $4)
     on conflict (team_id, user_id) do update set name = excluded.name returning id`,
    [user.teamId, user.userId, storable(name), now],
  )
  return rows[0]!.id
}

/** The name under which this Slack user is known as an agent; null for nobody yet. */
export async function agentName(db: Db, user: SlackUser): Promise<string | null> {
  const { rows } = await db.query<{ name: string }>('select name from agents where team_id = $1 and user_id = $2', [
    user.teamId,
    user.userId,
  ])
  return rows[0]?.name ?? null
}

export async function agents(db: Db, ids: number[]): Promise<Agent[]> {
  const { rows } = await db.query('select id, name, team_id, user_id from agents where id = any($1)', [ids])
  return rows.map((row) => ({ id: row.id, name: row.name, slack: { teamId: row.team_id, userId: row.user_id } }))
}

/** Every address these contacts write from, lower case. */
export async function addressesOf(
  db: Db,
  contactIds: number[],
): Promise<{ contactId: number; address: string; isProven: boolean }[]> {
  const { rows } = await db.query<{ contact_id: number; address: string; is_proven: boolean }>(
    `select contact_id, address, is_proven from contact_addresses where contact_id = any($1)
     order by is_proven desc, linked_at nulls first, address`,
    [contactIds],
  )
  return rows.map((row) => ({ contactId: row.contact_id, address: row.address, isProven: row.is_proven }))
}

/** An address that is this contact's already is theirs for certain: they could read what was mailed to it. */
export async function proveAddress(tx: Tx, address: string, contactId: number): Promise<void> {
  await claimAddress(tx, address, contactId, true)
}

/** Makes an address of nobody, or of this contact, theirs for certain: they could read what was mailed to it. */
export async function linkAddress(tx: Tx, address: string, contactId: number, now: Date): Promise<void> {
  await claimAddress(tx, address, contactId, true)
  await tx.query(
    'update contact_addresses set linked_at = coalesce(linked_at, $3) where address = $1 and contact_id = $2',
    [canonical(address), contactId, now],
  )
}

/** They could read what was mailed to an address that a store is registered with (AUT-03). */
export async function saveStoreAddress(tx: Tx, contactId: number, address: string, now: Date): Promise<void> {
  await tx.query(
    'insert into contact_store_addresses (contact_id, address, proven_at) values ($1, $2, $3) on conflict do nothing',
    [contactId, canonical(address), now],
  )
}

/** From now on this contact is spoken to in this language; null: as Slack has it. */
export async function chooseLanguage(tx: Tx, id: number, language: string | null): Promise<void> {
  await tx.query('update contacts set language = $2 where id = $1', [id, language])
}

/** Takes what Slack says now of the language and the zone of somebody it knows; what it does not say stays. */
export async function followSlack(
  db: Db,
  id: number,
  { locale, timeZone }: { locale: string | null; timeZone: string | null },
): Promise<void> {
  await db.query(
    `update contacts set locale = coalesce($2, locale), time_zone = coalesce($3, time_zone)
     where id = $1 and (locale is distinct from coalesce($2, locale) or time_zone is distinct from coalesce($3, time_zone))`,
    [id, locale, timeZone],
  )
}

/** Takes the name somebody gave themselves in the questionnaire (IDN-02). */
export async function renameContact(tx: Tx, id: number, name: string): Promise<void> {
  await tx.query('update contacts set name = $2 where id = $1 and name <> $2', [id, storable(name)])
}

/** Remembers the DM channel Slack opened for a person. */
export async function saveDmChannel(db: Db, user: SlackUser, channel: string): Promise<void> {
  await db.query('update contact_slack_users set dm_channel = $3 where team_id = $1 and user_id = $2', [
    user.teamId,
    user.userId,
    channel,
  ])
}

export async function dmChannel(db: Db, user: SlackUser): Promise<string | null> {
  const { rows } = await db.query<{ dm_channel: string | null }>(
    'select dm_channel from contact_slack_users where team_id = $1 and user_id = $2',
    [user.teamId, user.userId],
  )
  return rows[0]?.dm_channel ?? null
}

function toPerson(row: Record<string, unknown>): Person {
  const formerIds = (row.former_ids as (number | string)[]).map(Number)
  return {
    id: row.id as number,
    name: row.name as string,
    address: row.address as string | null,
    slack: toSlack(row.slack as SlackColumn),
    locale: row.locale as string | null,
    ...(row.language ? { language: row.language as string } : {}),
    timeZone: row.time_zone as string | null,
    storeAddresses: row.store_addresses as string[],
    ...(formerIds.length > 0 ? { formerIds } : {}),
  }
}

type SlackColumn = (Omit<NonNullable<Person['slack']>, 'noDmSince'> & { noDmSince?: string }) | null

function toSlack(slack: SlackColumn): Person['slack'] {
  if (!slack) return null
  const { noDmSince, ...rest } = slack
  return noDmSince ? { ...rest, noDmSince: new Date(noDmSince) } : rest
}

/** An address as it is stored and looked for. */
function canonical(address: string): string {
  return storable(address).toLowerCase()
}
