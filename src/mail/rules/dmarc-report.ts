import type { Rule } from './verdict.ts'

/** DMARC (RFC 7489 §7.2.1.1) and TLS (RFC 8460) reports: mail for a machine. */
export const dmarcReport: Rule = (mail) => {
  const bySubject = /^(?:\[[^\]]{0,40}\]\s*)?report[- ]domain:\s*\S+[\s\S]{0,200}\b(?:submitter|report-id):/i.test(
    mail.subject,
  )
  const byFile = mail.attachments.some(
    (one) =>
      one.contentType.startsWith('application/tlsrpt') ||
      /^[^!\s]{1,200}![^!\s]{1,200}!\d{9,11}!\d{9,11}/.test(one.filename),
  )
  return bySubject || byFile ? { kind: 'rejected', reason: 'dmarc-report' } : null
}
