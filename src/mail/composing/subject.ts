import type { Ticket } from '../../ticket/ticket.ts'
import { oneLine } from './one-line.ts'

// More than a phone shows; a header that long still folds well.
const MAX_SUBJECT = 180

/**
 * The subject of every mail about a ticket, always the same one. Gmail keeps mails together only when References *and*
 * the subject without `Re:` agree; Outlook and Apple Mail go by References.
 * - Opened by mail: `Re: ` and their subject untouched, their `Fwd:` or `AW:` included; a tag would split the
 *   conversation that their own mail began. The number is in the text.
 * - Opened elsewhere: our first mail begins the conversation, so the number goes along: `Printer on fire [#1042]`,
 *   and later mails say `Re: ` to that.
 * - `isForStranger`: nothing the sender chose, so that nobody writes to a victim through us (threats E17).
 */
export function subjectOf(
  ticket: Ticket,
  options: { isFirst: boolean; isForStranger: boolean; noSubject: string },
): string {
  const theirs = withoutRe(oneLine(ticket.subject, MAX_SUBJECT))
  const isNamed = theirs !== '' && !options.isForStranger
  const base = isNamed && ticket.via === 'mail' ? theirs : `${isNamed ? theirs : options.noSubject} [#${ticket.id}]`
  return ticket.via === 'mail' || !options.isFirst ? `Re: ${base}` : base
}

/** The subject without leading `Re:`, `RE[2]:`: the only prefix that every mail program ignores (RFC 5256 §2.1). */
function withoutRe(subject: string): string {
  let rest = subject
  for (let match = prefix(rest); match; match = prefix(rest)) rest = rest.slice(match.length)
  return rest
}

function prefix(subject: string): string | undefined {
  return /^re ?(\[\d{1,3}\])? ?: ?/i.exec(subject)?.[0]
}
