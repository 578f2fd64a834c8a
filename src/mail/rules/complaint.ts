import { header } from './marks.ts'
import { readReport } from './report.ts'
import type { Rule } from './verdict.ts'

/** RFC 5965: somebody pressed "this is spam" on a mail of ours. Recorded with that mail, never answered. */
export const complaint: Rule = (mail, facts) => {
  const isReport =
    mail.reportType === 'feedback-report' ||
    mail.attachments.some((one) => one.contentType === 'message/feedback-report')
  // Outlook.com's junk mail reports (JMRP) come without a report type.
  const isJmrp =
    /^complaint about message from /i.test(mail.subject) && /@(?:hotmail|outlook|live)\.com/i.test(header(mail, 'from'))
  if (!isReport && !isJmrp) return null
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
