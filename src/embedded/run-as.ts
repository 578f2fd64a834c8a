import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { chmod, chown, readdir, readFile, stat } from 'node:fs/promises'
import type { Folder } from './folder.ts'

/**
 * The user the server runs as. PostgreSQL refuses root, so root hands it to an unused numeric user id: no account is
 * created. An ordinary user runs it as itself.
 */
export interface Identity {
  uid?: number
  gid?: number
  /** The account initdb borrows, because it insists on a user with a name. */
  namedUid?: number
  /** Put before the program: `unshare` where root may not change to another user id. */
  prefix: string[]
  /** The folder's name for the server when it may not walk the path there (a checkout below /root). */
  seesFolderAs?: string
}

// systemd's table of user ids leaves 60578 to 60705 to nobody (systemd.io/UIDS-GIDS).
const FIRST_FREE_UID = 60_600
const FOLDER_FD = 3

/** Who the server of the folder at `path` runs as: its owner, or for root a user id that no account has. */
export async function identityFor(path: string): Promise<Identity> {
  if (process.getuid?.() !== 0) return { prefix: [] }
  const owner = await stat(path)
  const accounts = await readAccounts()
  const namedUid = (accounts.find(({ name }) => name === 'nobody') ?? accounts.find(({ uid }) => uid > 0))?.uid
  // The inherited descriptor of the folder opens it whatever the folders above allow.
  const seesFolderAs = process.platform === 'linux' ? `/proc/self/fd/${FOLDER_FD}` : undefined
  if (owner.uid !== 0) {
    const hasName = accounts.some(({ uid }) => uid === owner.uid)
    if (!hasName) await chmod(path, owner.mode | 0o011) // for the borrowed account, as below
    return { uid: owner.uid, gid: owner.gid, namedUid: hasName ? owner.uid : namedUid, prefix: [], seesFolderAs }
  }
  if (namedUid !== undefined && !(await readdir(path)).includes('cluster')) {
    let uid = FIRST_FREE_UID
    while (accounts.some((account) => account.uid === uid)) uid++
    try {
      await chown(path, uid, uid)
      await chmod(path, 0o711) // initdb's borrowed account passes through; what lies inside is closed to it
      return { uid, gid: uid, namedUid, prefix: [], seesFolderAs }
    } catch {
      // A container with a single user id cannot give files away.
    }
  }
  // Root of such a container: a user namespace of its own, in which the same user has another number and a name.
  return { prefix: inNamespace(namedUid ?? 1) }
}

/** What to put before a program so that our user counts as `uid` while it still owns our files (unshare(1)). */
export function inNamespace(uid: number): string[] {
  return ['unshare', '--user', `--map-user=${uid}`, '--']
}

async function readAccounts(): Promise<{ name: string; uid: number }[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '')
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid]) => ({ name, uid: Number(uid) }))
    .filter(({ name, uid }) => name && Number.isSafeInteger(uid))
}

/** Runs one of PostgreSQL's programs to its end as the server's user; what it printed and its exit code (-1: not started). */
export async function runProgram(
  folder: Folder,
  program: string,
  args: string[],
  uid = folder.identity.uid,
): Promise<{ code: number; said: string }> {
  let child: ChildProcess
  try {
    child = spawnAs(folder, program, args, 'pipe', false, uid)
  } catch (error) {
    return { code: -1, said: String(error) } // EPERM: not even allowed to become that user
  }
  let said = ''
  for (const output of [child.stdout, child.stderr])
    output?.on('data', (text) => {
      said += text
    })
  return new Promise((done) => {
    child.on('error', (error) => done({ code: -1, said: `${error.message}\n${said}` }))
    child.on('close', (code) => done({ code: code ?? -1, said: said.trim() }))
  })
}

/** Starts the server in a session of its own, so that Ctrl-C reaches us alone and we stop it after our own work. */
export async function spawnServer(
  folder: Folder,
  program: string,
  args: string[],
  logFd: number,
): Promise<ChildProcess> {
  const child = spawnAs(folder, program, args, logFd, true, folder.identity.uid)
  await new Promise((done, fail) => {
    child.on('spawn', done)
    child.on('error', fail)
  })
  child.unref()
  return child
}

function spawnAs(
  folder: Folder,
  program: string,
  args: string[],
  output: 'pipe' | number,
  detached: boolean,
  uid: number | undefined,
) {
  const { prefix, gid } = folder.identity
  const directory = openSync(folder.path, 'r')
  try {
    const [command = program, ...rest] = [...prefix, program, ...args]
    const stdio: StdioOptions = ['ignore', output, output, directory]
    // PGDATA, PGPORT and their like in our own environment are meant for another server.
    const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
    return spawn(command, rest, { cwd: '/', env, uid, gid, stdio, detached })
  } finally {
    closeSync(directory)
  }
}
