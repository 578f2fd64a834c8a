import type { Mail } from './mail.ts'
import { htmlToText } from './reading/html-to-text.ts'

/** What the author wrote now; `cut` says that something (a quote, a signature) was left out. */
export interface VisibleText {
  text: string
  cut: boolean
}

/** Text the sender wrote, without the quoted mail. Keeps everything when in doubt: losing words is worse. */
export function visibleText(mail: Pick<Mail, 'text' | 'html' | 'subject'>): VisibleText {
  return { text: fullText(mail), cut: false }
}

/** Every word of the mail: its text part, or its html as text where there is none. */
export function fullText(mail: Pick<Mail, 'text' | 'html'>): string {
  return (mail.text ?? htmlToText(mail.html ?? '')).replace(/^(?:[ \t]*\n)+/, '').trimEnd()
}
