import type { StoredEvent } from '../events.ts'
import type { Ticket } from '../ticket.ts'

/** Where in Slack a post goes. A *slot* is one message: the first effect posts it, later ones edit it in place. */
export type Slot =
  | { place: 'card' }
  | { place: 'card-thread'; eventId: number }
  | { place: 'request'; contactId: number }
  | { place: 'request-thread'; contactId: number; eventId: number }
  | { place: 'home'; contactId: number }

export type MailTemplate = 'opened' | 'reply' | 'waiting' | 'solved'

/** What a policy wants done outside. Data only: the words and the recipient's address are looked up when it is done. */
export type Effect =
  | { kind: 'post'; slot: Slot }
  | { kind: 'mail'; template: MailTemplate; contactId: number; isAutomatic: boolean }

/** How each person on the ticket can be reached. */
export interface Reach {
  address: string | null
  inSlack: boolean
}

/** What policies may look at: the ticket after the event, the event, and how its people can be reached. */
export interface Occasion {
  ticket: Ticket
  event: StoredEvent
  reach(contactId: number): Reach
  /** The event that last called the ticket solved, whose Slack message carries the survey. */
  surveyEventId: number | null
}

/** Whenever … then …: looks at one thing that happened and says what should be done about it. */
export type Policy = (occasion: Occasion) => Effect[]

/** The name under which an effect is done at most once: a repeat of the same cause makes the same key. */
export function effectKey(event: StoredEvent, effect: Effect): string {
  return effect.kind === 'mail'
    ? `${event.id}/mail/${effect.template}/${effect.contactId}`
    : `${event.id}/post/${slotKey(effect.slot)}`
}

/** A slot's name within its ticket. */
export function slotKey(slot: Slot): string {
  switch (slot.place) {
    case 'card':
      return 'card'
    case 'card-thread':
      return `card-thread/${slot.eventId}`
    case 'request':
      return `request/${slot.contactId}`
    case 'request-thread':
      return `request-thread/${slot.contactId}/${slot.eventId}`
    case 'home':
      return `home/${slot.contactId}`
    default:
      return slot satisfies never
  }
}
