/** What one server found out about a mail, as its Authentication-Results field says (RFC 8601 §2.2). */
export interface AuthenticationResults {
  /** Who says so: the name its server was configured with, compared exactly. */
  authservId: string
  /** One for each method, in their order. Null when what follows the name cannot be read: then it says nothing. */
  results: MethodResult[] | null
}

export interface MethodResult {
  /** Lower case: 'dmarc', 'dkim', 'spf', … */
  method: string
  /** Lower case: 'pass', 'fail', 'none', 'temperror', … */
  result: string
  /** Lower-case 'ptype.property' and value, in their order; a name may come twice. */
  properties: { name: string; value: string }[]
}

// Real ones have under 2 KB. Microsoft and Google write about 1 KB.
const MAX_LENGTH = 20_000

/**
 * The field `value` (raw: folded, nothing decoded, since an encoded word has no meaning here). Null when it names no
 * server. Comments and quoted strings are read as RFC 5322 §3.2 has them, so that words in them are never results.
 */
export function readAuthenticationResults(value: string): AuthenticationResults | null {
  const text = new Scanner(value)
  if (value.length > MAX_LENGTH || !text.skipComments()) return null
  const authservId = text.quoted() ?? text.run(TOKEN)
  if (!authservId || !text.skipComments()) return null
  text.run(DIGITS) // the version of the field
  if (!text.skipComments()) return { authservId, results: null }
  // Microsoft 365 leaves the name out: what looks like one is then the first method.
  if (!text.isAtEnd() && !text.is(';')) return null
  return { authservId, results: readResults(text) }
}

function readResults(text: Scanner): MethodResult[] | null {
  const results: MethodResult[] = []
  while (text.take(';')) {
    if (!text.skipComments()) return null
    if (text.isAtEnd() || text.is(';')) continue // an end with `;` is common, though not in the grammar
    const method = text.run(KEYWORD).toLowerCase()
    if (!text.skipComments()) return null
    if (method === 'none' && (text.isAtEnd() || text.is(';'))) continue
    if (text.take('/') && !(text.skipComments() && text.run(DIGITS) !== '' && text.skipComments())) return null
    if (method === '' || !text.take('=') || !text.skipComments()) return null
    const result = text.run(KEYWORD).toLowerCase()
    const properties = readProperties(text)
    if (result === '' || !properties) return null
    results.push({ method, result, properties })
  }
  return text.isAtEnd() ? results : null
}

/** Everything up to the next `;`: `reason=…`, `ptype.property=…`, and the bare words some servers add. */
function readProperties(text: Scanner): MethodResult['properties'] | null {
  const properties: MethodResult['properties'] = []
  for (;;) {
    if (!text.skipComments()) return null
    if (text.isAtEnd() || text.is(';')) return properties
    let name = ''
    while (!text.is('=')) {
      const word = text.run(TOKEN)
      if (word === '' || !text.skipComments()) return null
      name += word.toLowerCase()
    }
    text.take('=')
    if (!text.skipComments()) return null
    const value = (text.quoted() ?? '') + text.run(VALUE)
    properties.push({ name, value })
  }
}

const KEYWORD = /[A-Za-z0-9-]/ // RFC 5321 §4.1.2 Keyword
const TOKEN = /[^\s()<>@,;:\\"/[\]?=]/ // RFC 2045 §5.1
const VALUE = /[^\s();"]/ // wider than the grammar: addresses, IPv6, base64 stand unquoted in real ones
const DIGITS = /[0-9]/

/** Walks over the text once, from left to right. */
class Scanner {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  isAtEnd(): boolean {
    return this.at >= this.text.length
  }

  is(char: string): boolean {
    return this.text[this.at] === char
  }

  take(char: string): boolean {
    if (!this.is(char)) return false
    this.at++
    return true
  }

  run(kind: RegExp): string {
    const from = this.at
    while (this.at < this.text.length && kind.test(this.text[this.at]!)) this.at++
    return this.text.slice(from, this.at)
  }

  /** A quoted string without its quotes and escapes; null when none stands here or it never ends. */
  quoted(): string | null {
    if (!this.is('"')) return null
    let said = ''
    for (let at = this.at + 1; at < this.text.length; at++) {
      if (this.text[at] === '"') {
        this.at = at + 1
        return said
      }
      if (this.text[at] === '\\') at++
      said += this.text[at] ?? ''
    }
    return null
  }

  /** Moves over blanks, folds and comments, which may be nested; false when a comment never ends. */
  skipComments(): boolean {
    let depth = 0
    for (; this.at < this.text.length; this.at++) {
      const char = this.text[this.at]!
      if (depth === 0 && char !== '(' && !/\s/.test(char)) return true
      if (char === '(') depth++
      else if (char === ')') depth--
      else if (char === '\\') this.at++
    }
    return depth === 0
  }
}
