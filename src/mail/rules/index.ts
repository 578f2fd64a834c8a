import type { Mail } from '../mail.ts'
import { automaticReply } from './automatic-reply.ts'
import { automaticRequest } from './automatic-request.ts'
import { calendarAnswer } from './calendar-answer.ts'
import { complaint } from './complaint.ts'
import { deliveryReport } from './delivery-report.ts'
import { dmarcReport } from './dmarc-report.ts'
import { duplicate } from './duplicate.ts'
import { failedSender } from './failed-sender.ts'
import { loop } from './loop.ts'
import { mailboxCheck } from './mailbox-check.ts'
import { readReceipt } from './read-receipt.ts'
import { spam } from './spam.ts'
import { ticketReply } from './ticket-reply.ts'
import { unreadable } from './unreadable.ts'
import type { Facts, Rule, Verdict } from './verdict.ts'

export type { Facts, KnownTicket, Outcome, Proof, Reason, Rule, Verdict } from './verdict.ts'

/**
 * Every rule, in the order asked; the first verdict wins. What a machine says comes before what a ticket's secret says,
 * because an out-of-office reply carries the secret too; the secret comes before a spam mark, because a filter errs.
 */
const RULES: [name: string, rule: Rule][] = [
  ['unreadable', unreadable],
  ['mailbox-check', mailboxCheck],
  ['duplicate', duplicate],
  ['complaint', complaint],
  ['dmarc-report', dmarcReport],
  ['read-receipt', readReceipt],
  ['delivery-report', deliveryReport],
  ['loop', loop],
  ['calendar-answer', calendarAnswer],
  ['automatic-reply', automaticReply],
  ['ticket-reply', ticketReply],
  ['spam', spam],
  ['failed-sender', failedSender],
  ['automatic-request', automaticRequest],
]

/** What `mail` is. Always one verdict, with the rule that decided, a reason code, and whether we may answer by ourselves. */
export function decideMail(mail: Mail, facts: Facts): Verdict {
  for (const [rule, look] of RULES) {
    const found = look(mail, facts)
    if (found) return { ...found, rule, mayAnswer: found.mayAnswer ?? false }
  }
  return { kind: 'ticket', rule: 'none', reason: 'new-request', mayAnswer: true }
}
