/** Mailboxes: everybody's folders of the sandbox, in memory or, given a folder on disk, kept between starts. */
import type { Clock } from '../../clock.ts'
import { type Line, MailboxLog } from './mailbox-log.ts'
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

export class Mailboxes {
  readonly #clock: Clock
  readonly #log: MailboxLog | undefined
  readonly #names = new Map<string, string>()
  readonly #folders = new Map<string, Folder>()
  readonly #mails = new Map<string, StoredMail>()
  readonly #listeners = new Set<(change: MailboxChange) => void>()
  #lastId = 0

  constructor(options: { clock: Clock; dataDir?: string | undefined }) {
    this.#clock = options.clock
    this.#log = options.dataDir ? new MailboxLog(options.dataDir) : undefined
    if (this.#log) this.#load(this.#log)
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
    this.#log?.keep(id, raw)
    this.#write({ op: 'add', ...head, receivedAt: receivedAt.toISOString() })
    const mail = this.#stored({ ...head, receivedAt }, this.#log ? undefined : raw)
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
    if (this.#log) this.#compact(this.#log)
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
    const log = this.#log
    const mail: StoredMail = {
      ...head,
      get raw() {
        return raw ?? log?.read(head.id) ?? Buffer.alloc(0)
      },
    }
    this.#mails.set(mail.id, mail)
    return mail
  }

  #write(line: Line): void {
    this.#log?.append(line)
  }

  #load(log: MailboxLog): void {
    for (const line of log.lines()) this.#replay(line)
    for (const folder of this.#folders.values()) folder.mails = folder.mails.filter((mail) => this.#mails.has(mail.id))
    this.#compact(log)
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
  #compact(log: MailboxLog): void {
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
    for (let id = 1; id <= this.#lastId; id++) if (!this.#mails.has(String(id))) log.drop(String(id))
    log.rewrite(lines)
  }
}

function folderLine(folder: Folder): Line {
  const { mailbox, name, uidValidity, uidNext } = folder
  return { op: 'folder', mailbox, folder: name, uidValidity, uidNext }
}
