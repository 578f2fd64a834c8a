import { MovableClock } from '../../src/clock.ts'
import { createDesk, type Desk, type DeskParts, type Outcome, type Queue } from '../../src/desk.ts'
import { createSecrets } from '../../src/secrets.ts'
import { type Database, openDatabase, type Tx } from '../../src/store/database.ts'
import { ensureAgent, ensureMailContact, ensureSlackContact } from '../../src/store/people.ts'
import { loadTicket } from '../../src/store/tickets.ts'
import type { Ask, Command } from '../../src/ticket/commands.ts'
import type { Actor, CommentDraft, Intake, Ticket } from '../../src/ticket/ticket.ts'
import { freshDatabase } from './database.ts'

export const printerIntake: Intake = {
  subject: 'The printer eats invoices',
  branch: 'technical',
  accountKey: 'acme',
  groupKey: 'emea',
  regionKey: 'emea',
  form: { name: 'intake', version: '1' },
  answers: { page: 'Orders', steps: 'Print one' },
  impact: 'critical',
  users: 'all',
  priority: 'urgent',
}

export function said(text = 'It happened again.'): CommentDraft {
  return { text, fullText: null, attachments: [] }
}

export const SECOND = 1_000
export const HOUR = 3_600_000

/** A desk on a database of its own. Ada (Slack and mail) asks, Charles (mail) is copied, Kofi and Mary answer. */
export interface TestDesk {
  database: Database
  desk: Desk
  clock: MovableClock
  /** Lanes that a command in a committed or uncommitted transaction asked to wake. */
  woken: string[]
  ada: Actor & { kind: 'contact' }
  charles: Actor & { kind: 'contact' }
  kofi: Actor & { kind: 'agent' }
  mary: Actor & { kind: 'agent' }
  /** Sends a command by Kofi under a source of its own, unless said. */
  ask(what: Ask, who?: Partial<Pick<Command, 'actor' | 'via' | 'source'>>): Promise<Outcome>
  /** Ada opens a ticket and copies Charles; answers with its number. */
  open(changes?: Partial<Ask & { type: 'open' }>, who?: Partial<Pick<Command, 'actor' | 'source'>>): Promise<number>
  reply(ticketId: number, changes?: Partial<Ask & { type: 'reply' }>, who?: Partial<Command>): Promise<Outcome>
  ticket(id: number): Promise<Ticket>
  count(table: string, where?: string): Promise<number>
  end(): Promise<void>
}

export interface DeskOptions {
  /** The window in which a reply reopens, in ms. */
  windowMs?: number
  queue?: (database: Database) => Promise<Queue>
  parts?: Partial<DeskParts>
}

export async function startDesk(options: DeskOptions = {}): Promise<TestDesk> {
  const { windowMs = 27 * HOUR } = options
  const fresh = await freshDatabase()
  const database = openDatabase(fresh.url)
  const clock = new MovableClock()
  const woken: string[] = []
  const noted: Queue = { wakeLane: async (_tx, lane) => void woken.push(lane), fetchFile: async () => {} }
  const desk = createDesk({
    database,
    clock,
    queue: (await options.queue?.(database)) ?? noted,
    secrets: createSecrets('a secret of these tests'),
    termsOf: () => ({ reopenUntil: ({ solvedAt }) => new Date(solvedAt.getTime() + windowMs) }),
    triageChannelOf: () => 'CTRIAGE',
    mailHost: 'desk.example',
    ...options.parts,
  })
  const { ada, charles, kofi, mary } = await database.transaction((tx) => everybody(tx, clock.now()))
  let sources = 0
  const ask: TestDesk['ask'] = (what, who = {}) =>
    desk.handle({ actor: kofi, via: 'slack', source: `test/${++sources}`, ...what, ...who } as Command)
  return {
    database,
    desk,
    clock,
    woken,
    ada,
    charles,
    kofi,
    mary,
    ask,
    open: async (changes = {}, who = {}) => {
      const printer = { type: 'open', intake: printerIntake, locale: 'en', comment: said(), mayAnswer: true } as const
      const people = { requesterId: ada.id, ccIds: [charles.id], followUpOf: null }
      return (await ask({ ...printer, ...people, ...changes }, { actor: ada, ...who })).ticketId
    },
    reply: (ticketId, changes = {}, who = {}) => {
      const words = { type: 'reply' as const, comment: said(), alreadyTold: [], mayAnswer: true }
      return ask({ ...words, ticketId, receivedAt: clock.now(), ...changes }, { actor: ada, via: 'mail', ...who })
    },
    ticket: async (id) => (await loadTicket(database, id))!,
    count: async (table, where = 'true') => {
      const { rows } = await database.query<{ n: number }>(`select count(*) as n from ${table} where ${where}`)
      return rows[0]!.n
    },
    end: async () => {
      await database.close()
      await fresh.drop()
    },
  }
}

async function everybody(tx: Tx, now: Date) {
  const slack = (userId: string) => ({ teamId: 'TACME', userId })
  const profile = { name: 'Ada', address: 'ada@acme.example', locale: 'en', timeZone: 'Europe/Berlin' }
  const contact = (id: number) => ({ kind: 'contact', id }) as const
  const agent = (id: number) => ({ kind: 'agent', id }) as const
  return {
    ada: contact(await ensureSlackContact(tx, slack('UADA'), profile, now)),
    charles: contact(await ensureMailContact(tx, { name: 'Charles', address: 'charles@acme.example' }, null, now)),
    kofi: agent(await ensureAgent(tx, slack('UKOFI'), 'Kofi', now)),
    mary: agent(await ensureAgent(tx, slack('UMARY'), 'Mary', now)),
  }
}
