/**
 * What the sandbox's mail routes say and hear, below `/sandbox/mail`. All JSON; times are ISO 8601 strings in UTC by the
 * desk's clock. An error answers 4xx with `MailError`.
 *
 *   GET  /mailboxes                                 → MailboxSummary[]
 *   GET  /messages?mailbox=ADDRESS[&folder=Sent]    → MessageSummary[], newest first; folder is INBOX unless said
 *   GET  /messages/ID                               → Message, and marks it read for its person
 *   GET  /messages/ID/raw                           → text/plain, the exact bytes
 *   GET  /messages/ID/attachments/INDEX             → the file, always as a download
 *   GET  /messages/ID/html                          → text/html for an iframe: cid: images replaced; sandboxed by its CSP header
 *   POST /send                  SendRequest         → SendResult
 *   GET  /events                                    → text/event-stream of MailEvent, one per `data:` line
 */

export interface Address {
  name: string
  address: string
}

export interface MailboxSummary {
  address: string
  name: string
  /** The desk's own mailbox: shown as a curiosity, nobody writes from it by hand. */
  support: boolean
  folders: { name: FolderName; total: number; unread: number }[]
}

export type FolderName = 'INBOX' | 'Sent'

export interface MessageSummary {
  /** Opaque, stable between starts, safe in a path. */
  id: string
  mailbox: string
  folder: FolderName
  uid: number
  from: Address | null
  to: Address[]
  subject: string
  /** When this server received it (INTERNALDATE), not what its Date header claims. */
  receivedAt: string
  /** First words of the text, at most 160 characters, without the quote. */
  preview: string
  unread: boolean
  attachments: number
  /** The Message-ID of the first mail of its conversation (first of References, else In-Reply-To, else its own). */
  thread: string
}

export interface Message extends MessageSummary {
  cc: Address[]
  replyTo: Address[]
  date: string | null
  text: string
  /** As it arrived, not sanitised: show it only through `/messages/ID/html` in an iframe with `sandbox`. */
  html: string | null
  files: Attachment[]
  /** Every header line in order, decoded. */
  headers: { name: string; value: string }[]
  messageId: string | null
  inReplyTo: string | null
  references: string[]
  size: number
  /** Who "Reply" and "Reply all" go to, already without the reader. */
  reply: { to: Address[]; subject: string }
  replyAll: { to: Address[]; cc: Address[]; subject: string }
}

export interface Attachment {
  index: number
  filename: string
  contentType: string
  size: number
  contentId: string | null
}

export interface SendRequest {
  /** Address of the person who writes; made up on the fly when unknown. */
  from: string
  fromName?: string
  to: string[]
  cc?: string[]
  subject: string
  /** What the person typed, without the quote: the server adds that. */
  text: string
  html?: string
  attachments?: { filename: string; contentType: string /** base64 */; content: string }[]
  /** `Message.id` of the mail this answers: adds In-Reply-To, References and the quoted original, as Gmail on the web does. */
  inReplyTo?: string
  /** Answer without the quoted original. */
  withoutQuote?: boolean
  /** Extra header lines, to try out-of-office replies and the like: { "Auto-Submitted": "auto-replied" }. */
  headers?: Record<string, string>
}

export interface SendResult {
  messageId: string
  /** Recipients refused by the server, with its words. */
  refused: { address: string; code: number; text: string }[]
}

export type MailEvent =
  | { type: 'arrived'; mailbox: string; folder: FolderName; id: string; from: string; subject: string }
  | { type: 'changed'; mailbox: string; folder: FolderName; id: string }

export interface MailError {
  error: string
}
