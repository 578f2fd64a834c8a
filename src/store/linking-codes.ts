import type { Db, Tx } from './database.ts'

/**
 * What a code is for: an address of one's own, access to the stores that are registered with it, or one of the two
 * addresses that somebody links on a page, where nothing else says who they are.
 */
export type CodePurpose = 'address' | 'store' | 'page'

/** A code that was mailed to `address` because this contact says it is theirs too. */
export interface LinkingCode {
  id: string
  contactId: number
  address: string
  purpose: CodePurpose
  expiresAt: Date
  tries: number
  usedAt: Date | null
}

/** Codes in the time since `since`, by whom and to where; the first of them that is reached says no. */
export interface CodeLimits {
  since: Date
  /** By one person to one mailbox: nobody uses up what is left for its owner. */
  toOneMailbox: number
  /** By one person, wherever to. What is asked for on a page counts by itself: there anybody may be who has its link. */
  byAsker: number
  /** To one mailbox, by everybody. */
  toMailbox: number
  toDomain: number
  ofAll: number
}

/** Which limit was reached. */
export type CodeLimit = Exclude<keyof CodeLimits, 'since'>

interface AskedCode {
  contactId: number
  address: string
  purpose: CodePurpose
  at: Date
  expiresAt: Date
}

/** Writes that a code was asked for, and answers with it, or with the limit that is reached. */
export async function insertCode(tx: Tx, asked: AskedCode, limits: CodeLimits): Promise<LinkingCode | CodeLimit> {
  // Many asks at once are counted one after the other.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('linking-code', 3))`)
  const { rows: counted } = await tx.query<Record<CodeLimit, number>>(
    `with asked as (
       select regexp_replace($2::text, '[+][^@]*@', '@') as mailbox, substring($2::text, '[^@]*$') as domain
     ), before as (
       select c.*, c.contact_id = $1 and (c.purpose = 'page') = ($3 = 'page') as is_askers,
         c.mailbox = a.mailbox as is_same, c.domain = a.domain as is_beside
       from linking_codes c, asked a where c.asked_at > $4
     )
     select count(*) filter (where is_askers and is_same)::int as "toOneMailbox",
       count(*) filter (where is_askers)::int as "byAsker", count(*) filter (where is_same)::int as "toMailbox",
       count(*) filter (where is_beside)::int as "toDomain", count(*)::int as "ofAll"
     from before`,
    [asked.contactId, asked.address, asked.purpose, limits.since],
  )
  const reached = inOrder.find((limit) => counted[0]![limit] >= limits[limit])
  if (reached) return reached
  const { rows } = await tx.query(
    `insert into linking_codes (contact_id, address, purpose, asked_at, expires_at) values ($1, $2, $3, $4, $5)
     returning *`,
    [asked.contactId, asked.address, asked.purpose, asked.at, asked.expiresAt],
  )
  return toCode(rows[0]!)
}

const inOrder: CodeLimit[] = ['toOneMailbox', 'byAsker', 'toMailbox', 'toDomain', 'ofAll']

/** How many codes were asked for since then. */
export async function codesSince(db: Db, since: Date): Promise<number> {
  const { rows } = await db.query<{ n: number }>('select count(*)::int as n from linking_codes where asked_at > $1', [
    since,
  ])
  return rows[0]!.n
}

/** The code of this id, or null. */
export async function codeOf(db: Db, id: string): Promise<LinkingCode | null> {
  const { rows } = await db.query('select * from linking_codes where id = $1', [id])
  return rows[0] ? toCode(rows[0]) : null
}

/** Counts a try on this contact's code, as long as it has tries left, is unused and not over; null when it is. */
export async function countTry(
  tx: Tx,
  { id, contactId, purpose }: { id: string; contactId: number; purpose: CodePurpose },
  mostTries: number,
  now: Date,
): Promise<LinkingCode | null> {
  const { rows } = await tx.query(
    `update linking_codes set tries = tries + 1
     where id = $1 and contact_id = $2 and tries < $3 and used_at is null and expires_at >= $4 and purpose = $5
     returning *`,
    [id, contactId, mostTries, now, purpose],
  )
  return rows[0] ? toCode(rows[0]) : null
}

/** A code is good for once. */
export async function useCode(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.query('update linking_codes set used_at = $2 where id = $1', [id, now])
}

function toCode(row: Record<string, unknown>): LinkingCode {
  return {
    id: row.id as string,
    contactId: row.contact_id as number,
    address: row.address as string,
    purpose: row.purpose as CodePurpose,
    expiresAt: row.expires_at as Date,
    tries: row.tries as number,
    usedAt: row.used_at as Date | null,
  }
}
