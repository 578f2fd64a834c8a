/**
 * watchMailbox: keeps a mailbox read. It listens by IDLE and sweeps on news, every minute, and when asked; whatever goes
 * wrong, it connects anew and reads on from the cursor.
 */
import type { ImapFlow } from 'imapflow'
import type { Clock } from '../clock.ts'
import { createImap, type ImapServer, SILENCE_MS } from './imap-connection.ts'
import { findSent } from './sent-folder.ts'
import { type MailLog, type MailStore, type ShortReads, sweep } from './sweep.ts'

export type { Cursor, MailLog, MailStore, ReceivedMail } from './sweep.ts'

export interface MailboxOptions extends ImapServer {
  clock: Clock
  log: MailLog
  store: MailStore
  /** The folder to read: INBOX unless said. */
  mailbox?: string
  /** What the store knows it by: the folder's name unless said. */
  key?: string
  /**
   * Where to begin in a mailbox never seen before. `new`, unless said: with the next mail, because a desk connected to an
   * old mailbox must not open tickets for, and answer, years of mail. `all`: with the oldest.
   */
  from?: 'new' | 'all'
  pollMs?: number
  /** The wait before connecting again doubles from the first to the last, in ms; the actual wait is between half and all of it. */
  retryMs?: { first: number; last: number }
  random?: () => number
}

export interface WatchedMailbox {
  /** Logged in and the last sweep went well. */
  connected(): boolean
  /** Why it is not connected, in words for an operator and without secrets; null when it is. */
  problem(): string | null
  /** Resolves when a sweep that began after the call is complete, however often it must connect for that; rejects on stop. */
  sweepNow(): Promise<void>
  /** See sent-folder.ts. */
  findSent(messageId: string): Promise<boolean | 'no-sent-folder'>
  /** Lets the mail being saved be saved, then disconnects. */
  stop(): Promise<void>
}

/** Starts watching and returns at once; the first connection is made in the background. */
export function watchMailbox(options: MailboxOptions): WatchedMailbox {
  const {
    clock,
    log,
    store,
    mailbox = 'INBOX',
    key = mailbox,
    from = 'new',
    pollMs = 60_000,
    random = Math.random,
  } = options
  const { first, last } = options.retryMs ?? { first: 1000, last: 60_000 }
  const shortReads: ShortReads = new Map()
  const bell = new Bell()
  const stopping = new AbortController()
  const { signal } = stopping
  let current: ImapFlow | undefined
  let waiting: Waiter[] = []
  let healthy = false
  let failures = 0
  let problem = 'not read yet'

  async function session(): Promise<void> {
    let lost: Error | undefined
    const lose = (error: Error) => {
      lost ??= error
      healthy = false
      bell.ring()
    }
    const client = await createImap(options, lose)
    client.on('close', () => lose(new Error('The IMAP server closed the connection')))
    client.on('exists', () => bell.ring())
    if (signal.aborted) return
    current = client
    try {
      await client.connect()
      await client.mailboxOpen(mailbox)
      while (!signal.aborted && !lost) {
        bell.reset()
        const asked = waiting
        waiting = []
        const hearing = closeWhenSilent(client, options.socketTimeoutMs ?? SILENCE_MS)
        try {
          await sweep({ client, mailbox: key, store, log, now: () => clock.now(), from, shortReads, signal })
        } catch (error) {
          waiting = [...asked, ...waiting]
          throw error
        } finally {
          clearInterval(hearing)
        }
        for (const { resolve } of asked) resolve()
        healthy = true
        failures = 0
        // Without an answer on purpose: the next command ends it, and a failure arrives as 'error' or 'close'.
        if (!bell.rung) client.idle().catch(() => {})
        await bell.wait(pollMs)
      }
      if (lost) throw lost
    } finally {
      healthy = false
      client.close()
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await session()
      } catch (error) {
        if (signal.aborted) break
        problem = problemOf(error)
        const ceiling = Math.min(last, first * 2 ** failures++)
        const waitMs = ceiling * (0.5 + random() / 2)
        log.warn({ mailbox: key, problem, waitMs: Math.round(waitMs) }, 'mailbox not readable, trying again')
        bell.reset()
        await bell.wait(waitMs)
      }
    }
    for (const { reject } of waiting) reject(new Error('The mailbox is no longer watched'))
  }
  const running = run()

  return {
    connected: () => healthy,
    problem: () => (healthy ? null : problem),
    async sweepNow() {
      if (signal.aborted) throw new Error('The mailbox is no longer watched')
      const swept = new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }))
      bell.ring()
      await swept
    },
    findSent: (messageId) => findSent(options, messageId),
    async stop() {
      stopping.abort()
      bell.ring()
      // Long enough to save a mail and mark it; a connection that is being made has nothing to finish.
      const patience = setTimeout(() => current?.close(), current?.usable ? 3000 : 0)
      await running
      clearTimeout(patience)
    },
  }
}

/**
 * Closes a connection on which nothing arrives for `ms` while a sweep waits. imapflow's own timeout fires once and then
 * waits for ever when the server falls silent between IDLE and its "+".
 */
function closeWhenSilent(client: ImapFlow, ms: number): NodeJS.Timeout {
  let heard = client.stats().received
  return setInterval(() => {
    const { received } = client.stats()
    if (received === heard) client.close()
    heard = received
  }, ms)
}

interface Waiter {
  resolve(): void
  reject(error: Error): void
}

/** Something to wait for that remembers having rung. */
class Bell {
  rung = false
  #wake: () => void = () => {}

  ring(): void {
    this.rung = true
    this.#wake()
  }

  reset(): void {
    this.rung = false
  }

  async wait(ms: number): Promise<void> {
    if (this.rung) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** What imapflow knows about a failure: the server's words say more than "Command failed". Never a password. */
function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, responseText } = error as { code?: string; responseText?: string }
  return [error.message, code, responseText].filter(Boolean).join(': ')
}
