import type { WebClient } from '@slack/web-api'
import { SettingError } from '../setting-error.ts'
import { slackFailure } from './failures.ts'

/** The workspace the bot token belongs to. Throws a SettingError when Slack does not take the token. */
export async function ownTeam(client: WebClient): Promise<string> {
  const auth = await client.auth.test().catch((error) => {
    throw new SettingError(
      `SLACK_BOT_TOKEN was not accepted by Slack (${slackFailure(error).problem}): ` +
        'copy it anew from Slack → your app → OAuth & Permissions → Bot User OAuth Token',
      { cause: error },
    )
  })
  return auth.team_id!
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
