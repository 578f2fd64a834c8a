import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sweepDeadlines } from '../../src/deadlines.ts'
import type { ReceivedMail } from '../../src/mail/mailbox.ts'
import { ticketsToClose } from '../../src/store/deadlines.ts'
import { createInbox, lockMail, nextWaitingMail, settleMail } from '../../src/store/inbox.ts'
import { said, startDesk, type TestDesk } from '../support/desk.ts'
import { explain } from '../support/explain.ts'

let desk: TestDesk
/** When the next ticket that is solved closes. */
let deadline: Date

beforeAll(async () => {
  desk = await startDesk({ parts: { termsOf: () => ({ reopenUntil: () => deadline }) } })
})
beforeEach(async () => {
  await desk.database.query(`update tickets set status = 'open', reopen_until = null where status = 'solved'`)
  await desk.database.query('truncate mailboxes, inbound_mails cascade')
})
afterAll(() => desk.end())

const inbox = () => createInbox(desk.database, async () => {})
const failing = {
  error: ({ err }: { err?: Error }) => {
    throw err
  },
}
const sweep = (mailboxes = ['INBOX']) =>
  sweepDeadlines({ database: desk.database, desk: desk.desk, clock: desk.clock, log: failing, mailboxes })

describe('a ticket whose window has ended', () => {
  test('closes once the mailbox was read a second past it, because mail is stamped in whole seconds', async () => {
    const id = await solvedUntil(-5_000)
    await sweep()
    expect(await status(id)).toBe('solved')
    await inbox().readUpTo('INBOX', new Date(deadline.getTime() + 999))
    await sweep()
    expect(await status(id)).toBe('solved')
    await inbox().readUpTo('INBOX', new Date(deadline.getTime() + 1_000))
    await sweep()
    expect(await status(id)).toBe('closed')
  })

  test('waits for every mailbox', async () => {
    const id = await solvedUntil(-5_000)
    await inbox().readUpTo('INBOX', desk.clock.now())
    await sweep(['INBOX', 'Sales'])
    expect(await status(id)).toBe('solved')
    await inbox().readUpTo('Sales', desk.clock.now())
    await sweep(['INBOX', 'Sales'])
    expect(await status(id)).toBe('closed')
  })

  test('waits for a mail that came by then and is not understood, not for one that came after', async () => {
    const id = await solvedUntil(-5_000)
    await inbox().readUpTo('INBOX', desk.clock.now())
    await inbox().save(mail(1, deadline))
    await sweep()
    expect(await status(id)).toBe('solved')
    await desk.database.query(`update inbound_mails set received_at = received_at + interval '1 millisecond'`)
    await sweep()
    expect(await status(id)).toBe('closed')
  })

  test('that cannot be closed holds up none of the hundreds behind it', async () => {
    const stuck = await solvedUntil(-9_000)
    const ids = [stuck]
    for (let i = 0; i < 120; i++) ids.push(await solvedUntil(-8_000 + i))
    await inbox().readUpTo('INBOX', desk.clock.now())
    const errors: object[] = []
    const handle: typeof desk.desk.handle = async (command) => {
      if ('ticketId' in command && command.ticketId === stuck) throw new Error('no such region')
      return desk.desk.handle(command)
    }
    const log = { error: (fields: object) => errors.push(fields) }
    await sweepDeadlines({ database: desk.database, desk: { handle }, clock: desk.clock, mailboxes: ['INBOX'], log })
    expect(errors).toMatchObject([{ ticket: stuck }])
    expect(await desk.count('tickets', `status = 'closed' and id = any('{${ids}}')`)).toBe(120)
    await sweep()
    expect(await status(stuck)).toBe('closed')
  })

  test('closes although a sweep came too early, by a clock that was set back', async () => {
    const id = await solvedUntil(-5_000)
    await inbox().readUpTo('INBOX', desk.clock.now())
    const early = { now: () => deadline }
    const tooEarly = createEarlyDesk(early)
    await sweepDeadlines({
      database: desk.database,
      desk: tooEarly,
      clock: desk.clock,
      log: failing,
      mailboxes: ['INBOX'],
    })
    expect(await status(id)).toBe('solved')
    await sweep()
    expect(await status(id)).toBe('closed')
  })

  test('closes when Slack is heard past it too; who has heard more than there was closes none before its time', async () => {
    const id = await solvedUntil(-5_000)
    const later = await solvedUntil(60_000)
    await inbox().readUpTo('INBOX', desk.clock.now())
    const now = desk.clock.now().getTime()
    const sweepHeard = (ms: number) =>
      sweepDeadlines({
        ...{ database: desk.database, desk: desk.desk, clock: desk.clock, log: failing, mailboxes: ['INBOX'] },
        heardUpTo: () => new Date(now + ms),
      })
    await sweepHeard(-6_000)
    expect(await status(id)).toBe('solved')
    await sweepHeard(86_400_000)
    expect([await status(id), await status(later)]).toEqual(['closed', 'solved'])
    expect(await desk.count('handled_sources', `source like 'deadline/close/${later}/%'`)).toBe(0)
  })

  test('is found without reading every ticket', async () => {
    await desk.database.query(
      `insert into tickets (status, subject, requester_id, group_key, region_key, answers, priority, locale, via,
         opened_at, last_requester_comment_at, last_activity_at, reopen_until)
       select 'solved', 'old', $1, 'emea', 'emea', '{}', 'normal', 'en', 'mail', now(), now(), now(), now() + interval '1 day'
       from generate_series(1, 20000)`,
      [desk.ada.id],
    )
    await desk.database.query('analyze tickets')
    const plan = await explain(desk.database, (db) => ticketsToClose(db, ['INBOX'], desk.clock.now(), 100))
    expect(plan).toContain('tickets_to_close')
    expect(plan).not.toContain('Seq Scan on tickets')
  })
})

test('a reply that races the closing sweep is never lost and never meets a closed ticket when it came in time', async () => {
  const trials = 200
  const STEP_MS = 6
  deadline = new Date(desk.clock.now().getTime() + 3_600_000)
  const opened = await Promise.all(Array.from({ length: trials }, () => desk.open({ ccIds: [] })))
  opened.sort((a, b) => a - b)
  await Promise.all(opened.map((ticketId) => desk.ask({ type: 'solve', ticketId })))
  const start = desk.clock.now().getTime() + 300
  const post = opened.map((ticketId, i) => {
    const deadline = start + i * STEP_MS
    return { ticketId, deadline, arrivesAt: deadline - 50 + ((i * 37) % 101) }
  })
  await desk.database.query(
    `update tickets set reopen_until = $2::timestamptz + (id - $1) * interval '${STEP_MS} milliseconds' where id >= $1`,
    [opened[0], new Date(start)],
  )
  const end = start + trials * STEP_MS + 1_200
  const isOver = () => desk.clock.now().getTime() > end
  await Promise.all([readMailbox(), understand(), understand(), close(), close()])
  await understandAll()
  await sweep()

  for (const { ticketId, arrivesAt, deadline } of post) {
    const inTime = wholeSecond(arrivesAt) <= deadline
    const { rows } = await desk.database.query(
      `select t.id, t.status from comments c join tickets t on t.id = c.ticket_id where c.text = $1`,
      [`reply to ${ticketId}`],
    )
    expect(rows, `reply ${arrivesAt - deadline} ms after the deadline`).toHaveLength(1)
    expect([rows[0]!.id === ticketId, await status(ticketId)]).toEqual(inTime ? [true, 'open'] : [false, 'closed'])
  }

  async function readMailbox(): Promise<void> {
    const unread = [...post].sort((a, b) => a.arrivesAt - b.arrivesAt)
    let uid = 0
    // On a slow machine the mailbox is behind at the end: it is read once more from then on.
    for (let isLast = false; !isLast; ) {
      isLast = isOver()
      const sweepBegan = desk.clock.now()
      while (unread[0] && unread[0].arrivesAt <= sweepBegan.getTime()) {
        const { ticketId, arrivesAt } = unread.shift()!
        await inbox().save(mail(++uid, new Date(wholeSecond(arrivesAt)), String(ticketId)))
      }
      await inbox().readUpTo('INBOX', sweepBegan)
      await new Promise(setImmediate)
    }
  }
  async function understand(): Promise<void> {
    while (!isOver()) await understandAll()
  }
  async function close(): Promise<void> {
    while (!isOver()) await sweep()
  }
})

async function understandAll(): Promise<void> {
  for (let next = await nextWaitingMail(desk.database); next; next = await nextWaitingMail(desk.database)) {
    const { id, raw, receivedAt } = next
    await desk.database.transaction(async (tx) => {
      if (!(await lockMail(tx, id))) return
      const ticketId = Number(raw.toString())
      const comment = said(`reply to ${ticketId}`)
      const reply = {
        type: 'reply',
        ticketId,
        comment,
        receivedAt,
        alreadyTold: [] as string[],
        mayAnswer: true,
      } as const
      await desk.desk.handle({ ...reply, actor: desk.ada, via: 'mail', source: `mail/${id}` }, tx)
      const end = { outcome: 'reply', rule: 'test', reason: 'test', ticketId, contactId: null } as const
      const unread = { saw: {}, claimedFrom: null, excerpt: null }
      const traits = { messageId: null, contentHash: Buffer.alloc(1), sender: null, subject: '', ...unread }
      await settleMail(tx, id, end, traits, desk.clock.now())
    })
  }
  await new Promise(setImmediate)
}

function createEarlyDesk(clock: { now(): Date }): TestDesk['desk'] {
  const now = desk.clock.now
  return {
    handle: async (command) => {
      desk.clock.now = clock.now
      try {
        return await desk.desk.handle(command)
      } finally {
        desk.clock.now = now
      }
    },
  }
}

/** Ada's ticket, solved, to be closed so many ms from now. */
async function solvedUntil(ms: number): Promise<number> {
  const id = await desk.open()
  deadline = new Date(desk.clock.now().getTime() + ms)
  await desk.ask({ type: 'solve', ticketId: id })
  return id
}

async function status(id: number): Promise<string> {
  return (await desk.ticket(id)).status
}

function mail(uid: number, receivedAt: Date, words = `mail ${uid}`): ReceivedMail {
  const raw = Buffer.from(words)
  return { mailbox: 'INBOX', uidValidity: 1n, uid, raw, receivedAt, sizeOnServer: raw.length }
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000
}
