import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Attempt, createDispatcher, type Deliver, type Dispatcher } from '../src/dispatcher.ts'
import { insertEffect, markTrying, type OutboxRow } from '../src/store/outbox.ts'
import type { Effect } from '../src/ticket/policies/effect.ts'
import { startDesk, type TestDesk } from './support/desk.ts'

const done: Attempt = { kind: 'done', paceMs: 0 }
const MINUTE = 60_000

let desk: TestDesk
let ticketId: number
let started: Dispatcher[]
/** What was tried, in order, by effect key; and whether it was tried as perhaps done already. */
let tried: string[]
let logged: string[]

beforeAll(async () => {
  desk = await startDesk()
  ticketId = await desk.open()
})
beforeEach(async () => {
  started = []
  tried = []
  logged = []
  await desk.database.query('truncate outbox cascade')
  await desk.database.query('truncate lanes')
})
afterEach(async () => {
  await Promise.all(started.map((dispatcher) => dispatcher.stop()))
})
afterAll(() => desk.end())

describe('a lane', () => {
  test('goes on beside what comes into it only later, and does that when it is due', async () => {
    const later: Effect = { kind: 'post', slot: { place: 'card' } }
    const row = { key: 'held', ticketId, eventId: null, lane: 'slack:A', effect: later, messageId: null }
    await insertEffect(desk.database, row, MINUTE)
    await waiting('slack:A', 'a1')
    await insert('slack:A', 'card', later)
    const dispatcher = start()
    await dispatcher.wakeDue()
    await dispatcher.idle()
    expect(await states()).toEqual({ held: 'waiting', a1: 'done', card: 'done' })
    await desk.database.query('update outbox set next_at = now(), not_before = now()')
    await dispatcher.wakeDue()
    await dispatcher.idle()
    expect(tried).toEqual(['a1', 'card', 'held'])
  })

  test('does what comes into it later on time, also when another process knew of it', async () => {
    const effect: Effect = { kind: 'post', slot: { place: 'card' } }
    const row = { key: 'held', ticketId, eventId: null, lane: 'slack:A', effect, messageId: null }
    await insertEffect(desk.database, row, 300)
    const dispatcher = start()
    await dispatcher.wakeDue()
    await dispatcher.idle()
    expect(await states()).toEqual({ held: 'done' })
  })

  test('draws a Home once for all its tickets, and each card once for its own', async () => {
    const other = await desk.open()
    await desk.database.query('truncate outbox cascade')
    const home: Effect = { kind: 'post', slot: { place: 'home', contactId: 7 } }
    const card: Effect = { kind: 'post', slot: { place: 'card' } }
    for (const [n, id] of [ticketId, other, ticketId].entries())
      for (const [name, effect] of Object.entries({ home, card })) await insert(name, `${name}${n}`, effect, id)
    const dispatcher = start()
    await dispatcher.wakeDue()
    await dispatcher.idle()
    expect(tried.sort()).toEqual(['card0', 'card1', 'home0'])
  })

  test('does not try what was withdrawn since it was read', async () => {
    await waiting('slack:A', 'a1', 'a2')
    const dispatcher = start(async ({ key }) => {
      if (key === 'a1') await desk.database.query(`update outbox set state = 'withdrawn' where key = 'a2'`)
      return done
    })
    await dispatcher.wakeDue()
    await dispatcher.idle()
    expect(tried).toEqual(['a1'])
    expect(
      await markTrying(
        desk.database,
        (await desk.database.query(`select id from outbox where key = 'a2'`)).rows[0]!.id,
      ),
    ).toBe(false)
  })

  test('is done in order, one at a time, while others go on beside it', async () => {
    await waiting('slack:A', 'a1', 'a2', 'a3')
    await waiting('slack:B', 'b1')
    let inA = 0
    const dispatcher = start(async ({ lane }) => {
      if (lane === 'slack:A') expect(++inA).toBe(1)
      await desk.database.query('select')
      if (lane === 'slack:A') inA--
      return done
    })
    await dispatcher.wakeDue()
    await dispatcher.idle()
    expect(tried.filter((key) => key.startsWith('a'))).toEqual(['a1', 'a2', 'a3'])
    expect(await states()).toEqual({ a1: 'done', a2: 'done', a3: 'done', b1: 'done' })
  })

  test('is silent after each effect for as long as it must be', async () => {
    await waiting('slack:A', 'a1', 'a2', 'a3')
    const at: number[] = []
    const dispatcher = start(async () => {
      at.push(performance.now())
      return { kind: 'done', paceMs: 60 }
    })
    dispatcher.wake('slack:A')
    await dispatcher.idle()
    expect(at).toHaveLength(3)
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(60)
    expect(at[2]! - at[1]!).toBeGreaterThanOrEqual(60)
  })

  test('keeps its silence when it is woken meanwhile, by whichever process', async () => {
    await waiting('slack:A', 'a1', 'a2')
    const [one, other] = [start(async () => ({ kind: 'done', paceMs: MINUTE })), start()]
    one.wake('slack:A')
    await one.idle()
    for (const dispatcher of [one, other]) {
      dispatcher.wake('slack:A')
      await dispatcher.idle()
    }
    expect(await states()).toEqual({ a1: 'done', a2: 'waiting' })
  })

  test('that Slack has told to wait waits with everything in it, and goes on in order after that', async () => {
    await waiting('slack:A', 'a1', 'a2')
    const dispatcher = start(
      scripted([{ kind: 'later', problem: 'rate limited', delayMs: MINUTE, laneToo: true }, done, done]),
    )
    dispatcher.wake('slack:A')
    await dispatcher.idle()
    dispatcher.wake('slack:A')
    await dispatcher.idle()
    expect(tried).toEqual(['a1'])
    await minutePasses()
    dispatcher.wake('slack:A')
    await dispatcher.idle()
    expect(tried).toEqual(['a1', 'a1', 'a2'])
  })

  test('is not held up by what can never be done', async () => {
    await waiting('slack:A', 'a1', 'a2')
    const dispatcher = start(scripted([{ kind: 'never', problem: 'user_not_found' }, done]))
    dispatcher.wake('slack:A')
    await dispatcher.idle()
    expect(await states()).toEqual({ a1: 'never', a2: 'done' })
    expect(await problems()).toEqual({ a1: 'user_not_found' })
  })

  test('calls nobody for what is left out on purpose, and somebody for what cannot be done', async () => {
    await waiting('slack:A', 'a1', 'a2')
    const meant: Attempt = { kind: 'never', problem: 'not sent: told today', isMeant: true }
    const dispatcher = start(scripted([meant, { kind: 'never', problem: 'user_not_found' }]))
    await dispatcher.wakeDue()
    await dispatcher.idle()
    expect(await states()).toEqual({ a1: 'never', a2: 'never' })
    expect(logged).toEqual([
      'info: effect left out on purpose',
      'warn: effect not done',
      'error: effect given up: a person should look',
    ])
  })

  test('goes on with what comes while its last effect is being done', async () => {
    await waiting('slack:A', 'a1')
    const dispatcher = start(async ({ key }) => {
      if (key === 'a1') {
        await waiting('slack:A', 'a2')
        dispatcher.wake('slack:A')
      }
      return done
    })
    dispatcher.wake('slack:A')
    await dispatcher.idle()
    expect(await states()).toEqual({ a1: 'done', a2: 'done' })
  })
})

describe('edits of one message', () => {
  const card: Effect = { kind: 'post', slot: { place: 'card' } }

  test('that wait are folded into the one being done, and others stay', async () => {
    for (const key of ['card1', 'card2', 'card3']) await insert('slack:A', key, card)
    await waiting('slack:A', 'a1')
    const dispatcher = start()
    dispatcher.wake('slack:A')
    await dispatcher.idle()
    expect(tried).toEqual(['card1', 'a1'])
    expect(await states()).toEqual({ card1: 'done', card2: 'folded', card3: 'folded', a1: 'done' })
  })

  test('that come while it is being done are not, because it may not show them', async () => {
    await insert('slack:A', 'card1', card)
    const dispatcher = start(async ({ key }) => {
      if (key === 'card1') await insert('slack:A', 'card2', card)
      return done
    })
    dispatcher.wake('slack:A')
    await dispatcher.idle()
    expect(tried).toEqual(['card1', 'card2'])
  })
})

describe('an effect', () => {
  test('that may have been done is looked for before it is tried again', async () => {
    await waiting('mail:1', 'm1')
    const uncertain: Attempt = { kind: 'uncertain', problem: 'no answer', delayMs: MINUTE, laneToo: true }
    const dispatcher = start(scripted([uncertain, done]))
    dispatcher.wake('mail:1')
    await dispatcher.idle()
    await minutePasses()
    dispatcher.wake('mail:1')
    await dispatcher.idle()
    expect(tried).toEqual(['m1', 'm1 perhaps done'])
  })

  test('that certainly did not happen is not', async () => {
    await waiting('mail:1', 'm1')
    const dispatcher = start(scripted([{ kind: 'later', problem: '451', delayMs: MINUTE, laneToo: false }, done]))
    dispatcher.wake('mail:1')
    await dispatcher.idle()
    await minutePasses()
    dispatcher.wake('mail:1')
    await dispatcher.idle()
    expect(tried).toEqual(['m1', 'm1'])
  })

  test('whose code throws is tried ten times more, then given to a person, and what is behind it goes on', async () => {
    await waiting('slack:A', 'broken', 'a2')
    const dispatcher = start(async ({ key }) => {
      if (key === 'broken') throw new Error('a bug\u0000')
      return done
    })
    for (let i = 0; i < 12; i++) {
      dispatcher.wake('slack:A')
      await dispatcher.idle()
      await minutesPass(10) // tried ever less often, at least every ten minutes
    }
    expect(tried.filter((key) => key.startsWith('broken'))).toHaveLength(11)
    expect(await states()).toEqual({ broken: 'unknown', a2: 'done' })
    expect(await problems()).toEqual({ broken: 'Error: a bug' })
  })
})

describe('two processes', () => {
  test('never do the same effect twice, nor two of one lane at once', async () => {
    const lanes = ['slack:A', 'slack:B', 'slack:C']
    for (const lane of lanes) await waiting(lane, ...Array.from({ length: 15 }, (_, i) => `${lane}/${i + 10}`))
    const busy = new Set<string>()
    const deliver: Deliver = async ({ lane }) => {
      expect(busy.has(lane)).toBe(false)
      busy.add(lane)
      await desk.database.query('select')
      busy.delete(lane)
      return done
    }
    const both = [start(deliver), start(deliver)]
    for (let i = 0; i < 5; i++) for (const lane of lanes) for (const dispatcher of both) dispatcher.wake(lane)
    await Promise.all(both.map((dispatcher) => dispatcher.idle()))
    expect(tried).toHaveLength(45)
    expect(new Set(tried).size).toBe(45)
    for (const lane of lanes) {
      const own = tried.filter((key) => key.startsWith(lane))
      expect(own).toEqual([...own].sort())
    }
  })

  test('one that is killed between sending and noting it leaves its effect as perhaps done to the other, at once', async () => {
    await waiting('slack:A', 'a1', 'a2')
    const sending = Promise.withResolvers<void>()
    const never = Promise.withResolvers<Attempt>()
    const killed = start(async () => {
      sending.resolve()
      return never.promise
    })
    killed.wake('slack:A')
    await sending.promise
    await cutLockHolders()
    const a2 = Promise.withResolvers<void>()
    const other = start(async ({ key }) => {
      if (key !== 'a2') return done
      // Had the first only been cut off, it would come back now, to a lane that is not its own any more.
      never.resolve(done)
      for (let i = 0; i < 300; i++) await desk.database.query('select')
      a2.resolve()
      return done
    })
    other.wake('slack:A')
    await a2.promise
    await other.idle()
    expect(tried).toEqual(['a1', 'a1 perhaps done', 'a2'])
  })

  test('a lane can be held again after the session that held it broke, and is let go of afterwards', async () => {
    await waiting('slack:A', 'a1')
    const dispatcher = start()
    dispatcher.wake('slack:A')
    await dispatcher.idle()
    for (const key of ['a2', 'a3']) {
      await cutLockHolders(dispatcher)
      await waiting('slack:A', key)
      dispatcher.wake('slack:A')
      await dispatcher.idle()
    }
    const other = start()
    await waiting('slack:A', 'a4')
    other.wake('slack:A')
    await other.idle()
    expect(await states()).toEqual({ a1: 'done', a2: 'done', a3: 'done', a4: 'done' })
  })
})

describe('stopping', () => {
  test('finishes the try under way, begins no other, and lets go of the lane', async () => {
    await waiting('slack:A', 'a1', 'a2')
    const sending = Promise.withResolvers<void>()
    const answered = Promise.withResolvers<Attempt>()
    const dispatcher = start(async () => {
      sending.resolve()
      return answered.promise
    })
    dispatcher.wake('slack:A')
    await sending.promise
    const stopped = dispatcher.stop()
    answered.resolve(done)
    await stopped
    dispatcher.wake('slack:A')
    expect(await states()).toEqual({ a1: 'done', a2: 'waiting' })
    const next = start()
    next.wake('slack:A')
    await next.idle()
    expect(tried).toEqual(['a1', 'a2'])
  })

  test('and waiting for quiet do not wait for what is to be tried again much later', async () => {
    await waiting('slack:A', 'a1')
    const dispatcher = start(
      scripted([{ kind: 'later', problem: 'not_in_channel', delayMs: 15 * MINUTE, laneToo: true }]),
    )
    dispatcher.wake('slack:A')
    await dispatcher.idle()
    await dispatcher.stop()
    expect(await states()).toEqual({ a1: 'waiting' })
  })
})

test('a sweep wakes lanes whose wake-up got lost, and not those that must wait', async () => {
  await waiting('slack:A', 'a1')
  await waiting('slack:B', 'b1', 'b2')
  await desk.database.query(`update outbox set next_at = now() + interval '1 hour' where key = 'b1'`)
  const dispatcher = start()
  await dispatcher.wakeDue()
  await dispatcher.idle()
  expect(tried).toEqual(['a1'])
})

function start(deliver: Deliver = async () => done): Dispatcher {
  const noting: Deliver = (row, mayBeDone) => {
    tried.push(mayBeDone ? `${row.key} perhaps done` : row.key)
    return deliver(row, mayBeDone)
  }
  const saying = (level: string) => (_: object, message: string) => logged.push(`${level}: ${message}`)
  const log = { error: saying('error'), warn: saying('warn'), info: saying('info') }
  const dispatcher = createDispatcher({
    database: desk.database,
    deliver: {
      post: noting,
      mail: noting,
      code: noting,
      check: noting,
      unread: noting,
      upload: noting,
      whisper: noting,
    },
    log,
  })
  started.push(dispatcher)
  return dispatcher
}

/** Answers each try with the next attempt of the list. */
function scripted(attempts: Attempt[]): Deliver {
  const left = [...attempts]
  return async (row: OutboxRow) => left.shift() ?? Promise.reject(new Error(`nothing written down for ${row.key}`))
}

async function waiting(lane: string, ...keys: string[]): Promise<void> {
  for (const key of keys) await insert(lane, key, { kind: 'post', slot: { place: 'card-thread', eventId: idOf(key) } })
}

async function insert(lane: string, key: string, effect: Effect, ticket = ticketId): Promise<void> {
  await insertEffect(desk.database, { key, ticketId: ticket, eventId: null, lane, effect, messageId: null })
}

/** Another number for another key, so that no two are edits of one message. */
function idOf(key: string): number {
  return [...key].reduce((sum, letter) => (sum * 131 + letter.charCodeAt(0)) % 1_000_003, 7)
}

async function states(): Promise<Record<string, string>> {
  const { rows } = await desk.database.query('select key, state from outbox order by id')
  return Object.fromEntries(rows.map(({ key, state }) => [key, state]))
}

async function problems(): Promise<Record<string, string>> {
  const { rows } = await desk.database.query('select key, problem from outbox where problem is not null')
  return Object.fromEntries(rows.map(({ key, problem }) => [key, problem]))
}

/** The database's time cannot be moved, so what waits for it is. */
function minutePasses(): Promise<void> {
  return minutesPass(1)
}

async function minutesPass(minutes: number): Promise<void> {
  const by = `make_interval(mins => ${minutes})`
  await desk.database.query(`update outbox set next_at = next_at - ${by}`)
  await desk.database.query(`update lanes set next_at = next_at - ${by}`)
}

/** What a kill does: the server ends the sessions that hold lanes. */
async function cutLockHolders(...reconnecting: Dispatcher[]): Promise<void> {
  const { rows } = await desk.database.query<{ pid: number }>(
    `select distinct pid from pg_locks where locktype = 'advisory' and classid = 7303015
     union select pid from pg_stat_activity
       where $1 and datname = current_database() and query like 'select pg_advisory_unlock%' and pid <> pg_backend_pid()`,
    [reconnecting.length > 0],
  )
  for (const { pid } of rows) await desk.database.query('select pg_terminate_backend($1, 5000)', [pid])
}
