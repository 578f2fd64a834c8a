import type { Consent } from '../ticket/consent.ts'
import type { Standing, Ticket } from '../ticket/ticket.ts'
import type { Db, Tx } from './database.ts'

interface Row {
  [column: string]: unknown
}

/** The ticket, locked until the transaction ends, or null. The only `for update` on tickets. */
export async function loadForUpdate(tx: Tx, id: number): Promise<Ticket | null> {
  const { rows } = await tx.query('select * from tickets where id = $1 for update', [id])
  return rows[0] ? toTicket(rows[0], await ccsOf(tx, id)) : null
}

/** The ticket as it stands, or null. */
export async function loadTicket(db: Db, id: number): Promise<Ticket | null> {
  const { rows } = await db.query('select * from tickets where id = $1', [id])
  return rows[0] ? toTicket(rows[0], await ccsOf(db, id)) : null
}

/** The requests of a contact that are not closed, the latest activity first, at most `most`. */
export async function openRequestsOf(db: Db, contactId: number, most: number): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `select id from tickets where requester_id = $1 and status <> 'closed'
     order by last_activity_at desc, id desc limit $2`,
    [contactId, most],
  )
  return rows.map(({ id }) => id)
}

/** Saves a ticket that has no number yet and answers with its number. */
export async function insertTicket(tx: Tx, ticket: Omit<Ticket, 'id'>): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into tickets (status, subject, requester_id, assignee_id, branch, account_key, group_key, region_key, form,
       answers, impact, users, priority, locale, via, follow_up_of, opened_at, last_requester_comment_at, last_activity_at,
       consent)
     values ('open', $1, $2, null, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $15, $16)
     returning id`,
    [
      ticket.subject,
      ticket.requesterId,
      ticket.branch,
      ticket.accountKey,
      ticket.groupKey,
      ticket.regionKey,
      ticket.form && JSON.stringify(ticket.form),
      JSON.stringify(ticket.answers),
      ticket.impact,
      ticket.users,
      ticket.priority,
      ticket.locale,
      ticket.via,
      ticket.followUpOf,
      ticket.openedAt,
      ticket.consent && JSON.stringify(ticket.consent),
    ],
  )
  const id = rows[0]!.id
  for (const contactId of ticket.ccIds)
    await tx.query('insert into ticket_ccs (ticket_id, contact_id) values ($1, $2) on conflict do nothing', [
      id,
      contactId,
    ])
  return id
}

/** Saves what events can change. */
export async function saveTicket(tx: Tx, ticket: Ticket): Promise<void> {
  const solvedAt = ticket.status === 'solved' || ticket.status === 'closed' ? ticket.solvedAt : null
  await tx.query(
    `update tickets set status = $2, assignee_id = $3, follow_up_id = $4, last_requester_comment_at = $5,
       last_activity_at = $6, solved_at = $7, reopen_until = $8, closed_at = $9, rating_score = $10,
       rating_comment = $11, rated_at = $12, consent = $13,
       remind_at = $14
     where id = $1`,
    [
      ticket.id,
      ticket.status,
      ticket.assigneeId,
      ticket.followUpId,
      ticket.lastRequesterCommentAt,
      ticket.lastActivityAt,
      solvedAt,
      ticket.status === 'solved' ? ticket.reopenUntil : null,
      ticket.status === 'closed' ? ticket.closedAt : null,
      ticket.rating?.score ?? null,
      ticket.rating?.comment ?? null,
      ticket.rating?.at ?? null,
      ticket.consent && JSON.stringify(ticket.consent),
      ticket.remindAt,
    ],
  )
  await tx.query('delete from ticket_ccs where ticket_id = $1 and contact_id <> all($2::bigint[])', [
    ticket.id,
    ticket.ccIds,
  ])
  if (ticket.ccIds.length === 0) return
  await tx.query(
    'insert into ticket_ccs (ticket_id, contact_id) select $1, unnest($2::bigint[]) on conflict do nothing',
    [ticket.id, ticket.ccIds],
  )
}

/** Saves what the form's answers can change. */
export async function saveDescription(tx: Tx, ticket: Ticket): Promise<void> {
  await tx.query(
    `update tickets set branch = $2, account_key = $3, group_key = $4, region_key = $5, form = $6, answers = $7,
       impact = $8, users = $9, priority = $10
     where id = $1`,
    [
      ticket.id,
      ticket.branch,
      ticket.accountKey,
      ticket.groupKey,
      ticket.regionKey,
      ticket.form && JSON.stringify(ticket.form),
      JSON.stringify(ticket.answers),
      ticket.impact,
      ticket.users,
      ticket.priority,
    ],
  )
}

/** Stores the hashes of the secrets that this ticket's mails and links carry. */
export async function saveSecretHashes(
  tx: Tx,
  id: number,
  hashes: { reply: Buffer; survey: Buffer; describe: Buffer },
): Promise<void> {
  await tx.query(
    'update tickets set reply_token_hash = $2, survey_token_hash = $3, describe_token_hash = $4 where id = $1',
    [id, hashes.reply, hashes.survey, hashes.describe],
  )
}

/** The number of the ticket a secret belongs to, or null. */
export async function ticketOfSecret(
  db: Db,
  kind: 'reply' | 'survey' | 'describe',
  hash: Buffer,
): Promise<number | null> {
  const column = { reply: 'reply_token_hash', survey: 'survey_token_hash', describe: 'describe_token_hash' }[kind]
  const { rows } = await db.query<{ id: number }>(`select id from tickets where ${column} = $1`, [hash])
  return rows[0]?.id ?? null
}

/** Whether its requester had asked for nothing before this ticket. */
export async function isFirstRequest(
  db: Db,
  { id, requesterId }: Pick<Ticket, 'id' | 'requesterId'>,
): Promise<boolean> {
  const { rowCount } = await db.query('select from tickets where requester_id = $1 and id < $2 limit 1', [
    requesterId,
    id,
  ])
  return rowCount === 0
}

/** The account of the latest request of a person that had one, or null. */
export async function lastAccountOf(db: Db, contactId: number): Promise<string | null> {
  const { rows } = await db.query<{ account_key: string }>(
    `select account_key from tickets where requester_id = $1 and account_key is not null
     order by last_activity_at desc, id desc limit 1`,
    [contactId],
  )
  return rows[0]?.account_key ?? null
}

async function ccsOf(db: Db, id: number): Promise<number[]> {
  const { rows } = await db.query<{ contact_id: number }>(
    'select contact_id from ticket_ccs where ticket_id = $1 order by contact_id',
    [id],
  )
  return rows.map((row) => row.contact_id)
}

function toTicket(row: Row, ccIds: number[]): Ticket {
  const base = {
    id: row.id,
    subject: row.subject,
    requesterId: row.requester_id,
    ccIds,
    assigneeId: row.assignee_id,
    branch: row.branch,
    accountKey: row.account_key,
    groupKey: row.group_key,
    regionKey: row.region_key,
    form: row.form,
    answers: row.answers,
    impact: row.impact,
    users: row.users,
    priority: row.priority,
    locale: row.locale,
    via: row.via,
    openedAt: row.opened_at,
    lastRequesterCommentAt: row.last_requester_comment_at,
    lastActivityAt: row.last_activity_at,
    followUpOf: row.follow_up_of,
    followUpId: row.follow_up_id,
    consent: toConsent(row.consent),
    rating: row.rated_at ? { score: row.rating_score, comment: row.rating_comment, at: row.rated_at } : null,
    remindAt: row.remind_at,
  }
  return { ...base, ...toStanding(row) } as Ticket
}

/** Moments are kept as text in what a ticket knows of its consent. */
function toConsent(stored: unknown): Consent | null {
  if (!stored) return null
  const { at, withdrawnAt, ...rest } = stored as Consent & { at: string; withdrawnAt: string | null }
  return { ...rest, at: new Date(at), withdrawnAt: withdrawnAt === null ? null : new Date(withdrawnAt) }
}

function toStanding(row: Row): Standing {
  if (row.status === 'solved')
    return { status: 'solved', solvedAt: row.solved_at as Date, reopenUntil: row.reopen_until as Date }
  if (row.status === 'closed')
    return { status: 'closed', solvedAt: row.solved_at as Date, closedAt: row.closed_at as Date }
  return { status: row.status as 'open' | 'pending' }
}
