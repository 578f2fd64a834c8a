import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { startChild } from './support/child.ts'
import { freePort } from './support/free-port.ts'
import { eventually, startWorld, type World } from './support/world.ts'

// A wrong setting ends the start with words that name it, and never with a stack (issue: settings).
let world: World
let dataDir: string
let right: Record<string, string>

beforeAll(async () => {
  world = await startWorld()
  dataDir = await mkdtemp(join(tmpdir(), 'deskhand-start-'))
  right = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    DATABASE_URL: inject('postgresUrl'),
    SLACK_BOT_TOKEN: world.slackSettings.botToken,
    SLACK_APP_TOKEN: world.slackSettings.appToken,
    SLACK_API_URL: world.slackSettings.apiUrl,
    SLACK_TRIAGE_CHANNEL: world.slackSettings.triageChannel,
    IMAP_URL: world.mail.imapUrl,
    SMTP_URL: world.mail.smtpUrl,
    SUPPORT_ADDRESS: world.supportAddress,
  }
})
afterAll(async () => {
  await world?.stop()
  await rm(dataDir, { recursive: true, force: true })
})

describe('a start ends with one sentence that names', () => {
  test.each([
    ['DATABASE_URL', { DATABASE_URL: 'postgresql://x:y@127.0.0.1:1/none' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgresql://x:y@no-such-host.invalid/none' }],
    ['SLACK_BOT_TOKEN', { SLACK_BOT_TOKEN: 'xoxb-wrong-wrong-wrong' }],
    ['SLACK_APP_TOKEN', { SLACK_APP_TOKEN: 'xapp-wrong-wrong-wrong' }],
    ['SLACK_TRIAGE_CHANNEL', { SLACK_TRIAGE_CHANNEL: 'C0NOWHERE' }],
    ['SLACK_API_URL', { SLACK_API_URL: 'http://127.0.0.1:1/api/' }],
    ['TEMPLATES_DIR', { TEMPLATES_DIR: '/nonexistent' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://me:secret@desk.example.com' }],
  ])('%s, when it is wrong: %o', { timeout: 60_000 }, async (name, wrong) => {
    const child = startChild({ ...right, ...wrong })
    const said = await child.ready.then(
      () => 'it started',
      () => child.output(),
    )
    expect(said).toContain(name)
    expect(said).not.toMatch(/^\s+at /m)
    for (const secret of ['xoxb-wrong', 'xapp-wrong', 'me:secret', 'x:y']) expect(said).not.toContain(secret)
  })
})

test('a start whose links lead nowhere for the people outside says so, and how to mend it', {
  timeout: 60_000,
}, async () => {
  for (const [said, wants] of [
    [{}, true],
    [{ PUBLIC_URL: 'https://desk.example.com' }, false],
  ] as const) {
    const child = startChild({ ...right, ...said })
    await child.ready
    expect(child.output().includes('set PUBLIC_URL to the address')).toBe(wants)
    await child.kill('SIGTERM')
  }
})

test('in the sandbox a link to a request shows it to its requester, as the desk writes its links', {
  timeout: 60_000,
}, async () => {
  const { NODE_ENV, LOG_LEVEL, PORT, DATABASE_URL } = right
  const folder = join(dataDir, 'sandbox-links')
  const child = startChild({ NODE_ENV, LOG_LEVEL, PORT, DATABASE_URL, DATA_DIR: folder } as Record<string, string>)
  await child.ready
  const ui = `http://127.0.0.1:${PORT}/sandbox/slack/ui`
  const read = async (path: string) => (await fetch(`${ui}/${path}`)).json() as Promise<never>
  const channel = await eventually(async () => {
    const { channels }: { channels: { id: string }[] } = await read('screen?user=U0ADA')
    const found = channels.find(({ id }) => id.startsWith('D'))
    expect(found).toBeDefined()
    return found!.id
  })
  const [url] = /http:\/\/localhost:\d+/.exec(child.output())!
  const body = JSON.stringify({ user: 'U0ADA', channel, text: `${url}/requests/1002` })
  await fetch(`${ui}/do/post`, { method: 'POST', body })
  await eventually(async () =>
    expect(JSON.stringify(await read(`messages?user=U0ADA&channel=${channel}`))).toContain(
      'Checkout shows an empty page on phones · ',
    ),
  )
  await child.kill('SIGTERM')
})
