import { describe, expect, test } from 'vitest'
import { isCounted, isRelayLoop, sendersAreProven, silenceFor } from '../../src/mail/silence.ts'
import type { StoredEvent } from '../../src/ticket/events.ts'
import type { Comment, TicketInFull } from '../../src/ticket/in-full.ts'
import type { SenderProof } from '../../src/ticket/ticket.ts'

const none = { inHour: 0, inDay: 0, strangersOfDomain: 0 }
const slack = { teamId: 'T1', userId: 'U1' }
const byMail = { type: 'opened', via: 'mail' } as StoredEvent

/** Ada's ticket by mail, as far as silence looks at it. */
function full(
  proof: SenderProof | null,
  more: { via?: 'mail' | 'slack'; inSlack?: boolean; byMachine?: boolean } = {},
): TicketInFull {
  const comment = { id: 7, author: { kind: 'contact', id: 1, name: 'Ada' }, via: more.via ?? 'mail', proof } as Comment
  return {
    requester: { id: 1, slack: more.inSlack ? slack : null },
    ccs: [],
    comments: [comment],
    events: [{ type: 'opened', commentId: 7, mayAnswer: !more.byMachine }],
  } as unknown as TicketInFull
}

describe('an acknowledgement', () => {
  test.each([
    ['to the first three of an hour', 'verified', { ...none, inHour: 2, inDay: 9 }, null],
    ['not to the fourth', 'verified', { ...none, inHour: 3, inDay: 3 }, 'loop'],
    ['to a stranger once a day', 'unproven', none, null],
    ['not to a stranger twice', 'unproven', { ...none, inDay: 1 }, 'stranger-told'],
    ['to a hundred strangers of a domain', 'unproven', { ...none, strangersOfDomain: 99 }, null],
    ['not to one more', 'unproven', { ...none, strangersOfDomain: 100 }, 'strangers-of-domain'],
    ['to a proven one of that domain', 'verified', { ...none, strangersOfDomain: 100 }, null],
    ['never to who lied', 'failed', none, 'failed-sender'],
  ] as const)('goes %s', (_, proof, had, silence) => {
    const ticket = full(proof)
    expect(silenceFor({ template: 'opened', event: byMail, full: ticket }, !sendersAreProven(ticket), had)).toBe(
      silence,
    )
  })
})

const crowded = { inHour: 9, inDay: 99, strangersOfDomain: 999 }

test('who asks in Slack is answered however often they ask: no machine fills in a form', () => {
  const inSlack = { ...byMail, via: 'slack' } as StoredEvent
  expect(silenceFor({ template: 'opened', event: inSlack, full: full('verified') }, false, crowded)).toBeNull()
})

test('what an agent decided is said however much was said before, unless the ticket is a liar’s', () => {
  for (const template of ['waiting', 'solved'] as const) {
    expect(silenceFor({ template, event: byMail, full: full('unproven') }, true, crowded)).toBeNull()
    expect(silenceFor({ template, event: byMail, full: full('failed') }, true, none)).toBe('failed-sender')
  }
})

test.each(['follow-up', 'not-delivered'] as const)('%s answers a mail, so it is counted as one', (template) => {
  const replied = { type: 'replied', via: 'mail' } as StoredEvent
  const [known, stranger] = [full('verified'), full('unproven')]
  expect(silenceFor({ template, event: replied, full: known }, false, { ...none, inHour: 2 })).toBeNull()
  expect(silenceFor({ template, event: replied, full: known }, false, { ...none, inHour: 3 })).toBe('loop')
  expect(silenceFor({ template, event: replied, full: stranger }, true, { ...none, inDay: 1 })).toBe('stranger-told')
  expect(isCounted(template, replied, false)).toBe(true)
})

test('that a request closed is said to whoever asked, once a day to a stranger, and never to a machine', () => {
  const event = { type: 'closed', via: 'system' } as StoredEvent
  const silence = (ticket: TicketInFull, had = none) =>
    silenceFor({ template: 'closed', event, full: ticket }, !sendersAreProven(ticket), had)
  expect(silence(full('verified'), crowded)).toBeNull()
  expect(silence(full('unproven'))).toBeNull()
  expect(silence(full('unproven'), { ...none, inDay: 1 })).toBe('stranger-told')
  expect(silence(full('failed'))).toBe('failed-sender')
  expect(silence(full('verified', { byMachine: true }))).toBe('machine')
  expect([isCounted('closed', event, false), isCounted('closed', event, true)]).toEqual([false, true])
})

test('people are proven by their mail, by Slack, or by not having written mail at all', () => {
  expect(sendersAreProven(full('verified'))).toBe(true)
  expect(sendersAreProven(full('unproven'))).toBe(false)
  expect(sendersAreProven(full(null))).toBe(false)
  expect(sendersAreProven(full('unproven', { inSlack: true }))).toBe(true)
  expect(sendersAreProven(full(null, { via: 'slack' }))).toBe(true)
})

test('only what was answered by mail is a loop, after twenty in an hour', () => {
  const event = (type: string, via: string) => ({ type, via }) as StoredEvent
  expect(isRelayLoop(event('replied', 'mail'), 19)).toBe(false)
  expect(isRelayLoop(event('replied', 'mail'), 20)).toBe(true)
  expect(isRelayLoop(event('replied', 'slack'), 99)).toBe(false)
  expect(isRelayLoop(event('answered', 'slack'), 99)).toBe(false)
})
