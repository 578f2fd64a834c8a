import type { Db, Tx } from './database.ts'

/** A ticket that has another requester now. */
export interface MovedTicket {
  id: number
  groupKey: string
  isClosed: boolean
}

/**
 * Makes one contact's addresses, tickets and copies another's, in the caller's transaction, and answers with the tickets
 * that changed their requester. Comments and the log keep who they name. The caller has locked the addresses
 * (`lockAddress`), so that no mail from them is understood meanwhile, and has seen that `fromId` is nobody in Slack.
 */
export async function mergeContacts(tx: Tx, fromId: number, intoId: number, now: Date): Promise<MovedTicket[]> {
  const ticketIds = await lockTickets(tx, fromId)
  await tx.query(
    'update contact_addresses set contact_id = $2, linked_at = coalesce(linked_at, $3) where contact_id = $1',
    [fromId, intoId, now],
  )
  const { rows } = await tx.query<{ id: number; group_key: string; status: string }>(
    'update tickets set requester_id = $2 where requester_id = $1 returning id, group_key, status',
    [fromId, intoId],
  )
  await tx.query(
    `insert into contact_store_addresses select $2, address, proven_at from contact_store_addresses
     where contact_id = $1 on conflict do nothing`,
    [fromId, intoId],
  )
  await moveCopies(tx, fromId, intoId)
  await moveMails(tx, fromId, intoId, ticketIds)
  await tx.query(
    `update contacts i set locale = coalesce(i.locale, f.locale), language = coalesce(i.language, f.language),
       time_zone = coalesce(i.time_zone, f.time_zone),
       asked_to_rate_at = greatest(i.asked_to_rate_at, f.asked_to_rate_at)
     from contacts f where i.id = $2 and f.id = $1`,
    [fromId, intoId],
  )
  await tx.query('update contacts set merged_into = $2, merged_at = $3 where id = $1', [fromId, intoId, now])
  // Who had become them before is the same person too, who is known by all earlier ids at one step.
  await tx.query('update contacts set merged_into = $2 where merged_into = $1', [fromId, intoId])
  return rows.map((row) => ({ id: row.id, groupKey: row.group_key, isClosed: row.status === 'closed' }))
}

/** The contact that this one has become, or itself: what was mailed to either opens what is theirs. */
export async function survivorOf(db: Db, contactId: number): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    'select coalesce(merged_into, id) as id from contacts where id = $1',
    [contactId],
  )
  return rows[0]?.id ?? contactId
}

/** Whoever works on one of these tickets at this moment is waited for, in the order in which the desk locks several. */
async function lockTickets(tx: Tx, contactId: number): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `select id from tickets where requester_id = $1
       or id in (select ticket_id from ticket_ccs where contact_id = $1) order by id for update`,
    [contactId],
  )
  return rows.map(({ id }) => id)
}

async function moveCopies(tx: Tx, fromId: number, intoId: number): Promise<void> {
  await tx.query(
    `insert into ticket_ccs (ticket_id, contact_id) select ticket_id, $2 from ticket_ccs where contact_id = $1
     on conflict do nothing`,
    [fromId, intoId],
  )
  await tx.query('delete from ticket_ccs where contact_id = $1', [fromId])
  // Nobody is a CC of their own request.
  await tx.query(
    'delete from ticket_ccs c using tickets t where c.contact_id = $1 and t.id = c.ticket_id and t.requester_id = $1',
    [intoId],
  )
}

/** Mails that left keep their threads; those that wait go to the one person, once. */
async function moveMails(tx: Tx, fromId: number, intoId: number, ticketIds: number[]): Promise<void> {
  for (const table of ['sent_mails', 'inbound_mails'])
    await tx.query(`update ${table} set contact_id = $2 where contact_id = $1 and ticket_id = any($3)`, [
      fromId,
      intoId,
      ticketIds,
    ])
  const waiting = `kind = 'mail' and state in ('waiting', 'trying') and ticket_id = any($3)
    and (effect->>'contactId')::bigint = $1`
  await tx.query(
    `update outbox o set state = 'folded', done_at = now() where ${waiting} and exists (
       select from outbox twin where twin.ticket_id = o.ticket_id and twin.event_id = o.event_id and twin.kind = 'mail'
         and twin.effect->>'template' = o.effect->>'template' and (twin.effect->>'contactId')::bigint = $2)`,
    [fromId, intoId, ticketIds],
  )
  await tx.query(`update outbox set effect = jsonb_set(effect, '{contactId}', to_jsonb($2::bigint)) where ${waiting}`, [
    fromId,
    intoId,
    ticketIds,
  ])
}
