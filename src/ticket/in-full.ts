import type { StoredEvent } from './events.ts'
import type { WholeForm } from './form.ts'
import type { Grant } from './organization.ts'
import type { UploadPlace } from './policies/effect.ts'
import type { Attachment, Sealed, SenderProof, Ticket, Unshared, Via } from './ticket.ts'

/** Somebody outside, as views and mails need them. */
export interface Person {
  id: number
  name: string
  address: string | null
  slack: InSlack | null
  /** In which they are spoken to: the language they chose, else Slack's or their mail's; null where nobody knows. */
  locale: string | null
  /** The language they chose; null, or left out, for none. */
  language?: string | null
  timeZone: string | null
  /** Addresses shown to be theirs or their store's: which stores they may name follows from these (AUT-03). */
  storeAddresses?: string[]
  /** The contacts they were before a mailed code showed that they are one person: the log names them by these. */
  formerIds?: number[]
}

/**
 * A Slack user, with whether our direct messages reach them. `noDm`: Slack's word for why not, the last time it was tried;
 * left out where it lets us. `seenIn`: the channel in which they last pressed or typed something to us.
 */
export interface InSlack {
  teamId: string
  userId: string
  noDm?: string
  noDmSince?: Date
  seenIn?: string
}

/** How somebody is told what concerns them: in Slack, by mail, or both; beside a channel's others, or in no way. */
export type Way = 'both' | 'slack' | 'mail' | 'channel' | 'none'

export function wayTo({ slack, address }: Pick<Person, 'slack' | 'address'>): Way {
  if (slack && slack.noDm === undefined) return address ? 'both' : 'slack'
  if (address) return 'mail'
  return slack?.seenIn ? 'channel' : 'none'
}

/** Staff, as views and mails need them. */
export interface Agent {
  id: number
  name: string
  slack: { teamId: string; userId: string }
}

/** A file of a comment. `url` opens our own copy; null while it is not stored. */
export type CommentFile = Attachment & {
  id: number
  url: string | null
  /** Why it is only linked there, by the thread; left out where it is not, or nobody has tried. */
  unshared?: Partial<Record<UploadPlace, Unshared>>
}

/** One entry of the conversation with its author's name. */
export interface Comment {
  id: number
  author: { kind: 'contact' | 'agent' | 'system'; id: number | null; name: string }
  isPublic: boolean
  via: Via
  text: string
  fullText: string | null
  at: Date
  /** When its author changed the Slack message it came from, or took that back; then no words are left. */
  editedAt?: Date | null
  removedAt?: Date | null
  /** Whether its author was proven, for one that came by mail. */
  proof?: SenderProof | null
  sealed?: Sealed | null
  files: CommentFile[]
}

/** A ticket with everything a card, a message, a page or a mail says about it. */
export interface TicketInFull {
  ticket: Ticket
  requester: Person
  ccs: Person[]
  /** Who was a CC once and is none now, or did something without being one: the log still names them. */
  formerCcs?: Person[]
  assignee: Agent | null
  /** Every agent who did something on the ticket, the assignee included. */
  staff: Agent[]
  accountName: string | null
  /** The requester found their store in no list, and has not shown which is theirs. */
  storeIsOpen?: boolean
  /** The form as it was when the ticket was asked with it; null where none was, or nobody kept it. */
  askedWith?: WholeForm | null
  groupName: string
  /** Of a ticket that asks for access to an organisation's requests: what was granted last, and by whom; null for nothing. */
  granted?: { grant: Grant; agent: string; at: Date } | null
  /** Oldest first, notes included: whoever shows it to people outside filters by `isPublic`. */
  comments: Comment[]
  events: StoredEvent[]
  /** How long each answer can still be taken back, by its event, in ms; those that have left are not in it. */
  undoable?: Map<number, number>
}

/** A row of a person's request history. */
export interface RequestRow {
  id: number
  subject: string
  status: Ticket['status']
  lastActivityAt: Date
  reopenUntil: Date | null
  rating: number | null
  /** Whose request it is, by name; null for the reader's own. */
  requester?: string | null
}
