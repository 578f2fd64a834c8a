import { isHardBounce } from '../mail/hard-bounce.ts'
import type { Address, Mail } from '../mail/mail.ts'
import type { ReadMail } from '../mail/reader.ts'
import { decideMail } from '../mail/rules/index.ts'
import { readReport } from '../mail/rules/report.ts'
import type { Facts, Verdict } from '../mail/rules/verdict.ts'

/** What a mail is, in one word that stays the same from release to release. */
export type InspectedKind =
  | 'person'
  | 'automatic'
  | 'list'
  | 'automatic-reply'
  | 'bounce'
  | 'complaint'
  | 'read-receipt'
  | 'calendar-answer'
  | 'dmarc-report'
  | 'loop'
  | 'spam'
  | 'duplicate'
  | 'mailbox-check'
  | 'unreadable'

/** What one line of `npm run mail:inspect` says of one file. The README describes it to those who read it. */
export interface Inspection {
  file: string
  kind: InspectedKind
  /** What the desk would make of it. */
  classification: 'ticket' | 'reply' | 'auto-reply' | 'bounce' | 'spam' | 'loop' | 'rejected'
  /** The file of src/mail/rules that decided, 'none' for a plain request, and its reason code. */
  rule: string
  reason: string
  from: Address | null
  replyTo: Address[]
  to: Address[]
  cc: Address[]
  subject: string
  /** What the sender's clock said, and what the server wrote that took the mail in. ISO 8601, UTC. */
  date: string | null
  receivedAt: string | null
  messageId: string | null
  inReplyTo: string | null
  references: string[]
  visibleText: string
  /** Whether quote or signature were left out of `visibleText`. */
  cut: boolean
  fullText: string
  text: string | null
  html: string | null
  attachments: InspectedFile[]
  /** Of a bounce or a complaint, ours or anybody's; otherwise null. */
  report: InspectedReport | null
  /** Repairs and oddities, broken characters among them; why it could not be read, if it could not. */
  errors: string[]
  ms: number
}

interface InspectedFile {
  filename: string
  contentType: string
  size: number
  contentId: string | null
  inline: boolean
  sha256: string
}

interface InspectedReport {
  recipient: string | null
  status: string | null
  action: 'failed' | 'delayed' | 'delivered' | null
  /** The address is wrong for good. A full mailbox or a policy is not, nor is what still may arrive. */
  hard: boolean
  originalMessageId: string | null
}

/** What `read` says, and what it would be taken for. Without tickets, an answer to anything counts as a reply. */
export function inspection(file: string, { mail, visible, fullText }: ReadMail, facts: Facts, ms = 0): Inspection {
  const verdict = decideMail(mail, facts)
  const isPerson = (verdict.kind === 'ticket' || verdict.kind === 'held') && verdict.reason !== 'automatic-request'
  const answers = isPerson && (mail.inReplyTo !== null || mail.references.length > 0)
  return {
    file,
    kind: kindOf(verdict),
    classification: answers ? 'reply' : classificationOf(verdict),
    rule: verdict.rule,
    reason: answers && verdict.reason === 'new-request' ? 'answers-a-mail' : verdict.reason,
    from: mail.from ?? mail.claimedFrom,
    replyTo: mail.replyTo,
    to: mail.to,
    cc: mail.cc,
    subject: mail.subject,
    date: mail.date?.toISOString() ?? null,
    receivedAt: receivedAt(mail),
    messageId: mail.messageId,
    inReplyTo: mail.inReplyTo,
    references: mail.references,
    visibleText: visible.text,
    cut: visible.cut,
    fullText,
    text: mail.text,
    html: mail.html,
    attachments: mail.attachments.map(({ content: _, ...file }) => file),
    report: verdict.kind === 'bounce' ? reportOf(mail, verdict) : null,
    errors: mail.errors,
    ms,
  }
}

/** The line of a file that could not even be opened. */
export function unreadableFile(file: string, error: unknown): Inspection {
  return {
    file,
    kind: 'unreadable',
    classification: 'rejected',
    rule: 'unreadable',
    reason: 'unreadable',
    from: null,
    replyTo: [],
    to: [],
    cc: [],
    subject: '',
    date: null,
    receivedAt: null,
    messageId: null,
    inReplyTo: null,
    references: [],
    visibleText: '',
    cut: false,
    fullText: '',
    text: null,
    html: null,
    attachments: [],
    report: null,
    errors: [error instanceof Error ? error.message : String(error)],
    ms: 0,
  }
}

const KIND_OF_REASON: Partial<Record<Verdict['reason'], InspectedKind>> = {
  complaint: 'complaint',
  'read-receipt': 'read-receipt',
  'calendar-answer': 'calendar-answer',
  'dmarc-report': 'dmarc-report',
  'automatic-request': 'automatic',
  'list-mail': 'list',
}

function kindOf({ kind, reason }: Verdict): InspectedKind {
  const special = KIND_OF_REASON[reason]
  if (special) return special
  if (kind === 'auto-reply') return 'automatic-reply'
  if (kind === 'rejected') return 'unreadable'
  if (kind === 'check') return 'mailbox-check'
  return kind === 'ticket' || kind === 'reply' || kind === 'held' ? 'person' : kind
}

function classificationOf({ kind }: Verdict): Inspection['classification'] {
  if (kind === 'held') return 'ticket'
  return kind === 'duplicate' || kind === 'check' ? 'rejected' : kind
}

function reportOf(mail: Mail, { reason }: Verdict): InspectedReport {
  const { recipient, status, originalMessageId } = readReport(mail)
  const action = ACTION_OF_REASON[reason] ?? null
  return {
    recipient,
    status,
    action,
    hard: action === 'failed' && isHardBounce(status ?? ''),
    originalMessageId,
  }
}

const ACTION_OF_REASON: Partial<Record<Verdict['reason'], InspectedReport['action']>> = {
  'delivery-report': 'failed',
  'delivery-delayed': 'delayed',
  'delivery-notice': 'delivered',
}

/** The time behind the last semicolon of the topmost Received field (RFC 5321 §4.4). */
function receivedAt(mail: Mail): string | null {
  const time = new Date(
    (mail.headers.get('received')?.[0] ?? '')
      .split(';')
      .at(-1)!
      .replace(/\([^()]*\)/g, ''),
  )
  return Number.isNaN(time.getTime()) ? null : time.toISOString()
}
