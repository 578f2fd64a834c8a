import type { HistoryTerms } from './history.ts'
import { domainOf } from './organization.ts'
import { type ReopenPolicy, reopenUntil } from './reopen.ts'
import type { Calendar } from './schedule.ts'

/** How this desk is organised: which team helps which store, when it works, how long a reply reopens (ORG-02, ORG-03). */
export type DeskFile = {
  /** The name in the form's words, such as "VTEX Partner". */
  company: string
  /** The questionnaire asked, by its file; 'intake' where left out. */
  form?: string | undefined
  /** Whether the box of consent is ticked before anybody touches it; as the form says where left out (X19). */
  consentTicked?: boolean | undefined
  /** The region of tickets without an account: a mail from somebody unknown. */
  defaultRegion: string
  calendars: Record<string, Calendar>
  reopenPolicies: Record<string, ReopenPolicy>
  regions: Record<string, Region>
  groups: Record<string, Group>
  /** The group that takes all tickets of a branch, whatever the region. */
  branches: Record<string, string>
  accounts: Record<string, Account>
  /** The folder of help articles, beside the desk file; false where there are none. */
  articles: string | false
  /** How often people are asked for a rating: of one request in so many hours; reminded once after so many days, or never. */
  survey?: { askAgainAfterHours: number; remindAfterDays: number | false }
  /** What clients filter their request history by, and what is active there. */
  history?: HistoryTerms
  /** More support addresses than the desk's own, each for a group. */
  mailboxes: Record<string, Mailbox>
}

/** A part of the world with its own team, hours and promises. */
export type Region = { name: string; calendar: string; reopenPolicy: string; group: string }

/** A set of agents; without a triage channel of its own its tickets go to the desk's. */
export type Group = { name: string; triageChannel?: string }

/** A support address of its own: what is written to it goes to the group, and is answered from it. */
export type Mailbox = { address: string; name?: string; group: string }

/** A store, and who may ask for help for it: everybody at its domains, and its members by address, in small letters. */
export type Account = {
  /** None where it stands for "my store is not here": that is said in each reader's language. */
  name?: string | undefined
  region: string
  domains: string[]
  members: string[]
  /** Addresses the store itself is registered with: who can read their mail may ask for it (AUT-03). */
  registered: string[]
  whenUnknown: boolean
}

/** The choice of who finds their store in no list, where the desk file has none marked `whenUnknown`. */
export const NOT_LISTED = 'not-listed'

/** The team a ticket goes to (RTE-01). An account or branch the file does not know any more counts as none. */
export function routeOf(
  desk: DeskFile,
  ticket: { accountKey: string | null; branch: string | null },
): { regionKey: string; groupKey: string } {
  const regionKey = entry(desk.accounts, ticket.accountKey)?.region ?? desk.defaultRegion
  const groupKey = entry(desk.branches, ticket.branch) ?? regionOf(desk, regionKey).group
  return { regionKey, groupKey }
}

/** The stores somebody with this address may name, by name; those marked `whenUnknown` where there are none. */
export function accountsOf(desk: DeskFile, address: string): { key: string; name: string }[] {
  const lower = address.toLowerCase()
  const at = lower.lastIndexOf('@')
  const domain = at < 0 ? '' : lower.slice(at + 1)
  const all = Object.entries(desk.accounts)
  const own = all.filter(([, account]) => account.members.includes(lower) || account.domains.includes(domain))
  const offered = own.length > 0 ? own : all.filter(([, account]) => account.whenUnknown)
  return offered
    .flatMap(([key, { name }]) => (name ? [{ key, name }] : []))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
}

/**
 * The stores that somebody may name who has shown that these addresses are theirs, or their store's: those first, then
 * what everybody may choose whose store is in no list. `notListed`: its name, where the desk file gives none.
 */
export function accountChoices(
  desk: DeskFile,
  addresses: string[],
  notListed: string,
): { key: string; name: string }[] {
  const own = new Map(addresses.flatMap((address) => storesOf(desk, address)).map((one) => [one.key, one]))
  const open = Object.entries(desk.accounts).flatMap(([key, { name, whenUnknown }]) =>
    whenUnknown ? [{ key, name: name ?? notListed }] : [],
  )
  const others = open.filter(({ key }) => !own.has(key))
  return [...byName([...own.values()]), ...(open.length > 0 ? others : [{ key: NOT_LISTED, name: notListed }])]
}

/** The stores that an address opens, to who has shown that they read its mail. */
export function storesOf(desk: DeskFile, address: string): { key: string; name: string }[] {
  const lower = address.toLowerCase()
  const domain = domainOf(lower)
  return Object.entries(desk.accounts)
    .filter(
      ([, { members, registered, domains }]) => [...members, ...registered].includes(lower) || domains.includes(domain),
    )
    .flatMap(([key, { name }]) => (name ? [{ key, name }] : []))
}

/** Whether a store was named that nobody can belong to: its requester found theirs in no list. */
export function isNotListed(desk: DeskFile, accountKey: string | null): boolean {
  return accountKey === NOT_LISTED || entry(desk.accounts, accountKey)?.whenUnknown === true
}

function byName(accounts: { key: string; name: string }[]): { key: string; name: string }[] {
  return accounts.sort((a, b) => a.name.localeCompare(b.name, 'en'))
}

/** What the region promises about reopening; the default region's promise where the file does not know it any more. */
export function termsOf(
  desk: DeskFile,
  regionKey: string,
): {
  reopenUntil(moments: { solvedAt: Date; lastRequesterCommentAt: Date | null }): Date
  survey: { askAgainMs: number; remindAfterMs: number | null }
} {
  const region = regionOf(desk, regionKey)
  const policy = desk.reopenPolicies[region.reopenPolicy]!
  const calendar = desk.calendars[region.calendar]!
  const { askAgainAfterHours, remindAfterDays } = desk.survey ?? { askAgainAfterHours: 0, remindAfterDays: false }
  return {
    reopenUntil: (moments) => reopenUntil(policy, calendar, moments),
    survey: {
      askAgainMs: askAgainAfterHours * HOUR_MS,
      remindAfterMs: remindAfterDays === false ? null : remindAfterDays * 24 * HOUR_MS,
    },
  }
}

const HOUR_MS = 3_600_000

/** The IANA zone of a region: the one to say times in where the reader's is not known. */
export function timeZoneOf(desk: DeskFile, regionKey: string): string {
  return desk.calendars[regionOf(desk, regionKey).calendar]!.timeZone
}

/** The Slack channel a group's tickets go to; `deskChannel` where it has none of its own. */
export function triageChannelOf(desk: DeskFile, groupKey: string, deskChannel: string): string {
  return entry(desk.groups, groupKey)?.triageChannel ?? deskChannel
}

function regionOf(desk: DeskFile, key: string): Region {
  return entry(desk.regions, key) ?? desk.regions[desk.defaultRegion]!
}

function entry<T>(record: Record<string, T>, key: string | null): T | undefined {
  return key !== null && Object.hasOwn(record, key) ? record[key] : undefined
}
