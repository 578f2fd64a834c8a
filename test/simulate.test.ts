import { afterAll, beforeAll, expect, test } from 'vitest'
import { sweepDeadlines } from '../src/deadlines.ts'
import { createDesk, type Queue } from '../src/desk.ts'
import { createDispatcher, type Deliver } from '../src/dispatcher.ts'
import { readForm } from '../src/form-file.ts'
import { createSecrets } from '../src/secrets.ts'
import { eventsOf } from '../src/store/log.ts'
import type { OutboxRow } from '../src/store/outbox.ts'
import type { Command } from '../src/ticket/commands.ts'
import type { StoredEvent } from '../src/ticket/events.ts'
import { Refusal } from '../src/ticket/refusal.ts'
import { type Actor, apply, type Ticket } from '../src/ticket/ticket.ts'
import { notWithdrawn } from '../src/ticket/withdraw.ts'
import { HOUR, printerIntake, said, startDesk, type TestDesk } from './support/desk.ts'
import { random } from './support/random.ts'

const COMMANDS = 900
const AT_ONCE = 6
// A failing run names its seed: SEED=… npx vitest run test/simulate.test.ts plays the same commands again.
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))
const { chance, pick, between } = random(seed)

let desk: TestDesk
let stranger: Actor
const numbers: number[] = []
const seen = { refusals: 0, repeats: 0, crashes: 0, withdrawn: 0 }
const answers: { ticketId: number; eventId: number }[] = []
const replies = new Map<string, Date>()
const sources = new Map<string, Command>()

class Crash extends Error {}

const windowAfter = (solvedAt: Date) => new Date(solvedAt.getTime() + 27 * HOUR)

/** Dies now and then in the middle of a transaction, when effects are there and their jobs are not. */
const crashing: Queue = {
  wakeLane: async () => {
    if (chance(0.01)) throw new Crash('the process died')
  },
  fetchFile: async () => {},
}

beforeAll(async () => {
  const { form } = await readForm('templates', 'en', { company: 'Acme' })
  const intake = {
    form,
    routeOf: (_: unknown, account: string | null) => ({ groupKey: `of ${account}`, regionKey: 'emea' }),
  }
  const termsOf = () => ({ reopenUntil: ({ solvedAt }: { solvedAt: Date }) => windowAfter(solvedAt), intake })
  desk = await startDesk({ queue: async () => crashing, parts: { termsOf, undoMs: 60 * 60_000 } })
  const { rows } = await desk.database.query(
    `insert into contacts (name, created_at) values ('Mallory', now()) returning id`,
  )
  stranger = { kind: 'contact', id: rows[0]!.id }
})
afterAll(() => desk.end())

test(`whatever people do in whatever order, the desk keeps its promises (SEED=${seed})`, async () => {
  for (let sent = 0; sent < COMMANDS; sent += AT_ONCE) {
    await Promise.all([
      ...Array.from({ length: AT_ONCE }, () => send(nextCommand())),
      ...(chance(0.2) ? [sweep(), sweep()] : []),
    ])
    if (chance(0.4)) await desk.clock.push(between(0, 9) * HOUR)
  }
  await deliverAll()

  expect(seen.repeats, 'commands came twice').toBeGreaterThan(0)
  expect(seen.refusals, 'commands were refused').toBeGreaterThan(0)
  expect(seen.withdrawn, 'answers were taken back').toBeGreaterThan(0)
  const tickets = await Promise.all(numbers.map((id) => desk.ticket(id)))
  const { rows: all } = await desk.database.query<{ id: number }>('select id from tickets')
  const logs = new Map<number, StoredEvent[]>()
  for (const { id } of all) logs.set(id, await eventsOf(desk.database, id))
  for (const [id, events] of logs) {
    const ticket = await desk.ticket(id)
    isWhatItsLogSays(ticket, events)
    neverChangesOnceClosed(events)
    closedOnlyAfterItsWindow(events)
    expect(events.filter((event) => event.type === 'rated' && !event.changed).length).toBeLessThanOrEqual(1)
  }
  expect(tickets.length).toBeGreaterThan(20)
  await repliesAreKeptOnce()
  await followUpsAreLinkedBothWays()
  await notesStayInside()
  await nobodyIsToldTwiceOrOfTheirOwnWords()
  await sourcesHaveOneEffect()
})

function isWhatItsLogSays(ticket: Ticket, [opened, ...events]: StoredEvent[]): void {
  expect(opened?.type).toBe('opened')
  const { solvedAt, reopenUntil, closedAt, ...rest } = ticket as Ticket & { [key: string]: unknown }
  const { at } = opened!
  const fresh = {
    status: 'open',
    assigneeId: null,
    followUpId: null,
    rating: null,
    lastRequesterCommentAt: at,
    lastActivityAt: at,
  }
  expect(events.reduce(apply, { ...rest, ...fresh } as Ticket)).toEqual(ticket)
}

function neverChangesOnceClosed(events: StoredEvent[]): void {
  const at = events.findIndex(({ type }) => type === 'closed')
  if (at < 0) return
  const after = events
    .slice(at + 1)
    .map((event) => (event.type === 'rated' && event.changed ? 'rating changed' : event.type))
  for (const type of after) expect(['noted', 'rated', 'continued', 'undelivered', 'withdrawn']).toContain(type)
}

function closedOnlyAfterItsWindow(log: StoredEvent[]): void {
  const events = notWithdrawn(log)
  const at = events.findIndex(({ type }) => type === 'closed')
  if (at < 0) return
  const solved = events.slice(0, at).findLastIndex(({ type }) => type === 'solved')
  const promise = events[solved] as StoredEvent & { type: 'solved' }
  expect(events[at]!.at > promise.reopenUntil).toBe(true)
  for (const { type } of events.slice(solved, at)) expect(['reopened', 'pended']).not.toContain(type)
}

async function repliesAreKeptOnce(): Promise<void> {
  const { rows } = await desk.database.query<{ text: string }>(`select text from comments where text like 'reply %'`)
  expect(rows.map(({ text }) => text).sort()).toEqual([...replies.keys()].sort())
}

async function followUpsAreLinkedBothWays(): Promise<void> {
  const { rows } = await desk.database.query(
    `select a.id from tickets a left join tickets b on b.follow_up_of = a.id
     where a.follow_up_id is distinct from b.id or b.id < a.id`,
  )
  expect(rows).toEqual([])
}

async function notesStayInside(): Promise<void> {
  const { rows } = await desk.database.query(
    `select o.key from outbox o join events e on e.id = o.event_id join comments c on c.id = e.comment_id
     where not c.is_public and o.state <> 'withdrawn' and (o.kind = 'mail' or o.effect->'slot'->>'place' in ('request', 'request-thread'))`,
  )
  expect(rows).toEqual([])
}

async function nobodyIsToldTwiceOrOfTheirOwnWords(): Promise<void> {
  const mails = `select e.comment_id, o.effect->>'contactId' as contact, count(distinct o.message_id) as n
    from outbox o join events e on e.id = o.event_id
    where o.kind = 'mail' and e.comment_id is not null group by 1, 2 having count(distinct o.message_id) > 1`
  expect((await desk.database.query(mails)).rows).toEqual([])
  const own = `select o.key from outbox o join events e on e.id = o.event_id where o.kind = 'mail'
    and o.effect->>'template' = 'reply' and e.actor_kind = 'contact' and e.actor_id = (o.effect->>'contactId')::bigint`
  expect((await desk.database.query(own)).rows).toEqual([])
  const toMachines = `select o.key from outbox o join events e on e.id = o.event_id
    where o.effect->>'template' in ('opened', 'follow-up', 'not-delivered') and not (e.data->>'mayAnswer')::boolean`
  expect((await desk.database.query(toMachines)).rows).toEqual([])
}

/** An answer may be four events of one command, but never the same kind of event twice. */
async function sourcesHaveOneEffect(): Promise<void> {
  const { rows } = await desk.database.query('select source, type from events group by 1, 2 having count(*) > 1')
  expect(rows).toEqual([])
}

/** Sends a command as the world does: now and then twice at once, or again much later, or again after a crash. */
async function send(command: Command): Promise<void> {
  const times = chance(0.15) ? 2 : 1
  const outcomes = await Promise.allSettled(Array.from({ length: times }, () => desk.desk.handle(command)))
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') {
      sources.set(command.source, command)
      if (outcome.value.isRepeat) seen.repeats++
      if (!numbers.includes(outcome.value.ticketId)) numbers.push(outcome.value.ticketId)
      for (const event of outcome.value.events) {
        if (event.type === 'answered') answers.push({ ticketId: event.ticketId, eventId: event.id })
        if (event.type === 'withdrawn') seen.withdrawn++
      }
      if (command.type === 'reply') replies.set(command.comment.text, command.receivedAt)
    } else if (outcome.reason instanceof Refusal) seen.refusals++
    else if (outcome.reason instanceof Crash) seen.crashes++
    else throw outcome.reason
  }
  if (outcomes.every(({ status }) => status === 'fulfilled')) return
  if (outcomes.some((outcome) => outcome.status === 'rejected' && outcome.reason instanceof Crash)) await send(command)
}

let asked = 0
function nextCommand(): Command {
  if (sources.size > 0 && chance(0.08)) return pick([...sources.values()])
  const { ada, charles, kofi, mary } = desk
  const now = desk.clock.now()
  const base = { via: pick(['slack', 'mail'] as const), source: `simulated/${++asked}` }
  const outside = pick([ada, ada, ada, charles, stranger])
  const agent = pick([kofi, mary])
  const anybody = pick([ada, charles, kofi, mary, stranger])
  const comment = said(`reply ${asked}`)
  if (numbers.length < 5 || chance(0.08)) {
    const people = { requesterId: ada.id, ccIds: chance(0.5) ? [charles.id] : [], followUpOf: null }
    const open = { type: 'open', intake: printerIntake, locale: 'en', comment: said(), mayAnswer: chance(0.8) } as const
    return { ...open, ...people, ...base, actor: ada }
  }
  const ticketId = pick(numbers)
  const receivedAt = new Date(now.getTime() - between(0, 2) * HOUR)
  const what = between(0, 99)
  if (what < 30) {
    const alreadyTold = chance(0.3) ? ['charles@acme.example'] : []
    return {
      type: 'reply',
      ticketId,
      comment,
      receivedAt,
      alreadyTold,
      mayAnswer: chance(0.8),
      ...base,
      actor: outside,
    }
  }
  if (what < 45) return { type: 'answer', ticketId, comment: said(), waits: chance(0.5), ...base, actor: agent }
  if (what < 48 && answers.length > 0) {
    const recent = answers[Math.max(0, answers.length - between(1, 20))]!
    return { type: 'withdraw', ...recent, ...base, actor: pick([kofi, mary, outside]) }
  }
  if (what < 50) return { type: 'note', ticketId, comment: said(), ...base, actor: pick([agent, outside]) }
  if (what < 56)
    return {
      type: 'assign',
      ticketId,
      agentId: kofi.id,
      expected: pick([null, kofi.id, mary.id]),
      ...base,
      actor: agent,
    }
  if (what < 60) return { type: 'pend', ticketId, ...base, actor: anybody }
  if (what < 64) {
    const answers = { impact: pick(['auxiliary', 'important', 'critical']), account: pick(['acme', 'acme-berlin']) }
    return { type: 'describe', ticketId, answers, ...base, actor: anybody }
  }
  if (what < 85) return { type: 'solve', ticketId, ...base, actor: anybody }
  if (what < 90) return { type: 'reopen', ticketId, askedAt: now, ...base, actor: anybody }
  if (what < 97)
    return {
      type: 'rate',
      ticketId,
      score: between(0, 6),
      comment: chance(0.5) ? 'words' : null,
      ...base,
      actor: outside,
    }
  return {
    type: 'record-undelivered',
    ticketId,
    recipient: 'ada@acme.example',
    reason: '550',
    ...base,
    actor: { kind: 'system' },
  }
}

async function sweep(): Promise<void> {
  const log = {
    error: ({ err }: { err?: Error }) => {
      throw err
    },
  }
  await sweepDeadlines({ database: desk.database, desk: deskThatLives(), clock: desk.clock, log, mailboxes: [] })
}

/** A sweep that dies is not asked again here, as its schedule would. */
function deskThatLives() {
  const parts = { database: desk.database, clock: desk.clock, secrets: createSecrets('simulated') }
  return createDesk({
    ...parts,
    queue: { wakeLane: async () => {}, fetchFile: async () => {} },
    termsOf: () => ({ reopenUntil: ({ solvedAt }) => windowAfter(solvedAt) }),
    triageChannelOf: () => 'CTRIAGE',
    mailHost: 'desk.example',
  })
}

/** Two processes in turn do every effect, and die or hear nothing now and then; what was perhaps done is looked for first. */
async function deliverAll(): Promise<void> {
  const delivered: { key: string; lane: string; id: number; effect: OutboxRow['effect'] }[] = []
  const deliver: Deliver = async ({ id, key, lane, effect }, mayBeDone) => {
    if (mayBeDone && delivered.some((done) => done.key === key)) return { kind: 'done', paceMs: 0 }
    if (chance(0.01)) throw new Crash('before it left')
    delivered.push({ id, key, lane, effect })
    if (chance(0.01)) throw new Crash('after it left')
    return { kind: 'done', paceMs: 0 }
  }
  const log = { error: () => {}, warn: () => {}, info: () => {} }
  const parts = {
    database: desk.database,
    deliver: {
      post: deliver,
      mail: deliver,
      code: deliver,
      check: deliver,
      unread: deliver,
      upload: deliver,
      whisper: deliver,
    },
    log,
  }
  const both = [createDispatcher(parts), createDispatcher(parts)]
  for (let turn = 0; (await desk.count('outbox', `state in ('waiting', 'trying')`)) > 0; turn++) {
    await desk.database.query(`update outbox set next_at = now(), not_before = null where next_at > now()`)
    await desk.database.query('update lanes set next_at = now()')
    const dispatcher = both[turn % 2]!
    await dispatcher.wakeDue()
    await dispatcher.idle()
  }
  await Promise.all(both.map((dispatcher) => dispatcher.stop()))

  const keys = delivered.map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys).toHaveLength(await desk.count('outbox', `state = 'done'`))
  for (const lane of new Set(delivered.map((each) => each.lane))) {
    const ids = delivered.filter((each) => each.lane === lane).map(({ id }) => id)
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
  }
}
