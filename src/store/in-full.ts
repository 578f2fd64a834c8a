import type { Comment, CommentFile, Person, TicketInFull } from '../ticket/in-full.ts'
import { asksForAccess } from '../ticket/organization.ts'
import { outsidePlaces } from '../ticket/policies/effect.ts'
import type { Db } from './database.ts'
import { formVersion } from './form-versions.ts'
import { eventsOf } from './log.ts'
import { grantOfTicket } from './organizations.ts'
import { agents, people } from './people.ts'
import { loadTicket } from './tickets.ts'
import { undoableAnswers } from './undo.ts'

/** What the desk file knows and the database does not: names of accounts and groups, and where files open. */
export interface Names {
  account(key: string | null): string | null
  /** Whether the requester found their store in no list. */
  isNotListed?(key: string | null): boolean
  group(key: string): string
  fileUrl(fileId: number, name: string): string
}

/** The ticket with people, conversation and log, as views and mails need it, or null. */
export async function ticketInFull(db: Db, id: number, names: Names): Promise<TicketInFull | null> {
  const ticket = await loadTicket(db, id)
  if (!ticket) return null
  const comments = await commentsOf(db, id, names)
  const events = await eventsOf(db, id)
  const present = [ticket.requesterId, ...ticket.ccIds]
  const left = events.flatMap((event) => (event.type === 'left' ? event.contactIds : []))
  const acting = events.flatMap(({ actor }) => (actor.kind === 'contact' ? [actor.id] : []))
  const everybody = await people(db, [...new Set([...present, ...left, ...acting])])
  const acted = events.flatMap(({ actor }) => (actor.kind === 'agent' ? [actor.id] : []))
  const staff = await agents(db, [...new Set([...acted, ...(ticket.assigneeId === null ? [] : [ticket.assigneeId])])])
  const person = (contactId: number): Person => everybody.find(({ id }) => id === contactId)!
  return {
    ticket,
    requester: person(ticket.requesterId),
    ccs: ticket.ccIds.map(person),
    formerCcs: everybody.filter((one) => !present.includes(one.id)),
    assignee: staff.find((agent) => agent.id === ticket.assigneeId) ?? null,
    staff,
    accountName: names.account(ticket.accountKey),
    storeIsOpen: names.isNotListed?.(ticket.accountKey) ?? false,
    askedWith: ticket.form && (await formVersion(db, ticket.form.version)),
    groupName: names.group(ticket.groupKey),
    granted: asksForAccess(ticket) ? await grantOfTicket(db, id) : null,
    comments,
    events,
    undoable: await undoableAnswers(db, id, outsidePlaces),
  }
}

async function commentsOf(db: Db, ticketId: number, names: Names): Promise<Comment[]> {
  const { rows } = await db.query(
    `select m.*, coalesce(c.name, a.name, '') as author_name
     from comments m
     left join contacts c on m.author_kind = 'contact' and c.id = m.author_id
     left join agents a on m.author_kind = 'agent' and a.id = m.author_id
     where m.ticket_id = $1 order by m.id`,
    [ticketId],
  )
  const files = await db.query(
    `select f.*, (select jsonb_object_agg(u.place, u.reason) from slack_uploads u
       where u.attachment_id = f.id and u.state = 'linked') as unshared
     from attachments f join comments m on m.id = f.comment_id where m.ticket_id = $1 and f.removed_at is null order by f.id`,
    [ticketId],
  )
  return rows.map((row) => ({
    id: row.id,
    author: { kind: row.author_kind, id: row.author_id, name: row.author_name },
    isPublic: row.is_public,
    via: row.via,
    text: row.text,
    fullText: row.full_text,
    at: row.at,
    editedAt: row.edited_at,
    removedAt: row.removed_at,
    proof: row.sender_proof,
    sealed: row.sealed,
    files: files.rows
      .filter((file) => file.comment_id === row.id && row.removed_at === null)
      .map((file) => toFile(file, names)),
  }))
}

function toFile(row: Record<string, unknown>, names: Names): CommentFile {
  const sha256 = row.sha256 ? (row.sha256 as Buffer).toString('hex') : null
  return {
    id: row.id as number,
    name: row.name as string,
    contentType: row.content_type as string,
    size: row.size as number,
    sha256,
    slackFile: row.slack_file as CommentFile['slackFile'],
    refused: row.refused as CommentFile['refused'],
    ...(row.unshared ? { unshared: row.unshared as NonNullable<CommentFile['unshared']> } : {}),
    url: sha256 ? names.fileUrl(row.id as number, row.name as string) : null,
  }
}
