import type { Happening, TicketEvent } from './events.ts'
import type { Ticket } from './ticket.ts'

/**
 * Whether the solution may be shared anonymously (TEC-11): what the requester said, by which version of the form, and
 * when they took it back. Nobody may share anything but by `mayBeShared`.
 */
export interface Consent {
  given: boolean
  contactId: number
  at: Date
  formVersion: string | null
  withdrawnAt: Date | null
}

/** The consent a ticket opens with; null where nobody was asked. A follow-up is another solution: nobody was asked for it. */
export function consentOf(event: TicketEvent & { type: 'opened' }): Consent | null {
  if (event.consent === undefined || event.consent === null) return null
  const formVersion = event.intake.form?.version ?? null
  return { given: event.consent, contactId: event.requesterId, at: event.at, formVersion, withdrawnAt: null }
}

/** What follows when the requester takes their consent back; nothing where there is none (any more). */
export function withdrawConsent(ticket: Ticket): Happening[] {
  return mayBeShared(ticket) ? [{ type: 'consent-withdrawn' }] : []
}

/** Whether the solution of this ticket may be shared anonymously now. */
export function mayBeShared({ consent }: Pick<Ticket, 'consent'>): boolean {
  return consent?.given === true && consent.withdrawnAt === null
}
