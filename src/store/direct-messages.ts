import type { Db, Tx } from './database.ts'
import type { SlackUser } from './people.ts'

/** Slack let us send them no direct message now; `reason` is its word for why. */
export async function markNoDm(tx: Tx, user: SlackUser, reason: string, now: Date): Promise<void> {
  await tx.query(
    'update contact_slack_users set no_dm_since = $4, no_dm_reason = $3 where team_id = $1 and user_id = $2',
    [user.teamId, user.userId, reason, now],
  )
}

/** One of our messages stands in this conversation with them; answers whether Slack had refused them before. */
export async function clearNoDm(tx: Tx, dmChannel: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update contact_slack_users set no_dm_since = null, no_dm_reason = null
     where dm_channel = $1 and no_dm_since is not null`,
    [dmChannel],
  )
  return rowCount !== null && rowCount > 0
}

/** Remembers the channel in which somebody pressed or typed something to us. */
export async function savePlace(db: Db, user: SlackUser, channel: string, now: Date): Promise<void> {
  await db.query(
    `insert into slack_places (team_id, user_id, channel, seen_at) values ($1, $2, $3, $4)
     on conflict (team_id, user_id) do update set channel = excluded.channel, seen_at = excluded.seen_at`,
    [user.teamId, user.userId, channel, now],
  )
}

/** They can be told nothing in this channel any more. */
export async function forgetPlace(tx: Tx, user: SlackUser, channel: string): Promise<void> {
  await tx.query('delete from slack_places where team_id = $1 and user_id = $2 and channel = $3', [
    user.teamId,
    user.userId,
    channel,
  ])
}
