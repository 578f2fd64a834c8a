import type { SenderProof } from '../ticket/ticket.ts'
import type { Db, Tx } from './database.ts'
import type { MailOutcome } from './inbox.ts'

/** Mail that a person must decide about, as the notice about it in the triage channel tells of it. */
export interface NoticedMail {
  id: number
  kind: NoticeKind
  /** The code of templates/<locale>/mail-reasons.json. */
  reason: string
  from: string | null
  /** Whether that is who wrote it; null when nobody could ask. */
  proof: SenderProof | null
  subject: string | null
  receivedAt: Date
  /** How it begins. */
  excerpt: string
  /** The ticket it wanted to join, and the group that works on it. */
  wantedTicketId: number | null
  groupKey: string | null
  /** How it was decided since; null while it waits. `by` is an agent's name, null when a replay changed it. */
  decided: { what: MailDecision | 'replayed'; by: string | null; ticketId: number | null } | null
}

export type NoticeKind = 'held' | 'spam' | 'unreadable'
export type MailDecision = 'accepted' | 'opened' | 'discarded'

/** Whether mail that ended so waits for a person. */
export function isOnNotice(outcome: MailOutcome | null): outcome is NoticeKind {
  return outcome === 'held' || outcome === 'spam' || outcome === 'unreadable'
}

/** The mail with this id as its notice shows it; null when there is none or nobody was ever asked about it. */
export async function noticedMail(db: Db, id: number): Promise<NoticedMail | null> {
  const { rows } = await db.query(
    `select m.*, t.group_key, a.name as agent from inbound_mails m
     left join tickets t on t.id = coalesce(m.wanted_ticket_id, m.ticket_id) left join agents a on a.id = m.decided_by
     where m.id = $1`,
    [id],
  )
  const row = rows[0]
  if (!row) return null
  const kind = isOnNotice(row.outcome) ? row.outcome : row.first_outcome
  if (!isOnNotice(kind)) return null
  const what = row.decision ?? (isOnNotice(row.outcome) ? null : 'replayed')
  return {
    id: row.id,
    kind,
    reason: row.first_reason ?? row.reason,
    from: row.claimed_from ?? row.sender,
    proof: row.sender_proof,
    subject: row.subject,
    receivedAt: row.received_at,
    excerpt: row.excerpt ?? '',
    wantedTicketId: kind === 'held' ? (row.wanted_ticket_id ?? row.ticket_id) : null,
    groupKey: kind === 'held' ? row.group_key : null,
    decided: what && { what, by: row.agent, ticketId: row.ticket_id },
  }
}

/** The mail that waits for a person's decision, locked, or null when there is none (any more). */
export async function lockUndecided(tx: Tx, id: number): Promise<{ kind: NoticeKind; ticketId: number | null } | null> {
  const { rows } = await tx.query('select outcome, ticket_id from inbound_mails where id = $1 for update', [id])
  const row = rows[0]
  return row && isOnNotice(row.outcome) ? { kind: row.outcome, ticketId: row.ticket_id } : null
}

/** The agent who decided about a mail, or null. */
export async function deciderOf(db: Db, id: number): Promise<{ id: number; name: string } | null> {
  const { rows } = await db.query<{ id: number; name: string }>(
    'select a.id, a.name from inbound_mails m join agents a on a.id = m.decided_by where m.id = $1',
    [id],
  )
  return rows[0] ?? null
}

/** Writes what an agent decided about a mail and what that led to, as its end from now on. */
export async function settleDecision(
  tx: Tx,
  id: number,
  decided: {
    what: MailDecision
    agentId: number
    outcome: MailOutcome
    ticketId: number | null
    contactId: number | null
  },
  now: Date,
): Promise<void> {
  const { what, agentId, outcome, ticketId, contactId } = decided
  await tx.query(
    `update inbound_mails set decision = $2, decided_by = $3, decided_at = $4, outcome = $5, ticket_id = $6,
       contact_id = coalesce($7, contact_id), wanted_ticket_id = ticket_id,
       first_outcome = coalesce(first_outcome, outcome), first_reason = coalesce(first_reason, reason)
     where id = $1`,
    [id, what, agentId, now, outcome, ticketId, contactId],
  )
}
