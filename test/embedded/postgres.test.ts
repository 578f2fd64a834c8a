import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EmbeddedPostgres, findPostgres, startPostgres } from '../../src/embedded/postgres.ts'

let home: string
let dataDir: string
const running: { stop(): Promise<unknown> }[] = []
const log = { info: () => {} }

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'deskhand-test-'))
  dataDir = join(home, 'postgres')
})

afterEach(async () => {
  for (const each of running.splice(0)) await each.stop()
  await rm(home, { recursive: true, force: true })
})

test('a new folder becomes a server with the extensions we use, and keeps its data and its address between starts', async () => {
  const first = await start()
  expect(first.adopted).toBe(false)
  await sql(first.url, 'create extension pg_trgm; create extension unaccent; create table printer (jam text)')
  await sql(first.url, `insert into printer values ('Größe A4')`)
  await first.stop()
  const second = await start()
  expect(second.url).toBe(first.url)
  expect(await sql(second.url, 'select unaccent(jam) as jam from printer')).toEqual([{ jam: 'Grosse A4' }])
  // A parallel worker, as a vacuum starts them, reads it again and ends when the name is not one.
  expect(await sql(second.url, 'show default_text_search_config')).toEqual([
    { default_text_search_config: 'pg_catalog.english' },
  ])
})

test('the product is no superuser, and nobody gets in without the password', async () => {
  const { url } = await start()
  expect(await sql(url, 'select rolsuper from pg_roles where rolname = current_user')).toEqual([{ rolsuper: false }])
  const guess = new URL(url)
  guess.password = 'guess'
  await expect(sql(guess.href, 'select 1')).rejects.toThrow('password authentication failed')
  expect((await stat(join(dataDir, 'server.json'))).mode & 0o777).toBe(0o600)
})

test('a server left behind by a killed process is adopted with all that was committed', async () => {
  const { url, kill } = await startElsewhere()
  await sql(url, `create table ticket as select 42 as number`)
  await kill('SIGKILL')
  expect(await findPostgres(dataDir)).toBe(url)
  const adopted = await start()
  expect(adopted).toMatchObject({ adopted: true, url })
  expect(await sql(adopted.url, 'select number from ticket')).toEqual([{ number: 42 }])
  await adopted.stop()
  expect(await findPostgres(dataDir)).toBeUndefined()
})

test('a second process on the same folder is refused and told the pid of the first', async () => {
  const { url, pid } = await startElsewhere()
  await expect(start()).rejects.toThrow(`in use by process ${pid}`)
  expect(await sql(url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('of two starts at the same moment one gets the folder', async () => {
  const both = await Promise.allSettled([start(), start()])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  for (const server of running) await server.stop()
  expect((await start()).adopted).toBe(false)
})

test('a server that was killed itself recovers, with its old process number given to somebody else', async () => {
  const first = await start()
  await sql(first.url, `create table ticket as select 42 as number`)
  const pidFile = join(dataDir, 'cluster/postmaster.pid')
  const lines = (await readFile(pidFile, 'utf8')).split('\n')
  process.kill(Number(lines[0]), 'SIGKILL')
  await first.stop()
  lines[0] = String(process.pid)
  await writeFile(pidFile, lines.join('\n'))
  const second = await start()
  expect(second.adopted).toBe(false)
  expect(await sql(second.url, 'select number from ticket')).toEqual([{ number: 42 }])
})

test('a copy of a folder in use is not mistaken for the folder', async () => {
  const first = await start()
  await sql(first.url, 'create table original (id int)')
  const copy = join(home, 'copy')
  await cp(dataDir, copy, { recursive: true, filter: (path) => !path.endsWith('held-by.json') })
  expect(await findPostgres(copy)).toBeUndefined()
})

test('a folder of another major version is refused with the way out', async () => {
  await (await start()).stop()
  await writeFile(join(dataDir, 'cluster/PG_VERSION'), '17\n')
  await expect(start()).rejects.toThrow(/made by PostgreSQL 17.*brings PostgreSQL 18.*pg_dump.*DATABASE_URL/)
})

test('a folder with other things in it is left alone', async () => {
  await writeFile(join(home, 'holiday.jpg'), '')
  await expect(startPostgres({ dataDir: home, log })).rejects.toThrow('is not empty')
})

async function start(): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ dataDir, log, settings: { fsync: 'off' } })
  running.push(server)
  return server
}

/** The launcher in a process of its own, which can be killed. */
async function startElsewhere(): Promise<{ url: string; pid: number; kill(signal: NodeJS.Signals): Promise<unknown> }> {
  const launcher = new URL('../../src/embedded/postgres.ts', import.meta.url)
  const program = `
    import { startPostgres } from ${JSON.stringify(launcher.href)}
    const server = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: { info() {} } })
    process.on('SIGTERM', () => server.stop().then(() => process.exit()))
    console.log(server.url)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const kill = (signal: NodeJS.Signals) => ended(child, signal)
  running.push({ stop: () => kill('SIGTERM') })
  const url = await new Promise<string>((done, fail) => {
    child.stdout.on('data', (text) => done(String(text).trim()))
    child.on('exit', (code) => fail(new Error(`the launcher ended with ${code}`)))
  })
  return { url, pid: child.pid!, kill }
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((done) => child.on('exit', done))
  child.kill(signal)
  await exit
}

async function sql(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
