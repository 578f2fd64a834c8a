import { expect } from 'vitest'
import { KOFI, TRIAGE, type World } from '../support/world.ts'

/** A mail's row as the database has it. */
export type Row = Record<string, unknown> & {
  id: number
  raw: Buffer
  outcome: string | null
  rule: string
  ticket_id: number
  saw: unknown
}

let written = 0

/** A mail as a server hands it over, from Ann to the support address unless its headers say otherwise. */
export function rawMail(world: World, headers: Record<string, string>, text: string): string {
  written += 1
  const all = {
    from: 'Ann <ann@x.example>',
    to: world.supportAddress,
    subject: 'Hello',
    date: world.clock.now().toUTCString(),
    'message-id': `<${written}.ledger@x.example>`,
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return `${lines.join('\r\n')}\r\n\r\n${text}\r\n`
}

/** Puts a mail into our mailbox, waits until everything that follows is done, and answers with its row. */
export async function fetched(world: World, raw: string): Promise<Row> {
  world.mail.deliver(Buffer.from(raw), { to: [world.supportAddress] })
  await world.settle()
  return latest(world)
}

export async function latest(world: World): Promise<Row> {
  const { rows } = await world.db.query('select * from inbound_mails order by id desc limit 1')
  return rows[0]
}

export async function rowOf(world: World, id: number): Promise<Row> {
  const { rows } = await world.db.query('select * from inbound_mails where id = $1', [id])
  return rows[0]
}

/** Our one message of a slot in the triage channel. */
export function shown(world: World, slot: string) {
  const found = world.slack.state
    .messages(TRIAGE, { viewer: KOFI })
    .filter((message) => message.metadata?.event_payload.slot === slot)
  expect(found, slot).toHaveLength(1)
  return found[0]!
}

export async function statusOf(world: World, number: number): Promise<string> {
  const { rows } = await world.db.query('select status from tickets where id = $1', [number])
  return rows[0].status
}
