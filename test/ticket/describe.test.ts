import { expect, describe as facts, test } from 'vitest'
import { readForm } from '../../src/form-file.ts'
import { decide } from '../../src/ticket/decide.ts'
import { effectsOf } from '../../src/ticket/policies/index.ts'
import { Refusal } from '../../src/ticket/refusal.ts'
import { apply, type Priority, type Ticket } from '../../src/ticket/ticket.ts'
import {
  ada,
  charles,
  closed,
  eventOf,
  kofi,
  minutesLater,
  pended,
  solved,
  terms,
  ticketAfter,
} from '../support/given.ts'

const { form } = await readForm('templates', 'en', { company: 'VTEX' })
const routeOf = (branch: string | null, accountKey: string | null) => ({
  groupKey: branch === 'commercial' ? 'sales' : accountKey === 'acme-sao-paulo' ? 'brazil' : 'us',
  regionKey: accountKey === 'acme-sao-paulo' ? 'brazil' : 'us',
})

/** Ada's ticket as her mail opened it: nothing of the form is answered. */
function byMail(changes: Partial<Ticket> = {}, from = ticketAfter()): Ticket {
  const nothing = { branch: null, accountKey: null, form: null, answers: {}, impact: null, users: null } as const
  const routed = { groupKey: 'us', regionKey: 'us', priority: 'normal' } as const
  return { ...from, ...nothing, ...routed, ...changes } as Ticket
}

function described(ticket: Ticket, answers: Record<string, string>, actor: typeof ada | typeof kofi = ada): Ticket {
  const command = { type: 'describe', ticketId: ticket.id, answers, actor, via: 'mail', source: 'test' } as const
  const events = decide(ticket, command, { ...terms, intake: { form, routeOf } }, minutesLater(1))
  return Array.isArray(events) ? events.reduce(apply, ticket) : ticket
}

facts('answers that come after the mail', () => {
  test('fill the fields, as the questionnaire would have', () => {
    expect(
      described(byMail(), { branch: 'technical', problem_type: '1', impact: 'critical', users: 'all' }),
    ).toMatchObject({
      branch: 'technical',
      impact: 'critical',
      users: 'all',
      priority: 'urgent',
      form: { name: 'intake', version: form.version },
      answers: { branch: 'technical', problem_type: '1', impact: 'critical', users: 'all' },
    })
  })

  test('to a technical question say that it is technical', () => {
    expect(described(byMail(), { impact: 'critical' })).toMatchObject({ branch: 'technical', impact: 'critical' })
  })

  test.each<[Record<string, string>, Priority]>([
    [{ impact: 'critical' }, 'normal'],
    [{ impact: 'critical', users: 'buyers' }, 'urgent'],
    [{ impact: 'important', users: 'all' }, 'high'],
    [{ impact: 'auxiliary', users: 'admin' }, 'low'],
  ])('%j weighs as much as in the form: %s', (answers, priority) => {
    expect(described(byMail(), answers).priority).toBe(priority)
  })

  test('may come one after the other', () => {
    expect(described(described(byMail(), { impact: 'critical' }), { users: 'all' }).priority).toBe('urgent')
  })

  test('leave a priority that somebody has set', () => {
    const raised = byMail({ priority: 'high' })
    expect(described(raised, { impact: 'auxiliary', users: 'admin' }).priority).toBe('high')
  })

  test('of the requester fill gaps only; an agent may change what was said', () => {
    const known = described(byMail(), { impact: 'important', users: 'admin' })
    expect(described(known, { impact: 'critical' })).toEqual(known)
    expect(described(known, { impact: 'critical' }, kofi)).toMatchObject({ impact: 'critical', priority: 'high' })
  })

  test('that the form does not have, or that belong to another branch, change nothing', () => {
    const ticket = byMail()
    expect(described(ticket, { impact: 'enormous', colour: 'red', __proto__: 'x' })).toEqual(ticket)
    expect(described(ticket, { branch: 'financial', impact: 'critical' })).toMatchObject({
      branch: 'financial',
      impact: null,
      answers: { branch: 'financial' },
    })
  })

  test('send a ticket that nobody has taken to its team, and let an agent keep theirs', () => {
    expect(described(byMail(), { branch: 'commercial' }).groupKey).toBe('sales')
    expect(described(byMail({ assigneeId: kofi.id }), { branch: 'commercial' }).groupKey).toBe('us')
    expect(described(byMail(), { account: 'acme-sao-paulo' })).toMatchObject({
      accountKey: 'acme-sao-paulo',
      groupKey: 'brazil',
      regionKey: 'brazil',
    })
  })

  test('end the wait for an answer, and reopen nothing', () => {
    expect(described(byMail({}, ticketAfter(pended)), { impact: 'critical' }).status).toBe('open')
    expect(described(byMail({}, ticketAfter(solved)), { impact: 'critical' }).status).toBe('solved')
  })

  test('are refused from others than the requester and agents, and on a closed ticket', () => {
    expect(() => described(byMail(), { impact: 'critical' }, charles as never)).toThrow(Refusal)
    expect(() => described(byMail({}, ticketAfter(solved, closed)), { impact: 'critical' })).toThrow('ticket-closed')
  })

  test('change the card and add a line under it, change what the requester sees, and mail nobody', () => {
    const ticket = described(byMail(), { impact: 'critical' })
    const { subject: _, ...fields } = ticket
    const answers = { impact: 'critical' }
    const event = eventOf({ type: 'described', answers, fields, priorityBefore: 'normal', actor: ada, via: 'mail' })
    const stored = { ...event, id: 7, ticketId: ticket.id, commentId: null }
    const reach = () => ({ address: 'ada@acme.example', inSlack: true })
    const effects = effectsOf({ ticket, event: stored, reach, surveyEventId: null, thanksEventId: null })
    expect(effects.map((effect) => (effect.kind === 'post' ? effect.slot.place : 'mail'))).toEqual([
      'card',
      'card-thread',
      'request',
      'home',
    ])
  })
})
