import type { WebClient } from '@slack/web-api'
import type { Clock } from '../clock.ts'
import type { Database } from '../store/database.ts'
import {
  agentName,
  contactOfSlackUser,
  ensureAgent,
  ensureSlackContact,
  people,
  type SlackUser,
} from '../store/people.ts'
import type { Person } from '../ticket/in-full.ts'
import { Refusal } from '../ticket/refusal.ts'
import type { Actor } from '../ticket/ticket.ts'
import type { Staff } from './staff.ts'

/** Says who a Slack user is to the desk. */
export interface Who {
  /** The contact a Slack user is; made from their Slack profile the first time. */
  contact(user: SlackUser): Promise<Person>
  /** The agent a Slack user is. Throws a Refusal `agents-only` for anybody who is not in the triage channel. */
  agent(user: SlackUser, triageChannel: string): Promise<Actor & { kind: 'agent' }>
}

export function createWho(parts: { database: Database; client: WebClient; staff: Staff; clock: Clock }): Who {
  const { database, client, staff, clock } = parts
  return {
    contact: async (user) => {
      const known = await contactOfSlackUser(database, user)
      if (known) return known
      const profile = await profileOf(client, user.userId)
      const id = await database.transaction((tx) => ensureSlackContact(tx, user, profile, clock.now()))
      return (await people(database, [id]))[0]!
    },
    agent: async (user, triageChannel) => {
      if (!(await staff.isAgent(user, triageChannel))) throw new Refusal('agents-only')
      const name = (await agentName(database, user)) ?? (await profileOf(client, user.userId)).name
      return { kind: 'agent', id: await database.transaction((tx) => ensureAgent(tx, user, name, clock.now())) }
    },
  }
}

/** Name, address, language and zone as Slack knows them; each but the name may be missing (external people, settings). */
async function profileOf(client: WebClient, userId: string) {
  const { user } = await client.users.info({ user: userId, include_locale: true })
  const profile = user?.profile
  return {
    name: profile?.real_name || user?.real_name || profile?.display_name || user?.name || userId,
    address: profile?.email ?? null,
    locale: user?.locale ?? null,
    timeZone: user?.tz ?? null,
  }
}
