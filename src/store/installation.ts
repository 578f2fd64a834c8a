import type { Db } from './database.ts'

/** The id this database was given when it was made. A restored backup keeps it, a new database has another. */
export async function installationId(db: Db): Promise<string> {
  const { rows } = await db.query<{ id: string }>('select id from installation')
  return rows[0]!.id
}
