import type { Db, Tx } from './database.ts'

/** Why no mail goes to this address any more, in its server's words; null when mail goes there. */
export async function suppressionOf(db: Db, address: string): Promise<string | null> {
  const { rows } = await db.query<{ reason: string }>('select reason from suppressions where address = lower($1)', [
    address,
  ])
  return rows[0]?.reason ?? null
}

/** From now on no mail goes to this address, until `lift`. */
export async function suppress(
  tx: Tx,
  { address, reason, ticketId }: { address: string; reason: string; ticketId: number },
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into suppressions (address, reason, ticket_id, at) values (lower($1), $2, $3, $4) on conflict do nothing`,
    [address, reason, ticketId, at],
  )
}

/** Mail goes to this address again. */
export async function liftSuppression(tx: Tx, address: string): Promise<void> {
  await tx.query('delete from suppressions where address = lower($1)', [address])
}
