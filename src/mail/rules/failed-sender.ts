import type { Rule } from './verdict.ts'

/** A new mail whose author is a lie: a ticket, so that nothing is lost, which a person looks at and no machine answers. */
export const failedSender: Rule = (mail, facts) =>
  facts.sender === 'failed' && mail.from !== null ? { kind: 'ticket', reason: 'sender-failed', mayAnswer: false } : null
