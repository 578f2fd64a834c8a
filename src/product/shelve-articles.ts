import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { importArticles } from '../articles/import.ts'
import { readFolder } from '../articles/read.ts'
import type { Clock } from '../clock.ts'
import { prepareTypoIndex } from '../store/articles/typo-index.ts'
import type { Database } from '../store/database.ts'
import type { DeskFile } from '../ticket/routing.ts'

interface ShelveParts {
  database: Database
  settings: { templatesDir: string; articlesDir?: string | false | undefined }
  deskFile: Pick<DeskFile, 'articles'>
  clock: Clock
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

// Not the name of what is imported by hand, so that a start never takes away what somebody brought.
const SOURCE = 'desk'

/**
 * Brings the help articles up to date with their folder: what is not in it any more goes. What cannot be read is logged
 * with its file and stops neither the others nor the start.
 */
export async function shelveArticles({ database, settings, deskFile, clock, log }: ShelveParts): Promise<void> {
  const ready = await prepareTypoIndex(database)
  if (ready !== true) log.warn({ problem: ready }, 'articles')
  const { templatesDir, articlesDir } = settings
  const folder = articlesDir ?? (deskFile.articles && join(templatesDir, deskFile.articles))
  const isThere = folder !== false && existsSync(folder)
  // A folder that is not there is more likely not mounted than emptied: what it brought stays until it is back.
  if (folder !== false && !isThere) return log.warn({ folder }, 'there is no folder of help articles')
  const read = isThere ? await readFolder(folder) : { articles: [], unpublished: [], problems: [] }
  for (const { file, why } of read.problems) log.warn({ file, problem: why }, 'a help article cannot be read')
  const { added, changed, removed } = await importArticles(
    database,
    read,
    { source: SOURCE, removesMissing: true },
    clock.now(),
  )
  if (added + changed + removed > 0) log.info({ added, changed, removed }, 'help articles')
}
