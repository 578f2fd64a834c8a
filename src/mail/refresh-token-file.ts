/** refreshTokenFile: keeps the newest refresh token of a mailbox in a file of the data folder, for its owner only (0600). */
import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RefreshTokenKeeper } from './oauth.ts'

/**
 * A provider that replaces the refresh token with each use (Microsoft) would leave the one in the settings to expire.
 * The file belongs to the configured token: somebody who sets another one starts with that.
 */
export function refreshTokenFile(path: string): RefreshTokenKeeper {
  const nameOf = (token: string) => createHash('sha256').update(token).digest('hex')
  return {
    async read(configured) {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return ''
        throw error
      })
      const [replaces, current] = text.split('\n')
      return replaces === nameOf(configured) && current ? current : configured
    },
    async write(configured, current) {
      await mkdir(dirname(path), { recursive: true })
      // Whole or not at all: half a token after a power cut would lock the mailbox out.
      const file = await open(`${path}.new`, 'w', 0o600)
      await file.writeFile(`${nameOf(configured)}\n${current}\n`)
      await file.sync()
      await file.close()
      await rename(`${path}.new`, path)
    },
  }
}
