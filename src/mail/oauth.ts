/** createAccessTokens: the OAuth 2 access tokens that Google and Microsoft 365 want instead of a password (XOAUTH2). */
import { z } from 'zod'
import type { Clock } from '../clock.ts'

export interface OAuthSettings {
  provider: 'google' | 'microsoft'
  clientId: string
  /** Left out: a public client at Microsoft, which has only a refresh token. */
  clientSecret?: string | undefined
  /** Left out: the client credentials of the app itself, which only Microsoft has for mailboxes. */
  refreshToken?: string | undefined
  /** Microsoft's directory (tenant) id. */
  tenant?: string | undefined
  /** Another token endpoint: a sovereign cloud, a test. */
  tokenUrl?: string | undefined
}

export interface AccessTokens {
  /** One that is good for a minute at least. Rejects with an OAuthError that says what to do, or with why nobody could be asked. */
  get(): Promise<string>
  /** A server refused this one: the next `get` fetches another. */
  refused(token: string): void
}

/** Where a refresh token that replaced another is kept; see `refreshTokenFile`. */
export interface RefreshTokenKeeper {
  read(configured: string): Promise<string>
  write(configured: string, current: string): Promise<void>
}

/** The token endpoint said no, and why in words an operator can act on. Never a token or a secret. */
export class OAuthError extends Error {
  override name = 'OAuthError'
}

const ANSWER_WITHIN_MS = 20_000
/** A token is not used in its last minute (or last tenth, if it lives shortly): the login it is for takes time too. */
const SPARE_SECONDS = 60
/** RFC 6749 §5.1 lets a server leave out expires_in. */
const UNKNOWN_LIFE_SECONDS = 300

const answerShape = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
})

/** Tokens kept until shortly before they expire; however many ask, one request is under way (RFC 6749 §4.4, §6). */
export function createAccessTokens(
  settings: OAuthSettings,
  parts: { clock: Clock; keeper?: RefreshTokenKeeper },
): AccessTokens {
  const { clock, keeper } = parts
  let kept: { token: string; until: number } | null = null
  let asking: Promise<string> | null = null

  async function ask(): Promise<string> {
    const configured = settings.refreshToken
    const refreshToken = configured && ((await keeper?.read(configured)) ?? configured)
    const asked = clock.now().getTime()
    const answer = await request(settings, refreshToken)
    // Microsoft gives a new one with every use, and the one it replaces dies 90 days after it was made.
    if (configured && answer.refresh_token && answer.refresh_token !== refreshToken)
      await keeper?.write(configured, answer.refresh_token)
    const seconds = answer.expires_in ?? UNKNOWN_LIFE_SECONDS
    kept = { token: answer.access_token, until: asked + (seconds - Math.min(SPARE_SECONDS, seconds / 10)) * 1000 }
    return answer.access_token
  }

  return {
    async get() {
      if (kept && clock.now().getTime() < kept.until) return kept.token
      asking ??= ask().finally(() => {
        asking = null
      })
      return asking
    },
    refused(token) {
      if (kept?.token === token) kept = null
    },
  }
}

async function request(settings: OAuthSettings, refreshToken: string | undefined) {
  const url = tokenUrlOf(settings)
  const body = new URLSearchParams({ client_id: settings.clientId })
  if (settings.clientSecret) body.set('client_secret', settings.clientSecret)
  if (refreshToken) {
    body.set('grant_type', 'refresh_token')
    body.set('refresh_token', refreshToken)
  } else body.set('grant_type', 'client_credentials')
  const scope = scopeOf(settings, Boolean(refreshToken))
  if (scope) body.set('scope', scope)
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  }).catch((cause: Error) => {
    const why = (cause.cause as NodeJS.ErrnoException | undefined)?.code ?? cause.name
    throw new Error(`${new URL(url).host} cannot be asked for an access token (${why}): it is tried again`, { cause })
  })
  const json: unknown = await response.json().catch(() => null)
  if (!response.ok) throw refusal(settings, response.status, json)
  const answer = answerShape.safeParse(json)
  if (!answer.success)
    throw new OAuthError(`${new URL(url).host} answers without an access token: is MAIL_OAUTH_TOKEN_URL right?`)
  return answer.data
}

/** developers.google.com/identity/protocols/oauth2; learn.microsoft.com/entra/identity-platform/v2-protocols */
function tokenUrlOf({ provider, tenant, tokenUrl }: OAuthSettings): string {
  if (tokenUrl) return tokenUrl
  if (provider === 'google') return 'https://oauth2.googleapis.com/token'
  return `https://login.microsoftonline.com/${encodeURIComponent(tenant ?? 'common')}/oauth2/v2.0/token`
}

/** Google's refresh token has its scope in itself. Microsoft wants to hear it, as the Exchange documentation names it. */
function scopeOf({ provider }: OAuthSettings, isForUser: boolean): string | null {
  if (provider === 'google') return null
  if (!isForUser) return 'https://outlook.office365.com/.default'
  return 'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access'
}

function refusal(settings: OAuthSettings, status: number, json: unknown): Error {
  const { error, error_description: description } = (json ?? {}) as { error?: unknown; error_description?: unknown }
  const code = typeof error === 'string' ? error.slice(0, 60) : `HTTP ${status}`
  const who = settings.provider === 'google' ? 'Google' : 'Microsoft'
  if (status >= 500 || status === 429)
    return new Error(`${who} gives no access token just now (${code}): it is tried again`)
  // Entra's own number says more than RFC 6749's word: learn.microsoft.com/entra/identity-platform/reference-error-codes
  const aadsts = typeof description === 'string' ? (/\bAADSTS\d+\b/.exec(description)?.[0] ?? '') : ''
  const what = whatToDo(settings, code, aadsts)
  return new OAuthError(`${who} refuses an access token (${[code, aadsts].filter(Boolean).join(', ')}): ${what}`)
}

function whatToDo({ provider, refreshToken }: OAuthSettings, code: string, aadsts: string): string {
  if (aadsts === 'AADSTS7000222')
    return 'the client secret expired: make a new one (Entra → App registrations → Certificates & secrets) and set MAIL_OAUTH_CLIENT_SECRET'
  if (aadsts === 'AADSTS90002') return 'there is no such directory: correct MAIL_OAUTH_TENANT'
  if (code === 'invalid_client' || code === 'unauthorized_client')
    return 'correct MAIL_OAUTH_CLIENT_ID and MAIL_OAUTH_CLIENT_SECRET (the value of the secret, not its id)'
  if (code === 'invalid_grant' && refreshToken)
    return provider === 'google'
      ? 'the refresh token was revoked or expired (after 7 days while the app is in testing): sign in again and set MAIL_OAUTH_REFRESH_TOKEN'
      : 'the refresh token was revoked or expired: sign in again and set MAIL_OAUTH_REFRESH_TOKEN'
  if (code === 'invalid_scope' || aadsts === 'AADSTS65001')
    return 'grant the app its mail permissions: IMAP.AccessAsApp and SMTP.SendAsApp for client credentials, else IMAP.AccessAsUser.All and SMTP.Send'
  return 'check the MAIL_OAUTH_ settings against .env.example'
}
