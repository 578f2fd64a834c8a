import type { WebClient } from '@slack/web-api'
import type { Clock } from '../clock.ts'
import type { Database } from '../store/database.ts'
import {
  agentName,
  contactOfSlackUser,
  ensureAgent,
  ensureSlackContact,
  followSlack,
  people,
  type SlackUser,
} from '../store/people.ts'
import type { Person } from '../ticket/in-full.ts'
import { Refusal } from '../ticket/refusal.ts'
import type { Actor } from '../ticket/ticket.ts'
import { isOurs, type Own, oneName, profileOf } from './profile.ts'
import type { RecentReaders, SlackReader } from './recent-readers.ts'
import type { Staff } from './staff.ts'

/** Says who a Slack user is to the desk. */
export interface Who {
  /**
   * The contact a Slack user is; made from their Slack profile the first time. Their address there is theirs for certain
   * only where our own workspace, or its Enterprise organization, vouches for it. A Refusal for a bot, and for somebody
   * new who was deactivated.
   */
  contact(user: SlackUser): Promise<Person>
  /** The same, with language and zone as Slack has them now: people travel. Asks Slack at most once an hour. */
  contactNow(user: SlackUser): Promise<Person>
  /** Language and zone of somebody met lately, at once. */
  lately(user: Pick<SlackUser, 'userId'>): SlackReader
  /** The agent a Slack user is. Throws a Refusal `agents-only` for anybody whom `Staff` does not know as one. */
  agent(user: SlackUser, triageChannel: string): Promise<Actor & { kind: 'agent' }>
}

export interface WhoParts {
  database: Database
  client: WebClient
  own: Own
  staff: Staff
  clock: Clock
  readers: RecentReaders
}

export function createWho(parts: WhoParts): Who {
  const { database, client, own, staff, clock, readers } = parts
  const followed = new Map<string, number>()
  const contact = async (user: SlackUser) => {
    const person = await contactOf(user)
    readers.saw(user.userId, person)
    return person
  }
  const contactOf = async (user: SlackUser) => {
    const known = await contactOfSlackUser(database, user)
    if (known) return known
    const found = await profileOf(client, user.userId)
    if (!found.isPerson) throw new Refusal('not-yours')
    // Who is from outside has the address that others' admins gave them: it says nothing of who they are (S7).
    const address = isOurs(own, user, found) ? found.address : null
    const one = oneName(own, user, found)
    const id = await database.transaction((tx) => ensureSlackContact(tx, one, { ...found, address }, clock.now()))
    return (await people(database, [id]))[0]!
  }
  return {
    contact,
    lately: ({ userId }) => readers.of(userId),
    contactNow: async (user) => {
      const person = await contact(user)
      const key = `${user.teamId}/${user.userId}`
      const now = clock.now().getTime()
      if (now < (followed.get(key) ?? 0)) return person
      if (followed.size > MOST_FOLLOWED) followed.clear()
      followed.set(key, now + FOLLOW_MS)
      // No reason not to show them what they came for.
      const profile = await profileOf(client, user.userId).catch(() => null)
      if (profile) await followSlack(database, person.id, profile)
      const current = (await people(database, [person.id]))[0] ?? person
      readers.saw(user.userId, current)
      return current
    },
    agent: async (user, triageChannel) => {
      if (!(await staff.isAgent(user, triageChannel))) throw new Refusal('agents-only')
      const known = await agentName(database, user)
      const profile = known === null ? await profileOf(client, user.userId) : null
      // The app itself is in the channel too, and so may other bots be.
      if (profile?.isPerson === false) throw new Refusal('agents-only')
      const name = known ?? profile!.name
      return { kind: 'agent', id: await database.transaction((tx) => ensureAgent(tx, user, name, clock.now())) }
    },
  }
}

const FOLLOW_MS = 3_600_000
const MOST_FOLLOWED = 10_000
