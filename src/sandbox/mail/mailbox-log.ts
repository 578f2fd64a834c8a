/**
 * MailboxLog: the folder that keeps the sandbox's mail between starts: each mail an `.eml` file, and `index.jsonl`, an
 * append-only log of what happened to them. A mail counts as received when its line is written, and its file is complete
 * before that: a process killed at any point loses nothing it acknowledged.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FolderName } from './types.ts'

export type Line =
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

export class MailboxLog {
  readonly #dir: string

  constructor(dir: string) {
    this.#dir = dir
    mkdirSync(dir, { recursive: true })
  }

  /** What was written so far. A line torn by a killed process says nothing: its mail was never acknowledged. */
  lines(): Line[] {
    if (!existsSync(this.#index)) return []
    const lines = readFileSync(this.#index, 'utf8').split('\n')
    return lines.flatMap((text) => readLine(text) ?? [])
  }

  append(line: Line): void {
    appendFileSync(this.#index, `${JSON.stringify(line)}\n`)
  }

  /** Puts `lines` in the place of the whole log. */
  rewrite(lines: Line[]): void {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    writeWhole(this.#index, text)
  }

  keep(id: string, raw: Buffer): void {
    writeWhole(this.#eml(id), raw)
  }

  read(id: string): Buffer {
    return readFileSync(this.#eml(id))
  }

  drop(id: string): void {
    rmSync(this.#eml(id), { force: true })
  }

  get #index(): string {
    return join(this.#dir, 'index.jsonl')
  }

  #eml(id: string): string {
    return join(this.#dir, `${id}.eml`)
  }
}

function writeWhole(file: string, content: string | Buffer): void {
  writeFileSync(`${file}.part`, content)
  renameSync(`${file}.part`, file)
}

function readLine(text: string): Line | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Line)
  } catch {
    return undefined
  }
}
