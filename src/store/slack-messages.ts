import type { Db } from './database.ts'

export interface SlackMessage {
  channel: string
  ts: string
  renderedHash: Buffer | null
}

/** Our message in this slot of the ticket, or null while it is not posted. */
export async function slackMessage(db: Db, ticketId: number, slot: string): Promise<SlackMessage | null> {
  const { rows } = await db.query(
    'select channel, ts, rendered_hash from slack_messages where ticket_id = $1 and slot = $2',
    [ticketId, slot],
  )
  return rows[0] ? { channel: rows[0].channel, ts: rows[0].ts, renderedHash: rows[0].rendered_hash } : null
}

/** Remembers where a slot's message is and what it shows. */
export async function saveSlackMessage(db: Db, ticketId: number, slot: string, message: SlackMessage): Promise<void> {
  await db.query(
    `insert into slack_messages (ticket_id, slot, channel, ts, rendered_hash) values ($1, $2, $3, $4, $5)
     on conflict (ticket_id, slot) do update set channel = $3, ts = $4, rendered_hash = $5`,
    [ticketId, slot, message.channel, message.ts, message.renderedHash],
  )
}

/** Forgets a message somebody deleted, so that the slot is posted anew. */
export async function forgetSlackMessage(db: Db, ticketId: number, slot: string): Promise<void> {
  await db.query('delete from slack_messages where ticket_id = $1 and slot = $2', [ticketId, slot])
}

/** The ticket and slot whose message has this timestamp in this channel, or null: how a thread finds its ticket. */
export async function slotOfMessage(
  db: Db,
  channel: string,
  ts: string,
): Promise<{ ticketId: number; slot: string } | null> {
  const { rows } = await db.query('select ticket_id, slot from slack_messages where channel = $1 and ts = $2', [
    channel,
    ts,
  ])
  return rows[0] ? { ticketId: rows[0].ticket_id, slot: rows[0].slot } : null
}
