import type { Db } from './database.ts'
import type { MailOutcome } from './inbox.ts'
import type { MailDecision } from './mail-notices.ts'

/** One row of the ledger, as an operator is told of it. */
export interface LedgerRow {
  id: number
  mailbox: string
  uid: number
  receivedAt: Date
  fetchedAt: Date
  doneAt: Date | null
  /** Null while it waits to be understood. */
  outcome: MailOutcome | null
  rule: string | null
  reason: string | null
  firstOutcome: MailOutcome | null
  firstReason: string | null
  ticketId: number | null
  wantedTicketId: number | null
  sender: string | null
  senderProof: string | null
  senderReason: string | null
  subject: string | null
  messageId: string | null
  saw: Record<string, unknown> | null
  attempts: number
  retryAt: Date
  problem: string | null
  replays: number
  decision: MailDecision | null
  decidedBy: string | null
  decidedAt: Date | null
}

/** A mail with all it led to. */
export interface MailStory {
  mail: LedgerRow
  ticket: { id: number; subject: string; status: string; requester: string } | null
  /** Oldest first, of every ticket it touched. */
  events: { ticketId: number; type: string; by: string; at: Date }[]
  /** What we sent because of it. `problem` are the server's words. */
  answers: { template: string; to: string; state: string; problem: string | null; isAutomatic: boolean }[]
}

const columns = `m.*, a.name as agent`
const from = 'inbound_mails m left join agents a on a.id = m.decided_by'

/** The ledger's row of a mail and what it led to; null when there is no such mail. */
export async function mailStory(db: Db, id: number): Promise<MailStory | null> {
  const { rows } = await db.query(`select ${columns} from ${from} where m.id = $1`, [id])
  if (!rows[0]) return null
  const mail = toRow(rows[0])
  const tickets = await db.query<{ id: number; subject: string; status: string; requester: string }>(
    `select t.id, t.subject, t.status, c.name as requester from tickets t join contacts c on c.id = t.requester_id
     where t.id = $1`,
    [mail.ticketId],
  )
  const events = await db.query(
    `select e.id, e.ticket_id, e.type, e.at, coalesce(c.name, g.name, 'Deskhand') as by from events e
     left join contacts c on e.actor_kind = 'contact' and c.id = e.actor_id
     left join agents g on e.actor_kind = 'agent' and g.id = e.actor_id
     where e.ticket_id in (select $1::bigint union select $2::bigint union select follow_up_of from tickets where id = $1)
       and (e.source = $3 or e.source like $3 || '/%') order by e.id`,
    [mail.ticketId, mail.wantedTicketId, `mail/${id}`],
  )
  const answers = await db.query(
    `select o.effect->>'template' as template, (o.effect->>'isAutomatic')::boolean as is_automatic, o.state, o.problem,
       coalesce((select address from contact_addresses where contact_id = c.id order by is_proven desc, address limit 1), c.name) as recipient
     from outbox o join contacts c on c.id = (o.effect->>'contactId')::bigint
     where o.kind = 'mail' and o.ticket_id = any($2) and o.event_id = any($1) order by o.id`,
    [events.rows.map((row) => row.id), [...new Set(events.rows.map((row) => row.ticket_id))]],
  )
  return {
    mail,
    ticket: tickets.rows[0] ?? null,
    events: events.rows.map((row) => ({ ticketId: row.ticket_id, type: row.type, by: row.by, at: row.at })),
    answers: answers.rows.map((row) => ({
      template: row.template,
      to: row.recipient,
      state: row.state,
      problem: row.problem,
      isAutomatic: row.is_automatic,
    })),
  }
}

/** The newest `limit` mails, newest first; those that ended so when `outcome` is given, 'waiting' for those without an end. */
export async function ledgerRows(db: Db, outcome: MailOutcome | 'waiting' | null, limit: number): Promise<LedgerRow[]> {
  const which = outcome === null ? 'true' : outcome === 'waiting' ? `m.state = 'stored'` : 'm.outcome = $2'
  const { rows } = await db.query(
    `select ${columns} from ${from} where ${which} order by m.id desc limit $1`,
    outcome === null || outcome === 'waiting' ? [limit] : [limit, outcome],
  )
  return rows.map(toRow)
}

/** The addresses and the host that the newest mail was compared with: how mail reaches this desk. Null before the first. */
export async function ownMailOfLedger(db: Db): Promise<{ ownAddresses: string[]; mailHost: string } | null> {
  const { rows } = await db.query(
    `select saw->'facts' as facts from inbound_mails where saw->'facts'->'ownAddresses' is not null order by id desc limit 1`,
  )
  const facts = rows[0]?.facts
  return facts ? { ownAddresses: facts.ownAddresses, mailHost: facts.ownMessageIdHost ?? '' } : null
}

/**
 * Gives a mail back to intake, to be understood with today's rules as a cause of its own. False, with nothing done, when
 * it was given back since `replays` was read, waits already, or its words are on a ticket.
 */
export async function giveBackToIntake(db: Db, id: number, replays: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `update inbound_mails set state = 'stored', attempts = 0, failures = 0, problem = null, retry_at = now(), replays = replays + 1,
       first_outcome = coalesce(first_outcome, outcome), first_reason = coalesce(first_reason, reason),
       wanted_ticket_id = coalesce(wanted_ticket_id, ticket_id), outcome = null, ticket_id = null,
       decision = null, decided_by = null, decided_at = null
     where id = $1 and state = 'done' and replays = $2 and outcome not in ('ticket', 'reply', 'follow-up')`,
    [id, replays],
  )
  return rowCount === 1
}

function toRow(row: Record<string, unknown>): LedgerRow {
  return {
    id: row.id,
    mailbox: row.mailbox,
    uid: row.uid,
    receivedAt: row.received_at,
    fetchedAt: row.fetched_at,
    doneAt: row.done_at,
    outcome: row.outcome,
    rule: row.rule,
    reason: row.reason,
    firstOutcome: row.first_outcome,
    firstReason: row.first_reason,
    ticketId: row.ticket_id,
    wantedTicketId: row.wanted_ticket_id,
    sender: row.sender,
    senderProof: row.sender_proof,
    senderReason: row.sender_reason,
    subject: row.subject,
    messageId: row.message_id,
    saw: row.saw,
    attempts: row.attempts,
    retryAt: row.retry_at,
    problem: row.problem,
    replays: row.replays,
    decision: row.decision,
    decidedBy: row.agent,
    decidedAt: row.decided_at,
  } as LedgerRow
}
