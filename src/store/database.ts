import pg from 'pg'

/** Anything that runs a statement: the pool, or the one connection of a transaction. */
export interface Db {
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<R>>
}

/** A connection inside `transaction`. Distinct in name so that a signature says what it needs. */
export type Tx = Db

export interface Database extends Db {
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  pool: pg.Pool
  close(): Promise<void>
}

// Numbers people quote stay far below 2^53; int8 as text would leak strings into every comparison.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** The one pool, for our own statements and pg-boss's alike. `onError` hears of idle connections that broke. */
export function openDatabase(url: string, onError: (error: Error) => void = () => {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: 16,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
    application_name: 'deskhand',
  })
  pool.on('error', onError)
  return {
    pool,
    query: (text, values) => pool.query(text, values),
    transaction: (work) => inTransaction(pool, work),
    close: () => pool.end(),
  }
}

async function inTransaction<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  // The pool takes its own listener off a client it hands out; a socket that dies meanwhile would end the process.
  // The running statement rejects with the same error, so there is nothing else to do.
  const ignore = () => {}
  client.on('error', ignore)
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    client.off('error', ignore)
    client.release()
    return result
  } catch (error) {
    // A connection that cannot roll back is broken: dropping it makes the server roll back.
    await client.query('rollback').then(
      () => {
        client.off('error', ignore)
        client.release()
      },
      (cause) => client.release(cause instanceof Error ? cause : true),
    )
    throw error
  }
}
