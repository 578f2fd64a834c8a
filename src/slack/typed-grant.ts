import { isPublicDomain } from '../public-domains.ts'
import type { Words } from '../templates.ts'
import { readAddresses } from '../ticket/mail-address.ts'
import { type Grant, readDomains } from '../ticket/organization.ts'

const MOST_DOMAINS = 50
const MOST_MEMBERS = 200

/** The grant that somebody typed, or what is wrong with it, by field, in their words (CLI-09). */
export function typedGrant(
  typed: { name: string; domains: string; access: string; members: string },
  allowed: Grant['access'][],
  words: Words,
): Grant | { errors: Record<string, string> } {
  const access = allowed.find((each) => each === typed.access)
  if (!access) return { errors: { access: words('access.org.no-members') } }
  if (!typed.name) return { errors: { name: words('access.org.no-name') } }
  const { domains, bad } = readDomains(typed.domains)
  if (bad.length > 0) return { errors: { domains: words('access.org.bad-domain', { domain: first(bad) }) } }
  const open = domains.find(isPublicDomain)
  if (open) return { errors: { domains: words('access.org.public-domain', { domain: `@${open}` }) } }
  if (domains.length === 0) return { errors: { domains: words('access.org.no-domain') } }
  const named = readAddresses(typed.members)
  if (named.bad.length > 0) return { errors: { members: words('people.bad-address', { address: first(named.bad) }) } }
  const members = access === 'named' ? named.addresses.map(({ address }) => address) : []
  if (access === 'named' && members.length === 0) return { errors: { members: words('access.org.no-members') } }
  return { name: typed.name, domains: domains.slice(0, MOST_DOMAINS), access, members: members.slice(0, MOST_MEMBERS) }
}

function first(bad: string[]): string {
  return bad.slice(0, 3).join(', ')
}
