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

/** Writes that a code was asked for, and answers with it; null when `most` were since `since`, by this contact or to this address, or `mostOfAll` by everybody. */
export async function insertCode(
  tx: Tx,
  asked: { contactId: number; address: string; purpose: CodePurpose; at: Date; expiresAt: Date },
  limit: { most: number; mostOfAll: number; since: Date },
): Promise<LinkingCode | null> {
  // Many asks at once are counted one after the other.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('linking-code', 3))`)
  const { rows: counted } = await tx.query<{ by_contact: number; by_address: number; of_all: number }>(
    `select count(*) filter (where contact_id = $1) as by_contact, count(*) filter (where address = $2) as by_address,
       count(*) as of_all
     from linking_codes where asked_at > $3`,
    [asked.contactId, asked.address, limit.since],
  )
  const { by_contact, by_address, of_all } = counted[0]!
  if (Math.max(by_contact, by_address) >= limit.most || of_all >= limit.mostOfAll) return null
  const { rows } = await tx.query(
    `insert into linking_codes (contact_id, address, purpose, asked_at, expires_at) values ($1, $2, $3, $4, $5)
     returning *`,
    [asked.contactId, asked.address, asked.purpose, asked.at, asked.expiresAt],
  )
  return toCode(rows[0]!)
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
