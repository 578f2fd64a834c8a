/**
 * Whether a server's words say that the address itself is wrong, for good: nobody is there, and writing again would only
 * harm the name we send under. RFC 3463 §3.2 and 3.3 (X.1.x address, X.2.1 mailbox disabled); a full mailbox, a mail that
 * is too large, and a policy that refused this mail are not about the address.
 */
export function isHardBounce(words: string): boolean {
  const status = /\b([245])\.(\d{1,3})\.(\d{1,3})\b/.exec(words)
  if (status) return status[1] === '5' && HARD.has(`${status[2]}.${status[3]}`)
  return /^55[013]\b/.test(words.trim()) && NOBODY.test(words)
}

// Bad mailbox, bad system, bad syntax, moved without forwarding, no mail taken there (RFC 7505, 7504); disabled.
const HARD = new Set(['1.1', '1.2', '1.3', '1.6', '1.10', '2.1'])
const NOBODY =
  /user unknown|unknown user|no such (?:user|person|mailbox|address|recipient)|does(?: not|n.t) exist|unknown recipient|recipient (?:unknown|not found)|mailbox not found/i
