import type { Mail } from './mail.ts'
import type { Facts } from './rules/verdict.ts'

/** What the rules looked at when they decided: kept with the mail, so that why it ended as it did can be told later. No bodies. */
export interface Saw {
  from: string | null
  fromProblem: string | null
  to: string[]
  cc: string[]
  date: string | null
  returnPath: string | null
  autoSubmitted: string | null
  precedence: string | null
  listId: string | null
  reportType: string | null
  inReplyTo: string | null
  references: string[]
  problems: string[]
  /** Null when the mail was never put to the rules. */
  facts: Facts | null
}

/** `mail` and `facts` as the ledger keeps them: a hostile mail's long fields are cut, its long lists end. */
export function sawOf(mail: Mail, facts: Facts | null): Saw {
  return cut({
    from: nameAndAddress(mail.from ?? mail.claimedFrom),
    fromProblem: mail.fromProblem,
    to: mail.to.map(nameAndAddress),
    cc: mail.cc.map(nameAndAddress),
    date: mail.date?.toISOString() ?? null,
    returnPath: mail.returnPath,
    autoSubmitted: mail.autoSubmitted,
    precedence: mail.precedence,
    listId: mail.listId,
    reportType: mail.reportType,
    inReplyTo: mail.inReplyTo,
    references: mail.references.slice(-LONGEST_LIST),
    problems: mail.errors,
    facts,
  }) as Saw
}

/** `Name <address>` as a mail program writes it, or what there is of it; null for nobody. */
export function nameAndAddress<A extends { name: string; address: string } | null>(
  person: A,
): A extends null ? null : string {
  const text =
    person && (person.name && person.address ? `${person.name} <${person.address}>` : person.address || person.name)
  return text as A extends null ? null : string
}

const LONGEST_TEXT = 250
const LONGEST_LIST = 20

function cut(value: unknown): unknown {
  if (typeof value === 'string') return value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map(cut)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cut(inner)]))
}
