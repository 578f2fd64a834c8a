import type { Mail } from '../mail.ts'
import { readReport } from './report.ts'
import type { Rule } from './verdict.ts'

/** RFC 5965: somebody pressed "this is spam" on a mail of ours. Recorded with that mail, never answered. */
export const complaint: Rule = (mail, facts) => {
  const isReport =
    mail.reportType === 'feedback-report' ||
    mail.attachments.some((one) => one.contentType === 'message/feedback-report')
  if (!isReport && !isOlderReport(mail)) return null
  const { originalMessageId, recipient } = readReport(mail)
  const ours = facts.messageIdTickets.find((one) => one.messageId === originalMessageId)
  return {
    kind: 'bounce',
    originalMessageId: ours ? originalMessageId : null,
    ticketId: ours?.ticketId ?? null,
    recipient,
    status: null,
    reason: 'complaint',
  }
}

/**
 * Outlook.com's junk mail reports (JMRP) and the oldest feedback loops: no report type, but the mail complained about
 * comes with it, and the words above are always the same.
 */
function isOlderReport(mail: Mail): boolean {
  if (!mail.attachments.some((one) => one.contentType === 'message/rfc822')) return false
  return (
    /^complaint about message from /i.test(mail.subject) ||
    mail.headers.has('x-hmxmroriginalrecipient') ||
    /^\s*this is an? (?:email )?abuse report for an email message\b/i.test((mail.text ?? '').slice(0, 2_000))
  )
}
