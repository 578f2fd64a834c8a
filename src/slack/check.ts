import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import { SettingError } from '../setting-error.ts'
import { slackFailure } from './failures.ts'
import type { Own } from './profile.ts'

/** The workspace that the bot token belongs to, and its Enterprise organization. Throws a SettingError when Slack does not take the token, or is not there. */
export async function ownTeam(client: WebClient): Promise<Own> {
  const auth = await client.auth.test().catch((error) => {
    throw new SettingError(
      error instanceof WebAPIPlatformError
        ? `SLACK_BOT_TOKEN was not accepted by Slack (${error.data.error}): ` +
            'copy it anew from Slack → your app → OAuth & Permissions → Bot User OAuth Token'
        : `Slack does not answer (${slackFailure(error).problem}): check the network, and SLACK_API_URL if it is set`,
      { cause: error },
    )
  })
  return { teamId: auth.team_id!, enterpriseId: auth.enterprise_id ?? null }
}

/** Says of a failed first connection which setting it was made with. */
export function socketProblem(error: unknown): SettingError {
  const why =
    error instanceof WebAPIPlatformError ? error.data.error : error instanceof Error ? error.message : String(error)
  return new SettingError(
    `SLACK_APP_TOKEN could not open a connection (${why}): copy it anew from Slack → your app → Basic Information → ` +
      'App-Level Tokens, and see that it has the scope connections:write and that Socket Mode is on',
    { cause: error },
  )
}

/** Makes sure that our cards can be posted where the settings say. Throws a SettingError that says what is missing. */
export async function checkTriageChannels(client: WebClient, channels: Iterable<string>): Promise<void> {
  for (const channel of channels) {
    const found = await client.conversations.info({ channel }).catch((error) => {
      throw new SettingError(
        `The triage channel ${channel} cannot be used (${slackFailure(error).problem}): check SLACK_TRIAGE_CHANNEL and ` +
          'the triageChannel lines of templates/desk.yaml, and write /invite @Deskhand in that channel',
        { cause: error },
      )
    })
    if (!found.channel?.is_member)
      throw new SettingError(`The app is not in the triage channel ${channel}: write /invite @Deskhand in it`)
  }
}
