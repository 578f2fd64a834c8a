import { type ReaderRole, readerRole } from '../ticket/readers.ts'
import type { Ticket } from '../ticket/ticket.ts'
import type { Db } from './database.ts'
import { managedOrganizations, managesTicket, membersOf } from './organizations.ts'
import { loadTicket } from './tickets.ts'

/**
 * The ticket and who the reader is to it; null where there is none, and for somebody who may not know of it: whoever
 * asks answers both alike. The one rule for the list, the modal, the commands and links.
 */
export async function readableTicket(
  db: Db,
  contactId: number,
  ticketId: number,
): Promise<{ ticket: Ticket; role: ReaderRole } | null> {
  const ticket = isNumber(ticketId) ? await loadTicket(db, ticketId) : null
  if (!ticket) return null
  const manages = await managesTicket(db, { kind: 'contact', id: contactId }, ticket)
  const role = readerRole(ticket, contactId, manages)
  if (!role) return null
  const { rows } = await db.query(`select from tickets where id = $1 and ${IS_BELIEVED}`, [ticketId])
  return rows.length > 0 ? { ticket, role } : null
}

/** The people, beside themselves, whose requests somebody may read and manage: those of their organisation (CLI-07). */
export async function requestersReadBy(db: Db, contactId: number): Promise<number[]> {
  const managed = await managedOrganizations(db, contactId)
  if (managed.length === 0) return []
  const members = await membersOf(
    db,
    managed.map(({ id }) => id),
  )
  return members.filter((id) => id !== contactId)
}

/**
 * A condition on `tickets`: one that somebody else's lying mail opened in a person's name is none of theirs, until an
 * agent has answered it.
 */
export const IS_BELIEVED = `not exists (
  select from comments first where first.ticket_id = tickets.id and first.sender_proof = 'failed'
    and first.id = (select min(id) from comments where ticket_id = tickets.id)
    and not exists (select from comments where ticket_id = tickets.id and is_public and author_kind = 'agent'))`

/** Whether it can be a ticket's number: people type anything, and Postgres refuses what is beyond its own. */
function isNumber(ticketId: number): boolean {
  return Number.isSafeInteger(ticketId) && ticketId > 0
}
