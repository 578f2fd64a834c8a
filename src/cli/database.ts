import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { findPostgres } from '../embedded/postgres.ts'
import { type Database, openDatabase } from '../store/database.ts'

/** Something the operator can put right: said in words, without a stack. */
export class CommandProblem extends Error {}

/** What the environment and `.env` in this folder say, as the product reads them; empty counts as left out. */
export function settings(env: Record<string, string | undefined>): Record<string, string | undefined> {
  const all = { ...envFile(), ...env }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value?.trim()))
}

function envFile(): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync('.env', 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

/** The product's database: DATABASE_URL, or the embedded one while it runs. Throws a CommandProblem when there is none. */
export async function openProductDatabase(env: Record<string, string | undefined>): Promise<Database> {
  const folder = join(env.DATA_DIR ?? './data', 'postgres')
  const url = env.DATABASE_URL ?? (await findPostgres(folder))
  if (!url)
    throw new CommandProblem(
      `There is no database: none runs in ${folder}, and DATABASE_URL is not set. Start Deskhand (npm start) in another terminal, or set DATABASE_URL or DATA_DIR as it has them.`,
    )
  const database = openDatabase(url)
  const { rows } = await database
    .query<{ there: boolean }>(`select to_regclass('articles') is not null as there`)
    .catch(async (cause) => {
      await database.close()
      throw new CommandProblem(`The database does not answer (${(cause as Error).message}): see DATABASE_URL.`)
    })
  if (rows[0]?.there) return database
  await database.close()
  throw new CommandProblem(
    'The database is empty or older than this program: start Deskhand once, it brings it up to date.',
  )
}
