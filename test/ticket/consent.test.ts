import { expect, test } from 'vitest'
import { consentOf, mayBeShared, withdrawConsent } from '../../src/ticket/consent.ts'
import { decide } from '../../src/ticket/decide.ts'
import { apply, type Ticket } from '../../src/ticket/ticket.ts'
import {
  ada,
  charles,
  closed,
  eventOf,
  given,
  kofi,
  mallory,
  minutesLater,
  opening,
  solved,
  terms,
  ticketAfter,
} from '../support/given.ts'

const agreed = (consent: boolean | null, ...happened: Parameters<typeof ticketAfter>): Ticket => {
  const { requesterId, ccIds, locale, followUpOf, form, ...intake } = ticketAfter(...happened)
  const opened = {
    type: 'opened',
    intake: { ...intake, form },
    requesterId,
    ccIds,
    locale,
    followUpOf,
    consent,
  } as never
  return { ...ticketAfter(...happened), consent: consentOf(eventOf(opened) as never) }
}
const ask = (ticket: Ticket, actor: typeof ada | typeof charles | typeof mallory | typeof kofi) =>
  decide(ticket, { type: 'withdraw-consent', ticketId: ticket.id, actor, via: 'slack', source: 's' }, terms, opening)

test('TEC-11 a consent is kept with who gave it, when and by which version of the form', () => {
  const ticket = agreed(true)
  expect(ticket.consent).toEqual({
    given: true,
    contactId: ada.id,
    at: opening,
    formVersion: ticket.form?.version,
    withdrawnAt: null,
  })
  expect(mayBeShared(ticket)).toBe(true)
})

test('TEC-11 nothing is shared of who said no, or was not asked', () => {
  for (const said of [false, null]) {
    expect(mayBeShared(agreed(said))).toBe(false)
    expect(withdrawConsent(agreed(said))).toEqual([])
  }
  expect(agreed(null).consent).toBeNull()
})

test.each([
  ['open', []],
  ['solved', [solved]],
  ['closed', [solved, closed]],
] as const)('X19 the requester takes it back at any time, also of a ticket that is %s', (_, happened) => {
  const ticket = agreed(true, ...happened)
  const [event] = ask(ticket, ada) as [Parameters<typeof apply>[1]]
  expect(event).toMatchObject({ type: 'consent-withdrawn', actor: ada })
  const after = apply(ticket, { ...event, at: minutesLater(5) })
  expect(after).toEqual({ ...ticket, consent: { ...ticket.consent, withdrawnAt: minutesLater(5) } })
  expect(mayBeShared(after)).toBe(false)
  expect(ask(after, ada)).toEqual([])
})

test('nobody takes back another’s consent', () => {
  for (const actor of [charles, mallory]) given().when({ type: 'withdraw-consent', actor }).refused('not-yours')
  given().when({ type: 'withdraw-consent', actor: kofi }).refused('agents-only')
})
