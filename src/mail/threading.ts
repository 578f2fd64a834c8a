/** The identifier in `text` in canonical form: without `<>`, comments and blanks (RFC 5322 §3.6.4). Null if there is none. */
export function canonicalId(text: string): string | null {
  return idsIn(text)[0] ?? null
}

// RFC 5322 §2.1.1: no line is longer. A longer id is an attack on an index (Postgres error 54000), not an id.
const MAX_ID = 998

/**
 * Every identifier in the value of a Message-ID, In-Reply-To or References field, canonical, in order, each once.
 * Reads whatever stands between angle brackets, because commas, missing blanks and comments between ids are all sent;
 * where there are no brackets at all, words with an @.
 */
export function idsIn(text: string): string[] {
  const bracketed = [...text.matchAll(/<([^<>]{1,2000})>/g)].map((match) => match[1]!.replace(/\s+/g, ''))
  const found = bracketed.length ? bracketed : text.split(/[\s,;<>]+/).filter((word) => /^[^@"]+@[^@"]+$/.test(word))
  return [...new Set(found.filter((id) => id !== '' && id.length <= MAX_ID))]
}

/** A reply address: `local+token@domain` (RFC 5233), `token` naming one ticket. Throws a TypeError for a bad token. */
export function replyAddress(supportAddress: string, token: string): string {
  if (!TOKEN.test(token)) throw new TypeError('a reply token is 26 characters of lower-case base32')
  const at = supportAddress.lastIndexOf('@')
  return `${supportAddress.slice(0, at)}+${token}${supportAddress.slice(at)}`
}

// 26 characters of base32 are 130 bits; one case only, because servers and people change it.
const TOKEN = /^[a-z2-7]{26}$/

/** The token in `address` if it is a reply address of one of `ownAddresses`; null otherwise. Case does not matter. */
export function tokenIn(address: string, ownAddresses: string[]): string | null {
  const given = address.toLowerCase()
  const at = given.lastIndexOf('@')
  const plus = given.lastIndexOf('+', at)
  if (plus < 1 || at < 0) return null
  const base = given.slice(0, plus) + given.slice(at)
  const token = given.slice(plus + 1, at)
  return TOKEN.test(token) && ownAddresses.some((own) => own.toLowerCase() === base) ? token : null
}

/** `address` without a +subaddress, lower case: how two addresses are compared with our own. */
export function withoutSubaddress(address: string): string {
  return address.toLowerCase().replace(/^([^+@]+)\+[^@]*@/, '$1@')
}

// RFC 5256 §2.1 knows re, fw and fwd; the others are what mail programs write in es, pt, de, fr, it, nl, sv, pl, ru, tr, zh, …
const REPLY =
  /^(?:re|r|aw|antw|antwort|sv|vs|vá|odp|ynt|atb|res|rif|ref|réf|rép|bls|ответ|отв|回复|回覆|答复|返信|رد|тема)(?:\s?\[\d{1,3}\]|\s?\(\d{1,3}\)|\^\d{1,3}|\*\d{1,3})?\s?[:：]\s*/iu
const FORWARD =
  /^(?:fwd?|wg|tr|rv|enc|i|vb|vl|doorst|pd|przek|ilt|trs|fs|пересл|转发|轉寄|転送|إعادة توجيه|fwd-ml)(?:\s?\[\d{1,3}\]|\s?\(\d{1,3}\))?\s?[:：]\s*/iu
const TRAILER = /(?:\s*\(fwd\)|\s+)$/i
const BLOB = /^\[[^[\]]{1,60}\]\s*(?=\S)/

/** `subject` without reply and forward marks, in the spirit of RFC 5256 §2.1; list tags such as `[help]` go only before a mark. */
export function baseSubject(subject: string): string {
  let base = subject.slice(0, 2_000).replace(/\s+/g, ' ').trim()
  for (let i = 0; i < 50; i++) {
    const before = base
    base = base.replace(TRAILER, '')
    const untagged = base.replace(BLOB, '')
    const marked = untagged !== base && (REPLY.test(untagged) || FORWARD.test(untagged)) ? untagged : base
    base = marked.replace(REPLY, '').replace(FORWARD, '')
    const whole = /^\[fwd:\s*(.*)\]$/i.exec(base)
    if (whole) base = whole[1]!
    if (base === before) break
  }
  return base
}

/** Whether the outermost mark of `subject` says that the mail was passed on. */
export function isForwardSubject(subject: string): boolean {
  const text = subject.trim().replace(BLOB, '')
  return FORWARD.test(text) || /^\[fwd:/i.test(text)
}

/** Whether the outermost mark of `subject` says that it answers something. */
export function isReplySubject(subject: string): boolean {
  return REPLY.test(subject.trim().replace(BLOB, ''))
}
