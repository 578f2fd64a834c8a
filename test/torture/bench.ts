/** openBench: what every figure is measured on: a Postgres of its own, a mail server, chance that can be repeated. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { systemClock } from '../../src/clock.ts'
import { startPostgres } from '../../src/embedded/postgres.ts'
import { startMailServer } from '../../src/sandbox/mail/mail-server.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import { noDovecot, startDovecot } from '../mail/dovecot.ts'
import { random } from '../support/random.ts'

export interface Bench {
  quick: boolean
  seed: number
  chance: ReturnType<typeof random>
  say(line: string): void
  /** A migrated database with nothing in it. */
  database(): Promise<Database & { url: string }>
  /** The support mailbox: on Dovecot where it is installed, else on the embedded server. */
  mailbox(): Promise<Mailbox>
  folder(): Promise<string>
  /** Called when the figure is done, the last one first. */
  onEnd(close: () => unknown): void
}

export const SUPPORT = 'support@acme.test'

/** A mailbox on a real server, seen from behind. */
export interface Mailbox {
  url: string
  port: number
  isDovecot: boolean
  put(raws: Buffer[], options?: { read?: boolean }): void
  /** Every mail that is in it, byte for byte. */
  mails(): Buffer[]
  renumber(): Promise<void>
}

/** Opens the bench for one figure after the other; `close` of the whole run is last. */
export async function openBench(options: { quick: boolean; seed: number; say(line: string): void }) {
  const home = await mkdtemp(join(tmpdir(), 'deskhand-torture-'))
  const postgres = await startPostgres({ dataDir: join(home, 'postgres'), log: { info: () => {} } })
  const why = noDovecot()
  if (why) options.say(`no Dovecot here (${why}): measured on the embedded mail server`)

  function benchFor(id: string): { bench: Bench; end(): Promise<void> } {
    const closers: (() => unknown)[] = []
    const bench: Bench = {
      ...options,
      say: (line) => options.say(`${id}: ${line}`),
      chance: random(options.seed),
      onEnd: (close) => closers.unshift(close),
      async database() {
        const url = await freshDatabase(postgres.url)
        const database = openDatabase(url)
        bench.onEnd(() => database.close())
        return { ...database, url }
      },
      async mailbox() {
        const { mailbox, close } = why ? await embedded() : await dovecot()
        bench.onEnd(close)
        return mailbox
      },
      async folder() {
        const folder = await mkdtemp(join(home, 'figure-'))
        return folder
      },
    }
    return {
      bench,
      end: async () => {
        for (const close of closers) await close()
      },
    }
  }
  return {
    benchFor,
    async close() {
      await postgres.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function freshDatabase(server: string): Promise<string> {
  const name = `torture_${randomBytes(4).toString('hex')}`
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  const url = new URL(server)
  url.pathname = `/${name}`
  await migrate(url.href)
  return url.href
}

async function dovecot(): Promise<{ mailbox: Mailbox; close(): Promise<void> }> {
  const server = await startDovecot()
  const mailbox: Mailbox = {
    url: server.url,
    port: Number(new URL(server.url).port),
    isDovecot: true,
    put: server.put,
    mails: server.files,
    renumber: server.renumber,
  }
  return { mailbox, close: server.stop }
}

async function embedded(): Promise<{ mailbox: Mailbox; close(): Promise<void> }> {
  const server = await startMailServer({ clock: systemClock, supportAddress: SUPPORT, people: [] })
  const mailbox: Mailbox = {
    url: server.imapUrl,
    port: Number(new URL(server.imapUrl).port),
    isDovecot: false,
    put: (raws) => {
      for (const raw of raws) server.deliver(raw, { to: [SUPPORT] })
    },
    mails: () => server.mailboxOf(SUPPORT).map(({ raw }) => raw),
    renumber: async () => server.faults.renumberInbox(),
  }
  return { mailbox, close: () => server.close() }
}

export const sha256 = (raw: Buffer): string => createHash('sha256').update(raw).digest('hex')

/** A plain mail of about `bytes`, unlike any other. */
export function plainMail(number: number | string, bytes = 400): Buffer {
  const head = `From: Client ${number} <client${number}@client.test>\r\nTo: ${SUPPORT}\r\nSubject: Question ${number}\r\nMessage-ID: <question-${number}@client.test>\r\nDate: Mon, 23 Nov 2026 02:00:00 +0000\r\n\r\n`
  const line = `Please help me with question ${number}, it is urgent and I have tried all I know.\r\n`
  return Buffer.from(head + line.repeat(Math.max(1, Math.ceil((bytes - head.length) / line.length))))
}
