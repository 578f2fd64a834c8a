import type { CommentDraft } from './ticket.ts'

/** What of somebody's mail did not get through to us: they are told, because only they can send it another way. */
export interface NotTaken {
  /** How many files were larger than we take. */
  tooLarge: number
  /** Whether its words are encrypted, so that nobody here can read them. */
  isSealed: boolean
}

/** What of this comment did not get through, or null when all of it did. */
export function notTaken({ text, attachments }: Pick<CommentDraft, 'text' | 'attachments'>): NotTaken | null {
  const tooLarge = attachments.filter(({ refused }) => refused === 'too-large').length
  const isSealed =
    /^\s*-----BEGIN PGP MESSAGE-----/.test(text) ||
    (text.trim() === '' && attachments.some(({ contentType }) => sealed.has(contentType.toLowerCase())))
  return tooLarge > 0 || isSealed ? { tooLarge, isSealed } : null
}

// RFC 8551 §3.2 (S/MIME; opaque signed mail looks the same, and is as unreadable here) and RFC 3156 §4 (PGP).
const sealed = new Set(['application/pkcs7-mime', 'application/x-pkcs7-mime', 'application/pgp-encrypted'])
