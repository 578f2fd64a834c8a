import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashOf } from '../../src/secrets.ts'
import { requestPage } from '../../src/store/requests.ts'
import { freshView } from '../../src/ticket/history.ts'
import { mailsTo } from '../support/acting.ts'
import { KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'
import {
  answer,
  attack,
  CHARLES,
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

const HOUR = 60 * 60_000
let world: World
let target: Target

beforeAll(async () => {
  world = await startWorld()
  target = await openTarget(world)
})
afterAll(() => world?.stop())

describe('E1 E2 E3 E4 E5 E7 E8 E9 E10 E11 E12 E14 E15 E16 a mail that may not join touches no ticket, adds nobody, tells nobody', () => {
  test.each([
    ['e01-spoofed-reply-with-cc', 'held: sender-failed, failed'],
    ['e01-spoofed-number-in-subject', 'ticket: sender-failed, failed'],
    ['e01-number-in-subject-by-a-stranger', 'ticket: new-request, verified'],
    ['e02-sign-up-code-to-a-reply-address', 'held: unknown-author-on-ticket, verified'],
    ['e03-guessed-message-ids', 'ticket: new-request, verified'],
    ['e04-changed-token', 'ticket: new-request, verified'],
    ['e04-part-of-a-token', 'ticket: new-request, verified'],
    ['e04-number-and-wildcards-as-token', 'ticket: new-request, verified'],
    ['e05-leaked-reply-address', 'held: unknown-author-on-ticket, verified'],
    ['e05-forwarded-by-a-colleague-not-on-it', 'held: unknown-author-on-ticket, verified'],
    ['e07-control-headers-and-words', 'ticket: new-request, verified'],
    ['e07-delivered-to-by-the-sender', 'held: unknown-author-on-ticket, verified'],
    ['e08-reply-to-names-a-victim', 'ticket: new-request, verified'],
    ['e09-results-below-our-servers', 'held: sender-failed, failed'],
    ['e09-results-for-another-author', 'held: sender-failed, failed'],
    ['e10-two-from-fields', 'held: sender-unclear, unproven'],
    ['e10-two-addresses', 'held: sender-unclear, unproven'],
    ['e10-two-from-fields-and-no-secret', 'unreadable: sender-unclear, unproven'],
    ['e11-encoded-word-as-address', 'held: sender-unclear, unproven'],
    ['e12-address-as-name', 'held: unknown-author-on-ticket, verified'],
    ['e12-look-alike-domain', 'held: unknown-author-on-ticket, verified'],
    ['e12-quoted-local-part', 'held'],
    ['e12-route', 'held'],
    ['e14-stranger-answers-our-mail', 'held: unknown-author-on-ticket, verified'],
    ['e14-spoofed-answer-to-the-original', 'held: id-of-others, unproven'],
    ['e15-out-of-office', 'automatic: out-of-office, verified'],
    ['e16-our-own-address', 'loop: own-mail, verified'],
    ['e16-our-own-x-loop', 'loop: loop, verified'],
  ])('%s → %s', async (name, end) => {
    const before = await stateOf(world, target.number)
    const toMallory = mailsTo(world, MALLORY).length
    const toOthers = mailsTo(world, 'other@evil.example').length
    await receive(world, attack(name, target))
    expect(await lastEnd(world)).toContain(end)
    expect(await stateOf(world, target.number)).toEqual(before)
    expect(await leaks(world)).toEqual({ victims: 0, secrets: [] })
    expect(mailsTo(world, 'other@evil.example')).toHaveLength(toOthers)
    // Mallory hears of requests of her own at most, and then not of Olga's.
    const isOwnRequest = end.startsWith('ticket: new-request') && attack(name, target).includes(`<${MALLORY}>`)
    expect(mailsTo(world, MALLORY).length - toMallory).toBeLessThanOrEqual(isOwnRequest ? 1 : 0)
  })
})

describe('whom Olga trusts gets through', () => {
  const theirs = (from: string, more: string) =>
    `From: ${from}\nTo: ${target.replyAddress}\nSubject: Re: Invoice\nMessage-ID: <${randomBytes(6).toString('hex')}@client.example>\n${more}`
  const pass = 'dmarc=pass header.from=client.example'

  test('a verified participant with the reply address joins', async () => {
    await receive(world, mailOf(theirs(OLGA, ''), 'One more thing.', pass))
    expect(await lastEnd(world)).toBe('reply: reply-address, verified')
  })

  test('an unproven one joins too; the card and the comment say so', async () => {
    await receive(world, mailOf(theirs(CHARLES, ''), 'It is mine as well.', 'dmarc=none header.from=client.example'))
    expect(await lastEnd(world)).toBe('reply: reply-address, unproven')
    const { rows } = await world.db.query('select sender_proof from comments order by id desc limit 2')
    expect(rows.map((row) => row.sender_proof)).toEqual(['unproven', 'verified'])
    const card = cardOf(target.number)
    expect(wordsOf(card)).toContain('Sender not proven')
    const replies = world.slack.state.messages(TRIAGE, { viewer: KOFI, threadTs: card.ts })
    const charles = replies.find((message) => wordsOf(message).includes('It is mine as well.'))!
    expect(wordsOf(charles)).toContain('Sender not proven')
    const olga = replies.find((message) => wordsOf(message).includes('One more thing.'))!
    expect(wordsOf(olga)).not.toContain('Sender not proven')
  })

  test('a CC who is proven and answers the original mail joins (E14)', async () => {
    const fields = `From: ${CHARLES}\nTo: ${world.supportAddress}, ${OLGA}\nSubject: Re: Invoice\nIn-Reply-To: <${target.originalId}>\nMessage-ID: <c1@client.example>`
    await receive(world, mailOf(fields, 'I agree with Olga.', pass))
    expect(await lastEnd(world)).toBe('reply: message-id, verified')
  })

  test('Auto-Submitted: no and a bare X-Auto-Response-Suppress are a person (E15)', async () => {
    await receive(world, mailOf(theirs(OLGA, 'Auto-Submitted: no\nX-Auto-Response-Suppress: All'), 'Still here.', pass))
    expect(await lastEnd(world)).toBe('reply: reply-address, verified')
  })

  test('of two tickets that a mail names, only one it may join is joined, whichever stands first (E6)', async () => {
    const { rows } = await world.db.query(`select max(id)::int as id from tickets`)
    const fields = `From: Mallory <${MALLORY}>\nTo: ${world.supportAddress}\nSubject: Mine\nMessage-ID: <mine@evil.example>`
    await receive(world, mailOf(fields, 'A ticket of my own.', 'dmarc=pass header.from=evil.example'))
    const own = rows[0].id + 1
    const before = await stateOf(world, target.number)
    const both = `From: Mallory <${MALLORY}>\nTo: ${target.replyAddress}\nSubject: Re: Invoice\nReferences: <${target.ourId}> <mine@evil.example>\nMessage-ID: <both@evil.example>`
    await receive(world, mailOf(both, 'Which one is it?', 'dmarc=pass header.from=evil.example'))
    expect(await lastEnd(world)).toBe('reply: message-id, verified')
    expect(await stateOf(world, target.number)).toEqual(before)
    const { rows: words } = await world.db.query(
      `select ticket_id::int as id from comments where text like 'Which one%'`,
    )
    expect(words).toEqual([{ id: own }])
  })
})

describe('a failed sender', () => {
  test('gets a ticket whose card says so, without CCs, and which nothing automatic answers, not even later', async () => {
    const before = mailsTo(world, 'eve@bank.example').length
    const fields = `From: Eve <eve@bank.example>\nTo: ${world.supportAddress}\nCc: x1@victim.test, ${MALLORY}\nSubject: Urgent\nMessage-ID: <f1@evil.example>`
    await receive(world, mailOf(fields, 'Pay now.', 'dmarc=fail header.from=bank.example'))
    expect(await lastEnd(world)).toBe('ticket: sender-failed, failed')
    const { rows } = await world.db.query('select max(id)::int as id from tickets')
    const number = rows[0].id
    expect(wordsOf(cardOf(number))).toContain('Sender failed')
    expect(await stateOf(world, number)).toMatchObject({ ccs: [], mails: [] })
    const { deskAt, database } = world.product.forSamples
    const { rows: agents } = await database.query<{ id: number }>('select id from agents limit 1')
    const actor = { kind: 'agent', id: agents[0]!.id } as const
    await deskAt(world.clock).handle({ type: 'solve', ticketId: number, actor, via: 'slack', source: 'test/solve/f1' })
    await world.settle()
    expect(mailsTo(world, 'eve@bank.example')).toHaveLength(before)
    expect(await leaks(world)).toEqual({ victims: 0, secrets: [] })
  })

  test('who is named Ada is not Ada: her Slack stays silent', async () => {
    const { rows } = await world.db.query(`select count(*)::int as n from outbox where lane like 'dm:%'`)
    const fields = `From: Ada <ada@acme.example>\nTo: ${world.supportAddress}\nSubject: From Ada\nMessage-ID: <f2@evil.example>`
    await receive(world, mailOf(fields, 'It is me.', 'dmarc=fail header.from=acme.example'))
    const after = await world.db.query(`select count(*)::int as n from outbox where lane like 'dm:%'`)
    expect(after.rows).toEqual(rows)
    // Nor does her App Home, which she trusts, show a stranger's words.
    const contact = await world.db.query(
      `select contact_id::int as id from contact_addresses where address = 'ada@acme.example'`,
    )
    const shown = () => requestPage(world.product.forSamples.database, contact.rows[0].id, freshView, 10)
    expect((await shown()).rows).toEqual([])
    const { rows: opened } = await world.db.query('select max(id)::int as id from tickets')
    await answer(world, opened[0].id, 'Was this really you?')
    expect((await shown()).rows).toHaveLength(1)
  })

  test('reopens nothing and stops no clock', async () => {
    const held = await openTarget(world)
    const { database, deskAt } = world.product.forSamples
    const { rows } = await database.query<{ id: number }>('select id from agents limit 1')
    const actor = { kind: 'agent', id: rows[0]!.id } as const
    await deskAt(world.clock).handle({
      type: 'solve',
      ticketId: held.number,
      actor,
      via: 'slack',
      source: 'test/solve',
    })
    await world.settle()
    const before = await stateOf(world, held.number)
    for (const name of ['e01-spoofed-reply-with-cc', 'e05-leaked-reply-address', 'e15-out-of-office'])
      await receive(world, Buffer.from(attack(name, held).toString().replaceAll('evil.example>', 'again.example>')))
    expect(await stateOf(world, held.number)).toEqual(before)
    await world.push(28 * HOUR)
    const { rows: closed } = await world.db.query('select status from tickets where id = $1', [held.number])
    expect(closed).toEqual([{ status: 'closed' }])
  })
})

describe('secrets cannot be guessed', () => {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
  const token = () => [...randomBytes(26)].map((byte) => alphabet[byte % 32]).join('')

  test('100,000 random tokens open no ticket (E4)', async () => {
    const hashes = Array.from({ length: 100_000 }, () => hashOf(token()))
    const { rows } = await world.db.query('select id from tickets where reply_token_hash = any($1)', [hashes])
    expect(rows).toEqual([])
  })

  test('more than 20 tries an hour are told to staff, once (E4)', async () => {
    const changed = () => `support+${token()}@desk.example`
    const tries = (n: number) =>
      Array.from({ length: n }, () => {
        const fields = `From: guess@evil.example\nTo: ${[changed(), changed(), changed(), changed(), changed()].join(', ')}`
        return mailOf(
          `${fields}\nMessage-ID: <${token()}@evil.example>`,
          'Hello?',
          'dmarc=pass header.from=evil.example',
        )
      })
    await receive(world, ...tries(4))
    expect(alarms(/guess@evil\.example tries/)).toHaveLength(0)
    await receive(world, ...tries(3))
    expect(alarms(/guess@evil\.example tries/)).toHaveLength(1)
  })

  test('our Message-IDs and tokens hold at least 100 random bits and no number (E3)', async () => {
    const { rows } = await world.db.query('select message_id, ticket_id from sent_mails')
    expect(rows.length).toBeGreaterThan(3)
    for (const { message_id: id, ticket_id: ticketId } of rows) {
      const [local = ''] = id.split('@')
      expect(local).toMatch(/^[a-z0-9_-]{22,}$/i)
      expect(local).not.toContain(String(ticketId))
    }
    expect(target.replyAddress).toMatch(/\+[a-z2-7]{26}@/)
  })
})

test('who takes the Message-ID of another first takes nothing from them (E22)', async () => {
  const id = 'taken@client.example'
  const fields = (from: string, more = '') =>
    `From: ${from}\nTo: ${world.supportAddress}\n${more}Subject: Order\nMessage-ID: <${id}>`
  await receive(world, mailOf(fields(MALLORY), 'I was first.', 'dmarc=pass header.from=evil.example'))
  await receive(
    world,
    mailOf(fields(OLGA, `Cc: ${CHARLES}\n`), 'My real order.', 'dmarc=pass header.from=client.example'),
  )
  expect(await lastEnd(world)).toBe('ticket: new-request, verified')
  const { rows } = await world.db.query('select max(id)::int as id from tickets')
  const reply = `From: ${CHARLES}\nTo: ${world.supportAddress}\nSubject: Re: Order\nIn-Reply-To: <${id}>\nMessage-ID: <c2@client.example>`
  await receive(world, mailOf(reply, 'And mine.', 'dmarc=pass header.from=client.example'))
  const { rows: words } = await world.db.query(`select ticket_id::int as id from comments where text = 'And mine.'`)
  expect(words).toEqual([{ id: rows[0].id }])
})

describe('we write by ourselves only so often', () => {
  const bot = (n: number, results: string, from = 'bot@machine.example') =>
    mailOf(
      `From: ${from}\nTo: ${world.supportAddress}\nSubject: Case ${n}\nMessage-ID: <bot-${n}-${from}>`,
      `Thank you for case ${n}.`,
      results,
    )

  test('three times an hour to one address, then silence and one notice (E16)', async () => {
    const mails = Array.from({ length: 12 }, (_, n) => bot(n, 'dmarc=pass header.from=machine.example'))
    await receive(world, ...mails)
    expect(mailsTo(world, 'bot@machine.example')).toHaveLength(3)
    const notices = () => alarms(/bot@machine\.example wrote to us again/)
    expect(notices()).toHaveLength(1)
    await world.push(HOUR + 60_000)
    await receive(world, ...mails.map((_, n) => bot(100 + n, 'dmarc=pass header.from=machine.example')))
    expect(mailsTo(world, 'bot@machine.example')).toHaveLength(6)
    expect(notices()).toHaveLength(1)
    // Nothing was lost by it: each is a ticket.
    const { rows } = await world.db.query(
      `select count(*)::int as n from inbound_mails where sender = 'bot@machine.example' and outcome = 'ticket'`,
    )
    expect(rows).toEqual([{ n: 24 }])
  })

  test('an agent is heard however often the machine was answered', async () => {
    const { rows } = await world.db.query(
      `select ticket_id::int as id from inbound_mails where sender = 'bot@machine.example' order by id desc limit 1`,
    )
    await answer(world, rows[0].id, 'Who runs this machine?')
    expect(mailsTo(world, 'bot@machine.example').at(-1)!.text).toContain('Who runs this machine?')
  })

  test('two careless machines on one ticket do not talk through us for ever', async () => {
    const both = await openTarget(world)
    const pass = 'dmarc=pass header.from=client.example'
    const said = (from: string, n: number) =>
      mailOf(
        `From: ${from}\nTo: ${both.replyAddress}\nSubject: Re: Invoice\nMessage-ID: <loop-${n}-${from}>`,
        `We received message ${n}.`,
        pass,
      )
    const before = mailsTo(world, CHARLES).length
    await receive(world, ...Array.from({ length: 30 }, (_, n) => said(OLGA, n)))
    expect(mailsTo(world, CHARLES).length - before).toBe(20)
    expect(alarms(/charles@client\.example wrote to us again/)).toHaveLength(1)
    const { rows } = await world.db.query('select count(*)::int as n from comments where ticket_id = $1', [both.number])
    expect(rows).toEqual([{ n: 32 }])
  })

  test('once a day to a stranger nobody can prove, under any plus address, and without a word of theirs (E17)', async () => {
    const none = 'dmarc=none header.from=small.example'
    await receive(
      world,
      bot(1, none, 'tom@small.example'),
      bot(2, none, 'tom@small.example'),
      bot(3, none, 'tom+x@small.example'),
    )
    const got = [...mailsTo(world, 'tom@small.example'), ...mailsTo(world, 'tom+x@small.example')]
    expect(new Set(got.map(({ id }) => id)).size).toBe(1)
    expect(`${got[0]!.subject}${got[0]!.text}${got[0]!.html}`).not.toMatch(/Case \d|Thank you for case/)
    await world.push(25 * HOUR)
    await receive(world, bot(4, none, 'tom@small.example'))
    expect(mailsTo(world, 'tom@small.example')).toHaveLength(2)
  })
})

function alarms(words: RegExp) {
  return world.slack.state.messages(TRIAGE, { viewer: KOFI }).filter(({ text }) => words.test(text))
}

function cardOf(number: number) {
  return world.slack.state
    .messages(TRIAGE, { viewer: KOFI })
    .find((message) => message.metadata?.event_payload.slot === `${number}/card`)!
}
