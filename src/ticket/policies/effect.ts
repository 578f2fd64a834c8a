import type { StoredEvent } from '../events.ts'
import type { Ticket } from '../ticket.ts'

/** Where in Slack a post goes. A *slot* is one message: the first effect posts it, later ones edit it in place. */
export type Slot =
  | { place: 'card' }
  | { place: 'card-thread'; eventId: number }
  | { place: 'request'; contactId: number }
  | { place: 'request-thread'; contactId: number; eventId: number }
  | { place: 'home'; contactId: number }
  /** Articles that somebody follows and an import found changed (ART-02). */
  | { place: 'article-news'; contactId: number; importId: number }
  /** What words outside of any request are meant to be: asked once, and edited to what became of them. */
  | { place: 'way-in'; contactId: number; talkId: string }
  /** What a link to a request shows its poster alone, where others read too. `ts`: the message with the link. */
  | {
      place: 'linked'
      contactId: number
      ticketId: number
      channel: string
      userId: string
      threadTs: string | null
      ts: string
    }
  /** A mail that a person should look at: no ticket knows it. */
  | { place: 'mail-notice'; mailId: number }
  /** Mail of an address is strange that day (UTC). */
  | { place: 'mail-alarm'; about: MailAlarm; address: string; day: string }

/** A thread that files are put into: they hang under the message of the card, or of the requester's thread. */
export type UploadSlot =
  | { place: 'card-files'; eventId: number }
  | { place: 'request-files'; contactId: number; eventId: number }
export type UploadPlace = UploadSlot['place']

/**
 * Somebody gets no automatic answers any more, or tries reply addresses; or the server of our own address lets in what
 * would vouch for anybody; or so many codes were asked for that no more are mailed, to a domain (which stands where an
 * address does) or at all.
 */
export type MailAlarm = 'loop' | 'guessing' | 'forged-results' | 'codes-to-domain' | 'codes-of-all'

export type MailTemplate =
  | 'opened'
  | 'follow-up'
  | 'reply'
  | 'waiting'
  | 'solved'
  | 'closed'
  | 'rating'
  | 'not-delivered'

/** What a policy wants done outside. Data only: the words and the recipient's address are looked up when it is done. */
export type Effect =
  /** `whenSent`: due when what the event tells people outside leaves, should it have been held back until then. */
  | { kind: 'post'; slot: Slot; whenSent?: true }
  /** Puts the files of what was said at an event into a thread; takes them away once its author has deleted it. */
  | { kind: 'upload'; slot: UploadSlot }
  | { kind: 'mail'; template: MailTemplate; contactId: number; isAutomatic: boolean }
  /** Tells somebody, beside a channel's others, of what no direct message can tell them. */
  | { kind: 'whisper'; contactId: number }

/** A code mailed to an address that somebody says is theirs: wanted by no policy, because it is about no ticket. */
export type CodeMail = { kind: 'code'; codeId: string }

/** A mail to ourselves, which shows what the server of a mailbox lets in: about no ticket either. */
export type CheckMail = { kind: 'check'; checkId: string }

/** Tells who wrote a mail that nobody here could read it: it became no ticket, so no policy wants this either. */
export type UnreadMail = { kind: 'unread'; mailId: number }

/** How each person on the ticket can be reached. */
export interface Reach {
  address: string | null
  /** Other addresses of theirs, to which we do not write but people may. */
  others?: string[]
  /** Our direct messages reach them. */
  inSlack: boolean
  /** They are in Slack, where direct messages of ours may reach them or not. */
  hasHome?: boolean
  /** There is a channel in which they can be told what only they see. */
  inChannel?: boolean
}

/** What policies may look at: the ticket after the event, the event, and how its people can be reached. */
export interface Occasion {
  ticket: Ticket
  event: StoredEvent
  reach(contactId: number): Reach
  /** The event that last called the ticket solved, whose Slack message carries the survey. */
  surveyEventId: number | null
  /** The event that reminded of the rating since then, whose Slack message carries it too. */
  reminderEventId?: number | null
  /** The last reply that was taken for mere thanks, whose messages offer to reopen. */
  thanksEventId: number | null
}

/** Whenever … then …: looks at one thing that happened and says what should be done about it. */
export type Policy = (occasion: Occasion) => Effect[]

/** The name under which an effect is done at most once: a repeat of the same cause makes the same key. */
export function effectKey(event: StoredEvent, effect: Effect): string {
  if (effect.kind === 'mail') return `${event.id}/mail/${effect.template}/${effect.contactId}`
  if (effect.kind === 'whisper') return `${event.id}/whisper/${effect.contactId}`
  if (effect.kind === 'upload') return `${event.id}/upload/${effect.slot.place}`
  return `${event.id}/post/${slotKey(event.ticketId, effect.slot)}${effect.whenSent ? '/sent' : ''}`
}

/** The places where people outside read: told there is told. */
export const outsidePlaces: (Slot['place'] | UploadPlace)[] = ['request', 'request-thread', 'request-files', 'home']

/** Whether somebody outside is told by this. */
export function isTold(effect: Effect): boolean {
  return effect.kind === 'mail' || effect.kind === 'whisper' || outsidePlaces.includes(effect.slot.place)
}

/** A slot's name: the same message has the same one, whichever effect is about it. */
export function slotKey(ticketId: number | null, slot: Slot): string {
  switch (slot.place) {
    case 'card':
      return `${ticketId}/card`
    case 'card-thread':
      return `${ticketId}/card-thread/${slot.eventId}`
    case 'request':
      return `${ticketId}/request/${slot.contactId}`
    case 'request-thread':
      return `${ticketId}/request-thread/${slot.contactId}/${slot.eventId}`
    case 'home':
      return `home/${slot.contactId}`
    case 'article-news':
      return `article-news/${slot.importId}/${slot.contactId}`
    case 'way-in':
      return `way-in/${slot.talkId}`
    case 'linked':
      return `linked/${slot.channel}/${slot.ts}/${slot.ticketId}`
    case 'mail-notice':
      return `mail-notice/${slot.mailId}`
    case 'mail-alarm':
      return `mail-alarm/${slot.about}/${slot.address}/${slot.day}`
    default:
      return slot satisfies never
  }
}
