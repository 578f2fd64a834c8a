import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buttonIn, mailsTo, press } from '../support/acting.ts'
import { KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'
import {
  answer,
  CHARLES,
  command,
  lastEnd,
  leaks,
  MALLORY,
  mailOf,
  OLGA,
  openTarget,
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

describe.each(statuses)('E1 E2 E3 E4 E5 E6 E8 E14 a ticket that is %s', (status) => {
  // What may not join leaves it as it was, so one serves them all.
  let untouched: Target
  beforeAll(async () => {
    untouched = await targetIn(status)
  }, 30_000)

  const rows = cells.flatMap(([who, from, way, ends]) =>
    (['verified', 'unproven', 'failed'] as const).map((proof) => ({ who, from, way, proof, end: ends[proof] })),
  )
  test.each(rows)('E5 $who, $proof, with $way: $end', async ({ from, way, proof, end }) => {
    const target = end === 'joins' ? await targetIn(status) : untouched
    const before = await stateOf(world, target.number)
    const toMallory = mailsTo(world, MALLORY).length
    const words = `It still fails (${randomBytes(6).toString('hex')}).`
    await receive(world, written(from, way, proof, target, words))
    const said = await ticketsWith(words)
    if (end === 'joins') {
      expect(await lastEnd(world)).toMatch(status === 'closed' ? /^follow-up: / : /^reply: /)
      const { rows: found } = await world.db.query('select id, status, follow_up_of from tickets where id = any($1)', [
        said,
      ])
      expect(found).toMatchObject([
        status === 'closed'
          ? { status: 'open', follow_up_of: target.number }
          : { id: target.number, status: 'open', follow_up_of: null },
      ])
    } else {
      expect(await lastEnd(world)).toMatch(end === 'held' ? /^held: / : /^ticket: /)
      expect(await stateOf(world, target.number)).toEqual(before)
      expect(said).toHaveLength(end === 'held' ? 0 : 1)
      expect(said).not.toContain(target.number)
    }
    expect(await ticketsOf(MALLORY, target)).toEqual([])
    const isOwn = from === MALLORY && end === 'new' && proof !== 'failed'
    expect(mailsTo(world, MALLORY).length - toMallory).toBeLessThanOrEqual(isOwn ? 1 : 0)
  })

  test('E1 E2 nobody but the people on it has read a word of it', async () => {
    expect(await leaks(world)).toEqual({ victims: 0, secrets: [] })
  })
})

test('E14 a CC who answers the original mail unproven is held: staff read why, and one button lets them in', async () => {
  const target = await targetIn('open')
  await receive(world, written(CHARLES, 'the original Message-ID', 'unproven', target, 'I am Charles, I think.'))
  expect(await lastEnd(world)).toBe('held: id-of-others, unproven')
  const notice = world.slack.state
    .messages(TRIAGE, { viewer: KOFI })
    .findLast((message) => wordsOf(message).includes(`beside ticket #${target.number}`))!
  expect(wordsOf(notice)).toContain('without a mail of ours and without proof that it is really them')
  expect(wordsOf(notice)).toContain('Sender not proven')
  expect(buttonIn(notice, 'mail.accept')).toBe(true)
  await press(world, KOFI, notice, 'mail.accept')
  await world.slack.settled()
  await world.settle()
  expect(await ticketsWith('I am Charles, I think.')).toEqual([target.number])
})

/** A target in this status, with time moved where it needs to be. */
async function targetIn(status: (typeof statuses)[number]): Promise<Target> {
  const target = await openTarget(world)
  if (status === 'pending') await answer(world, target.number, 'Which account is it?', true)
  if (status === 'solved' || status === 'closed') await command(world, target.number, 'solve')
  if (status === 'closed') await world.push(28 * HOUR)
  const { rows } = await world.db.query('select status from tickets where id = $1', [target.number])
  expect(rows).toEqual([{ status }])
  return target
}

function written(from: string, way: Way, proof: Proof, target: Target, words: string): Buffer {
  const result = { verified: 'pass', unproven: 'none', failed: 'fail' }[proof]
  const id = randomBytes(6).toString('hex')
  const fields = `From: ${from}\n${ways[way](target)}\nSubject: Re: [#${target.number}] Invoice\nMessage-ID: <${id}@mails.example>`
  return mailOf(fields, words, `dmarc=${result} header.from=${from.split('@')[1]}`)
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
