import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { importArticles } from '../articles/import.ts'
import type { ReadArticles } from '../articles/problem.ts'
import { readFolder } from '../articles/read.ts'
import type { Clock } from '../clock.ts'
import { prepareTypoIndex } from '../store/articles/typo-index.ts'
import type { Database } from '../store/database.ts'
import type { WrittenArticle } from '../ticket/article.ts'
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
 * with its name and what to do, and stops neither the others nor the start.
 */
export async function shelveArticles({ database, settings, deskFile, clock, log }: ShelveParts): Promise<void> {
  const ready = await prepareTypoIndex(database)
  if (ready !== true) log.warn({ problem: ready }, 'articles')
  const { templatesDir, articlesDir } = settings
  const folder = articlesDir ?? (deskFile.articles && resolve(templatesDir, deskFile.articles))
  const read = folder === false ? nothing : await readShelf(folder)
  // A folder that is not there is more likely not mounted than emptied: what it brought stays until it is back.
  if (typeof read === 'string') return log.warn({ folder }, read)
  for (const { file, why } of read.problems) log.warn({ file, problem: why }, 'a help article cannot be read')
  if (read.problems.length > 0)
    log.warn(
      { articles: read.problems.length },
      'put right the help articles named above and start again: until then, articles deleted from the folder are still shown',
    )
  const { added, changed, removed } = await importArticles(
    database,
    read,
    { source: SOURCE, removesMissing: true },
    clock.now(),
  )
  if (added + changed + removed > 0) log.info({ added, changed, removed }, 'help articles')
}

const nothing: ReadArticles<WrittenArticle> = { articles: [], unpublished: [], problems: [] }

/** The articles of a folder; in words what to do where there is no such folder or it may not be read. */
async function readShelf(folder: string): Promise<ReadArticles<WrittenArticle> | string> {
  const otherwise = 'name another folder under articles in desk.yaml, or write articles: false there'
  const found = await stat(folder).catch(() => null)
  if (!found) return `there is no folder of help articles: make it, ${otherwise}`
  if (!found.isDirectory()) return `what should be the folder of help articles is a file: ${otherwise}`
  return readFolder(folder).catch(
    (error: Error) =>
      `the folder of help articles cannot be read (${error.message}): let the user that Deskhand runs as read it, or ${otherwise}`,
  )
}
