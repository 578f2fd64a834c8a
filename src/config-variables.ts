import { z } from 'zod'

/**
 * Every environment variable the product reads: what is right for it, and where a person finds its value. A message
 * never repeats a value, since half of them are secrets. .env.example says the same in more words; a test compares.
 */
export const variables = {
  DATABASE_URL: {
    schema: url('postgres', 'postgresql').optional(),
    found: 'your PostgreSQL server, as postgresql://deskhand:password@db.example.com:5432/deskhand',
  },
  DATA_DIR: { schema: z.string().default('./data'), found: 'a folder on this machine that is kept and backed up' },
  HOST: {
    schema: z
      .string()
      .regex(/^[\w.:-]+$/, 'is no host name or IP address')
      .default('127.0.0.1'),
    found: '127.0.0.1 for this machine only, 0.0.0.0 for all its networks',
  },
  PORT: { schema: whole(1, 65_535).default(3000), found: 'a port on which nothing else on this machine listens' },
  PUBLIC_URL: {
    schema: url('http', 'https')
      .refine(
        (text) => !partsOf(text)?.username && !partsOf(text)?.password,
        'holds a password, which every mail would tell',
      )
      .transform((text) => text.replace(/\/+$/, ''))
      .optional(),
    found: 'the address at which people reach this server, as your DNS or proxy names it',
  },
  LOG_LEVEL: {
    schema: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent').default('info'),
    found: 'info, or debug while looking for a mistake',
  },
  NODE_ENV: {
    schema: oneOf('development', 'production', 'test').default('development'),
    found: 'production on a server',
  },
  SANDBOX: {
    schema: oneOf('auto', 'on', 'off').default('auto'),
    found: 'off on a server; on to let other machines use the sandbox, which has no sign-in',
  },
  SLACK_MODE: {
    schema: oneOf('socket', 'http').optional(),
    found: 'socket goes with SLACK_APP_TOKEN, http with SLACK_SIGNING_SECRET',
  },
  SLACK_BOT_TOKEN: {
    schema: slackToken('xoxb-').optional(),
    found: 'Slack → your app → OAuth & Permissions → Bot User OAuth Token',
  },
  SLACK_APP_TOKEN: {
    schema: slackToken('xapp-').optional(),
    found: 'Slack → your app → Basic Information → App-Level Tokens (with the scope connections:write)',
  },
  SLACK_SIGNING_SECRET: {
    schema: z
      .string()
      .superRefine(refuseWhen(looksLikeToken))
      .regex(/^\w{16,}$/, 'is no signing secret, which is 32 letters and digits')
      .optional(),
    found: 'Slack → your app → Basic Information → App Credentials → Signing Secret',
  },
  SLACK_POST_INTERVAL_MS: {
    schema: whole(0, 60_000).default(1050),
    found: '1050, because Slack takes about one message a second in a channel',
  },
  SLACK_API_URL: {
    schema: url('http', 'https')
      .transform((text) => (text.endsWith('/') ? text : `${text}/`))
      .optional(),
    found: 'leave it out for slack.com; https://slack-gov.com/api/ for GovSlack',
  },
  SLACK_COMMAND: {
    schema: z
      .string()
      .regex(/^\/[^\s/A-Z]{1,31}$/, 'is no command: a slash and up to 31 characters, no spaces, no capitals')
      .default('/ticket'),
    found: 'Slack → your app → Slash Commands',
  },
  SLACK_TRIAGE_CHANNEL: {
    schema: z
      .string()
      .regex(/^[CG][A-Z0-9]{2,}$/, 'is no channel id, which starts with C or G, such as C0123456789')
      .optional(),
    found: 'Slack → the channel → click its name → bottom of the About tab',
  },
  IMAP_URL: {
    schema: mailUrl('imap', 'imaps').optional(),
    found: 'your mail provider → IMAP, as imaps://user:password@imap.example.com (write @ in a user as %40)',
  },
  SMTP_URL: {
    schema: mailUrl('smtp', 'smtps').optional(),
    found: 'your mail provider → SMTP, as smtps://user:password@smtp.example.com (write @ in a user as %40)',
  },
  MAIL_OAUTH: {
    schema: oneOf('google', 'microsoft').optional(),
    found: 'google or microsoft, whose mailboxes take no password',
  },
  MAIL_OAUTH_CLIENT_ID: {
    schema: z.string().optional(),
    found:
      'Google Cloud → APIs & Services → Credentials → Client ID; Entra → App registrations → Application (client) ID',
  },
  MAIL_OAUTH_CLIENT_SECRET: {
    schema: z.string().optional(),
    found: 'Google Cloud → the same client → Client secret; Entra → the app → Certificates & secrets → Value',
  },
  MAIL_OAUTH_REFRESH_TOKEN: {
    schema: z.string().optional(),
    found: 'what signing in to the mailbox with this client gave, see .env.example',
  },
  MAIL_OAUTH_TENANT: {
    schema: z
      .string()
      .regex(/^[\w.-]+$/, 'is no directory id or domain')
      .optional(),
    found: 'Entra → App registrations → the app → Directory (tenant) ID',
  },
  MAIL_OAUTH_TOKEN_URL: {
    schema: url('http', 'https').optional(),
    found:
      'leave it out, except for a national cloud such as https://login.microsoftonline.us/TENANT/oauth2/v2.0/token',
  },
  SUPPORT_ADDRESS: {
    schema: z.email('is no mail address').optional(),
    found: 'the address people write to, whose mail arrives in the mailbox of IMAP_URL',
  },
  SUPPORT_NAME: {
    schema: z.string().max(100, 'is longer than 100 characters').default('Support'),
    found: 'the name people see beside that address',
  },
  MAIL_AUTHSERV_ID: {
    schema: z
      .string()
      .regex(/^[\w.:-]+$/, 'is no authserv-id, which is one word such as mx.example.com')
      .optional(),
    found: 'the first word of the Authentication-Results header in a mail that reached the mailbox',
  },
  TEMPLATES_DIR: { schema: z.string().default('./templates'), found: 'a folder with your copy of templates/' },
  COMPANY_NAME: {
    schema: z.string().max(60, 'is longer than 60 characters').optional(),
    found: 'the name the form uses; left out, the one in templates/desk.yaml',
  },
  UNDO_SECONDS: {
    schema: whole(0, 600).default(10),
    found: 'the seconds in which an agent can take a reply back before it leaves; 0 for none',
  },
  MAX_FILE_MB: { schema: whole(1, 1000).default(25), found: 'what your mail server carries, usually 25' },
  DESKHAND_SECRET: {
    schema: z.string().min(32, 'is shorter than 32 characters').optional(),
    found: 'openssl rand -hex 32; left out, one is made and kept in DATA_DIR/secret',
  },
} satisfies Record<string, { schema: z.ZodType; found: string }>

export type VariableName = keyof typeof variables

/** What the environment says, each value right on its own; one that is left out and has no default is undefined. */
export type Values = { [Name in VariableName]: z.output<(typeof variables)[Name]['schema']> }

function oneOf<const Names extends [string, ...string[]]>(...names: Names) {
  return z.enum(names, `is none of ${names.join(', ')}`)
}

function whole(least: number, most: number) {
  const message = `is no whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d+$/, message)
    .transform(Number)
    .refine((number) => number >= least && number <= most, message)
}

function url(...schemes: string[]) {
  const message = `is no address that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`
  return z.string().refine((text) => schemes.some((scheme) => partsOf(text)?.protocol === `${scheme}:`), message)
}

function mailUrl(...schemes: string[]) {
  return url(...schemes).refine((text) => {
    const parts = partsOf(text)
    return !parts || (parts.username !== '' && parts.hostname !== '')
  }, 'names no user or host')
}

function partsOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

const TOKEN_KINDS = [
  ['xoxb-', 'a bot token'],
  ['xapp-', 'an app-level token'],
  ['xoxp-', 'a user token'],
  ['xoxe.', 'a rotating token (turn token rotation off: a rotated app cannot go back, so make a new one)'],
  ['xoxe-', 'a refresh token'],
] as const

function looksLikeToken(text: string): string | undefined {
  const kind = TOKEN_KINDS.find(([prefix]) => text.startsWith(prefix))
  return kind && `looks like ${kind[1]}`
}

function slackToken(prefix: string) {
  return z.string().superRefine(
    refuseWhen((text) => {
      if (text.startsWith(prefix))
        return /^[\w.-]{10,}$/.test(text) ? undefined : 'is cut short or has a stray character'
      return (
        looksLikeToken(text) ??
        (/^[0-9a-f]{32}$/.test(text) ? 'looks like a signing secret' : `does not start with ${prefix}`)
      )
    }),
  )
}

function refuseWhen(reason: (text: string) => string | undefined) {
  return (text: string, check: z.RefinementCtx) => {
    const message = reason(text)
    if (message) check.addIssue({ code: 'custom', message })
  }
}
