/** startRunning: the product as a process of its own, on a support mailbox, the sandbox's Slack and a mail server to send by. */
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { MovableClock } from '../../src/clock.ts'
import type { MailServer } from '../../src/sandbox/mail/mail-server.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import type { Database } from '../../src/store/database.ts'
import { type Child, startChild } from '../support/child.ts'
import { freePort } from '../support/free-port.ts'
import { type Bench, type Mailbox, SUPPORT } from './bench.ts'

export interface Running {
  database: Database
  /** Where its mails arrive. */
  sent: MailServer
  child(): Child
  /** Starts it, again. */
  start(): Child
  /** The longest turn of the event loop in ms, and the most memory in bytes, since the moment `since` (ms). */
  worst(since: number): { stallMs: number; rss: number }
}

export async function startRunning(bench: Bench, mailbox: Mailbox): Promise<Running> {
  const database = await bench.database()
  const folder = await bench.folder()
  const server = createServer(async (req, res) => {
    if (!(await sandbox.handle(req, res))) res.writeHead(404).end()
  })
  server.on('upgrade', (req, socket, head) => {
    if (!sandbox.upgrade(req, socket, head)) socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  bench.onEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const log = pino({ level: 'silent' })
  const parts = { slack: true, mail: true }
  const sandbox = await startSandbox({ clock: new MovableClock(), dataDir: folder, baseUrl, parts, pace: 'off', log })
  bench.onEnd(() => sandbox.close())
  const slack = sandbox.slack!
  const watched = join(folder, 'watched.jsonl')
  const env = {
    NODE_ENV: 'test',
    NODE_OPTIONS: `--import ${fileURLToPath(new URL('./watch-process.ts', import.meta.url))}`,
    TORTURE_WATCH: watched,
    LOG_LEVEL: 'warn',
    DATABASE_URL: database.url,
    DATA_DIR: join(folder, 'product'),
    PORT: String(await freePort()),
    SLACK_POST_INTERVAL_MS: '0',
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_TRIAGE_CHANNEL: slack.triageChannel,
    IMAP_URL: mailbox.url,
    SMTP_URL: sandbox.mail!.smtpUrl,
    SUPPORT_ADDRESS: SUPPORT,
  }
  let child: Child | undefined
  bench.onEnd(() => child?.kill('SIGKILL'))
  return {
    database,
    sent: sandbox.mail!.server,
    child: () => child!,
    start() {
      child = startChild(env)
      return child
    },
    worst(since) {
      const lines = existsSync(watched) ? readFileSync(watched, 'utf8').trim().split('\n') : []
      const seen = lines.map((line) => JSON.parse(line)).filter(({ at }) => at >= since)
      return {
        stallMs: Math.max(0, ...seen.map(({ stallMs }) => stallMs)),
        rss: Math.max(0, ...seen.map(({ rss }) => rss)),
      }
    },
  }
}

/** Waits until `fact` is true; the seconds that took, or null when it did not become true within `seconds`. */
export async function until(fact: () => Promise<boolean>, seconds: number): Promise<number | null> {
  const began = performance.now()
  const passed = () => (performance.now() - began) / 1000
  while (!(await fact())) {
    if (passed() > seconds) return null
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return passed()
}
