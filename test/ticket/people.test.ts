import { describe, expect, test } from 'vitest'
import { ada, ask, charles, closed, given, kofi, mallory, pended, solved } from '../support/given.ts'

const add = (...contactIds: number[]) => ({ type: 'add-cc' as const, contactIds })
const remove = (...contactIds: number[]) => ({ type: 'remove-cc' as const, contactIds })
const joined = (...contactIds: number[]) => ({ type: 'joined' as const, acceptedBy: kofi.id, contactIds })
const left = (...contactIds: number[]) => ({ type: 'left' as const, contactIds })

describe('an agent', () => {
  test('copies somebody, who may then reply', () => {
    const after = given().when(add(mallory.id)).leadsTo(joined(mallory.id))
    expect(after.ccIds).toEqual([charles.id, mallory.id])
    const reply = { ...ask.reply(), actor: mallory }
    expect(given(joined(mallory.id)).when(reply).leadsTo(repliedBy(reply)).status).toBe('open')
  })

  test('takes somebody off, who may then reply no more', () => {
    const after = given().when(remove(charles.id)).leadsTo(left(charles.id))
    expect(after.ccIds).toEqual([])
    given(left(charles.id))
      .when({ ...ask.reply(), actor: charles })
      .refused('not-yours')
  })

  test('who adds whoever is there already, or removes whoever is not, changes nothing', () => {
    given().when(add(ada.id, charles.id)).nothing()
    given().when(remove(ada.id, mallory.id)).nothing()
    given()
      .when(add(charles.id, mallory.id, mallory.id))
      .leadsTo(joined(mallory.id))
    given().when(remove(mallory.id, charles.id)).leadsTo(left(charles.id))
  })

  test('copies at most forty people', () => {
    const thirtyNine = Array.from({ length: 39 }, (_, index) => 100 + index)
    given()
      .when(add(...thirtyNine))
      .leadsTo(joined(...thirtyNine))
    given()
      .when(add(...thirtyNine, mallory.id))
      .refused('too-many-ccs')
  })

  test.each([
    ['open', [], true],
    ['pending', [pended], true],
    ['solved', [solved], true],
    ['closed', [solved, closed], false],
  ] as const)('changes who is on a ticket that is %s: %#', (_status, happened, isAllowed) => {
    for (const what of [add(mallory.id), remove(charles.id)]) {
      const asked = given(...happened).when(what)
      if (!isAllowed) asked.refused('ticket-closed')
      else if (what.type === 'add-cc') asked.leadsTo(joined(mallory.id))
      else asked.leadsTo(left(charles.id))
    }
  })
})

test.each([ada, charles, mallory])('nobody outside changes who is on a ticket', (actor) => {
  given()
    .when({ ...add(mallory.id), actor })
    .refused('not-yours')
  given()
    .when({ ...remove(charles.id), actor })
    .refused('not-yours')
})

test('neither changes the status nor what the requester sees as the last activity', () => {
  const { ticket } = given(pended)
  for (const what of [joined(mallory.id), left(charles.id)]) {
    const after = given(pended, what).ticket
    expect(after).toMatchObject({ status: ticket.status, lastActivityAt: ticket.lastActivityAt })
  }
})

function repliedBy({ comment, receivedAt }: Pick<ReturnType<typeof ask.reply>, 'comment' | 'receivedAt'>) {
  return { type: 'replied' as const, comment, receivedAt, alreadyTold: [] as string[], mayAnswer: true, reopens: false }
}
