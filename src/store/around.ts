import type { Around } from '../ticket/thanks.ts'
import { asksSomething } from '../ticket/thanks.ts'
import type { Ticket } from '../ticket/ticket.ts'
import type { Tx } from './database.ts'

/** What is known around a reply to this ticket: the names of everybody on it, and whether we asked something last. */
export async function aroundReply(tx: Tx, { id, requesterId, ccIds }: Ticket): Promise<Around> {
  const names = await tx.query<{ name: string }>(
    `select name from contacts where id = any($2)
     union select name from agents where id in (select actor_id from events where ticket_id = $1 and actor_kind = 'agent')`,
    [id, [requesterId, ...ccIds]],
  )
  const answer = await tx.query<{ text: string }>(
    `select text from comments where ticket_id = $1 and is_public and author_kind = 'agent' order by id desc limit 1`,
    [id],
  )
  return { names: names.rows.map(({ name }) => name), wasAsked: asksSomething(answer.rows[0]?.text ?? '') }
}
