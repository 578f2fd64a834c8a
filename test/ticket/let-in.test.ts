import { expect, test } from 'vitest'
import { openFollowUp } from '../../src/ticket/follow-up.ts'
import { effectsOf } from '../../src/ticket/policies/index.ts'
import {
  ask,
  charles,
  closed,
  eventOf,
  given,
  kofi,
  mallory,
  mary,
  minutesLater,
  reopenUntil,
  solved,
  ticketAfter,
} from '../support/given.ts'

// An agent accepts a mail of Mallory's, who is not on Ada's ticket.
const accepted = { ...ask.reply(), actor: mallory, via: 'mail', acceptedBy: kofi.id } as const
const { comment, receivedAt, alreadyTold, mayAnswer } = accepted
const joined = { type: 'joined', acceptedBy: kofi.id } as const
const replied = { type: 'replied', comment, receivedAt, alreadyTold, mayAnswer, reopens: false } as const

test('who is let in is a CC from the words they are let in with', () => {
  const after = given().when(accepted).leadsTo(joined, replied)
  expect(after.ccIds).toEqual([charles.id, mallory.id])
})

test('without an agent’s word they are refused', () => {
  const { acceptedBy: _, ...uninvited } = accepted
  given().when(uninvited).refused('not-yours')
})

test('who is on the ticket already only replies', () => {
  given()
    .when({ ...accepted, actor: charles })
    .leadsTo(replied)
})

test('an agent’s word lets in people, not agents', () => {
  given()
    .when({ ...accepted, actor: mary })
    .refused('agents-only')
})

test('their mail reopens a solved ticket as any reply in time does', () => {
  const after = given(solved)
    .when(accepted)
    .leadsTo(joined, { type: 'reopened', byReply: true }, { ...replied, reopens: true })
  expect(after.status).toBe('open')
})

test('after the deadline it is a follow-up, which they are on and the closed ticket is not', () => {
  const late = { ...accepted, receivedAt: minutesLater(1, reopenUntil) }
  given(solved, closed)
    .when({ ...late, now: minutesLater(2, reopenUntil) })
    .followsUp()
  const opened = openFollowUp(ticketAfter(solved, closed), { ...late, ticketId: 1042, source: 'mail/7/accepted' })
  expect(opened).toMatchObject({ ccIds: [charles.id, mallory.id], requesterId: 1 })
})

test('that they joined shows on the card, and is told to nobody by mail: their words are', () => {
  const ticket = ticketAfter({ ...joined, actor: mallory })
  const event = { ...eventOf({ ...joined, actor: mallory }), id: 5, ticketId: ticket.id, commentId: null }
  const reach = () => ({ address: 'somebody@x.example', inSlack: false })
  const effects = effectsOf({ ticket, event, reach, surveyEventId: null, thanksEventId: null } as Parameters<
    typeof effectsOf
  >[0])
  expect(effects).toEqual([{ kind: 'post', slot: { place: 'card' } }])
})
