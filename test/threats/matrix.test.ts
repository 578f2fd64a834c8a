import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buttonIn, mailsTo, press } from '../support/acting.ts'
import { KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'
import {
  act,
  CHARLES,
  lastEnd,
  leaks,
  MALLORY,
  mailOf,
  OLGA,
  openTargets,
  receive,
  stateOf,
  type Target,
} from './scene.ts'

// Who writes, with which secret, proven how, to a ticket in which status: what may come of it (E1 to E8, E14).
type Proof = 'verified' | 'unproven' | 'failed'
type End = 'joins' | 'held' | 'new'

const HOUR = 60 * 60_000
const statuses = ['open', 'pending', 'solved', 'closed'] as const
const EVE = 'eve@client.example' // a colleague of Olga's, not on the ticket

/** The fields that name the ticket, or seem to. */
const ways = {
  'our reply address': ({ replyAddress }: Target) => `To: ${replyAddress}`,
  'our Message-ID': ({ ourId }: Target) => `To: ${world.supportAddress}\nIn-Reply-To: <${ourId}>`,
  'the original Message-ID': ({ originalId }: Target) => `To: ${world.supportAddress}\nReferences: <${originalId}>`,
  'the number in the subject': () => `To: ${world.supportAddress}`,
  'guessed ids and tokens': ({ number, ourId, replyAddress }: Target) =>
    `To: ${replyAddress.replace(/\+[a-z2-7]+@/, `+${'a'.repeat(26)}@`)}\nReferences: <${number}@desk.example> <${ourId.slice(0, -1)}>`,
  'our reply address, copying Mallory': ({ replyAddress }: Target) => `To: ${replyAddress}\nCc: ${MALLORY}`,
}

type Way = keyof typeof ways

const cells: [who: string, from: string, way: Way, ends: Record<Proof, End>][] = [
  ['the requester', OLGA, 'our reply address', { verified: 'joins', unproven: 'joins', failed: 'held' }],
  ['the requester', OLGA, 'our Message-ID', { verified: 'joins', unproven: 'joins', failed: 'held' }],
  ['the requester', OLGA, 'the original Message-ID', { verified: 'joins', unproven: 'held', failed: 'held' }],
  ['the requester', OLGA, 'the number in the subject', { verified: 'new', unproven: 'new', failed: 'new' }],
  [
    'the requester',
    OLGA,
    'our reply address, copying Mallory',
    { verified: 'joins', unproven: 'joins', failed: 'held' },
  ],
  ['a CC', CHARLES, 'our reply address', { verified: 'joins', unproven: 'joins', failed: 'held' }],
  ['a CC', CHARLES, 'the original Message-ID', { verified: 'joins', unproven: 'held', failed: 'held' }],
  ['a colleague not on it', EVE, 'our reply address', { verified: 'held', unproven: 'held', failed: 'held' }],
  ['a stranger', MALLORY, 'our reply address', { verified: 'held', unproven: 'held', failed: 'held' }],
  ['a stranger', MALLORY, 'our Message-ID', { verified: 'held', unproven: 'held', failed: 'held' }],
  ['a stranger', MALLORY, 'the original Message-ID', { verified: 'held', unproven: 'held', failed: 'held' }],
  ['a stranger', MALLORY, 'the number in the subject', { verified: 'new', unproven: 'new', failed: 'new' }],
  ['a stranger', MALLORY, 'guessed ids and tokens', { verified: 'new', unproven: 'new', failed: 'new' }],
]

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

const rows = cells.flatMap(([who, from, way, ends]) =>
  (['verified', 'unproven', 'failed'] as const).map((proof) => ({ who, from, way, proof, end: ends[proof] })),
)
type Row = (typeof rows)[number]

describe.each(statuses)('E1 E2 E3 E4 E5 E6 E8 E14 a ticket that is %s', (status) => {
  /** What was tried, by its row. All of it comes at once: what each led to is asked by its own words and id. */
  const tried = new Map<Row, { target: Target; words: string; id: string; before: unknown }>()
  let toMallory: number

  beforeAll(async () => {
    const joining = rows.filter(({ end }) => end === 'joins')
    // What may not join leaves it as it was, so one serves them all.
    const [untouched, ...own] = await targetsIn(status, joining.length + 1)
    for (const row of rows) {
      const target = row.end === 'joins' ? own.pop()! : untouched!
      const id = `${randomBytes(6).toString('hex')}@mails.example`
      tried.set(row, { target, words: `It still fails (${id}).`, id, before: await stateOf(world, target.number) })
    }
    toMallory = mailsTo(world, MALLORY).length
    const mails = [...tried].map(([{ from, way, proof }, { target, words, id }]) =>
      written(from, way, proof, target, words, id),
    )
    await receive(world, ...mails)
  }, 60_000)

  test.each(rows)('E5 $who, $proof, with $way: $end', async (row) => {
    const { target, words, id, before } = tried.get(row)!
    const said = await ticketsWith(words)
    if (row.end === 'joins') {
      expect(await endOf(id)).toBe(status === 'closed' ? 'follow-up' : 'reply')
      const sql = 'select id, status, follow_up_of from tickets where id = any($1)'
      const { rows: found } = await world.db.query(sql, [said])
      expect(found).toMatchObject([
        status === 'closed'
          ? { status: 'open', follow_up_of: target.number }
          : { id: target.number, status: 'open', follow_up_of: null },
      ])
    } else {
      expect(await endOf(id)).toBe(row.end === 'held' ? 'held' : 'ticket')
      expect(await stateOf(world, target.number)).toEqual(before)
      expect(said).toHaveLength(row.end === 'held' ? 0 : 1)
      expect(said).not.toContain(target.number)
    }
    expect(await ticketsOf(MALLORY, target)).toEqual([])
  })

  test('E1 E2 nobody but the people on it has read a word of it, and Mallory hears of her own requests at most', async () => {
    expect(await leaks(world)).toEqual({ victims: 0, secrets: [] })
    const own = rows.filter(({ from, end, proof }) => from === MALLORY && end === 'new' && proof !== 'failed')
    expect(mailsTo(world, MALLORY).length - toMallory).toBeLessThanOrEqual(own.length)
  })
})

test('E14 a CC who answers the original mail unproven is held: staff read why, and one button lets them in', async () => {
  const [target] = await targetsIn('open', 1)
  const raw = written(
    CHARLES,
    'the original Message-ID',
    'unproven',
    target!,
    'I am Charles, I think.',
    'i-think@mails.example',
  )
  await receive(world, raw)
  expect(await lastEnd(world)).toBe('held: id-of-others, unproven')
  const notice = world.slack.state
    .messages(TRIAGE, { viewer: KOFI })
    .findLast((message) => wordsOf(message).includes(`beside ticket #${target!.number}`))!
  expect(wordsOf(notice)).toContain('without a mail of ours and without proof that it is really them')
  expect(wordsOf(notice)).toContain('Sender not proven')
  expect(buttonIn(notice, 'mail.accept')).toBe(true)
  await press(world, KOFI, notice, 'mail.accept')
  await world.slack.settled()
  await world.settle()
  expect(await ticketsWith('I am Charles, I think.')).toEqual([target!.number])
})

/** Targets in this status, with time moved where it needs to be. */
async function targetsIn(status: (typeof statuses)[number], count: number): Promise<Target[]> {
  const targets = await openTargets(world, count)
  for (const { number } of targets) {
    if (status === 'pending') await act(world, number, { type: 'answer', comment: said, waits: true })
    if (status === 'solved' || status === 'closed') await act(world, number, { type: 'solve' })
  }
  await world.settle()
  if (status === 'closed') await world.push(28 * HOUR)
  const { rows } = await world.db.query('select distinct status from tickets where id = any($1)', [
    targets.map(({ number }) => number),
  ])
  expect(rows).toEqual([{ status }])
  return targets
}

const said = { text: 'Which account is it?', fullText: null, attachments: [] }

function written(from: string, way: Way, proof: Proof, target: Target, words: string, id: string): Buffer {
  const result = { verified: 'pass', unproven: 'none', failed: 'fail' }[proof]
  const fields = `From: ${from}\n${ways[way](target)}\nSubject: Re: [#${target.number}] Invoice\nMessage-ID: <${id}>`
  return mailOf(fields, words, `dmarc=${result} header.from=${from.split('@')[1]}`)
}

async function endOf(messageId: string): Promise<string> {
  const { rows } = await world.db.query('select outcome from inbound_mails where message_id = $1', [messageId])
  return rows[0]?.outcome
}

async function ticketsWith(words: string): Promise<number[]> {
  const { rows } = await world.db.query('select ticket_id::int as id from comments where text = $1', [words])
  return rows.map(({ id }) => id)
}

/** Whether this address is on the target or what followed it. */
async function ticketsOf(address: string, target: Target): Promise<unknown[]> {
  const { rows } = await world.db.query(
    `select t.id from tickets t left join ticket_ccs c on c.ticket_id = t.id
     join contact_addresses a on a.contact_id in (t.requester_id, c.contact_id)
     where a.address = $1 and (t.id = $2 or t.follow_up_of = $2)`,
    [address, target.number],
  )
  return rows
}
