import { expect, test } from 'vitest'
import { openFollowUp } from '../../src/ticket/follow-up.ts'
import { printerIntake, said } from '../support/desk.ts'
import { ada, charles, closed, mallory, minutesLater, solved, ticketAfter } from '../support/given.ts'

const late = (actor: typeof ada | typeof charles | typeof mallory) =>
  ({
    type: 'reply',
    ticketId: 1042,
    comment: said('Again!'),
    receivedAt: minutesLater(5000),
    alreadyTold: [] as string[],
    mayAnswer: false,
    actor,
    via: 'mail',
    source: 'mail/7',
  }) as const

test('carries subject, account, form answers and participants, and says what it follows', () => {
  expect(openFollowUp(ticketAfter(solved, closed), late(ada))).toEqual({
    type: 'open',
    intake: printerIntake,
    requesterId: ada.id,
    ccIds: [charles.id],
    locale: 'en',
    comment: said('Again!'),
    mayAnswer: false,
    alreadyTold: [],
    followUpOf: 1042,
    actor: ada,
    via: 'mail',
    source: 'mail/7/follow-up',
  })
})

test('stays the requester’s when a CC wrote the late reply: their request, their survey, their history', () => {
  const { requesterId, ccIds, actor } = openFollowUp(ticketAfter(solved, closed), late(charles)) as {
    requesterId: number
    ccIds: number[]
    actor: object
  }
  expect({ requesterId, ccIds, actor }).toEqual({ requesterId: ada.id, ccIds: [charles.id], actor: charles })
})

test('copies whom an agent let into the conversation with these words', () => {
  const { ccIds } = openFollowUp(ticketAfter(solved, closed), late(mallory)) as { ccIds: number[] }
  expect(ccIds).toEqual([charles.id, mallory.id])
})
