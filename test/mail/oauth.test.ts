import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { MovableClock } from '../../src/clock.ts'
import { watchMailbox } from '../../src/mail/mailbox.ts'
import { createAccessTokens, OAuthError, type OAuthSettings } from '../../src/mail/oauth.ts'
import { refreshTokenFile } from '../../src/mail/refresh-token-file.ts'
import { createTransport } from '../../src/mail/transport.ts'
import { startMailServer } from '../../src/sandbox/mail/mail-server.ts'
import { MemoryStore } from './memory-store.ts'
import { startTokenEndpoint, startTokenImap, startTokenSmtp } from './token-servers.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const support = 'help@acme.test'
const google = { provider: 'google', clientId: 'id', clientSecret: 'hush', refreshToken: 'refresh-1' } as const

async function endpoint(settings: Partial<OAuthSettings> = {}) {
  const server = await startTokenEndpoint()
  closers.push(() => server.close())
  const clock = MovableClock.at(new Date('2026-11-09T17:00:00Z'))
  const folder = mkdtempSync(join(tmpdir(), 'deskhand-oauth-'))
  closers.push(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'data', 'mail-refresh-token')
  const open = (more: Partial<OAuthSettings> = {}) =>
    createAccessTokens(
      { ...google, tokenUrl: server.url, ...settings, ...more },
      { clock, keeper: refreshTokenFile(file) },
    )
  return { ...server, clock, file, open, tokens: open() }
}

describe('an access token', () => {
  test('is asked for with the refresh token, and by the app itself where there is none', async () => {
    const { tokens, open, asked } = await endpoint()
    expect(await tokens.get()).toBe('token-1')
    expect(Object.fromEntries(asked[0]!)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
      client_id: 'id',
      client_secret: 'hush',
    })
    await open({ provider: 'microsoft', refreshToken: undefined }).get()
    expect(Object.fromEntries(asked[1]!)).toEqual({
      grant_type: 'client_credentials',
      client_id: 'id',
      client_secret: 'hush',
      scope: 'https://outlook.office365.com/.default',
    })
  })

  test('is kept until shortly before it expires', async () => {
    const { tokens, clock, asked } = await endpoint()
    await tokens.get()
    await clock.push(3_530_000)
    expect(await tokens.get()).toBe('token-1')
    await clock.push(15_000)
    expect(await tokens.get()).toBe('token-2')
    expect(asked).toHaveLength(2)
  })

  test('is asked for once, however many need it', async () => {
    const { tokens, asked } = await endpoint()
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => tokens.get())))).toEqual(new Set(['token-1']))
    expect(asked).toHaveLength(1)
  })

  test('that a server refused is not offered again; one that was replaced meanwhile costs nothing', async () => {
    const { tokens, asked } = await endpoint()
    tokens.refused(await tokens.get())
    expect(await tokens.get()).toBe('token-2')
    tokens.refused('token-1')
    expect(await tokens.get()).toBe('token-2')
    expect(asked).toHaveLength(2)
  })
})

describe('a refresh token that was replaced', () => {
  test('is used from then on, also after a restart, and belongs to the configured one', async () => {
    const { tokens, open, answers, asked, file } = await endpoint({ provider: 'microsoft' })
    answers.push({ status: 200, body: { access_token: 'a', expires_in: '3599', refresh_token: 'refresh-2' } })
    await tokens.get()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).not.toContain('refresh-1')
    await open().get()
    await open({ refreshToken: 'of another mailbox' }).get()
    expect(asked.map((form) => form.get('refresh_token'))).toEqual(['refresh-1', 'refresh-2', 'of another mailbox'])
    expect(asked[0]!.get('scope')).toContain('offline_access')
  })
})

describe('a refusal says what to do and repeats no secret', () => {
  const refusal = (error: string, description = '') => ({
    status: 400,
    body: { error, error_description: description },
  })
  const app = { provider: 'microsoft', refreshToken: undefined } as const
  test.each([
    [google, refusal('invalid_grant', 'Token has been expired or revoked.'), /^Google .*set MAIL_OAUTH_REFRESH_TOKEN/],
    [google, { ...refusal('invalid_client'), status: 401 }, /MAIL_OAUTH_CLIENT_ID and MAIL_OAUTH_CLIENT_SECRET/],
    [
      app,
      refusal('invalid_client', 'AADSTS7000222: The provided client secret keys are expired.'),
      /AADSTS7000222.*secret expired/,
    ],
    [app, refusal('invalid_request', "AADSTS90002: Tenant 'hush' not found."), /MAIL_OAUTH_TENANT/],
    [app, refusal('invalid_scope', 'AADSTS70011'), /IMAP\.AccessAsApp/],
    [google, { status: 404, body: '<html>' }, /HTTP 404.*\.env\.example/],
    [google, { status: 200, body: '<html>hello' }, /MAIL_OAUTH_TOKEN_URL/],
  ] as const)('%o %o', async (settings, answer, words) => {
    const { tokens, answers } = await endpoint(settings)
    answers.push(answer)
    const error = await tokens.get().catch((thrown: Error) => thrown)
    expect(error).toBeInstanceOf(OAuthError)
    expect((error as Error).message).toMatch(words)
    expect((error as Error).message).not.toMatch(/hush|refresh-1/)
  })

  test('a server that is away or busy is no refusal, and the next try may succeed', async () => {
    const { tokens, answers, open } = await endpoint()
    answers.push({ status: 503, body: {} }, { status: 200, body: { access_token: 'late', expires_in: 60 } })
    await expect(tokens.get()).rejects.toThrow('is tried again')
    expect(await tokens.get()).toBe('late')
    const gone = await startTokenEndpoint()
    await gone.close()
    await expect(open({ tokenUrl: gone.url }).get()).rejects.toThrow(/^127\.0\.0\.1:\d+ cannot be asked .*ECONNREFUSED/)
  })
})

const hello = {
  from: { name: 'Help', address: support },
  to: [{ name: '', address: 'ada@x.test' }],
  cc: [],
  subject: 'Hello',
  text: 'hi',
  html: '<p>hi</p>',
  messageId: 'one@acme.test',
  inReplyTo: null,
  references: [],
  headers: {},
  attachments: [],
}

describe('servers that take tokens only', () => {
  test('a mailbox is read, and a token that was revoked is replaced by itself', async () => {
    const { tokens, good, clock, answers } = await endpoint()
    const server = await startMailServer({ clock, supportAddress: support, people: [] })
    closers.push(() => server.close())
    const imap = await startTokenImap(server.imapUrl, good)
    closers.push(() => imap.close())
    const store = new MemoryStore()
    const log = { info: () => {}, warn: () => {} }
    const retryMs = { first: 1, last: 5 }
    const mailbox = watchMailbox({ url: imap.url, tokens, clock, log, store, from: 'all', retryMs })
    closers.push(() => mailbox.stop())
    const mail = (subject: string) =>
      Buffer.from(`From: ada@x.test\r\nTo: ${support}\r\nSubject: ${subject}\r\n\r\nhi\r\n`)
    server.deliver(mail('one'))
    await mailbox.sweepNow()
    good.clear()
    server.faults.dropImap()
    server.deliver(mail('two'))
    await mailbox.sweepNow()
    expect(store.subjects).toEqual(['one', 'two'])
    expect(imap.refusals()).toBe(1)
    expect(await mailbox.findSent('never@acme.test')).toBe(false)
    expect(mailbox.problem()).toBeNull()
    good.clear()
    answers.push({ status: 400, body: { error: 'invalid_grant' } })
    server.faults.dropImap()
    await expect.poll(() => mailbox.problem()).toMatch(/^Google .*set MAIL_OAUTH_REFRESH_TOKEN/)
  })

  const rotating = (n: number) => ({
    status: 200,
    body: { access_token: `token-${n}`, expires_in: 3600, refresh_token: `refresh-${n + 1}` },
  })
  const secretOver = {
    status: 401,
    body: { error: 'invalid_client', error_description: 'AADSTS7000222: The provided client secret keys are expired.' },
  }
  const revoked = { status: 400, body: { error: 'invalid_grant', error_description: 'AADSTS700082: expired' } }

  test.each([
    [
      'Google, by refresh token',
      google,
      [],
      revoked,
      [/^Google .*set MAIL_OAUTH_REFRESH_TOKEN/],
      ['refresh-1', 'refresh-1'],
    ],
    [
      'Microsoft, by a refresh token that each use replaces',
      { ...google, provider: 'microsoft' },
      [rotating(1), rotating(2)],
      revoked,
      [/^Microsoft .*set MAIL_OAUTH_REFRESH_TOKEN/],
      ['refresh-1', 'refresh-2'],
    ],
    [
      'Microsoft, by the credentials of the app',
      { ...google, provider: 'microsoft', refreshToken: undefined, tenant: 'acme.test' },
      [],
      secretOver,
      [/^Microsoft .*AADSTS7000222.*set MAIL_OAUTH_CLIENT_SECRET/],
      [null, null],
    ],
  ] as const)(
    '%s: read and sent with one token; when it expires in the middle of a session another is fetched before it is refused',
    async (_, settings, given, no, words, refreshTokens) => {
      const { tokens, good, clock, answers, asked, open } = await endpoint(settings)
      answers.push(...given)
      const server = await startMailServer({ clock, supportAddress: support, people: [] })
      closers.push(() => server.close())
      const imap = await startTokenImap(server.imapUrl, good)
      closers.push(() => imap.close())
      const smtp = await startTokenSmtp(good)
      closers.push(() => smtp.close())
      const store = new MemoryStore()
      const log = { info: () => {}, warn: () => {} }
      const retryMs = { first: 1, last: 5 }
      const mailbox = watchMailbox({ url: imap.url, tokens, clock, log, store, from: 'all', retryMs })
      closers.push(() => mailbox.stop())
      const transport = createTransport(smtp.url, { clock, tokens })
      server.deliver(Buffer.from(`From: ada@x.test\r\nTo: ${support}\r\nSubject: one\r\n\r\nhi\r\n`))
      await mailbox.sweepNow()
      expect(await transport.send(hello)).toMatchObject({ kind: 'done' })
      expect(asked).toHaveLength(1)

      // Both end the session when the token's hour is over (Exchange: "* BYE Session invalidated - AccessTokenExpired").
      await clock.push(3_600_000)
      good.delete('token-1')
      server.deliver(Buffer.from(`From: ada@x.test\r\nTo: ${support}\r\nSubject: two\r\n\r\nhi\r\n`))
      server.faults.dropImap()
      await mailbox.sweepNow()
      expect(await transport.send({ ...hello, messageId: 'two@acme.test' })).toMatchObject({ kind: 'done' })
      expect(store.subjects).toEqual(['one', 'two'])
      expect(smtp.mails).toHaveLength(2)
      expect(imap.refusals()).toBe(0)
      expect(asked.map((form) => form.get('refresh_token'))).toEqual(refreshTokens)

      answers.splice(0, answers.length, no)
      await clock.push(3_600_000)
      good.clear()
      server.faults.dropImap()
      await expect.poll(() => mailbox.problem()).toMatch(words[0])
      expect(await transport.send({ ...hello, messageId: 'three@acme.test' })).toMatchObject({
        kind: 'later',
        response: expect.stringMatching(words[0]),
      })
      // A restart after that begins with the newest refresh token, not the one in the settings.
      const before = asked.length
      await open()
        .get()
        .catch(() => {})
      const newest = settings.provider === 'microsoft' && refreshTokens[0] ? 'refresh-3' : refreshTokens[0]
      expect(asked[before]!.get('refresh_token')).toBe(newest)
    },
  )

  test('mail is sent, and a token that was revoked is replaced by itself', async () => {
    const { tokens, good, clock, answers } = await endpoint()
    const smtp = await startTokenSmtp(good)
    closers.push(() => smtp.close())
    const transport = createTransport(smtp.url, { clock, tokens })
    expect(await transport.send(hello)).toMatchObject({ kind: 'done' })
    good.clear()
    expect(await transport.send(hello)).toMatchObject({ kind: 'done' })
    expect(smtp.mails.map(({ user }) => user)).toEqual([support, support])
    good.clear()
    answers.push({ status: 400, body: { error: 'invalid_grant' } })
    expect(await transport.send(hello)).toMatchObject({
      kind: 'later',
      response: expect.stringContaining('set MAIL_OAUTH_REFRESH_TOKEN'),
    })
  })
})
