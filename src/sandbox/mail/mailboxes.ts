/**
 * Mailboxes: everybody's folders of the sandbox, kept in memory or, given a folder, between starts: each mail an `.eml` file,
 * and `index.jsonl`, an append-only log of what happened to them. A mail counts as received when its line in the log is
 * written, and its file is complete before that: a process killed at any point loses nothing it acknowledged.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../clock.ts'
import type { FolderName } from './types.ts'

export interface StoredMail {
  id: string
  mailbox: string
  folder: FolderName
  uid: number
  receivedAt: Date
  /** IMAP flags; after changing them call `Mailboxes.flagsChanged`. */
  flags: string[]
  size: number
  /** The exact bytes. */
  readonly raw: Buffer
}

export interface Folder {
  mailbox: string
  name: FolderName
  uidValidity: number
  uidNext: number
  mails: StoredMail[]
}

export type MailboxChange = {
  type: 'arrived' | 'changed' | 'removed' | 'renumbered'
  mail?: StoredMail
  folder: Folder
}

type Line =
  | { op: 'person'; address: string; name: string }
  | { op: 'folder'; mailbox: string; folder: FolderName; uidValidity: number; uidNext: number }
  | {
      op: 'add'
      id: string
      mailbox: string
      folder: FolderName
      uid: number
      receivedAt: string
      flags: string[]
      size: number
    }
  | { op: 'flags'; id: string; flags: string[] }
  | { op: 'remove'; id: string }

export class Mailboxes {
  readonly #clock: Clock
  readonly #dir: string | undefined
  readonly #names = new Map<string, string>()
  readonly #folders = new Map<string, Folder>()
  readonly #mails = new Map<string, StoredMail>()
  readonly #listeners = new Set<(change: MailboxChange) => void>()
  #lastId = 0

  constructor(options: { clock: Clock; dataDir?: string | undefined }) {
    this.#clock = options.clock
    this.#dir = options.dataDir
    if (this.#dir) this.#load(this.#dir)
  }

  /** Makes sure `address` has a mailbox; a name given later replaces one that was only made up. */
  person(address: string, name = ''): string {
    const key = address.toLowerCase()
    const known = this.#names.get(key)
    if (known === undefined || (name !== '' && name !== known)) {
      this.#names.set(key, name || known || key.split('@')[0] || key)
      this.#write({ op: 'person', address: key, name: this.#names.get(key) ?? key })
    }
    this.folder(key, 'INBOX')
    this.folder(key, 'Sent')
    return key
  }

  people(): { address: string; name: string }[] {
    return [...this.#names].map(([address, name]) => ({ address, name }))
  }

  has(address: string): boolean {
    return this.#names.has(address.toLowerCase())
  }

  folder(mailbox: string, name: FolderName): Folder {
    const key = `${mailbox}\n${name}`
    let folder = this.#folders.get(key)
    if (!folder) {
      const uidValidity = Math.floor(this.#clock.now().getTime() / 1000)
      folder = { mailbox, name, uidValidity, uidNext: 1, mails: [] }
      this.#folders.set(key, folder)
      this.#write(folderLine(folder))
    }
    return folder
  }

  get(id: string): StoredMail | undefined {
    return this.#mails.get(id)
  }

  /** Stores `raw` as the newest mail of a folder, received now by the clock. */
  add(
    mailbox: string,
    name: FolderName,
    raw: Buffer,
    flags: string[] = [],
    receivedAt = this.#clock.now(),
  ): StoredMail {
    const folder = this.folder(this.person(mailbox), name)
    const id = String(++this.#lastId)
    const uid = folder.uidNext++
    const head = { id, mailbox: folder.mailbox, folder: name, uid, flags: [...flags], size: raw.length }
    if (this.#dir) {
      const file = emlFile(this.#dir, id)
      writeFileSync(`${file}.part`, raw)
      renameSync(`${file}.part`, file)
    }
    this.#write({ op: 'add', ...head, receivedAt: receivedAt.toISOString() })
    const mail = this.#stored({ ...head, receivedAt }, this.#dir ? undefined : raw)
    folder.mails.push(mail)
    this.#tell({ type: 'arrived', mail, folder })
    return mail
  }

  flagsChanged(mail: StoredMail): void {
    this.#write({ op: 'flags', id: mail.id, flags: mail.flags })
    this.#tell({ type: 'changed', mail, folder: this.folder(mail.mailbox, mail.folder) })
  }

  remove(mail: StoredMail): void {
    if (!this.#mails.delete(mail.id)) return
    const folder = this.folder(mail.mailbox, mail.folder)
    folder.mails = folder.mails.filter((other) => other !== mail)
    this.#write({ op: 'remove', id: mail.id })
    this.#tell({ type: 'removed', mail, folder })
  }

  /** As after a restored backup: the same mails under new UIDs and a new UIDVALIDITY (RFC 3501 2.3.1.1). */
  renumber(mailbox: string, name: FolderName): void {
    const folder = this.folder(mailbox, name)
    folder.uidValidity += 1
    folder.uidNext = 1
    for (const mail of folder.mails) mail.uid = folder.uidNext++
    if (this.#dir) this.#compact(this.#dir)
    this.#tell({ type: 'renumbered', folder })
  }

  /** Calls `listener` after every change; the answer takes it off again. */
  onChange(listener: (change: MailboxChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(change: MailboxChange): void {
    for (const listener of this.#listeners) listener(change)
  }

  #stored(head: Omit<StoredMail, 'raw'>, raw: Buffer | undefined): StoredMail {
    const dir = this.#dir
    const mail: StoredMail = {
      ...head,
      get raw() {
        return raw ?? readFileSync(emlFile(dir ?? '', head.id))
      },
    }
    this.#mails.set(mail.id, mail)
    return mail
  }

  #write(line: Line): void {
    if (this.#dir) appendFileSync(indexFile(this.#dir), `${JSON.stringify(line)}\n`)
  }

  #load(dir: string): void {
    mkdirSync(dir, { recursive: true })
    const lines = existsSync(indexFile(dir)) ? readFileSync(indexFile(dir), 'utf8').split('\n') : []
    for (const text of lines) {
      const line = readLine(text)
      if (line) this.#replay(line)
    }
    for (const folder of this.#folders.values()) folder.mails = folder.mails.filter((mail) => this.#mails.has(mail.id))
    this.#compact(dir)
  }

  #replay(line: Line): void {
    if (line.op === 'person') this.#names.set(line.address, line.name)
    if (line.op === 'folder') {
      const { mailbox, folder: name, uidValidity, uidNext } = line
      const mails = this.#folders.get(`${mailbox}\n${name}`)?.mails ?? []
      this.#folders.set(`${mailbox}\n${name}`, { mailbox, name, uidValidity, uidNext, mails })
    }
    if (line.op === 'add') {
      const { op: _, receivedAt, ...head } = line
      const folder = this.#folders.get(`${head.mailbox}\n${head.folder}`)
      this.#lastId = Math.max(this.#lastId, Number(head.id))
      if (!folder) return
      folder.mails.push(this.#stored({ ...head, receivedAt: new Date(receivedAt) }, undefined))
      folder.uidNext = Math.max(folder.uidNext, head.uid + 1)
    }
    if (line.op === 'flags') {
      const mail = this.#mails.get(line.id)
      if (mail) mail.flags = line.flags
    }
    if (line.op === 'remove') this.#mails.delete(line.id)
  }

  /** Rewrites the log as the shortest one that says the same. */
  #compact(dir: string): void {
    const lines: Line[] = this.people().map((person) => ({ op: 'person', ...person }))
    for (const folder of this.#folders.values()) {
      lines.push(folderLine(folder))
      for (const mail of folder.mails) {
        const { id, mailbox, uid, flags, size } = mail
        lines.push({
          op: 'add',
          id,
          mailbox,
          folder: mail.folder,
          uid,
          flags,
          size,
          receivedAt: mail.receivedAt.toISOString(),
        })
      }
    }
    const kept = new Set(this.#mails.keys())
    for (let id = 1; id <= this.#lastId; id++)
      if (!kept.has(String(id))) rmSync(emlFile(dir, String(id)), { force: true })
    writeFileSync(`${indexFile(dir)}.part`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    renameSync(`${indexFile(dir)}.part`, indexFile(dir))
  }
}

const indexFile = (dir: string) => join(dir, 'index.jsonl')
const emlFile = (dir: string, id: string) => join(dir, `${id}.eml`)

function folderLine(folder: Folder): Line {
  const { mailbox, name, uidValidity, uidNext } = folder
  return { op: 'folder', mailbox, folder: name, uidValidity, uidNext }
}

/** A line torn by a killed process says nothing: its mail was never acknowledged. */
function readLine(text: string): Line | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Line)
  } catch {
    return undefined
  }
}
