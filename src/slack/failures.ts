import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api'

/** What a failed call to Slack means for the effect behind it. `delayMs`: until the next try. */
export type SlackFailure =
  | { kind: 'never'; problem: string }
  | { kind: 'later' | 'uncertain'; problem: string; delayMs: number; laneToo: boolean }

// The person or message is not there any more, or the payload is wrong: the same call can only fail again.
const never = new Set([
  'user_not_found',
  'user_disabled',
  'user_not_visible',
  'cannot_dm_bot',
  'messages_tab_disabled',
  'not_enabled',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_arguments',
  'msg_too_long',
  'msg_blocks_too_long',
  'no_text',
  'view_too_large',
  'cant_update_message',
  'edit_window_closed',
  'restricted_action',
])

// Somebody has to put something right in Slack; then everything goes on where it stopped. Four tries an hour.
const SETTINGS_DELAY_MS = 15 * 60_000
const settings = new Set([
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'ekm_access_denied',
  'team_access_not_granted',
  'restricted_action_thread_locked',
  'restricted_action_read_only_channel',
])

const NETWORK_DELAY_MS = 5_000
const notSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** Sorts an error of the Slack client; throws it again when it is none of Slack's. */
export function slackFailure(error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError)
    return { kind: 'later', problem: 'rate limited', delayMs: error.retryAfter * 1000, laneToo: true }
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error
    const hints = error.data.response_metadata?.messages?.join('; ')
    const problem = hints ? `${code}: ${hints}` : code
    if (never.has(code)) return { kind: 'never', problem }
    if (settings.has(code)) return { kind: 'later', problem, delayMs: SETTINGS_DELAY_MS, laneToo: true }
    return { kind: 'uncertain', problem, delayMs: NETWORK_DELAY_MS, laneToo: true }
  }
  if (error instanceof WebAPIHTTPError)
    return { kind: 'uncertain', problem: `HTTP ${error.statusCode}`, delayMs: NETWORK_DELAY_MS, laneToo: true }
  if (error instanceof WebAPIRequestError) {
    const code = (error.original as NodeJS.ErrnoException).code ?? ''
    const kind = notSent.has(code) ? 'later' : 'uncertain'
    return { kind, problem: error.original.message, delayMs: NETWORK_DELAY_MS, laneToo: true }
  }
  throw error
}

// A direct message: that person is not to be written to by us, whichever of Slack's methods says so
// (docs.slack.dev/reference/methods/conversations.open, chat.postMessage). It may be otherwise another day.
const noDm = new Set([
  'user_not_found',
  'user_not_visible',
  'user_disabled',
  'invalid_user_combination',
  'cannot_dm_bot',
  'messages_tab_disabled',
  'channel_not_found',
  'not_in_channel',
  'restricted_action',
])

/** Slack's word for why it takes no direct message for somebody, or null when that is not what it said. */
export function noDmReason(error: unknown): string | null {
  const code = slackCode(error)
  return code !== null && noDm.has(code) ? code : null
}

/** The error code Slack answered with, or null for any other trouble. */
export function slackCode(error: unknown): string | null {
  return error instanceof WebAPIPlatformError ? error.data.error : null
}

/** Whether Slack answered with this error code. */
export function isSlackError(error: unknown, ...codes: string[]): boolean {
  const code = slackCode(error)
  return code !== null && codes.includes(code)
}
