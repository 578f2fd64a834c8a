import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { MovableClock } from '../../src/clock.ts'
import { SANDBOX_AUTHSERV_ID } from '../../src/sandbox/mail/post-office.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { type Child, startChild } from './child.ts'
import { freshDatabase } from './database.ts'
import { freePort } from './free-port.ts'

/** The same as a `World`, but the product is a process of its own, so that it can be killed. */
export interface ChildWorld {
  slack: NonNullable<Sandbox['slack']>['standIn']
  mail: NonNullable<Sandbox['mail']>
  url: string
  db: pg.Pool
  /** Starts the product, again after it was killed; it may not be ready yet. */
  start(): Child
  /** The product that was started last. */
  child(): Child
  stop(): Promise<void>
}

export async function startChildWorld(): Promise<ChildWorld> {
  const database = await freshDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'deskhand-killed-'))
  let sandbox: Sandbox | undefined
  const server = createServer(async (req, res) => {
    if (!(await sandbox?.handle(req, res))) res.writeHead(404).end()
  })
  server.on('upgrade', (req, socket, head) => {
    if (!sandbox?.upgrade(req, socket, head)) socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const parts = { slack: true, mail: true }
  const log = pino({ level: 'silent' })
  const started = await startSandbox({ clock: new MovableClock(), dataDir, baseUrl: url, parts, pace: 'off', log })
  sandbox = started
  const [slack, mail] = [started.slack!, started.mail!]
  const env = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    DATABASE_URL: database.url,
    DATA_DIR: join(dataDir, 'product'),
    PORT: String(await freePort()),
    SLACK_POST_INTERVAL_MS: '0',
    UNDO_SECONDS: '0',
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_TRIAGE_CHANNEL: slack.triageChannel,
    IMAP_URL: mail.imapUrl,
    SMTP_URL: mail.smtpUrl,
    SUPPORT_ADDRESS: mail.supportAddress,
    MAIL_AUTHSERV_ID: SANDBOX_AUTHSERV_ID,
  }
  const db = new pg.Pool({ connectionString: database.url, max: 2 })
  db.on('error', () => {})
  let child: Child | undefined
  return {
    slack: slack.standIn,
    mail,
    url,
    db,
    start: () => {
      child = startChild(env)
      return child
    },
    child: () => child!,
    stop: async () => {
      await child?.kill('SIGKILL')
      await started.close()
      server.closeAllConnections()
      server.close()
      await db.end()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
