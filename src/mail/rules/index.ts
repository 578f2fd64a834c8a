import type { Mail } from '../mail.ts'
import type { Facts, Rule, Verdict } from './verdict.ts'

/** Every rule, in the order asked. The first verdict wins; none means a new ticket. */
const RULES: [name: string, rule: Rule][] = []

/** What `mail` is. Always one verdict, with the rule that decided, a reason code, and whether we may answer by ourselves. */
export function decideMail(mail: Mail, facts: Facts): Verdict {
  for (const [rule, look] of RULES) {
    const found = look(mail, facts)
    if (found) return { ...found, rule, mayAnswer: found.mayAnswer ?? false }
  }
  return { kind: 'ticket', rule: 'none', reason: 'new-request', mayAnswer: true }
}
