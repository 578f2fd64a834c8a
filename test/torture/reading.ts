/** A mailbox being read into Postgres, as the product reads it, without the desk behind it. */
import { systemClock } from '../../src/clock.ts'
import { type MailboxOptions, type WatchedMailbox, watchMailbox } from '../../src/mail/mailbox.ts'
import type { Database } from '../../src/store/database.ts'
import { createInbox } from '../../src/store/inbox.ts'
import { type Bench, type Mailbox, sha256 } from './bench.ts'

export interface Reading extends WatchedMailbox {
  /** How often it had to connect again. */
  failures(): number
}

export function read(bench: Bench, database: Database, url: string, options: Partial<MailboxOptions> = {}): Reading {
  let failures = 0
  const log = { info: () => {}, warn: () => void failures++ }
  const watched = watchMailbox({
    url,
    clock: systemClock,
    log,
    store: createInbox(database, async () => {}),
    from: 'all',
    retryMs: { first: 5, last: 50 },
    ...options,
  })
  bench.onEnd(() => watched.stop())
  return Object.assign(watched, { failures: () => failures })
}

/** The same mailbox through a proxy on another port. */
export function through(url: string, port: number): string {
  const other = new URL(url)
  other.port = String(port)
  return other.href
}

/** What is in the mailbox and not stored, stored though it never was in the mailbox, and stored twice. */
export async function compare(database: Database, mailbox: Mailbox, alsoThere: Buffer[] = []) {
  const { rows } = await database.query<{ sha: string; raw: Buffer }>(
    `select encode(sha256, 'hex') as sha, raw from inbound_mails`,
  )
  const stored = new Set(rows.map(({ raw }) => sha256(raw)))
  const there = new Set(mailbox.mails().map(sha256))
  const ever = new Set([...there, ...alsoThere.map(sha256)])
  return {
    stored: rows.length,
    lost: [...there].filter((sha) => !stored.has(sha)).length,
    altered:
      [...stored].filter((sha) => !ever.has(sha)).length + rows.filter(({ sha, raw }) => sha !== sha256(raw)).length,
    twice: rows.length - stored.size,
  }
}
