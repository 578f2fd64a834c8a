import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { expect } from 'vitest'
import { MovableClock } from '../../src/clock.ts'
import { type Product, startProduct } from '../../src/product.ts'
import { type SampleCompany, sampleCompany } from '../../src/sandbox/sample-company.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'
import type { SeenMessage } from '../../src/sandbox/slack/types.ts'
import { type FreshDatabase, freshDatabase } from './database.ts'

export const ADA = 'U0ADA'
export const BRUNO = 'U0BRUNO'
export const KOFI = 'U0KOFI'
export const LUCIA = 'U0LUCIA'
export const GENERAL = 'C0GENERAL'
export const TRIAGE = 'C0TRIAGE'

/** The installation's secret, for tests that make a link themselves. */
export const SECRET_OF_TESTS = 'a secret of at least thirty-two characters'

/** The whole product against a strict Slack, a real mail server and a real Postgres, with a clock that is moved. */
export interface World {
  clock: MovableClock
  product: Product
  slack: NonNullable<Sandbox['slack']>['standIn']
  mail: NonNullable<Sandbox['mail']>['server']
  supportAddress: string
  url: string
  signingSecret: string
  slackSettings: { botToken: string; appToken: string; apiUrl: string; triageChannel: string }
  db: pg.Pool
  /** Reads the mailbox, does what is due and waits until nothing is left to do. */
  settle(): Promise<void>
  /** Moves time, as the sandbox's button does. */
  push(ms: number): Promise<void>
  /** Stops the product and starts it again on the same database and folder. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface WorldOptions {
  /** How Slack talks to the product. */
  mode: 'socket' | 'http'
  /** A morning unless said. */
  at?: Date
  /** 'strict': Slack refuses more than about one message a second and channel, as it does outside of tests. */
  pace?: 'strict' | 'off'
  /** The product's own silence between two posts in a channel, in ms. */
  paceMs?: number
  templatesDir?: string
  /** Whether there are the sample articles that are offered before a ticket, or those of this folder. */
  articles?: boolean | string
  /** An Enterprise organization, or guests who may use commands: not unless said. */
  workspace?: SandboxOptions['workspace']
  /** Changes the workspace before the product sees it. */
  prepare?: (slack: World['slack']) => void
  /** A migrated database to use, where there is no test run that makes one. */
  database?: FreshDatabase
  supportAddress?: string
  company?: SampleCompany
  /** Mailboxes beside the desk's own; `templatesDir` says whose they are. */
  mailboxes?: Record<string, { imapUrl: string; smtpUrl?: string }>
  /** The product finds out whether the mail server removes forged results; otherwise it knows. */
  checksMailbox?: boolean
  /** Changes the mail server before the product sees it. */
  prepareMail?: (mail: World['mail']) => void
  /** Other servers than the sandbox's. */
  mailServers?: { imapUrl?: string; smtpUrl?: string }
  /** How long a reply can be taken back; not at all unless said. */
  undoSeconds?: number
}

// Most stories walk through the form without a page in between, so articles are there only when asked for.
// What counts by the hour or the day must not depend on when the tests run.
const MORNING = new Date('2026-11-30T06:00:00Z')

/** Starts a world. */
export async function startWorld(options: WorldOptions = { mode: 'socket' }): Promise<World> {
  const database = options.database ?? (await freshDatabase())
  const dataDir = await mkdtemp(join(tmpdir(), 'deskhand-world-'))
  const clock = MovableClock.at(options.at ?? MORNING)
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' })
  let sandbox: Sandbox | undefined
  let product: Product | undefined
  const server: Server = createServer(async (req, res) => {
    if (sandbox && (await sandbox.handle(req, res))) return
    if (product) product.handle(req, res)
    else res.writeHead(503).end()
  })
  server.on('upgrade', (req, socket, head) => {
    if (!sandbox?.upgrade(req, socket, head)) socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  sandbox = await startSandbox({
    clock,
    dataDir,
    baseUrl: url,
    parts: { slack: true, mail: true },
    pace: options.pace ?? 'off',
    ...(options.workspace ? { workspace: options.workspace } : {}),
    ...(options.company ? { company: options.company } : {}),
    ...(options.supportAddress
      ? { company: { ...sampleCompany, support: { name: 'Support', address: options.supportAddress } } }
      : {}),
    ...(options.mode === 'http' ? { signedHttp: { requestUrl: `${url}/slack/events` } } : {}),
    log,
  })
  const slack = sandbox.slack!
  const mail = sandbox.mail!
  options.prepare?.(slack.standIn)
  options.prepareMail?.(mail.server)
  const start = async () => {
    const started = await startProduct({
      databaseUrl: database.url,
      dataDir,
      templatesDir: options.templatesDir ?? 'templates',
      articlesDir: typeof options.articles === 'string' ? options.articles : options.articles ? undefined : false,
      publicUrl: url,
      secret: SECRET_OF_TESTS,
      maxFileBytes: 5_000_000,
      undoSeconds: options.undoSeconds ?? 0,
      slack: { ...slack, mode: options.mode, command: '/ticket', paceMs: options.paceMs ?? 0 },
      mail: { ...mail, ...options.mailServers, supportName: 'Acme Support', mailboxes: options.mailboxes },
      clock,
      log,
    })
    product = started
    await eventually(async () => expect(Object.values(await started.ready())).toEqual([true, true, true, true, true]))
    return started
  }
  const db = new pg.Pool({ connectionString: database.url, max: 2 })
  db.on('error', () => {})
  if (!options.checksMailbox)
    for (const key of ['INBOX', ...Object.keys(options.mailboxes ?? {})]) await knowMailbox(db, key, mail.authservId)
  await start()
  const settle = async () => {
    await slack.standIn.settled()
    await product!.catchUp()
    await slack.standIn.settled()
  }
  const world: World = {
    clock,
    product: product!,
    slack: slack.standIn,
    mail: mail.server,
    supportAddress: mail.supportAddress,
    url,
    signingSecret: slack.signingSecret,
    slackSettings: slack,
    db,
    settle,
    push: async (ms) => {
      await clock.push(ms)
      await settle()
    },
    restart: async () => {
      await product!.stop()
      world.product = await start()
    },
    stop: () => stopAll(product!, sandbox!, server, db, database, dataDir),
  }
  return world
}

/** As if the product had found out long ago: its mail to itself would come between those of a test. */
async function knowMailbox(db: pg.Pool, mailbox: string, authservId: string): Promise<void> {
  await db.query(
    `insert into mailbox_checks (mailbox, authserv_id, begun_at, arrived_at, verdict)
     values ($1, $2, 'infinity', 'infinity', 'removed')`,
    [mailbox, authservId],
  )
}

async function stopAll(
  product: Product,
  sandbox: Sandbox,
  server: Server,
  db: pg.Pool,
  database: FreshDatabase,
  dataDir: string,
): Promise<void> {
  await product.stop()
  await sandbox.close()
  server.closeAllConnections()
  server.close()
  await db.end()
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
}

/** Resolves as soon as `fact` holds; rejects with its own words when it does not within ten seconds. */
export async function eventually<T>(fact: () => T | Promise<T>, timeout = 10_000): Promise<T> {
  const until = Date.now() + timeout
  for (;;) {
    try {
      return await fact()
    } catch (error) {
      if (Date.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** All words of a message, as somebody reads them: its text and every text in its blocks. */
export function wordsOf(message: Pick<SeenMessage, 'text' | 'blocks'>): string {
  return `${message.text}\n${JSON.stringify(message.blocks ?? [])}`
}
