import type { Mail } from '../mail.ts'
import { fullText, type VisibleText, visibleText } from '../quoting.ts'
import { parseMime, unreadableMail } from './parse-mime.ts'

/** A mail with its two readings: what its author wrote now, and everything. */
export interface ReadMail {
  mail: Mail
  visible: VisibleText
  fullText: string
}

/** `raw` read and its quote found. Blocks, and never throws; in the product it runs in the reading thread. */
export function readMail(raw: Buffer): ReadMail {
  try {
    const mail = parseMime(raw)
    return { mail, visible: visibleText(mail), fullText: fullText(mail) }
  } catch (error) {
    const mail = unreadableMail('failed')
    return { ...unread(mail), mail: { ...mail, errors: [`failed: ${String(error).slice(0, 200)}`] } }
  }
}

/** What can be said of a mail that could not be read. */
export function unread(mail: Mail): ReadMail {
  return { mail, visible: { text: '', cut: false }, fullText: '' }
}
