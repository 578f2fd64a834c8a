import type { ChildProcess } from 'node:child_process'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { findBinaries } from './binaries.ts'
import { createCluster } from './cluster.ts'
import { EmbeddedError } from './embedded-error.ts'
import { clusterOf, type Folder, logOf, openFolder, saveSettings } from './folder.ts'
import { type Holder, holdFolder } from './hold.ts'
import { isRunning, programOf } from './processes.ts'
import { spawnServer } from './run-as.ts'

export interface EmbeddedPostgres {
  /** Where the product's own database answers, with its password: `postgresql://deskhand:…@127.0.0.1:port/deskhand`. */
  url: string
  /** True when the server was already running, left behind by a process that was killed. */
  adopted: boolean
  /** Shuts the server down (rolls back what is unfinished, writes a checkpoint) and gives the folder back. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  /** The server's own folder; made when it is missing. */
  dataDir: string
  log: { info(message: string): void }
  /** Server settings on top of ours, by their names in postgresql.conf. */
  settings?: Record<string, string>
}

const READY_WITHIN_MS = 60_000 // recovery after a crash replays at most max_wal_size, 512 MB
const STOP_WITHIN_MS = 6_000 // the product promises to exit within 10 seconds of SIGTERM
const LOOK_EVERY_MS = 15

/**
 * A PostgreSQL server of our own on 127.0.0.1, started in `dataDir` or adopted when a killed process left it running.
 *
 * A second start on the same folder is refused with the pid of the first: two processes could share the server, but
 * the second would lose its database the moment the first one stops. Use `findPostgres` to look in from beside.
 * Throws an Error whose text says what to do: folder in use, folder of another major version, no binaries, no rights.
 */
export async function startPostgres({ dataDir, log, settings = {} }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const hold = await holdFolder(dataDir)
  try {
    const folder = await openFolder(dataDir)
    const left = await serverLeftBehind(folder)
    if (left) {
      log.info(`adopted the PostgreSQL server that was left running (pid ${left}, port ${folder.port})`)
      await ensureDatabase(folder)
      return { url: urlOf(folder), adopted: true, stop: () => stopServer(folder, left, hold) }
    }
    const binaries = await findBinaries(folder)
    await createCluster(folder, binaries, log)
    await startNewLog(folder)
    const pid = await launch(folder, binaries.postgres, settings)
    log.info(`PostgreSQL ${binaries.major} is running (pid ${pid}, port ${folder.port})`)
    await ensureDatabase(folder)
    return { url: urlOf(folder), adopted: false, stop: () => stopServer(folder, pid, hold) }
  } catch (error) {
    await hold.release()
    throw error
  }
}

/** The URL of the server that runs in `dataDir` right now, whoever started it; undefined when none does. For tools. */
export async function findPostgres(dataDir: string): Promise<string | undefined> {
  if (!(await stat(`${dataDir}/server.json`).catch(() => undefined))) return undefined
  const folder = await openFolder(dataDir)
  return (await servesThisFolder(folder)) ? urlOf(folder) : undefined
}

function urlOf(folder: Folder, role: 'deskhand' | 'postgres' = 'deskhand'): string {
  const password = role === 'deskhand' ? folder.password : folder.superuserPassword
  return `postgresql://${role}:${password}@127.0.0.1:${folder.port}/${role}`
}

/** The pid of a server that a killed process left behind here, ready to be used; undefined when there is none. */
async function serverLeftBehind(folder: Folder): Promise<number | undefined> {
  const started = Date.now()
  for (;;) {
    const note = await readPidFile(folder)
    if (!note) return undefined
    if (note.port) folder.port = note.port
    if (await servesThisFolder(folder)) return note.pid
    if ((await programOf(note.pid)) !== 'postgres') {
      // A pid from before a reboot or from another container, now somebody else's: Postgres itself would refuse to start.
      await rm(`${clusterOf(folder)}/postmaster.pid`, { force: true })
      return undefined
    }
    // A PostgreSQL with that pid is there but does not answer: it recovers, or is just shutting down.
    if (Date.now() - started > READY_WITHIN_MS)
      throw new EmbeddedError(
        `A PostgreSQL server (pid ${note.pid}) holds ${folder.path} but does not answer on port ${folder.port}. Stop it with: kill -INT ${note.pid}`,
      )
    await pause(LOOK_EVERY_MS * 4)
  }
}

/** True when the server on our port can read a file just written to this very folder: a copy of the folder cannot pass. */
async function servesThisFolder(folder: Folder): Promise<boolean> {
  const proof = await folder.writeProof()
  const client = new pg.Client({ connectionString: urlOf(folder, 'postgres'), connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ text: string }>('select pg_read_file($1) as text', [proof.name])
    return rows[0]?.text === proof.text
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
    await proof.remove()
  }
}

const LOG_BYTES = 10 * 1024 * 1024 // a year of an ordinary server, looked at once per start

/** Puts a log that has grown large aside, in place of the one put aside before. */
async function startNewLog(folder: Folder): Promise<void> {
  const { size } = await stat(logOf(folder)).catch(() => ({ size: 0 }))
  if (size > LOG_BYTES) await rename(logOf(folder), `${logOf(folder)}.1`)
}

async function launch(folder: Folder, postgres: string, settings: Record<string, string>): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    if (attempt > 1 || !(await isFree(folder.port))) {
      folder.port = await freePort()
      await saveSettings(folder)
    }
    const log = await open(logOf(folder), 'a', 0o600)
    const logStart = (await log.stat()).size
    const options = { ...SETTINGS, port: String(folder.port), ...settings }
    const args = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    let server: ChildProcess
    try {
      server = await spawnServer(folder, postgres, ['-D', folder.asServerSees('cluster'), ...args], log.fd)
    } finally {
      await log.close()
    }
    if (await isReady(folder, server)) return (await readPidFile(folder))!.pid
    const said = (await readFile(logOf(folder), 'utf8')).slice(logStart).trim()
    // Backends of a killed server need a moment to notice; somebody may have taken the port between our look and now.
    const passing = /pre-existing shared memory block|could not bind|could not create any TCP/.test(said)
    if (!passing || attempt === 10)
      throw new EmbeddedError(`PostgreSQL did not start in ${folder.path}. It said:\n${said}`)
    await pause(300)
  }
}

/** Settings of every start; the rest is PostgreSQL's default. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // a socket's path has a length limit, and /tmp has other people in it
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  log_min_error_statement: 'panic', // a statement that failed, and the detail of its error, carry what people wrote
  log_error_verbosity: 'terse',
  max_wal_size: '512MB',
  jit: 'off', // short queries only: compiling them costs more than it gives
  max_parallel_workers_per_gather: '0', // parallel workers need /dev/shm, of which a container has 64 MB
}

async function isReady(folder: Folder, server: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (server.exitCode === null && server.signalCode === null) {
    const note = await readPidFile(folder)
    if (note?.ready) return true
    if (Date.now() > deadline) {
      server.kill('SIGQUIT')
      return false
    }
    await pause(LOOK_EVERY_MS)
  }
  return false
}

/** What postmaster.pid says; the lines are described in PostgreSQL's src/include/utils/pidfile.h. */
async function readPidFile(folder: Folder): Promise<{ pid: number; port: number; ready: boolean } | undefined> {
  const text = await readFile(`${clusterOf(folder)}/postmaster.pid`, 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  return { pid, port: Number(lines[3]) || 0, ready: lines[7]?.trim() === 'ready' }
}

/** The product's role is no superuser: an SQL injection would otherwise own a shell (copy … to program). */
async function ensureDatabase(folder: Folder): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(folder, 'postgres') })
  await client.connect()
  try {
    const { rows } = await client.query<{ role: boolean; database: boolean }>(
      `select exists (select from pg_roles where rolname = 'deskhand') as role,
              exists (select from pg_database where datname = 'deskhand') as database`,
    )
    const password = client.escapeLiteral(folder.password)
    await client.query(`${rows[0]?.role ? 'alter' : 'create'} role deskhand login createdb password ${password}`)
    if (!rows[0]?.database) await client.query('create database deskhand owner deskhand')
  } finally {
    await client.end()
  }
}

async function stopServer(folder: Folder, pid: number, hold: Holder): Promise<void> {
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'] // fast shutdown, then immediate: the next start recovers from the log
  for (const signal of signals) {
    if ((await readPidFile(folder))?.pid !== pid) break
    try {
      process.kill(pid, signal)
    } catch {
      break // gone already
    }
    const deadline = Date.now() + STOP_WITHIN_MS
    while ((await readPidFile(folder))?.pid === pid && (await isRunning(pid)) && Date.now() < deadline)
      await pause(LOOK_EVERY_MS)
  }
  await hold.release()
}

async function isFree(port: number): Promise<boolean> {
  if (!port) return false
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.on('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', () => resolve(true))
  })
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
