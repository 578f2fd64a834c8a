import type { Sealed } from '../../ticket/ticket.ts'
import type { Mail } from '../mail.ts'

/**
 * Why the words of a mail cannot be read by us although the mail can (threats E34): S/MIME and PGP, whole or in its text,
 * and Outlook's winmail.dat where nothing else says what it says. Its parts stay files. Null for any other mail.
 */
export function sealOf({ contentType, text, html, attachments }: Mail): Sealed | null {
  if (ENCRYPTED.test(contentType) || /^\s*-----BEGIN PGP MESSAGE-----/.test(text ?? '')) return 'encrypted'
  if (text !== null || html !== null) return null
  if (attachments.some((file) => ENCRYPTED_PART.test(file.contentType))) return 'encrypted'
  return attachments.some(isWinmail) ? 'winmail' : null
}

const ENCRYPTED = /^(?:multipart\/encrypted|application\/(?:x-)?pkcs7-mime)$/
const ENCRYPTED_PART = /^application\/(?:pgp-encrypted|(?:x-)?pkcs7-mime)$/

function isWinmail({ contentType, filename }: Mail['attachments'][number]): boolean {
  return /^application\/(?:vnd\.)?ms-tnef$/.test(contentType) || filename.toLowerCase() === 'winmail.dat'
}
