import type { Db } from './database.ts'

/** What does not add up: mail whose time to be understood is long over, and mail that was fetched but is not there. */
export interface Unaccounted {
  late: { count: number; oldestId: number } | null
  missing: { mailbox: string; count: number }[]
}

// By then a mail has had all its tries; only a product that does not get to it leaves one longer.
const LATE = '10 minutes'
// Every sweep looks, so what was in order a week ago need not be counted again.
const LOOKED_AT = '7 days'

/** Compares what was fetched with what the ledger says became of it. By the database's own clock, as tries are. */
export async function unaccountedMail(db: Db): Promise<Unaccounted> {
  const late = await db.query<{ count: number; oldest: number | null }>(
    `select count(*) as count, min(id) as oldest from inbound_mails
     where state = 'stored' and retry_at < now() - interval '${LATE}'`,
  )
  const missing = await db.query<{ mailbox: string; count: number }>(
    `select f.mailbox, count(*) as count from fetched_mails f left join inbound_mails m on m.id = f.mail_id
     where f.fetched_at > now() - interval '${LOOKED_AT}' and m.id is null group by f.mailbox order by f.mailbox`,
  )
  const { count = 0, oldest = null } = late.rows[0] ?? {}
  return { late: oldest === null ? null : { count, oldestId: oldest }, missing: missing.rows }
}
