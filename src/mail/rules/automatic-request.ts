import { authorLocalPart, isAutomatic, isListMail, mayAnswer } from './marks.ts'
import type { Rule } from './verdict.ts'

/** A machine's or a list's mail that is still somebody's request (Jira, ServiceNow, a shop): a ticket nobody answers automatically. */
export const automaticRequest: Rule = (mail) => {
  if (isListMail(mail)) return { kind: 'ticket', reason: 'list-mail' }
  const isMachine =
    isAutomatic(mail) || mail.returnPath === '' || /no-?reply|do-?not-?reply/.test(authorLocalPart(mail))
  if (isMachine) return { kind: 'ticket', reason: 'automatic-request' }
  return mayAnswer(mail) ? null : { kind: 'ticket', reason: mail.from ? 'new-request' : 'sender-unclear' }
}
