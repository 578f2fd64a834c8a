import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { holderOf } from '../../src/embedded/hold.ts'
import { type EmbeddedPostgres, findPostgres, startPostgres } from '../../src/embedded/postgres.ts'

/** One PostgreSQL for the whole run, with a migrated database that every test file clones (test/support/database.ts). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers()
  const home = await mkdtemp(join(tmpdir(), FOLDER_PREFIX))
  let server: EmbeddedPostgres | undefined
  const remove = async () => {
    await server?.stop()
    await rm(home, { recursive: true, force: true })
  }
  try {
    server = await startPostgres({ dataDir: join(home, 'postgres'), log: quiet, settings: UNSAFE_AND_FAST })
    await makeTemplate(server.url)
  } catch (error) {
    await remove()
    throw error
  }
  project.provide('postgresUrl', server.url)
  return remove
}

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

export const TEMPLATE = 'deskhand_template'
const FOLDER_PREFIX = 'deskhand-test-'
const quiet = { info: () => {} }

/** What a test writes need not survive a power cut. */
export const UNSAFE_AND_FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  autovacuum: 'off',
}

async function makeTemplate(url: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(`create database ${TEMPLATE}`)
  await admin.end()
  const migrations = new URL('../../src/store/migrate.ts', import.meta.url)
  if (!existsSync(migrations)) return
  const { migrate } = (await import(migrations.href)) as { migrate: (url: string) => Promise<void> }
  const template = new URL(url)
  template.pathname = `/${TEMPLATE}`
  await migrate(template.href)
}

/** A run that was killed leaves its server and folder: both go at the start of the next one. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(FOLDER_PREFIX)) continue
    const home = join(tmpdir(), name)
    const dataDir = join(home, 'postgres')
    const found = await stat(home).catch(() => undefined)
    if (!found || found.uid !== process.getuid?.()) continue
    if (await holderOf(dataDir)) continue // a run beside this one
    if (Date.now() - found.mtimeMs < 60_000) continue // or one that starts at this very moment
    try {
      if (await findPostgres(dataDir)) await (await startPostgres({ dataDir, log: quiet })).stop()
      await rm(home, { recursive: true, force: true })
    } catch {
      // another run is at it, or it is somebody else's
    }
  }
}
