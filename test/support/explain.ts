import type { Database, Db } from '../../src/store/database.ts'

/** How Postgres would run each statement that `ask` sends; nothing is run, and every answer is empty. */
export async function explain(database: Database, ask: (db: Db) => Promise<unknown>): Promise<string> {
  const plans: string[] = []
  const db = {
    query: async (text: string, values: unknown[] = []) => {
      const { rows } = await database.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values)
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
      return { rows: [], rowCount: 0 }
    },
  }
  await ask(db as unknown as Db)
  return plans.join('\n')
}
