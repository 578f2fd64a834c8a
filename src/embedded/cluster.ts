import { lchown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { EmbeddedError } from './embedded-error.ts'
import { clusterOf, type Folder } from './folder.ts'
import { inNamespace, runProgram } from './run-as.ts'

/**
 * Makes PostgreSQL's files in a new folder. A folder made by another major version is refused with an Error that says
 * how to carry the data over; one whose making was interrupted starts afresh.
 */
export async function createCluster(
  folder: Folder,
  binaries: Binaries,
  log: { info(message: string): void },
): Promise<void> {
  const cluster = clusterOf(folder)
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (version !== undefined) {
    if (Number(version) !== binaries.major) throw new EmbeddedError(otherMajor(folder, version.trim(), binaries.major))
    return
  }
  log.info(`making a new database in ${folder.path}`)
  const draft = `${cluster}.new`
  const passwordFile = join(folder.path, 'initdb-password')
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await writeFile(passwordFile, folder.superuserPassword, { mode: 0o600 })
  const { uid, namedUid } = folder.identity
  try {
    if (namedUid !== undefined) await giveTo(namedUid, [draft, passwordFile])
    const args = [
      ...['-D', folder.asServerSees('cluster.new')],
      ...['--username=postgres', '--auth=scram-sha-256', `--pwfile=${folder.asServerSees('initdb-password')}`],
      // The builtin provider sorts the same on every machine and after every upgrade of its C library.
      ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      '--text-search-config=english',
    ]
    let { code, said } = await runProgram(folder, binaries.initdb, args, namedUid)
    if (isNameless(said)) {
      // docker run --user 12345: where the system lets us, the same user gets a name in a namespace of its own.
      const identity = { prefix: inNamespace(1) }
      const again = await runProgram({ ...folder, identity }, binaries.initdb, args)
      if (again.code === 0) ({ code, said } = again)
    }
    if (code !== 0)
      throw new EmbeddedError(`initdb could not make a database in ${folder.path}. It said:\n${said}${hint(said)}`)
  } finally {
    await rm(passwordFile, { force: true })
  }
  if (uid !== undefined) {
    const inside = await readdir(draft, { recursive: true })
    await giveTo(uid, [draft, ...inside.map((name) => join(draft, name))])
  }
  await rename(draft, cluster)
}

async function giveTo(uid: number, paths: string[]): Promise<void> {
  for (const path of paths) await lchown(path, uid, uid)
}

const isNameless = (said: string) => said.includes('user does not exist')

function hint(said: string): string {
  if (!isNameless(said)) return ''
  return '\nThis process runs under a user id without a name: give it one in /etc/passwd, or set DATABASE_URL.'
}

function otherMajor(folder: Folder, found: string, ours: number): string {
  return (
    `${folder.path} was made by PostgreSQL ${found}, and this version brings PostgreSQL ${ours}, which cannot read it. ` +
    `Start the version you ran before, write a dump (pg_dump), move ${folder.path} aside, start this version and load ` +
    `the dump; or set DATABASE_URL to a PostgreSQL ${found} server that has the data.`
  )
}
