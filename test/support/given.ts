import { expect } from 'vitest'
import type { Ask, Command } from '../../src/ticket/commands.ts'
import { decide, type Terms } from '../../src/ticket/decide.ts'
import type { Happening, TicketEvent } from '../../src/ticket/events.ts'
import { BelongsToFollowUp } from '../../src/ticket/follow-up.ts'
import { Refusal, type RefusalCode } from '../../src/ticket/refusal.ts'
import { type Actor, apply, type Ticket, type Via } from '../../src/ticket/ticket.ts'
import { printerIntake, said } from './desk.ts'

// Ada asks about the printer and copies Charles; Kofi and Mary work here; Mallory has nothing to do with it.
export const ada = { kind: 'contact', id: 1 } as const
export const charles = { kind: 'contact', id: 2 } as const
export const mallory = { kind: 'contact', id: 3 } as const
export const kofi = { kind: 'agent', id: 11 } as const
export const mary = { kind: 'agent', id: 12 } as const
export const time = { kind: 'system' } as const

/** Monday at nine, when Ada opened ticket 1042, and any minute after. */
export const opening = new Date('2026-11-23T09:00:00Z')
export const minutesLater = (minutes: number, from = opening): Date => new Date(from.getTime() + minutes * 60_000)
export const msLater = (ms: number, from: Date): Date => new Date(from.getTime() + ms)

/** 27 hours from solving, as shipped. */
export const terms: Terms = { reopenUntil: ({ solvedAt }) => minutesLater(27 * 60, solvedAt) }

/** An event as a test writes it: who, how and when are Kofi in Slack at nine unless said. */
export type Happened = Happening & { actor?: Actor; via?: Via; at?: Date }

export function eventOf(happened: Happened): TicketEvent {
  return { actor: kofi, via: 'slack', at: opening, ...happened } as TicketEvent
}

/** Ada's ticket after everything that happened. */
export function ticketAfter(...happened: Happened[]): Ticket {
  const fresh: Ticket = {
    ...printerIntake,
    id: 1042,
    status: 'open',
    requesterId: ada.id,
    ccIds: [charles.id],
    assigneeId: null,
    locale: 'en',
    via: 'mail',
    openedAt: opening,
    lastRequesterCommentAt: opening,
    lastActivityAt: opening,
    followUpOf: null,
    followUpId: null,
    rating: null,
    remindAt: null,
  }
  return happened.reduce<Ticket>((ticket, event) => apply(ticket, eventOf(event)), fresh)
}

type Asked = Ask extends infer A ? (A extends Ask ? Omit<A, 'ticketId'> : never) : never
type When = Asked & { actor?: Actor; via?: Via; now?: Date }

/** given(what happened).when(this is asked).leadsTo(exactly these events), .refused(with), .followsUp() or .nothing(). */
export function given(...happened: Happened[]) {
  const ticket = ticketAfter(...happened)
  return {
    ticket,
    when: (asked: When) => {
      const { now = minutesLater(1), ...rest } = asked
      const command = { ticketId: ticket.id, actor: kofi, via: 'slack', source: 'test', ...rest } as Command
      const run = () => decide(ticket, command, terms, now)
      const events = () => {
        const decided = run()
        if (decided instanceof BelongsToFollowUp) throw new Error('this belongs to a follow-up')
        return decided
      }
      return {
        leadsTo: (...expected: Happening[]) => {
          const because = { actor: command.actor, via: command.via, at: now }
          expect(events()).toEqual(expected.map((happening) => ({ ...happening, ...because })))
          return events().reduce(apply, ticket)
        },
        nothing: () => expect(events()).toEqual([]),
        refused: (code: RefusalCode) => expect(refusalOf(run)).toBe(code),
        followsUp: () => expect(run()).toBeInstanceOf(BelongsToFollowUp),
      }
    },
  }
}

/** The code of the Refusal that `run` throws; undefined when it throws none. */
export function refusalOf(run: () => unknown): RefusalCode | undefined {
  try {
    run()
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
  return undefined
}

/** What people ask in these tests. */
export const ask = {
  reply: (receivedAt = minutesLater(1)) => ({
    type: 'reply' as const,
    comment: said(),
    receivedAt,
    alreadyTold: [] as string[],
    mayAnswer: true,
    actor: ada,
  }),
  answer: (waits = false) => ({ type: 'answer', comment: said(), waits }) as const,
  solve: { type: 'solve' } as const,
  reopen: (askedAt = minutesLater(1)) => ({ type: 'reopen', askedAt }) as const,
  rate: (score: number, comment: string | null = null) => ({ type: 'rate', score, comment, actor: ada }) as const,
}

/** What happened before, in these tests. */
export const pended = { type: 'pended', withAnswer: false } as const
export const reopenUntil = minutesLater(27 * 60)
export const solved = { type: 'solved', reopenUntil } as const
export const closed = { type: 'closed', actor: time, at: msLater(1, reopenUntil) } as const
export const rated = { type: 'rated', score: 4, comment: null, changed: false, actor: ada } as const
