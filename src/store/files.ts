import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** Files by what is in them: the same bytes are kept once, under a name made from their SHA-256, never under anybody's own. */
export interface FileStore {
  /** Keeps the bytes and answers with their SHA-256 (hex) and size. Throws TooLarge beyond `maxBytes`, keeping nothing. */
  save(
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    maxBytes: number,
  ): Promise<{ sha256: string; size: number }>
  /** The bytes, or null when there is no such file. */
  read(sha256: string): Promise<{ stream: Readable; size: number } | null>
}

export class TooLarge extends Error {
  constructor(maxBytes: number) {
    super(`larger than ${maxBytes} bytes`)
    this.name = 'TooLarge'
  }
}

/** Keeps files in a folder. A crash leaves at most a stray temporary file, never half of a kept one. */
export function folderStore(folder: string): FileStore {
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256)
  return {
    save: async (bytes, maxBytes) => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const temporary = join(folder, `.${randomUUID()}`)
      const hash = createHash('sha256')
      let size = 0
      const file = await open(temporary, 'wx', 0o600)
      try {
        for await (const chunk of bytes) {
          size += chunk.length
          if (size > maxBytes) throw new TooLarge(maxBytes)
          hash.update(chunk)
          await file.write(chunk)
        }
        // The row that names the file is committed after this, so the bytes must be on the disk before.
        await file.sync()
        await file.close()
        const sha256 = hash.digest('hex')
        await mkdir(join(folder, sha256.slice(0, 2)), { recursive: true, mode: 0o700 })
        await rename(temporary, pathOf(sha256))
        return { sha256, size }
      } catch (error) {
        await file.close().catch(() => {})
        await rm(temporary, { force: true })
        throw error
      }
    },
    read: async (sha256) => {
      if (!/^[0-9a-f]{64}$/.test(sha256)) return null
      const found = await stat(pathOf(sha256)).catch(() => null)
      return found && { stream: createReadStream(pathOf(sha256)), size: found.size }
    },
  }
}
