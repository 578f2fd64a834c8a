import type { Db } from './database.ts'
import { spokenLocale } from './people.ts'

/** Language and zone of the people who are in Slack, at most `limit` of them, the newest first. */
export async function slackReaders(
  db: Db,
  limit: number,
): Promise<{ userId: string; locale: string | null; timeZone: string | null }[]> {
  const { rows } = await db.query<{ user_id: string; locale: string | null; time_zone: string | null }>(
    `select u.user_id, ${spokenLocale} as locale, c.time_zone from contact_slack_users u
       join contacts c on c.id = u.contact_id order by u.linked_at desc limit $1`,
    [limit],
  )
  return rows.map((row) => ({ userId: row.user_id, locale: row.locale, timeZone: row.time_zone }))
}
