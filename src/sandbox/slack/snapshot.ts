import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Channel, Message, Person, SlackFile, View } from './types.ts'

/** What outlives a restart. Open modals, ephemerals and notices do not: Slack's client forgets them as well. */
export interface Saved {
  version: 1
  sequence: number
  lastTs: number
  people: Person[]
  channels: Channel[]
  messages: Record<string, Message[]>
  files: SlackFile[]
  homes: Record<string, View>
  read: Record<string, string>
  /** Event payloads not acknowledged yet: Slack keeps trying after the app's machine comes back. */
  waiting: Record<string, unknown>[]
}

const SAVE_AFTER_MS = 50 // gathers the changes of one interaction into one write

/** The workspace's JSON file, replaced whole at each write, so that a killed process leaves the last state or the one before. */
export class Snapshot {
  readonly saved: Saved
  private readonly file: string | undefined
  private timer: NodeJS.Timeout | undefined
  private writing: Promise<void> = Promise.resolve()
  private closed = false

  /** Throws when `file` holds something else; without a file nothing is kept. */
  constructor(file: string | undefined) {
    this.file = file
    this.saved = load(file)
  }

  /** Writes soon. */
  save(): void {
    if (!this.file || this.timer || this.closed) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.writing = this.writing.then(() => this.write(this.file as string))
    }, SAVE_AFTER_MS)
    this.timer.unref()
  }

  /** Writes what was not written yet, and nothing afterwards. */
  async close(): Promise<void> {
    this.closed = true
    await this.writing
    if (!this.timer || !this.file) return
    clearTimeout(this.timer)
    mkdirSync(dirname(this.file), { recursive: true })
    writeFileSync(`${this.file}.tmp`, JSON.stringify(this.saved))
    renameSync(`${this.file}.tmp`, this.file)
  }

  private async write(file: string): Promise<void> {
    try {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(`${file}.tmp`, JSON.stringify(this.saved))
      await rename(`${file}.tmp`, file)
    } catch (error) {
      // The sandbox goes on without its memory rather than taking the desk down with it.
      console.error(`the Slack sandbox could not write ${file}:`, (error as Error).message)
    }
  }
}

function load(file: string | undefined): Saved {
  const empty = { people: [], channels: [], messages: {}, files: [], homes: {}, read: {}, waiting: [] }
  const fresh: Saved = { version: 1, sequence: 0, lastTs: 0, ...empty }
  if (!file) return fresh
  try {
    return { ...fresh, ...(JSON.parse(readFileSync(file, 'utf8')) as Saved) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return fresh
    throw new Error(`${file} is not a workspace of the Slack sandbox: delete it to begin anew`, { cause: error })
  }
}
