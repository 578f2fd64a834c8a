import type { WebClient } from '@slack/web-api'
import { type Clock, isFresh } from '../clock.ts'
import type { SlackUser } from '../store/people.ts'
import { isOurs, type Own, type Profiles } from './profile.ts'

const FRESH_MS = 60_000
const PAGE = 200

/**
 * Who works here: the members of a group's triage channel are its agents, if they are of our own workspace or its
 * Enterprise organization and no guests there: those may have been let in to read along.
 */
export interface Staff {
  /** Whether the user may act as an agent on tickets of this triage channel. Throws when Slack cannot be asked. */
  isAgent(user: SlackUser, channel: string): Promise<boolean>
  /** Whether somebody, of whichever workspace, is in a channel; false where Slack does not let us see who is. */
  isIn(userId: string, channel: string): Promise<boolean>
  /** Somebody joined or left: ask again next time. */
  forget(channel: string): void
}

/** Asks Slack who is in the channel, at most once a minute; joins and leaves that Slack tells of count at once. */
export function createStaff(client: WebClient, own: Own, profiles: Profiles, clock: Clock): Staff {
  const known = new Map<string, { at: number; members: Promise<Set<string>> }>()

  const members = (channel: string) => {
    const now = clock.now().getTime()
    const cached = known.get(channel)
    if (cached && isFresh(cached.at, now, FRESH_MS)) return cached.members
    const asked = membersOf(client, channel)
    known.set(channel, { at: now, members: asked })
    asked.catch(() => known.delete(channel))
    return asked
  }
  return {
    // Somebody from outside sees and presses buttons in a shared channel; they are never staff.
    isAgent: async (user, channel) => {
      if (user.teamId !== own.teamId && own.enterpriseId === null) return false
      if (!(await members(channel)).has(user.userId)) return false
      const profile = await profiles(user.userId)
      return isOurs(own, user, profile) && !profile.isGuest
    },
    isIn: async (userId, channel) => (await members(channel).catch(() => new Set<string>())).has(userId),
    forget: (channel) => {
      known.delete(channel)
    },
  }
}

async function membersOf(client: WebClient, channel: string): Promise<Set<string>> {
  const found = new Set<string>()
  let cursor: string | undefined
  do {
    const page = await client.conversations.members({ channel, limit: PAGE, ...(cursor ? { cursor } : {}) })
    for (const member of page.members ?? []) found.add(member)
    cursor = page.response_metadata?.next_cursor
  } while (cursor)
  return found
}
