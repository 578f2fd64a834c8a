import { readFileSync } from 'node:fs'
import { ensureAgent } from '../../src/store/people.ts'
import type { CommentDraft } from '../../src/ticket/ticket.ts'
import { mailsTo } from '../support/acting.ts'
import type { World } from '../support/world.ts'

// Olga, who only writes mail, asks about her invoice and copies Charles. Mallory wants to read it.
export const OLGA = 'olga@client.example'
export const CHARLES = 'charles@client.example'
export const MALLORY = 'mallory@evil.example'

/** Stands in what Olga and Kofi wrote, and may reach nobody but Olga and Charles. */
export const SECRET = 'SECRET-ACCOUNT-7731'

export interface Target {
  number: number
  replyAddress: string
  /** Message-IDs without brackets: of our answer to Olga, and of her own mail. */
  ourId: string
  originalId: string
}

/** A mail as it lies in the mailbox, below what our mail server says of its sender. */
export function mailOf(fields: string, body = 'Hello.', results = 'dmarc=none'): Buffer {
  const head = `Authentication-Results: mail.sandbox.test; ${results}\n${fields.trim()}`
  return Buffer.from(`${head}\nContent-Type: text/plain; charset=utf-8\n\n${body}\n`.replaceAll('\n', '\r\n'))
}

/** Puts mails into the support mailbox and waits until the desk has done all it does about them. */
export async function receive(world: World, ...raws: Buffer[]): Promise<void> {
  for (const raw of raws) world.mail.deliver(raw, { to: [world.supportAddress] })
  await world.settle()
}

/** Olga's ticket, answered by Kofi, with the secret in both comments. */
export async function openTarget(world: World): Promise<Target> {
  return (await openTargets(world, 1))[0]!
}

/** Several of them. */
export async function openTargets(world: World, count: number): Promise<Target[]> {
  const ids = Array.from({ length: count }, () => `invoice-${targets++}@client.example`)
  const mails = ids.map((id) =>
    mailOf(
      `From: Olga Client <${OLGA}>\nTo: ${world.supportAddress}\nCc: ${CHARLES}\nSubject: Invoice\nMessage-ID: <${id}>`,
      `My account is ${SECRET}.`,
      'dmarc=pass header.from=client.example',
    ),
  )
  await receive(world, ...mails)
  const opened: Omit<Target, 'replyAddress' | 'ourId'>[] = []
  for (const originalId of ids) {
    const sql = 'select ticket_id::int as id from inbound_mails where message_id = $1'
    opened.push({ number: (await world.db.query(sql, [originalId])).rows[0].id, originalId })
  }
  for (const { number } of opened) {
    const comment = { text: `We see ${SECRET} here.`, fullText: null, attachments: [] }
    await act(world, number, { type: 'answer', comment, waits: false })
  }
  await world.settle()
  const found: Target[] = []
  for (const target of opened) {
    const sql = 'select message_id from sent_mails where ticket_id = $1 order by at desc, message_id limit 1'
    const ourId = (await world.db.query(sql, [target.number])).rows[0].message_id as string
    const ours = [...mailsTo(world, OLGA), ...mailsTo(world, CHARLES)].find(
      ({ messageId }) => messageId === `<${ourId}>`,
    )!
    found.push({ ...target, ourId, replyAddress: ours.replyTo })
  }
  return found
}

let targets = 0

type Act = { type: 'solve' } | { type: 'answer'; comment: CommentDraft; waits: boolean }

/** Kofi does something to a ticket; what follows from it is not waited for. */
export async function act(world: World, ticketId: number, what: Act): Promise<void> {
  const { deskAt } = world.product.forSamples
  const source = `test/act/${acts++}`
  await deskAt(world.clock).handle({ ...what, ticketId, actor: await kofi(world), via: 'slack', source })
}

let acts = 0

/** Kofi answers a ticket, and waits for an answer to that if `waits`. */
export async function answer(world: World, ticketId: number, text: string, waits = false): Promise<void> {
  await act(world, ticketId, { type: 'answer', comment: { text, fullText: null, attachments: [] }, waits })
  await world.settle()
}

/** Kofi does something to a ticket that needs no words. */
export async function command(world: World, ticketId: number, type: 'solve'): Promise<void> {
  await act(world, ticketId, { type })
  await world.settle()
}

async function kofi(world: World): Promise<{ kind: 'agent'; id: number }> {
  const { database, teamId } = world.product.forSamples
  const id = await database.transaction((tx) =>
    ensureAgent(tx, { teamId, userId: 'U0KOFI' }, 'Kofi Mensah', world.clock.now()),
  )
  return { kind: 'agent', id }
}

/** The mail in fixtures/`name`.eml, with what only this run knows of its target. */
export function attack(name: string, target: Target): Buffer {
  const { number, replyAddress, ourId, originalId } = target
  const token = /\+(.*)@/.exec(replyAddress)![1]!
  const changed = `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`
  const known: Record<string, string> = {
    number: String(number),
    'reply-address': replyAddress,
    'changed-reply-address': replyAddress.replace(token, changed),
    'cut-reply-address': replyAddress.replace(token, token.slice(0, -1)),
    'our-id': ourId,
    'original-id': originalId,
  }
  const text = readFileSync(new URL(`fixtures/${name}.eml`, import.meta.url), 'utf8')
  return Buffer.from(text.replace(/\{\{([a-z-]+)\}\}/g, (_, key: string) => known[key]!).replaceAll('\n', '\r\n'))
}

/** Everything about a ticket that a mail could change: row, participants, comments, events, mails. */
export async function stateOf(world: World, number: number): Promise<unknown> {
  const rows = async (sql: string) => (await world.db.query(sql, [number])).rows
  return {
    ticket: await rows('select * from tickets where id = $1'),
    ccs: await rows('select contact_id from ticket_ccs where ticket_id = $1 order by 1'),
    comments: await rows('select id, text from comments where ticket_id = $1 order by id'),
    events: await rows('select id, type from events where ticket_id = $1 order by id'),
    mails: await rows(`select key from outbox where ticket_id = $1 and kind = 'mail' order by id`),
  }
}

/** How the last mail ended: outcome, rule or reason, and what was proven of its sender. */
export async function lastEnd(world: World): Promise<string> {
  const { rows } = await world.db.query(
    'select outcome, reason, sender_proof from inbound_mails order by id desc limit 1',
  )
  return `${rows[0].outcome}: ${rows[0].reason}, ${rows[0].sender_proof}`
}

/** Addresses that got mail from us and whose it was not: with the number of mails, and of those that held a secret. */
export async function leaks(world: World): Promise<{ victims: number; secrets: string[] }> {
  const addresses: string[] = (await (await fetch(`${world.url}/sandbox/mail/mailboxes`)).json()).map(
    ({ address }: { address: string }) => address,
  )
  const readers = [OLGA, CHARLES]
  const others = addresses.filter((address) => !readers.includes(address) && address !== world.supportAddress)
  const secrets = others.filter((address) =>
    mailsTo(world, address).some(({ text, html, subject }) => /SECRET-/.test(`${text}${html}${subject}`)),
  )
  const victims = addresses.filter((address) => address.endsWith('@victim.test'))
  return { victims: victims.reduce((sum, address) => sum + mailsTo(world, address).length, 0), secrets }
}
