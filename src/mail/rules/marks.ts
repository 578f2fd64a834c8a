import type { Mail } from '../mail.ts'

/** First value of the header field `name`, or ''. */
export function header(mail: Mail, name: string): string {
  return mail.headers.get(name)?.[0] ?? ''
}

/** Local part of the author's address, lower case; '' when there is none. */
export function authorLocalPart(mail: Mail): string {
  return (mail.from ?? mail.claimedFrom)?.address.toLowerCase().split('@')[0] ?? ''
}

/** Whether a machine sent this mail by its own word: RFC 3834 §5, and Precedence as everybody uses it. */
export function isAutomatic(mail: Mail): boolean {
  if (mail.autoSubmitted && mail.autoSubmitted !== 'no') return true
  return /^(?:bulk|junk|list|auto_reply|auto-reply)$/.test(mail.precedence ?? '')
}

export function isListMail(mail: Mail): boolean {
  return mail.listId !== null || mail.headers.has('list-post') || mail.precedence === 'list'
}

/**
 * Whether we may answer this mail automatically. RFC 3834 §2: never with a null return path, never an automatic mail,
 * never a list; X-Auto-Response-Suppress asks for silence too (MS-OXCMAIL 2.2.3.2.14), without being automatic.
 */
export function mayAnswer(mail: Mail): boolean {
  if (mail.from === null || mail.returnPath === '' || isAutomatic(mail) || isListMail(mail)) return false
  if (/\b(?:all|oof|autoreply)\b/i.test(header(mail, 'x-auto-response-suppress'))) return false
  if (mail.headers.has('list-unsubscribe') || mail.headers.has('feedback-id')) return false
  return !NO_REPLY.test(authorLocalPart(mail))
}

const NO_REPLY =
  /^(?:no-?_?\.?reply.*|do-?_?\.?not-?_?\.?reply.*|noreply.*|.*[-_.+]no-?reply|mailer-daemon|postmaster|bounces?(?:[-+=].*)?|auto-?reply|autoresponder|notifications?|root|daemon|.*-bounces|owner-.*|.*-request|listserv|majordomo)$/
