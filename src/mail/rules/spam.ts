import type { Mail } from '../mail.ts'
import { header } from './marks.ts'
import type { Rule } from './verdict.ts'

/** What the receiving server marked as spam: kept for a person with the reason, never dropped, never answered. */
export const spam: Rule = (mail) => (isMarked(mail) ? { kind: 'spam', reason: 'spam-marked' } : null)

function isMarked(mail: Mail): boolean {
  const says = (name: string, pattern: RegExp) => pattern.test(header(mail, name))
  if (
    [
      'x-spam-flag',
      'x-spam',
      'x-spam-status',
      'x-barracuda-spam-flag',
      'x-mailgun-sflag',
      'x-dspam-result',
      'x-bogosity',
      'x-spam-result',
      'x-ovh-spam-status',
      'x-suspected-spam',
    ].some((name) => says(name, /^\s*(?:yes|true|1|spam)\b/i))
  )
    return true
  if (says('x-rspamd-action', /add header|rewrite subject|reject|soft reject/i) || says('x-rspamd-bar', /^\+{10}/))
    return true
  // Exchange: spam confidence level 5 to 9; SFV:SPM and SKB are its filter's verdicts.
  if (
    says('x-ms-exchange-organization-scl', /^\s*[5-9]/) ||
    says('x-forefront-antispam-report', /\bSFV:(?:SPM|SKB|SKS)\b/)
  )
    return true
  if (
    says('x-proofpoint-spam-details', /\brule=\S*spam\S*|\bpolicy=spam/i) &&
    !says('x-proofpoint-spam-details', /rule=\S*notspam/i)
  )
    return true
  if (
    says('x-gm-spam', /^\s*1/) ||
    says('x-spam-level', /^\*{10}/) ||
    says('x-ironport-anti-spam-result', /\bverdict=spam\b/i)
  )
    return true
  return /^\s*(?:\*{2,}\s?spam\s?\*{2,}|\[\s?\**spam\**\s?\]|\{spam\??\}|\*{3,}\s*junk mail)/i.test(mail.subject)
}
