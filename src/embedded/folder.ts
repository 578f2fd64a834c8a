import { randomBytes } from 'node:crypto'
import { chown, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { EmbeddedError } from './embedded-error.ts'
import { type Identity, identityFor } from './run-as.ts'

/**
 * The folder of the embedded server, and what we keep about it:
 * `cluster/` PostgreSQL's own files · `server.json` port and passwords (0600) · `server.log` · `held-by.json` who uses it.
 */
export interface Folder {
  path: string
  /** 0 until a first server has found a free one; remembered so that a saved URL stays right. */
  port: number
  password: string
  superuserPassword: string
  /** Which user the server runs as; PostgreSQL refuses to run as root. */
  identity: Identity
  /** The path of something in this folder as the server's process reaches it. */
  asServerSees(name: string): string
  /** Writes a file with a random text where only the server of this folder can read it. */
  writeProof(): Promise<{ name: string; text: string; remove(): Promise<void> }>
}

export const clusterOf = (folder: Folder) => join(folder.path, 'cluster')
export const logOf = (folder: Folder) => join(folder.path, 'server.log')

/** The folder at `path` with its remembered port and passwords, or new random ones; for a new one, hold it first. */
export async function openFolder(path: string): Promise<Folder> {
  const full = resolve(path)
  const names = (await readdir(full)).filter((name) => !name.startsWith('held-by.json'))
  if (names.length > 0 && !names.includes('server.json') && !names.includes('cluster'))
    throw new EmbeddedError(
      `${full} is not empty and holds no database of ours. Give the embedded PostgreSQL a folder of its own.`,
    )
  const identity = await identityFor(full)
  const kept = await readSettings(full)
  const folder: Folder = {
    path: full,
    port: kept?.port ?? 0,
    password: kept?.password ?? randomBytes(24).toString('hex'),
    superuserPassword: kept?.superuserPassword ?? randomBytes(24).toString('hex'),
    identity,
    asServerSees: (name) => (identity.seesFolderAs ? `${identity.seesFolderAs}/${name}` : join(full, name)),
    writeProof: async () => {
      const name = `proof-${randomBytes(6).toString('hex')}`
      const text = randomBytes(16).toString('hex')
      const file = join(full, 'cluster', name)
      await writeForServer(folder, file, text).catch(() => {})
      return { name, text, remove: () => rm(file, { force: true }) }
    },
  }
  if (!kept) await saveSettings(folder)
  return folder
}

async function readSettings(
  path: string,
): Promise<Pick<Folder, 'port' | 'password' | 'superuserPassword'> | undefined> {
  const file = join(path, 'server.json')
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      if (!(await stat(join(path, 'cluster')).catch(() => undefined))) return undefined
      throw new EmbeddedError(
        `${file} is missing, and with it the password of the database beside it. Restore it from a backup of the whole folder.`,
      )
    }
    throw new EmbeddedError(`cannot read ${file}: start as the user who owns it, or give that file to this user`, {
      cause,
    })
  }
  return JSON.parse(text)
}

/** Writes port and passwords to server.json, readable by the owner of the folder only. */
export async function saveSettings(folder: Folder): Promise<void> {
  const { port, password, superuserPassword } = folder
  const text = `${JSON.stringify({ port, password, superuserPassword }, null, 2)}\n`
  await writeForServer(folder, join(folder.path, 'server.json'), text)
}

/** Writes a 0600 file that belongs to the server's user, also when root writes it; all of it or nothing. */
async function writeForServer(folder: Folder, file: string, text: string): Promise<void> {
  const draft = `${file}.new`
  await writeFile(draft, text, { mode: 0o600, flush: true })
  const { uid, gid } = folder.identity
  if (uid !== undefined) await chown(draft, uid, gid ?? uid)
  await rename(draft, file)
}
