import type { WebClient } from '@slack/web-api'
import type { Clock } from '../clock.ts'
import type { SlackUser } from '../store/people.ts'

/** Whom the app is installed for: a workspace, and its Enterprise organization where it is one of several. */
export interface Own {
  teamId: string
  enterpriseId: string | null
}

/** Somebody as Slack knows them; all but the name may be missing (people of other workspaces, settings). */
export interface Profile {
  isPerson: boolean
  /** They are in some channels of a workspace only, by its admin's word. */
  isGuest: boolean
  /** They share no channel with us. */
  isStranger: boolean
  teamId: string | null
  enterpriseId: string | null
  name: string
  /** Confirmed with Slack; whose it is only our own workspace vouches for. */
  address: string | null
  locale: string | null
  timeZone: string | null
}

/** Asks Slack who somebody is (docs.slack.dev/reference/objects/user-object). */
export async function profileOf(client: WebClient, userId: string): Promise<Profile> {
  const { user } = await client.users.info({ user: userId, include_locale: true })
  const profile = user?.profile
  return {
    isPerson: user?.is_bot !== true && user?.deleted !== true,
    isGuest: user?.is_restricted === true || user?.is_ultra_restricted === true,
    isStranger: user?.is_stranger === true,
    teamId: user?.team_id ?? null,
    enterpriseId: user?.enterprise_user?.enterprise_id ?? null,
    name: profile?.real_name || user?.real_name || profile?.display_name || user?.name || userId,
    address: user?.is_email_confirmed === false ? null : (profile?.email ?? null),
    locale: user?.locale || null,
    timeZone: user?.tz || null,
  }
}

/**
 * Whether somebody is one of ours: of the workspace itself, or of another of the same Enterprise organization, in all of
 * which a person is the same user (docs.slack.dev/enterprise). Everybody else is from outside, however they got here.
 */
export function isOurs(own: Own, user: SlackUser, profile: Profile): boolean {
  if (profile.isStranger) return false
  if (own.enterpriseId !== null && profile.enterpriseId === own.enterpriseId) return true
  return user.teamId === own.teamId && profile.teamId === own.teamId
}

/** Events name the workspace they happened in: under this name the same person is one. */
export function oneName(own: Own, user: SlackUser, profile: Profile): SlackUser {
  if (isOurs(own, user, profile)) return { ...user, teamId: own.teamId }
  return user.teamId === own.teamId && profile.teamId ? { ...user, teamId: profile.teamId } : user
}

const FRESH_MS = 10 * 60_000
const MOST_KNOWN = 10_000

/** Who somebody is, asked of Slack at most every ten minutes. Rejects when Slack cannot be asked, and asks again then. */
export type Profiles = (userId: string) => Promise<Profile>

export function createProfiles(client: WebClient, clock: Clock): Profiles {
  const known = new Map<string, { until: number; profile: Promise<Profile> }>()
  return (userId) => {
    const now = clock.now().getTime()
    const cached = known.get(userId)
    if (cached && cached.until > now) return cached.profile
    if (known.size > MOST_KNOWN) known.clear()
    const profile = profileOf(client, userId)
    known.set(userId, { until: now + FRESH_MS, profile })
    profile.catch(() => known.delete(userId))
    return profile
  }
}
