/**
 * A company whose people may see each other's requests. `access`: *all* with a proven address at one of its domains,
 * those *named* by address, or, once revoked, *none* (CLI-07, CLI-08).
 */
export interface Organization {
  id: number
  name: string
  /** Lower case, without `@`. */
  domains: string[]
  access: 'all' | 'named' | 'none'
  /** The named ones, lower case. */
  members: string[]
}

/** What an agent grants, and what a client has to state when asking for it (CLI-09). */
export type Grant = Omit<Organization, 'id'>

/** An organisation with who last said who sees what, and when; null for nobody. */
export type Granted = Organization & { last: { agent: string; at: Date } | null }

/** The answer, among a ticket's, in which a client states which grant they ask for (CLI-09). */
export const ASKED_GRANT = 'organization'

/** Whether the ticket was opened to ask for access to an organisation's requests. */
export function asksForAccess({ answers }: { answers: Record<string, unknown> }): boolean {
  return Object.hasOwn(answers, ASKED_GRANT)
}

/** An address of somebody, and whether it was shown to be theirs: Slack vouches for it, or a mailed code came back. */
export interface KnownAddress {
  address: string
  isProven: boolean
}

/**
 * Whether somebody with these addresses may read and manage all requests of the organisation. An address that is only
 * claimed, as every mail's From is, opens nothing.
 */
export function managesOrganization({ access, domains, members }: Grant, addresses: KnownAddress[]): boolean {
  const proven = addresses.filter(({ isProven }) => isProven).map(({ address }) => address.toLowerCase())
  if (access === 'all') return proven.some((address) => domains.includes(domainOf(address)))
  return access === 'named' && proven.some((address) => members.includes(address))
}

/** What follows the last `@`, lower case; empty where there is none. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 0 ? '' : address.slice(at + 1).toLowerCase()
}

/**
 * The domains in what somebody typed, lower case and each once, and the pieces that are none, as typed. `@example.com`,
 * `example.com` and a whole address of it say the same (CLI-09).
 */
export function readDomains(text: string): { domains: string[]; bad: string[] } {
  const domains = new Set<string>()
  const bad: string[] = []
  for (const piece of text.split(/[\s,;]+/).filter(Boolean)) {
    const domain = piece.slice(piece.lastIndexOf('@') + 1).toLowerCase()
    if (isDomain(domain)) domains.add(domain)
    else bad.push(piece)
  }
  return { domains: [...domains], bad }
}

function isDomain(text: string): boolean {
  const labels = text.split('.')
  return (
    text.length <= 253 &&
    labels.length > 1 &&
    /\p{L}/u.test(labels.at(-1)!) && // an IP address is no company's
    labels.every((label) => /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u.test(label))
  )
}
