import { isAutomatic } from './marks.ts'
import type { Rule } from './verdict.ts'

/** RFC 8098: "your mail was displayed" is never a comment. */
export const readReceipt: Rule = (mail) => {
  const isReport =
    mail.reportType === 'disposition-notification' ||
    mail.attachments.some((one) => one.contentType === 'message/disposition-notification')
  const bySubject =
    SUBJECT.test(mail.subject) &&
    (isAutomatic(mail) || mail.returnPath === '' || mail.contentType === 'multipart/report')
  return isReport || bySubject ? { kind: 'auto-reply', reason: 'read-receipt' } : null
}

const SUBJECT =
  /^(?:read|not read|gelesen|ungelesen|leído|lido|lida|lu|letto|gelezen|läst|læst|прочитано|прочтено|已读|既読|開封済み)(?: receipt)?\s?(?:\(displayed\)\s?)?[:：]|^(?:return|read) receipt\b|^disposition notification\b/i
