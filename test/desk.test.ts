import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Jobs, startJobs } from '../src/jobs.ts'
import { Refusal } from '../src/ticket/refusal.ts'
import { HOUR, printerIntake, SECOND, said, startDesk, type TestDesk } from './support/desk.ts'

let desk: TestDesk
let jobs: Jobs
const jobLog = { error: () => {} }

beforeAll(async () => {
  desk = await startDesk({ queue: async (database) => (jobs = await startJobs(database, jobLog)) })
})
afterAll(async () => {
  await jobs.stop()
  await desk.end()
})

const answer = (ticketId: number, waits = false) => ({ type: 'answer', ticketId, comment: said(), waits }) as const

describe('a command', () => {
  test('leaves ticket, events, comment, effects and jobs, all in one transaction', async () => {
    const id = await desk.open()
    const untouched = await left(id)
    const failing = desk.database.transaction(async (tx) => {
      await desk.desk.handle({ ...answer(id), actor: desk.kofi, via: 'slack', source: 'rolled-back' }, tx)
      const inside = await tx.query('select from outbox where ticket_id = $1', [id])
      expect(inside.rowCount).toBeGreaterThan(untouched.outbox)
      expect(await left(id)).toEqual(untouched)
      throw new Error('the caller’s transaction fails')
    })
    await expect(failing).rejects.toThrow('the caller’s transaction fails')
    expect(await left(id)).toEqual(untouched)
    expect((await desk.ticket(id)).assigneeId).toBeNull()

    const before = await left(id)
    await desk.ask(answer(id))
    const after = await left(id)
    expect((await desk.ticket(id)).assigneeId).toBe(desk.kofi.id)
    expect(after.events - before.events).toBe(2)
    expect(after.comments - before.comments).toBe(1)
    expect(after.outbox).toBeGreaterThan(before.outbox)
    expect(after.jobs).toBeGreaterThan(before.jobs)
  })

  test('that is refused leaves nothing, not even its source, so that it can be asked again', async () => {
    const id = await desk.open()
    const before = await left(id)
    const reopen = { type: 'reopen', ticketId: id, askedAt: desk.clock.now() } as const
    await expect(desk.ask(reopen, { source: 'refused' })).rejects.toThrow(Refusal)
    expect(await left(id)).toEqual(before)
    await desk.ask({ type: 'solve', ticketId: id })
    const { isRepeat } = await desk.ask(reopen, { source: 'refused' })
    expect(isRepeat).toBe(false)
  })

  test('about a ticket that is not there is refused', async () => {
    await expect(desk.ask({ type: 'solve', ticketId: 999_999 })).rejects.toThrow('no-such-ticket')
  })
})

describe('the same source', () => {
  test('has one effect, and the second arrival is told which ticket it led to', async () => {
    const id = await desk.open({}, { source: 'mail/1' })
    const before = await left(id)
    const again = await desk.ask(
      {
        type: 'open',
        intake: printerIntake,
        requesterId: desk.ada.id,
        ccIds: [],
        locale: 'en',
        comment: said(),
        mayAnswer: true,
        followUpOf: null,
      },
      { source: 'mail/1' },
    )
    expect(again).toEqual({ ticketId: id, events: [], isRepeat: true })
    expect(await left(id)).toEqual(before)
  })

  test('has one effect when it arrives 20 times at once', async () => {
    const id = await desk.open()
    const twenty = Array.from({ length: 20 }, () => desk.reply(id, {}, { source: 'mail/2' }))
    const outcomes = await Promise.all(twenty)
    expect(outcomes.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1)
    expect(outcomes.every(({ ticketId }) => ticketId === id)).toBe(true)
    expect(await desk.count('comments', `ticket_id = ${id}`)).toBe(2)
  })

  test('opens one ticket when its form is sent 20 times at once', async () => {
    const before = await desk.count('tickets')
    const numbers = await Promise.all(Array.from({ length: 20 }, () => desk.open({}, { source: 'slack/draft/1' })))
    expect(new Set(numbers).size).toBe(1)
    expect(await desk.count('tickets')).toBe(before + 1)
  })

  test('that opens a follow-up opens one', async () => {
    const id = await closedTicket()
    await Promise.all(Array.from({ length: 5 }, () => desk.reply(id, {}, { source: 'mail/3' })))
    expect(await desk.count('tickets', `follow_up_of = ${id}`)).toBe(1)
  })
})

describe('at once', () => {
  test('of two agents who take a ticket, one has it and the other is told', async () => {
    const id = await desk.open()
    const take = (agent: TestDesk['kofi']) =>
      desk.ask({ type: 'assign', ticketId: id, agentId: agent.id, expected: null }, { actor: agent })
    const both = await Promise.allSettled([take(desk.kofi), take(desk.mary)])
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const told = both.find((outcome) => outcome.status === 'rejected')
    expect(told?.reason).toMatchObject({ code: 'already-taken' })
  })

  test('20 late replies to a closed ticket are all in one follow-up', async () => {
    const id = await closedTicket()
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => desk.reply(id)))
    const [followUp, ...others] = [...new Set(outcomes.map(({ ticketId }) => ticketId))]
    expect(others).toEqual([])
    expect(await desk.count('comments', `ticket_id = ${followUp}`)).toBe(20)
  })

  test('replies to every ticket of a chain, and work on its end, wait for each other in no circle', async () => {
    const first = await closedTicket()
    const second = (await desk.reply(first)).ticketId
    await close(second)
    const third = (await desk.reply(second)).ticketId
    const work = [first, second, third].flatMap((id) => [desk.reply(id), desk.ask(answer(third)), desk.reply(id)])
    const outcomes = await Promise.all(work)
    expect(new Set(outcomes.map(({ ticketId }) => ticketId))).toEqual(new Set([third]))
  })
})

describe('a follow-up', () => {
  test('carries what the closed ticket knew, is linked both ways, and names the late words once', async () => {
    const id = await closedTicket()
    const { ticketId, events } = await desk.reply(id, { comment: said('Again!') })
    expect(await desk.ticket(ticketId)).toMatchObject({
      ...printerIntake,
      followUpOf: id,
      status: 'open',
      ccIds: [desk.charles.id],
    })
    expect(await desk.ticket(id)).toMatchObject({ followUpId: ticketId, status: 'closed' })
    expect(events.map(({ type, ticketId: of }) => [type, of])).toEqual([
      ['opened', ticketId],
      ['continued', id],
    ])
    expect(await desk.count('comments', `text = 'Again!'`)).toBe(1)
  })

  test('is joined by the next late reply, and reopened by it when it is solved', async () => {
    const id = await closedTicket()
    const followUp = (await desk.reply(id)).ticketId
    expect((await desk.reply(id)).ticketId).toBe(followUp)
    await desk.ask({ type: 'solve', ticketId: followUp })
    expect((await desk.reply(id)).ticketId).toBe(followUp)
    expect((await desk.ticket(followUp)).status).toBe('open')
  })

  test('of a follow-up is opened when that one is closed too, and old mails find the end of the chain', async () => {
    const first = await closedTicket()
    const second = (await desk.reply(first)).ticketId
    await close(second)
    const third = (await desk.reply(first)).ticketId
    expect(await desk.ticket(third)).toMatchObject({ followUpOf: second })
    expect((await desk.reply(first)).ticketId).toBe(third)
    expect((await desk.reply(second)).ticketId).toBe(third)
  })

  test('by a CC stays the requester’s', async () => {
    const id = await closedTicket()
    const { ticketId } = await desk.reply(id, {}, { actor: desk.charles })
    expect(await desk.ticket(ticketId)).toMatchObject({ requesterId: desk.ada.id, ccIds: [desk.charles.id] })
  })

  test('is opened by a reply after the window even before the sweep has closed the ticket, which then still closes', async () => {
    const id = await desk.open()
    await desk.ask({ type: 'solve', ticketId: id })
    await desk.clock.push(28 * HOUR)
    const { ticketId } = await desk.reply(id)
    expect(ticketId).not.toBe(id)
    await closeNow(id)
    expect(await desk.ticket(id)).toMatchObject({ status: 'closed', followUpId: ticketId })
  })
})

describe('words that databases choke on', () => {
  const nasty = 'a\u0000b \ud83d and \udc00 c'
  const kept = 'ab \ufffd and \ufffd c'

  test('are kept without what cannot be kept: subject, answers, comment, file name, rating, report', async () => {
    const file = {
      name: nasty,
      contentType: 'text/plain',
      size: 1,
      sha256: null,
      slackFile: { id: nasty, url: nasty },
      refused: null,
    }
    const id = await desk.open({
      intake: { ...printerIntake, subject: nasty, answers: { [nasty]: [nasty, { deep: nasty }] } },
      comment: { text: nasty, fullText: nasty, attachments: [file] },
    })
    await desk.reply(id, { alreadyTold: [nasty] })
    await desk.ask(
      { type: 'record-undelivered', ticketId: id, recipient: nasty, reason: nasty },
      { actor: { kind: 'system' } },
    )
    await desk.ask({ type: 'solve', ticketId: id })
    await desk.ask({ type: 'rate', ticketId: id, score: 3, comment: nasty }, { actor: desk.ada })
    const ticket = await desk.ticket(id)
    expect(ticket).toMatchObject({
      subject: kept,
      answers: { [kept]: [kept, { deep: kept }] },
      rating: { comment: kept },
    })
  })

  test('in a source are no way to fail', async () => {
    const id = await desk.open()
    const first = await desk.reply(id, {}, { source: `mail/${nasty}` })
    const second = await desk.reply(id, {}, { source: `mail/${nasty}` })
    expect([first.isRepeat, second.isRepeat]).toEqual([false, true])
  })

  test('are kept in full when there are many: a subject of 10,000 characters', async () => {
    const subject = 'Printer! '.repeat(1_111)
    const id = await desk.open({ intake: { ...printerIntake, subject } })
    expect((await desk.ticket(id)).subject).toBe(subject)
  })
})

test('dates come back as dates, and the log says who, how, when and why', async () => {
  const id = await desk.open()
  const solved = await desk.ask({ type: 'solve', ticketId: id }, { source: 'slack/action/9' })
  const { rows } = await desk.database.query('select * from events where id = $1', [solved.events.at(-1)!.id])
  expect(rows[0]).toMatchObject({
    type: 'solved',
    actor_kind: 'agent',
    actor_id: desk.kofi.id,
    via: 'slack',
    source: 'slack/action/9',
  })
  const ticket = await desk.ticket(id)
  expect(ticket).toMatchObject({
    status: 'solved',
    reopenUntil: new Date(solved.events.at(-1)!.at.getTime() + 27 * HOUR),
  })
})

async function closedTicket(): Promise<number> {
  const id = await desk.open()
  await close(id)
  return id
}

async function close(id: number): Promise<void> {
  await desk.ask({ type: 'solve', ticketId: id })
  await desk.clock.push(27 * HOUR + SECOND)
  await closeNow(id)
}

async function closeNow(id: number): Promise<void> {
  const ticket = await desk.ticket(id)
  if (ticket.status !== 'solved') throw new Error(`ticket ${id} is ${ticket.status}`)
  await desk.ask({ type: 'close', ticketId: id, dueAt: ticket.reopenUntil }, { actor: { kind: 'system' } })
}

/** What there is of a ticket, so that a test can say that nothing was left, or what was. */
async function left(id: number) {
  const of = `ticket_id = ${id}`
  const jobs = await desk.count('pgboss.job', `name = 'lane'`)
  const [events, comments, outbox, sources] = await Promise.all([
    desk.count('events', of),
    desk.count('comments', of),
    desk.count('outbox', of),
    desk.count('handled_sources'),
  ])
  return { events, comments, outbox, jobs, sources }
}
