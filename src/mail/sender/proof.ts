import type { SenderProof } from '../../ticket/ticket.ts'

/** Whether we may believe who wrote a mail, why, and whom its From names. */
export interface ProvenSender {
  proof: SenderProof
  reason: SenderReason
  /** The one author of the mail, lower case; null when it has none. */
  address: string | null
}

export type SenderReason =
  | 'dmarc-pass'
  | 'signature'
  | 'dmarc-fail'
  | 'other-author-checked'
  | 'parsers-disagree'
  /** No From field, or not exactly one with exactly one address (RFC 7489 §6.6.1). */
  | 'no-single-author'
  | 'header-too-large'
  | 'no-results'
  | 'results-unreadable'
  | 'results-contradict'
  | 'no-dmarc'
  | 'not-signed'
  | 'signature-invalid'
  | 'signature-partial'
  | 'signature-weak'
  | 'signature-testing'
  | 'signature-without-from'
  | 'signature-of-another'
  | 'key-not-found'
  | 'dns-failed'
  | 'check-failed'
