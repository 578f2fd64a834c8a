/**
 * sweep: reads a selected mailbox to its end. Every mail above the cursor is fetched in UID order, compared with the size
 * the server names, saved, and only then marked as read.
 */
import type { ImapFlow } from 'imapflow'

export interface Cursor {
  uidValidity: bigint | number
  /** Everything up to this UID is saved or was left alone on purpose. */
  lastUid: number
  /** When the desk first saw this mailbox, if it left the mail of before alone. */
  since?: Date | null
  /** Of the UIDs up to here, given anew, those received before `since` are left alone again. */
  resyncUpTo?: number | null
}

export interface ReceivedMail {
  mailbox: string
  uidValidity: bigint
  uid: number
  /** The exact bytes. */
  raw: Buffer
  /** INTERNALDATE: when the server received it. */
  receivedAt: Date
  /** RFC822.SIZE. */
  sizeOnServer: number
}

export interface MailStore {
  /** Null when this mailbox was never read before. */
  cursor(mailbox: string): Promise<Cursor | null>
  setCursor(mailbox: string, cursor: Cursor): Promise<void>
  /** Stores the mail (once per content) and moves the cursor to its UID in one transaction; resolves when that is durable. */
  save(mail: ReceivedMail): Promise<void>
  /** Every mail the server received before `at` is saved. */
  readUpTo(mailbox: string, at: Date): Promise<void>
}

export interface MailLog {
  info(data: object, message: string): void
  warn(data: object, message: string): void
}

export interface SweepOptions {
  client: ImapFlow
  mailbox: string
  store: MailStore
  log: MailLog
  now: () => Date
  /** Where to begin in a mailbox never seen before; see `watchMailbox`. */
  from: 'new' | 'all'
  shortReads: ShortReads
  /** Ends the sweep between two mails. */
  signal: AbortSignal
}

/** How many bytes a UID gave when it gave too few: UID → bytes → times. */
export type ShortReads = Map<number, Map<number, number>>

/** A server that hands out the same too few bytes this often has its RFC822.SIZE wrong, as Exchange does by default. */
const SAME_SHORT_READS = 5
const BATCH_BYTES = 8 * 1024 * 1024
const BATCH_MAILS = 25
const SIZES_AT_ONCE = 200

/** Reads the mailbox to its end and says so to the store. Rejects when any mail could not be read whole or saved. */
export async function sweep(options: SweepOptions): Promise<void> {
  const { client, mailbox, store, log } = options
  const began = options.now()
  // Only after this has the server told us of everything it had when we began (RFC 3501 7.4.1).
  await client.noop()
  const cursor = await whereToBegin(options, began)
  const found = await client.search({ uid: `${cursor.lastUid + 1}:*` }, { uid: true })
  if (!found) throw new Error(`The IMAP server refused to search ${mailbox}`)
  // `n:*` with n above the last UID means the last one (RFC 3501 6.4.8).
  const uids = found.filter((uid) => uid > cursor.lastUid).sort((a, b) => a - b)
  for (let at = 0; at < uids.length; at += SIZES_AT_ONCE) {
    const chunk = uids.slice(at, at + SIZES_AT_ONCE)
    const heads = await headsOf(options, chunk, began)
    const wanted = heads.filter((head) => isOurs(cursor, head))
    for (const batch of batches(wanted)) await takeBatch(options, batch)
    // Never past a UID that was only claimed to exist: a wrong one from far ahead would hide all mail to come.
    const last = heads.at(-1)
    if (last && last !== wanted.at(-1)) await store.setCursor(mailbox, { ...cursor, lastUid: last.uid })
  }
  await store.readUpTo(mailbox, began)
  if (uids.length > 0) log.info({ mailbox, mails: uids.length }, 'mailbox read')
}

async function whereToBegin(options: SweepOptions, began: Date): Promise<Cursor> {
  const { client, mailbox, store, log, from } = options
  const { uidValidity } = selected(client)
  const known = await store.cursor(mailbox)
  if (!known) {
    const first: Cursor =
      from === 'all'
        ? { uidValidity, lastUid: 0, since: null }
        : { uidValidity, lastUid: await lastUid(client), since: began }
    await store.setCursor(mailbox, first)
    return first
  }
  if (BigInt(known.uidValidity) === uidValidity) return known
  log.warn(
    { mailbox, was: String(known.uidValidity), is: String(uidValidity) },
    'UIDs were given anew: reading it all again',
  )
  options.shortReads.clear()
  const anew: Cursor = { ...known, uidValidity, lastUid: 0, resyncUpTo: await lastUid(client) }
  await store.setCursor(mailbox, anew)
  return anew
}

/** An hour of mail too many is found out by its content; a mail lost to two clocks that disagree is not. */
const CLOCKS_DIFFER_MS = 60 * 60 * 1000

function isOurs(cursor: Cursor, { uid, receivedAt }: Head): boolean {
  if (!cursor.since || uid > (cursor.resyncUpTo ?? 0)) return true
  return receivedAt.getTime() >= cursor.since.getTime() - CLOCKS_DIFFER_MS
}

interface Head {
  uid: number
  size: number
  receivedAt: Date
}

async function headsOf({ client, mailbox, log }: SweepOptions, uids: number[], began: Date): Promise<Head[]> {
  const answers = await client.fetchAll(uids.join(','), { uid: true, size: true, internalDate: true }, { uid: true })
  await allThere(client, uids, new Set(answers.map(({ uid }) => uid)))
  const asked = new Set(uids)
  const heads = answers.flatMap(({ uid, size, internalDate }) => {
    if (!asked.has(uid)) return []
    if (size === undefined || internalDate === undefined)
      throw new Error(`The IMAP server names no size or date for UID ${uid}`)
    const receivedAt = new Date(internalDate)
    if (!Number.isNaN(receivedAt.getTime())) return [{ uid, size, receivedAt }]
    // A date that never becomes one must not hold up the mailbox for ever.
    log.warn({ mailbox, uid }, 'the IMAP server gives a date that is none: taking the time of reading')
    return [{ uid, size, receivedAt: began }]
  })
  return heads.sort((a, b) => a.uid - b.uid)
}

/** A mail that was expunged meanwhile may be missing from an answer; one that is still there may not. */
async function allThere(client: ImapFlow, asked: number[], got: Set<number>): Promise<void> {
  const missing = asked.filter((uid) => !got.has(uid))
  if (missing.length === 0) return
  const still = await client.search({ uid: missing.join(',') }, { uid: true })
  if (!still || still.length > 0) throw new Error(`The IMAP server left out UIDs ${missing.join(',')}`)
}

function* batches(heads: Head[]): Generator<Head[]> {
  let batch: Head[] = []
  let bytes = 0
  for (const head of heads) {
    if (batch.length > 0 && (bytes + head.size > BATCH_BYTES || batch.length >= BATCH_MAILS)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(head)
    bytes += head.size
  }
  if (batch.length > 0) yield batch
}

async function takeBatch(options: SweepOptions, batch: Head[]): Promise<void> {
  const { client, mailbox, store, log, signal } = options
  signal.throwIfAborted()
  const { uidValidity } = selected(client)
  const asked = batch.map(({ uid }) => uid)
  const answers = await client.fetchAll(asked.join(','), { uid: true, source: true }, { uid: true })
  const sources = new Map(answers.map(({ uid, source }) => [uid, source ?? Buffer.alloc(0)]))
  await allThere(client, asked, new Set(sources.keys()))
  const saved: number[] = []
  try {
    for (const { uid, size, receivedAt } of batch) {
      const raw = sources.get(uid)
      if (!raw) continue
      signal.throwIfAborted()
      if (raw.length < size && !saidOften(options, uid, raw.length))
        throw new Error(`The IMAP server gave ${raw.length} of ${size} bytes of UID ${uid}: it will be read again`)
      await store.save({ mailbox, uidValidity, uid, raw, receivedAt, sizeOnServer: size })
      saved.push(uid)
    }
  } finally {
    // Only a courtesy to people who look into the mailbox: the cursor, not the flag, says what was read.
    const marked = saved.length === 0 || (await markSeen(client, saved))
    if (!marked) log.warn({ mailbox, uids: saved }, 'the IMAP server refused to mark mails as read')
  }
}

async function markSeen(client: ImapFlow, uids: number[]): Promise<boolean> {
  return client.messageFlagsAdd(uids.join(','), ['\\Seen'], { uid: true, silent: true }).catch(() => false)
}

function saidOften({ shortReads, log, mailbox }: SweepOptions, uid: number, bytes: number): boolean {
  const times = shortReads.get(uid) ?? new Map<number, number>()
  shortReads.set(uid, times)
  times.set(bytes, (times.get(bytes) ?? 0) + 1)
  const often = (times.get(bytes) ?? 0) >= SAME_SHORT_READS
  if (often)
    log.warn({ mailbox, uid, bytes }, 'the IMAP server names a wrong size again and again: taking what it gives')
  return often
}

function selected(client: ImapFlow): { uidValidity: bigint; uidNext: number | undefined } {
  if (!client.mailbox) throw new Error('The IMAP connection was lost')
  if (!client.mailbox.uidValidity) throw new Error('The IMAP server names no UIDVALIDITY: it will be asked again')
  return client.mailbox
}

/** The highest UID given so far; a server need not say what comes next (RFC 3501 6.3.1). */
async function lastUid(client: ImapFlow): Promise<number> {
  const { uidNext } = selected(client)
  if (uidNext) return uidNext - 1
  const found = await client.search({ uid: '*' }, { uid: true })
  if (!found) throw new Error('The IMAP server refused to search for its last mail')
  return Math.max(0, ...found)
}
