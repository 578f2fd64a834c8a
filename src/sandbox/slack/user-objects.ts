import type { Workspace } from './store.ts'
import type { Person } from './types.ts'

type Json = Record<string, unknown>

/** users.info's answer; profile.email only with users:read.email, locale only when asked for and never for external people. */
export function userObject(workspace: Workspace, person: Person, include: { email: boolean; locale: boolean }): Json {
  const external = workspace.isExternal(person)
  const shares = workspace.channels.some(
    (channel) =>
      channel.kind !== 'im' && channel.members.includes(person.id) && channel.members.includes(workspace.app.botUserId),
  )
  return {
    id: person.id,
    team_id: person.teamId ?? workspace.app.teamId,
    name: person.name,
    deleted: person.deleted ?? false,
    real_name: person.realName,
    ...((external && !shares) || person.tz === ''
      ? {}
      : { tz: person.tz, tz_label: person.tz, tz_offset: offsetSeconds(person.tz, workspace.clock.now()) }),
    profile: {
      real_name: person.realName,
      real_name_normalized: person.realName,
      display_name: person.name,
      display_name_normalized: person.name,
      ...(include.email && person.email ? { email: person.email } : {}),
      image_72: person.image ?? '',
      team: person.teamId ?? workspace.app.teamId,
      status_text: '',
      status_emoji: '',
    },
    is_admin: person.isAdmin ?? false,
    is_owner: false,
    is_restricted: (person.isRestricted || person.isUltraRestricted) ?? false,
    is_ultra_restricted: person.isUltraRestricted ?? false,
    is_bot: false,
    is_app_user: false,
    is_email_confirmed: person.emailConfirmed ?? person.email !== undefined,
    updated: 0,
    ...(external ? { is_stranger: !shares } : {}),
    ...(person.enterpriseId ? { enterprise_user: enterpriseUser(workspace, person, person.enterpriseId) } : {}),
    ...(include.locale && !external ? { locale: person.locale } : {}),
  }
}

function enterpriseUser({ app }: Workspace, { id, teamId = app.teamId }: Person, enterpriseId: string): Json {
  const name = { enterprise_name: 'Sandbox Enterprise', is_admin: false, is_owner: false }
  return { id, enterprise_id: enterpriseId, ...name, teams: [teamId] }
}

/** The app's bot user, as users.info shows it. */
export function botUserObject(workspace: Workspace): Json {
  const { app } = workspace
  return {
    id: app.botUserId,
    team_id: app.teamId,
    name: app.name.toLowerCase(),
    real_name: app.name,
    deleted: false,
    is_bot: true,
    is_app_user: false,
    profile: {
      real_name: app.name,
      display_name: app.name,
      bot_id: app.botId,
      api_app_id: app.appId,
      team: app.teamId,
    },
  }
}

function offsetSeconds(zone: string, at: Date): number {
  const name = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName')?.value
  const [, sign, hours, minutes] = /GMT([+-])(\d+):(\d+)/.exec(name ?? '') ?? []
  return hours ? (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60) : 0
}
