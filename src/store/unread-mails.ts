import type { Db } from './database.ts'

/** As much of a mail that nobody could read as its sender is told. */
export interface UnreadMail {
  /** The key of the mailbox it was fetched from. */
  mailbox: string
  /** The address of its sender, as it was proven. */
  sender: string
  receivedAt: Date
  messageId: string | null
}

/** The mail with this id that nobody could read, or null: there is none, or it was read since. */
export async function unreadMail(db: Db, id: number): Promise<UnreadMail | null> {
  const { rows } = await db.query(
    `select mailbox, sender, received_at, message_id from inbound_mails
     where id = $1 and outcome = 'unreadable' and sender is not null`,
    [id],
  )
  if (!rows[0]) return null
  const { mailbox, sender, received_at, message_id } = rows[0]
  return { mailbox, sender, receivedAt: received_at, messageId: message_id }
}

/** Whether a mail of this sender, other than the one with this id, could not be read in the day before `now`. */
export async function hadUnreadMail(db: Db, sender: string, id: number, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `select from inbound_mails where outcome = 'unreadable' and lower(sender) = lower($1) and id <> $2
       and done_at > $3::timestamptz - interval '1 day' limit 1`,
    [sender, id, now],
  )
  return rowCount === 1
}
