import type { Tx } from './database.ts'

/**
 * Whether somebody may be asked for a rating of this ticket at `now`: they were not asked of another within the last
 * `askAgainMs`. Answering yes counts as asking, so that of two requests solved at once only one asks.
 */
export async function claimAsking(
  tx: Tx,
  contactId: number,
  ticketId: number,
  now: Date,
  askAgainMs: number,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update contacts set asked_to_rate_at = $2, asked_to_rate = $4
     where id = $1 and (asked_to_rate_at is null or asked_to_rate_at <= $3 or asked_to_rate = $4)`,
    [contactId, now, new Date(now.getTime() - askAgainMs), ticketId],
  )
  return rowCount === 1
}
