import type { Rule } from './verdict.ts'

/** Our own mail to ourselves, which shows what the mail server lets in (threats E9): it has done its work. */
export const mailboxCheck: Rule = (_mail, { isMailboxCheck }) =>
  isMailboxCheck ? { kind: 'check', reason: 'mailbox-check' } : null
