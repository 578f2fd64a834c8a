import type { Db } from './database.ts'

export interface SlackMessage {
  channel: string
  ts: string
  renderedHash: Buffer | null
}

/** Our message in this slot, or null while it is not posted. */
export async function slackMessage(db: Db, slot: string): Promise<SlackMessage | null> {
  const { rows } = await db.query('select channel, ts, rendered_hash from slack_messages where slot = $1', [slot])
  return rows[0] ? { channel: rows[0].channel, ts: rows[0].ts, renderedHash: rows[0].rendered_hash } : null
}

/** Remembers where a slot's message is and what it shows. */
export async function saveSlackMessage(
  db: Db,
  slot: string,
  ticketId: number | null,
  message: SlackMessage,
): Promise<void> {
  await db.query(
    `insert into slack_messages (slot, ticket_id, channel, ts, rendered_hash) values ($1, $2, $3, $4, $5)
     on conflict (slot) do update set channel = $3, ts = $4, rendered_hash = $5`,
    [slot, ticketId, message.channel, message.ts, message.renderedHash],
  )
}

/** Forgets a message somebody deleted, so that the slot is posted anew. */
export async function forgetSlackMessage(db: Db, slot: string): Promise<void> {
  await db.query('delete from slack_messages where slot = $1', [slot])
}

/** What the ticket's message with this timestamp in this channel is, or null: how a thread finds its ticket. */
export async function ticketOfMessage(
  db: Db,
  channel: string,
  ts: string,
): Promise<{ ticketId: number; isCard: boolean } | null> {
  const { rows } = await db.query(
    'select ticket_id, slot from slack_messages where channel = $1 and ts = $2 and ticket_id is not null',
    [channel, ts],
  )
  return rows[0] ? { ticketId: rows[0].ticket_id, isCard: rows[0].slot === `${rows[0].ticket_id}/card` } : null
}
