import { stat } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { importArticles } from '../articles/import.ts'
import type { ReadArticles } from '../articles/problem.ts'
import { readExport, readFolder } from '../articles/read.ts'
import { listArticles } from '../store/articles/articles.ts'
import { searchArticles } from '../store/articles/search.ts'
import { prepareTypoIndex } from '../store/articles/typo-index.ts'
import { articleCounts } from '../store/articles/uses.ts'
import type { Database } from '../store/database.ts'
import type { WrittenArticle } from '../ticket/article.ts'
import { CommandProblem, openProductDatabase, settings } from './database.ts'
import { oneLine } from './mail-explain.ts'

const usage = `npm run -s articles -- COMMAND

  import FOLDER            every Markdown file in FOLDER and below it, with front matter:
                           title, and if you like locale, id, section, labels, url, audience, updated, draft
  import FILE.json...      an export of a Zendesk Help Center: all pages of /api/v2/help_center/articles.json, with
                           ?include=translations,sections, or with pages of sections.json and translations beside them
    --remove-missing       what an earlier import of this source brought and this one does not have goes
    --source NAME          keeps several imports of a kind apart; folder or zendesk, unless said
  list [--locale es]       which articles there are
  search WORDS [--locale es] [--limit N]
                           what somebody who reads that language and looks for these words is shown, best first
    --suggest              what the form suggests to them instead: up to three, and only what most likely fits
  stats [--days N]         how often articles were offered, read, and settled it without a request (90 days, unless said)

The same import again changes nothing. Followers of an article are told of it by the running Deskhand within a minute.
The database is the one of DATABASE_URL, or the embedded one in DATA_DIR while Deskhand runs.
`

interface Surroundings {
  env: Record<string, string | undefined>
  out: { write(text: string): unknown }
  err: { write(text: string): unknown }
}

type Say = (text: string) => void
type Asked = {
  'remove-missing'?: boolean | undefined
  source?: string | undefined
  locale?: string | undefined
  limit?: string | undefined
  days?: string | undefined
  suggest?: boolean | undefined
}

/**
 * Does what `args` ask. Answers with the exit code: 1 when it, or a part of it, could not be done, 2 when it was not
 * understood.
 */
export async function articlesCommand(args: string[], { env, out, err }: Surroundings): Promise<number> {
  try {
    return await run(
      args,
      settings(env),
      (text) => void out.write(`${text}\n`),
      (text) => void err.write(`${text}\n`),
    )
  } catch (error) {
    const isMisspelt = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')
    if (!isMisspelt && !(error instanceof CommandProblem)) throw error
    err.write(`${(error as Error).message}\n${isMisspelt ? `\n${usage}` : ''}`)
    return isMisspelt ? 2 : 1
  }
}

async function run(args: string[], env: ReturnType<typeof settings>, say: Say, warn: Say): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'remove-missing': { type: 'boolean' },
      source: { type: 'string' },
      locale: { type: 'string' },
      limit: { type: 'string' },
      days: { type: 'string' },
      suggest: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const [command, ...rest] = positionals
  if (values.help || command === undefined) {
    say(usage.trimEnd())
    return values.help ? 0 : 2
  }
  const commands: Record<string, (database: Database) => Promise<number>> = {
    import: (database) => importAll(database, rest, values, say, warn),
    list: (database) => list(database, values, say),
    search: (database) => search(database, rest.join(' '), values, say),
    stats: (database) => stats(database, values, say),
  }
  const act = Object.hasOwn(commands, command) ? commands[command] : undefined
  if (!act) throw new CommandProblem(`There is no command ${command}.\n\n${usage}`)
  if (command === 'import' && rest.length === 0)
    throw new CommandProblem('Say what to import: a folder, or one or more files that end in .json.')
  if (command === 'search' && rest.length === 0) throw new CommandProblem('Say what to search for.')
  const database = await openProductDatabase(env)
  try {
    return await act(database)
  } finally {
    await database.close()
  }
}

async function importAll(database: Database, paths: string[], asked: Asked, say: Say, warn: Say): Promise<number> {
  const kinds = await Promise.all(paths.map(kindOf))
  const kind = kinds[0]!
  if (kinds.some((one) => one !== kind)) throw new CommandProblem('Import folders and .json files one after the other.')
  const read = kind === 'zendesk' ? await readExport(paths) : joined(await Promise.all(paths.map(readFolder)))
  const options = { source: asked.source ?? kind, removesMissing: asked['remove-missing'] === true }
  const { added, changed, unchanged, removed } = await importArticles(database, read, options, new Date())
  say(`${added} new, ${changed} changed, ${unchanged} unchanged, ${removed} removed.`)
  if (read.unpublished.length > 0) say(`${read.unpublished.length} are drafts and shown to nobody.`)
  for (const { file, why } of read.problems) warn(`${oneLine(file)}: ${oneLine(why)}`)
  if (read.problems.length > 0 && options.removesMissing)
    warn('Nothing was removed for being missing, because of what could not be read. Put it right and import again.')
  return read.problems.length > 0 ? 1 : 0
}

async function kindOf(path: string): Promise<'folder' | 'zendesk'> {
  const found = await stat(path).catch(() => null)
  if (!found) throw new CommandProblem(`There is no file or folder ${path}.`)
  if (found.isDirectory()) return 'folder'
  if (path.toLowerCase().endsWith('.json')) return 'zendesk'
  throw new CommandProblem(`${path} is neither a folder of Markdown files nor a file that ends in .json.`)
}

function joined(all: ReadArticles<WrittenArticle>[]): ReadArticles<WrittenArticle> {
  return {
    articles: all.flatMap(({ articles }) => articles),
    unpublished: all.flatMap(({ unpublished }) => unpublished),
    problems: all.flatMap(({ problems }) => problems),
  }
}

async function list(database: Database, { locale }: Asked, say: Say): Promise<number> {
  const articles = await listArticles(database, locale ?? null)
  if (articles.length === 0)
    say('There are no articles yet. Import some: npm run -s articles -- import FOLDER, or FILE.json.')
  for (const { id, key, locale: spoken, title, section, audience } of articles) {
    const marks = [section, audience === 'staff' ? 'staff only' : ''].filter(Boolean).map((mark) => oneLine(mark!))
    const facts = [String(id).padStart(6), spoken.padEnd(6), oneLine(key).padEnd(28), oneLine(title)]
    say(`${facts.join('  ')}${marks.length > 0 ? `  (${marks.join(', ')})` : ''}`)
  }
  return 0
}

async function search(database: Database, text: string, asked: Asked, say: Say): Promise<number> {
  const ready = await prepareTypoIndex(database)
  if (ready !== true) say(`Note: ${ready}.`)
  const question = {
    text,
    locale: asked.locale ?? null,
    limit: numberOf(asked.limit, '--limit', asked.suggest ? 3 : 10),
    timeoutMs: 10_000,
    isUnasked: asked.suggest === true,
  }
  const startedAt = performance.now()
  const found = await searchArticles(database, question)
  const ms = Math.round(performance.now() - startedAt)
  if (found.length === 0) say('Nothing fits.')
  for (const { id, language, title, snippet, score } of found)
    say(
      `${String(id).padStart(6)}  ${language}  ${`${Math.round(score * 100)}%`.padStart(5)}  ${oneLine(title)}\n        ${oneLine(snippet).slice(0, 160)}`,
    )
  say(`(${ms} ms)`)
  return 0
}

async function stats(database: Database, { days }: Asked, say: Say): Promise<number> {
  const since = new Date(Date.now() - numberOf(days, '--days', 90) * 86_400_000)
  const counts = await articleCounts(database, since)
  if (counts.length === 0) {
    say('No article was offered or read in that time.')
    return 0
  }
  say('offered    read  solved   rate  article')
  const sum = (key: 'offered' | 'read' | 'solved') => counts.reduce((all, one) => all + one[key], 0)
  const line = (offered: number, read: number, solved: number, what: string) =>
    say(
      `${[offered, read, solved].map((count) => String(count).padStart(7)).join(' ')} ${rate(solved, offered)}  ${what}`,
    )
  for (const { offered, read, solved, locale, title } of counts)
    line(offered, read, solved, `${oneLine(title)} (${locale})`)
  line(sum('offered'), sum('read'), sum('solved'), 'all')
  return 0
}

/** Of those it was offered to, how many it settled it for. */
function rate(solved: number, offered: number): string {
  return (offered === 0 ? '–' : `${Math.round((100 * solved) / offered)}%`).padStart(6)
}

function numberOf(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined) return otherwise
  const number = Number(text)
  if (!/^\d{1,5}$/.test(text) || number < 1) throw new CommandProblem(`${name} is no number from 1 to 99999.`)
  return number
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  // The reader of our pipe may leave early (`| head`): that is no failure.
  process.stdout.on('error', () => process.exit(0))
  const { env, stdout: out, stderr: err } = process
  process.exitCode = await articlesCommand(process.argv.slice(2), { env, out, err })
}
