import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../clock.ts'
import { type Saved, Snapshot } from './snapshot.ts'
import type { AppSettings, StandInOptions } from './stand-in.ts'
import type { Channel, Message, Notice, Person, SlackFile, View, ViewValues } from './types.ts'

/** A message one person sees and nobody stores. */
export interface Ephemeral extends Message {
  forUser: string
}

/** One person's modal: views from the root to the top. */
export interface Modal {
  stack: View[]
  errors: Record<string, string>
  banner?: string
  /** The view whose trigger opened this modal, when it was opened from inside another one. */
  openedFrom?: string
}

const EPHEMERALS_KEPT = 100 // per person; they are gone with the process anyway

/** The workspace: people, channels, messages, files and views, kept in a JSON snapshot when there is a place for it. */
export class Workspace {
  readonly clock: Clock
  readonly app: AppSettings & { botId: string }
  readonly baseUrl: string
  readonly modals = new Map<string, Modal>()
  readonly ephemerals = new Map<string, Ephemeral[]>()
  readonly notices = new Map<string, Notice[]>()
  /** What people have chosen in stateful elements of messages, by `user channel ts`. */
  readonly messageValues = new Map<string, ViewValues>()
  private readonly stateFile: string | undefined
  private readonly bytes = new Map<string, Buffer>()
  private readonly listeners = new Set<() => void>()
  private readonly snapshot: Snapshot

  constructor(options: StandInOptions) {
    this.clock = options.clock
    this.app = { ...options.app, botId: options.app.botId ?? `B${options.app.botUserId.slice(1)}` }
    this.baseUrl = options.baseUrl.replace(/\/+$/, '')
    this.stateFile = options.stateFile
    this.snapshot = new Snapshot(options.stateFile)
    for (const person of options.people) if (!this.person(person.id)) this.saved.people.push({ ...person })
    for (const { isPrivate, ...channel } of options.channels) {
      if (this.channel(channel.id)) continue
      const kind = isPrivate ? 'private' : 'public'
      this.saved.channels.push({ ...channel, kind, members: [...channel.members], createdAt: this.seconds() })
    }
  }

  /** An id as Slack writes them: a capital letter and ten characters nobody should read anything into. */
  id(prefix: string): string {
    this.saved.sequence += 1
    const digest = createHash('sha256').update(`${this.app.teamId} ${this.saved.sequence}`).digest('hex')
    return `${prefix}0${digest.slice(0, 9).toUpperCase()}`
  }

  /** Something nobody can guess: part of a trigger id, a response_url, a view's hash. */
  secret(bytes = 16): string {
    return randomBytes(bytes).toString('hex')
  }

  seconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000)
  }

  /** A message timestamp: seconds and microseconds, never twice the same, always later than the one before. */
  ts(): string {
    const now = this.clock.now().getTime() * 1000
    this.saved.lastTs = Math.max(now, this.saved.lastTs + 1)
    const text = String(this.saved.lastTs)
    return `${text.slice(0, -6)}.${text.slice(-6)}`
  }

  private get saved(): Saved {
    return this.snapshot.saved
  }

  get people(): Person[] {
    return this.saved.people
  }

  get channels(): Channel[] {
    return this.saved.channels
  }

  get files(): SlackFile[] {
    return this.saved.files
  }

  get homes(): Record<string, View> {
    return this.saved.homes
  }

  get read(): Record<string, string> {
    return this.saved.read
  }

  get waiting(): Record<string, unknown>[] {
    return this.saved.waiting
  }

  person(id: string): Person | undefined {
    return this.saved.people.find((person) => person.id === id)
  }

  /** Somebody who can act; throws when there is nobody of that id, or no longer. */
  actor(id: string): Person {
    const person = this.person(id)
    if (!person || person.deleted) throw new Error(`${id} is nobody who could do this: name a person of the workspace`)
    return person
  }

  channel(id: string): Channel | undefined {
    return this.saved.channels.find((channel) => channel.id === id)
  }

  file(id: string): SlackFile | undefined {
    return this.saved.files.find((file) => file.id === id)
  }

  /** Every message of a channel, oldest first, replies included. */
  messages(channelId: string): Message[] {
    this.saved.messages[channelId] ??= []
    return this.saved.messages[channelId]
  }

  message(channelId: string, ts: string): Message | undefined {
    return this.messages(channelId).find((message) => message.ts === ts)
  }

  isExternal(person: Person): boolean {
    const isKin = this.app.enterpriseId !== undefined && person.enterpriseId === this.app.enterpriseId
    return person.teamId !== undefined && person.teamId !== this.app.teamId && !isKin
  }

  /** Whether somebody may use the app's commands and shortcuts: not from outside, and a guest only if the workspace lets them. */
  mayCommand(person: Person): boolean {
    if (this.isExternal(person) || person.isUltraRestricted) return false
    return !person.isRestricted || this.app.guestCommands === true
  }

  /** The direct message between these members, opened if it was not yet. */
  directMessage(members: string[]): { channel: Channel; alreadyOpen: boolean } {
    const wanted = [...new Set(members)].sort()
    const same = (channel: Channel) =>
      (channel.kind === 'im' || channel.kind === 'mpim') && [...channel.members].sort().join() === wanted.join()
    const found = this.saved.channels.find(same)
    if (found) return { channel: found, alreadyOpen: true }
    const kind = wanted.length > 2 ? 'mpim' : 'im'
    const id = this.id(kind === 'im' ? 'D' : 'G')
    const channel: Channel = { id, name: '', kind, members: wanted, createdAt: this.seconds() }
    this.saved.channels.push(channel)
    this.changed()
    return { channel, alreadyOpen: false }
  }

  addEphemeral(ephemeral: Ephemeral): void {
    const list = this.ephemerals.get(ephemeral.forUser) ?? []
    list.push(ephemeral)
    this.ephemerals.set(ephemeral.forUser, list.slice(-EPHEMERALS_KEPT))
    this.changed()
  }

  notify(userId: string, error: string, text: string): void {
    const list = this.notices.get(userId) ?? []
    list.push({ id: this.id('N'), userId, text, error, at: this.clock.now().getTime() })
    this.notices.set(userId, list.slice(-20))
    this.changed()
  }

  async keepFile(file: Omit<SlackFile, 'size' | 'sha256'>, bytes: Uint8Array): Promise<SlackFile> {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const kept: SlackFile = { ...file, size: bytes.byteLength, sha256 }
    if (this.stateFile) {
      await mkdir(this.filesFolder(), { recursive: true })
      await writeFile(join(this.filesFolder(), file.id), bytes)
    } else {
      this.bytes.set(file.id, Buffer.from(bytes))
    }
    this.saved.files.push(kept)
    this.changed()
    return kept
  }

  dropFile(id: string): void {
    this.saved.files.splice(
      this.saved.files.findIndex((file) => file.id === id),
      1,
    )
    this.bytes.delete(id)
    this.changed()
  }

  async fileBytes(id: string): Promise<Buffer | undefined> {
    if (!this.file(id)) return undefined
    return this.stateFile ? readFile(join(this.filesFolder(), id)) : this.bytes.get(id)
  }

  private filesFolder(): string {
    return `${this.stateFile}.files`
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** To be called after every change: tells the page and writes the snapshot soon. */
  changed(): void {
    for (const listener of this.listeners) listener()
    this.snapshot.save()
  }

  close(): Promise<void> {
    return this.snapshot.close()
  }
}
