import type { Db, Tx } from './database.ts'

/** A code that was mailed to `address` because this contact says it is theirs too. */
export interface LinkingCode {
  id: string
  contactId: number
  address: string
  expiresAt: Date
  tries: number
  usedAt: Date | null
}

/** Writes that a code was asked for, and answers with it; null when `most` were since `since`, by this contact or to this address. */
export async function insertCode(
  tx: Tx,
  asked: { contactId: number; address: string; at: Date; expiresAt: Date },
  limit: { most: number; since: Date },
): Promise<LinkingCode | null> {
  // Many asks at once are counted one after the other.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('linking-code', 3))`)
  const { rows: counted } = await tx.query<{ by_contact: number; by_address: number }>(
    `select count(*) filter (where contact_id = $1) as by_contact, count(*) filter (where address = $2) as by_address
     from linking_codes where asked_at > $3 and (contact_id = $1 or address = $2)`,
    [asked.contactId, asked.address, limit.since],
  )
  if (Math.max(counted[0]!.by_contact, counted[0]!.by_address) >= limit.most) return null
  const { rows } = await tx.query(
    'insert into linking_codes (contact_id, address, asked_at, expires_at) values ($1, $2, $3, $4) returning *',
    [asked.contactId, asked.address, asked.at, asked.expiresAt],
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
  { id, contactId }: { id: string; contactId: number },
  mostTries: number,
  now: Date,
): Promise<LinkingCode | null> {
  const { rows } = await tx.query(
    `update linking_codes set tries = tries + 1
     where id = $1 and contact_id = $2 and tries < $3 and used_at is null and expires_at >= $4 returning *`,
    [id, contactId, mostTries, now],
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
    expiresAt: row.expires_at as Date,
    tries: row.tries as number,
    usedAt: row.used_at as Date | null,
  }
}
