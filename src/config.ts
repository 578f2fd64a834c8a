import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { mailboxLine, readMailboxes } from './config-mailboxes.ts'
import { type Values, type VariableName, variables } from './config-variables.ts'

/** What the installation was told. A part that is not connected says so by name and is filled in by its stand-in. */
export interface Config {
  production: boolean
  logLevel: Values['LOG_LEVEL']
  host: string
  port: number
  /** Where people reach us, without a slash at the end; every link starts with it. */
  publicUrl: string
  /** Absolute paths. */
  dataDir: string
  templatesDir: string
  /** Undefined: the name in templates/desk.yaml. */
  companyName: string | undefined
  maxFileBytes: number
  /** How long an agent's reply can be taken back before it leaves; 0: not at all. */
  undoSeconds: number
  /** Undefined: the one kept in the data folder, see `keptSecret`. */
  secret: string | undefined
  database: { url: string } | 'embedded'
  slack: SlackConfig | 'sandbox'
  /** How Slack (or the sandbox in its place) delivers, and the slash command it knows us by. */
  slackMode: 'socket' | 'http'
  slackCommand: string
  slackPostIntervalMs: number
  mail: MailConfig | 'sandbox'
}

export interface SlackConfig {
  botToken: string
  /** Set in socket mode. */
  appToken: string | undefined
  /** Set in http mode. */
  signingSecret: string | undefined
  /** Ends with a slash. Undefined: slack.com. */
  apiUrl: string | undefined
  triageChannel: string
}

export interface MailConfig {
  imapUrl: string
  smtpUrl: string
  supportAddress: string
  supportName: string
  authservId: string | undefined
  /** Set where the mailbox wants tokens instead of the passwords in its URLs. */
  oauth: OAuthConfig | undefined
  /** The mailboxes beside the desk's own, from IMAP_URL_<NAME> and SMTP_URL_<NAME>, by name as desk.yaml has it. */
  mailboxes: Record<string, { imapUrl: string; smtpUrl: string | undefined }>
}

/** How access tokens are got; see mail/oauth.ts. */
export interface OAuthConfig {
  provider: 'google' | 'microsoft'
  clientId: string
  clientSecret: string | undefined
  refreshToken: string | undefined
  tenant: string | undefined
  tokenUrl: string | undefined
}

/** Everything that is wrong with the settings, a line for each. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly problems: string[]

  constructor(problems: string[]) {
    super(`Deskhand cannot start with these settings:\n${problems.map((line) => `  ${line}`).join('\n')}`)
    this.problems = problems
  }
}

/**
 * The settings in `env`, where an empty value counts as left out. Throws a ConfigError with all problems at once,
 * each naming its variable, what is wrong and where the value is found; no value is ever repeated in it.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const problems: string[] = []
  const values = readValues(env, problems)
  // Only of what is set: a value that is wrong has its line already.
  const isSet = (name: VariableName) => Boolean(env[name]?.trim())
  const need = (group: VariableName[], needed: VariableName[], why: string) => {
    if (!group.some(isSet)) return false
    for (const name of needed) if (!isSet(name)) problems.push(line(name, `is missing${why}`))
    return true
  }

  const slackGroup: VariableName[] = [
    ...(['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'] as const),
    ...(['SLACK_TRIAGE_CHANNEL', 'SLACK_API_URL'] as const),
  ]
  const slackMode =
    values.SLACK_MODE ?? (isSet('SLACK_SIGNING_SECRET') && !isSet('SLACK_APP_TOKEN') ? 'http' : 'socket')
  const credential = slackMode === 'socket' ? 'SLACK_APP_TOKEN' : 'SLACK_SIGNING_SECRET'
  const hasSlack = need(
    slackGroup,
    ['SLACK_BOT_TOKEN', credential, 'SLACK_TRIAGE_CHANNEL'],
    ' (Slack is only half set)',
  )
  const oauthGroup: VariableName[] = [
    ...(['MAIL_OAUTH', 'MAIL_OAUTH_CLIENT_ID', 'MAIL_OAUTH_CLIENT_SECRET', 'MAIL_OAUTH_REFRESH_TOKEN'] as const),
    ...(['MAIL_OAUTH_TENANT', 'MAIL_OAUTH_TOKEN_URL'] as const),
  ]
  const mailGroup: VariableName[] = ['IMAP_URL', 'SMTP_URL', 'SUPPORT_ADDRESS', 'MAIL_AUTHSERV_ID', ...oauthGroup]
  const hasMail = need(mailGroup, ['IMAP_URL', 'SMTP_URL', 'SUPPORT_ADDRESS'], ' (mail is only half set)')
  const half = ' (MAIL_OAUTH is only half set)'
  if (need(oauthGroup, ['MAIL_OAUTH', 'MAIL_OAUTH_CLIENT_ID', ...neededFor(values)], half)) {
    if (values.MAIL_OAUTH_TENANT && values.MAIL_OAUTH === 'google')
      problems.push(line('MAIL_OAUTH_TENANT', 'goes with MAIL_OAUTH=microsoft only'))
  }
  const mailboxes = readMailboxes(env, problems)
  const urls = { IMAP_URL: values.IMAP_URL, SMTP_URL: values.SMTP_URL }
  if (!values.MAIL_OAUTH)
    for (const [name, url] of [...Object.entries(urls), ...mailboxes.urls])
      if (url && !new URL(url).password)
        problems.push(mailboxLine(name, 'names no password, and MAIL_OAUTH is not set'))

  const production = values.NODE_ENV === 'production'
  for (const [name, what] of [
    ['SLACK_API_URL', 'token'],
    ['MAIL_OAUTH_TOKEN_URL', 'secret'],
  ] as const) {
    const url = values[name] ? new URL(values[name]) : null
    if (url && production && url.protocol === 'http:' && !isLoopback(url.hostname))
      problems.push(line(name, `would send the ${what} in clear: it starts with http:// and is not on this machine`))
  }

  const sandboxed = [!hasSlack && 'Slack', !hasMail && 'mail'].filter(Boolean).join(' and ')
  if (sandboxed && values.SANDBOX === 'off') {
    if (!hasSlack) problems.push(line('SLACK_BOT_TOKEN', 'is missing, and SANDBOX=off'))
    if (!hasMail) problems.push(line('IMAP_URL', 'is missing, and SANDBOX=off'))
  }
  if (sandboxed && values.SANDBOX === 'auto' && !isLoopback(values.HOST ?? ''))
    problems.push(
      line(
        'HOST',
        `opens the sandbox (${sandboxed}) to other machines; connect ${sandboxed}, or allow it with SANDBOX=on`,
      ),
    )

  if (problems.length > 0) throw new ConfigError(problems)
  return {
    production,
    logLevel: values.LOG_LEVEL,
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.PUBLIC_URL ?? `http://localhost:${values.PORT}`,
    dataDir: resolve(values.DATA_DIR),
    templatesDir: resolve(values.TEMPLATES_DIR),
    companyName: values.COMPANY_NAME,
    maxFileBytes: values.MAX_FILE_MB * 1024 * 1024,
    undoSeconds: values.UNDO_SECONDS,
    secret: values.DESKHAND_SECRET,
    database: values.DATABASE_URL ? { url: values.DATABASE_URL } : 'embedded',
    slackMode,
    slackCommand: values.SLACK_COMMAND,
    slackPostIntervalMs: values.SLACK_POST_INTERVAL_MS,
    slack: hasSlack ? slackOf(values) : 'sandbox',
    mail: hasMail ? { ...mailOf(values), mailboxes: mailboxes.byKey } : 'sandbox',
  }
}

function readValues(env: Record<string, string | undefined>, problems: string[]): Values {
  const values: Record<string, unknown> = {}
  for (const [name, { schema }] of Object.entries(variables)) {
    const answer = schema.safeParse(env[name]?.trim() || undefined)
    if (answer.success) values[name] = answer.data
    else problems.push(line(name as VariableName, answer.error.issues[0]?.message ?? 'is wrong'))
  }
  return values as Values
}

function slackOf(values: Values): SlackConfig {
  return {
    botToken: values.SLACK_BOT_TOKEN!,
    appToken: values.SLACK_APP_TOKEN,
    signingSecret: values.SLACK_SIGNING_SECRET,
    apiUrl: values.SLACK_API_URL,
    triageChannel: values.SLACK_TRIAGE_CHANNEL!,
  }
}

/** Google has refresh tokens only; Microsoft either one of those or, with a secret and a directory, the app itself. */
function neededFor(values: Values): VariableName[] {
  if (values.MAIL_OAUTH === 'google') return ['MAIL_OAUTH_CLIENT_SECRET', 'MAIL_OAUTH_REFRESH_TOKEN']
  if (values.MAIL_OAUTH !== 'microsoft' || values.MAIL_OAUTH_REFRESH_TOKEN) return []
  return ['MAIL_OAUTH_CLIENT_SECRET', 'MAIL_OAUTH_TENANT']
}

function mailOf(values: Values): Omit<MailConfig, 'mailboxes'> {
  return {
    imapUrl: values.IMAP_URL!,
    smtpUrl: values.SMTP_URL!,
    supportAddress: values.SUPPORT_ADDRESS!,
    supportName: values.SUPPORT_NAME,
    authservId: values.MAIL_AUTHSERV_ID,
    oauth: values.MAIL_OAUTH && {
      provider: values.MAIL_OAUTH,
      clientId: values.MAIL_OAUTH_CLIENT_ID!,
      clientSecret: values.MAIL_OAUTH_CLIENT_SECRET,
      refreshToken: values.MAIL_OAUTH_REFRESH_TOKEN,
      tenant: values.MAIL_OAUTH_TENANT,
      tokenUrl: values.MAIL_OAUTH_TOKEN_URL,
    },
  }
}

function line(name: VariableName, problem: string): string {
  return `${name} ${problem}: ${variables[name].found}`
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
}

/** The environment as started, over what the file `.env` in `folder` says; the file may be missing. */
export function environment(folder = '.', env: Record<string, string | undefined> = process.env) {
  try {
    return { ...parseEnv(readFileSync(join(folder, '.env'), 'utf8')), ...env }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return env
    throw error
  }
}

/** The secret of this installation: as configured, or a random one made once and kept in the data folder (0600). */
export function keptSecret(config: Pick<Config, 'secret' | 'dataDir'>): string {
  if (config.secret) return config.secret
  const file = join(config.dataDir, 'secret')
  mkdirSync(config.dataDir, { recursive: true })
  try {
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const kept = readFileSync(file, 'utf8').trim()
  // An empty one after a full disk would sign every link with a secret that everybody knows.
  if (kept.length < 32) throw new Error(`${file} holds less than 32 characters: restore it from a backup, or delete it`)
  return kept
}
