import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, environment, keptSecret, readConfig } from '../src/config.ts'
import { variables } from '../src/config-variables.ts'

const slack = {
  SLACK_BOT_TOKEN: 'xoxb-1-2-abcdef',
  SLACK_APP_TOKEN: 'xapp-1-A1-2-abc',
  SLACK_TRIAGE_CHANNEL: 'C0123456789',
}
const mail = {
  IMAP_URL: 'imaps://desk%40acme.example:secret@imap.acme.example',
  SMTP_URL: 'smtps://desk%40acme.example:secret@smtp.acme.example',
  SUPPORT_ADDRESS: 'help@acme.example',
}

describe('with nothing set', () => {
  test('everything is a stand-in on this machine', () => {
    expect(readConfig({})).toEqual({
      production: false,
      logLevel: 'info',
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      dataDir: resolve('data'),
      templatesDir: resolve('templates'),
      companyName: undefined,
      maxFileBytes: 26_214_400,
      undoSeconds: 10,
      secret: undefined,
      database: 'embedded',
      slack: 'sandbox',
      slackMode: 'socket',
      slackPostIntervalMs: 1050,
      slackCommand: '/ticket',
      mail: 'sandbox',
    })
  })

  test('an empty or blank value counts as left out', () => {
    const blank = Object.fromEntries(Object.keys(variables).map((name) => [name, '  ']))
    expect(readConfig(blank)).toEqual(readConfig({}))
  })
})

describe('each part is replaced on its own', () => {
  test('the database', () => {
    const config = readConfig({ DATABASE_URL: 'postgresql://desk:secret@db/desk' })
    expect(config).toMatchObject({
      database: { url: 'postgresql://desk:secret@db/desk' },
      slack: 'sandbox',
      mail: 'sandbox',
    })
  })

  test('Slack by socket, when there is an app token', () => {
    const config = readConfig(slack)
    expect(config).toMatchObject({ database: 'embedded', mail: 'sandbox', slackMode: 'socket' })
    expect(config.slack).toMatchObject({
      botToken: slack.SLACK_BOT_TOKEN,
      appToken: slack.SLACK_APP_TOKEN,
      apiUrl: undefined,
    })
  })

  test('Slack by http, when there is only a signing secret', () => {
    const config = readConfig({
      ...slack,
      SLACK_APP_TOKEN: '',
      SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef',
    })
    expect(config.slackMode).toBe('http')
  })

  test('mail', () => {
    expect(readConfig(mail)).toMatchObject({
      slack: 'sandbox',
      mail: { supportAddress: 'help@acme.example', supportName: 'Support' },
    })
  })
})

test('further mailboxes are known by their names', () => {
  const sales = {
    IMAP_URL_BIG_SHOP: 'imaps://a:b@imap.shop.example',
    SMTP_URL_BIG_SHOP: 'smtps://a:b@smtp.shop.example',
  }
  expect(readConfig({ ...mail, ...sales }).mail).toMatchObject({
    mailboxes: { 'big-shop': { imapUrl: sales.IMAP_URL_BIG_SHOP, smtpUrl: sales.SMTP_URL_BIG_SHOP } },
  })
})

describe('a mailbox that takes tokens', () => {
  const urls = {
    IMAP_URL: 'imaps://help%40acme.example@outlook.office365.com',
    SMTP_URL: 'smtp://help%40acme.example@smtp.office365.com',
    SUPPORT_ADDRESS: 'help@acme.example',
  }
  test('is Microsoft with the credentials of the app itself', () => {
    const app = {
      MAIL_OAUTH: 'microsoft',
      MAIL_OAUTH_CLIENT_ID: 'id',
      MAIL_OAUTH_CLIENT_SECRET: 's',
      MAIL_OAUTH_TENANT: 't',
    }
    expect(readConfig({ ...urls, ...app })).toMatchObject({
      mail: {
        oauth: { provider: 'microsoft', clientId: 'id', clientSecret: 's', tenant: 't', refreshToken: undefined },
      },
    })
  })
  test('or Google or Microsoft with a refresh token', () => {
    const token = { MAIL_OAUTH_CLIENT_ID: 'id', MAIL_OAUTH_REFRESH_TOKEN: 'r' }
    expect(readConfig({ ...urls, ...token, MAIL_OAUTH: 'microsoft' })).toMatchObject({
      mail: { oauth: { tenant: undefined } },
    })
    const google = { ...token, MAIL_OAUTH: 'google', MAIL_OAUTH_CLIENT_SECRET: 's' }
    expect(readConfig({ ...urls, ...google })).toMatchObject({ mail: { oauth: { refreshToken: 'r' } } })
  })
})

describe('a wrong setting is named with what is wrong and where its value is found', () => {
  test.each<[Record<string, string>, string]>([
    [{ PORT: '80a' }, 'PORT is no whole number from 1 to 65535: a port on which nothing else'],
    [{ PORT: '70000' }, 'PORT is no whole number from 1 to 65535'],
    [{ UNDO_SECONDS: '1000' }, 'UNDO_SECONDS is no whole number from 0 to 600: the seconds in which an agent'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is none of trace, debug, info'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL is no address that starts with postgres:// or postgresql://'],
    [{ PUBLIC_URL: 'desk.acme.example' }, 'PUBLIC_URL is no address that starts with http:// or https://'],
    [{ DESKHAND_SECRET: 'short' }, 'DESKHAND_SECRET is shorter than 32 characters: openssl rand -hex 32'],
    [{ SLACK_COMMAND: 'ticket' }, 'SLACK_COMMAND is no command: a slash'],
    [
      { ...slack, SLACK_BOT_TOKEN: slack.SLACK_APP_TOKEN },
      'SLACK_BOT_TOKEN looks like an app-level token: Slack → your app',
    ],
    [{ ...slack, SLACK_APP_TOKEN: slack.SLACK_BOT_TOKEN }, 'SLACK_APP_TOKEN looks like a bot token'],
    [{ ...slack, SLACK_BOT_TOKEN: 'xoxp-1-2-3' }, 'SLACK_BOT_TOKEN looks like a user token'],
    [{ ...slack, SLACK_BOT_TOKEN: 'a'.repeat(32) }, 'SLACK_BOT_TOKEN looks like a signing secret'],
    [{ ...slack, SLACK_TRIAGE_CHANNEL: '#triage' }, 'SLACK_TRIAGE_CHANNEL is no channel id'],
    [
      { ...slack, SLACK_MODE: 'http' },
      'SLACK_SIGNING_SECRET is missing (Slack is only half set): Slack → your app → Basic',
    ],
    [{ SLACK_BOT_TOKEN: slack.SLACK_BOT_TOKEN }, 'SLACK_APP_TOKEN is missing (Slack is only half set)'],
    [{ SLACK_API_URL: 'http://localhost:1/api' }, 'SLACK_BOT_TOKEN is missing'],
    [{ IMAP_URL: mail.IMAP_URL }, 'SMTP_URL is missing (mail is only half set): your mail provider'],
    [{ ...mail, IMAP_URL: 'imaps://imap.acme.example' }, 'IMAP_URL names no user or host'],
    [{ ...mail, IMAP_URL: 'imaps://desk@imap.acme.example' }, 'IMAP_URL names no password, and MAIL_OAUTH is not set'],
    [{ ...mail, MAIL_OAUTH: 'yahoo' }, 'MAIL_OAUTH is none of google, microsoft'],
    [{ ...mail, MAIL_OAUTH_CLIENT_ID: 'x' }, 'MAIL_OAUTH is missing (MAIL_OAUTH is only half set): google or'],
    [{ ...mail, MAIL_OAUTH: 'google' }, 'MAIL_OAUTH_REFRESH_TOKEN is missing (MAIL_OAUTH is only half set)'],
    [
      { ...mail, MAIL_OAUTH: 'microsoft', MAIL_OAUTH_CLIENT_ID: 'x' },
      'MAIL_OAUTH_TENANT is missing (MAIL_OAUTH is only half set): Entra → App registrations',
    ],
    [
      { ...mail, MAIL_OAUTH: 'google', MAIL_OAUTH_TOKEN_URL: 'http://x.test', NODE_ENV: 'production' },
      'MAIL_OAUTH_TOKEN_URL would send the secret in clear',
    ],
    [{ ...mail, IMAP_URL_SALES: 'http://x' }, 'IMAP_URL_SALES is no address that starts with imap://'],
    [{ ...mail, IMAP_URL_SALES: 'imaps://a@x' }, 'IMAP_URL_SALES names no password, and MAIL_OAUTH is not set'],
    [{ ...mail, SMTP_URL_SALES: 'smtps://a:b@x' }, 'SMTP_URL_SALES goes with IMAP_URL_SALES, which is missing'],
    [{ SANDBOX: 'off', ...mail }, 'SLACK_BOT_TOKEN is missing, and SANDBOX=off'],
    [{ HOST: '0.0.0.0', ...slack }, 'HOST opens the sandbox (mail) to other machines'],
  ])('%o', (env, sentence) => {
    expect(problemsOf(env).some((line) => line.startsWith(sentence))).toBe(true)
  })

  test('all at once, each once, and without repeating a value', () => {
    const env = { PORT: 'x', MAX_FILE_MB: '0', SLACK_BOT_TOKEN: 'xoxp-hunter2', IMAP_URL: 'http://me:hunter2@host' }
    const problems = problemsOf(env)
    expect(problems.map((line) => line.split(' ')[0]).sort()).toEqual([
      ...['IMAP_URL', 'MAX_FILE_MB', 'PORT', 'SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN', 'SLACK_TRIAGE_CHANNEL'],
      ...['SMTP_URL', 'SUPPORT_ADDRESS'],
    ])
    expect(problems.join()).not.toContain('hunter2')
  })

  test('a token goes in clear to this machine only, in production', () => {
    const elsewhere = { ...slack, SLACK_API_URL: 'http://slack.test/api' }
    expect(readConfig(elsewhere).slack).toMatchObject({ apiUrl: 'http://slack.test/api/' })
    expect(problemsOf({ ...elsewhere, NODE_ENV: 'production' })[0]).toMatch(
      /^SLACK_API_URL would send the token in clear/,
    )
    const here = { ...slack, SLACK_API_URL: 'http://127.0.0.1:4000/api/', NODE_ENV: 'production' }
    expect(readConfig(here).slack).toMatchObject({ apiUrl: 'http://127.0.0.1:4000/api/' })
  })
})

describe('.env.example', () => {
  const text = readFileSync('.env.example', 'utf8')

  test('lists exactly the variables that are read, each below a line that explains it', () => {
    const lines = text.split('\n')
    const settings = lines.map((line, at) => ({ name: /^([A-Z_]+)=/.exec(line)?.[1], above: lines[at - 1] ?? '' }))
    const listed = settings.filter(({ name }) => name)
    expect(listed.map(({ name }) => name).sort()).toEqual(Object.keys(variables).sort())
    for (const { above } of listed) expect(above).toMatch(/^# .{15}/)
  })

  test('changes nothing when copied as it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'deskhand-env-'))
    writeFileSync(join(folder, '.env'), text)
    expect(readConfig(environment(folder, {}))).toEqual(readConfig({}))
    rmSync(folder, { recursive: true })
  })
})

describe('the data folder', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'deskhand-secret-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('keeps one secret, readable by its owner only', () => {
    const config = { secret: undefined, dataDir: join(folder, 'data') }
    const secret = keptSecret(config)
    expect(secret).toMatch(/^[0-9a-f]{64}$/)
    expect(keptSecret(config)).toBe(secret)
    expect(statSync(join(config.dataDir, 'secret')).mode & 0o777).toBe(0o600)
    writeFileSync(join(config.dataDir, 'secret'), '')
    expect(() => keptSecret(config)).toThrow('less than 32 characters')
  })

  test('is not asked when the secret is a setting', () => {
    expect(keptSecret({ secret: 'x'.repeat(32), dataDir: '/nowhere' })).toBe('x'.repeat(32))
  })

  test('the environment wins over .env, which may be missing', () => {
    writeFileSync(join(folder, '.env'), 'PORT=4000\nHOST=localhost\n')
    expect(readConfig(environment(folder, { PORT: '5000' }))).toMatchObject({ port: 5000, host: 'localhost' })
    expect(readConfig(environment('/nowhere', { PORT: '5000' }))).toMatchObject({ port: 5000 })
  })
})

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  throw new Error('these settings were accepted')
}
