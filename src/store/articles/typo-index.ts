import type { Database } from '../database.ts'

const TYPO_INDEX = 'article_words_like'

/**
 * Makes what forgives typos in a search, where it is not there yet. Answers true, or in words what an administrator can
 * run so that it works: everything else does without. pg_trgm is a trusted extension since Postgres 13, so whoever owns
 * the database may make it; a role with fewer rights may not, and some servers do not have it.
 */
export async function prepareTypoIndex(database: Database): Promise<true | string> {
  try {
    if (!(await hasTypoSearch(database))) await database.query('create extension if not exists pg_trgm')
    const { rows } = await database.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
      TYPO_INDEX,
    ])
    if (!rows[0]?.there)
      await database.query(
        `create index if not exists ${TYPO_INDEX} on article_words using gin (word gin_trgm_ops) with (fastupdate = off)`,
      )
    return true
  } catch (error) {
    // Another process that starts at this moment may have been quicker.
    if ((await hasTypoSearch(database)) && (await hasIndex(database))) return true
    return `misspelt words find no help articles (${(error as Error).message}): have an administrator run "create extension pg_trgm" in this database (on Debian it is in the package postgresql-contrib or postgresql itself), then start Deskhand again`
  }
}

/** Whether similar words can be asked for, by whatever role and schema made that possible. */
async function hasTypoSearch(database: Database): Promise<boolean> {
  const { rows } = await database.query<{ there: boolean }>(
    `select to_regprocedure('similarity(text, text)') is not null as there`,
  )
  return rows[0]?.there ?? false
}

async function hasIndex(database: Database): Promise<boolean> {
  const { rows } = await database.query<{ there: boolean }>('select to_regclass($1) is not null as there', [TYPO_INDEX])
  return rows[0]?.there ?? false
}
