import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { WrittenArticle } from '../ticket/article.ts'
import { readMarkdown } from './markdown.ts'
import { ArticleProblem, type ReadArticles } from './problem.ts'
import { readZendesk } from './zendesk.ts'
import type { ExportFile } from './zendesk-pages.ts'

const LARGEST_ARTICLE = 1_000_000
const LARGEST_EXPORT = 200_000_000

/** Every Markdown file in a folder and below it. One that cannot be read is named and stops no other. */
export async function readFolder(folder: string): Promise<ReadArticles<WrittenArticle>> {
  const found: ReadArticles<WrittenArticle> = { articles: [], unpublished: [], problems: [] }
  const from = new Map<string, string>()
  for (const path of await markdownFiles(folder)) {
    const file = join(folder, path)
    await reading(found, file, async () => {
      const { isDraft, ...article } = readMarkdown(path, await textOf(file, LARGEST_ARTICLE))
      const { key, locale } = article
      if (isDraft) return void found.unpublished.push({ key, locale })
      const name = `${key}/${locale}`
      const before = from.get(name)
      if (before)
        throw new ArticleProblem(`${before} is article ${key} in ${locale} already: give one of them another id`)
      from.set(name, file)
      found.articles.push(article)
    })
  }
  return found
}

/** The articles of a Zendesk export, which may be in several files: sections and translations in others than the articles. */
export async function readExport(files: string[]): Promise<ReadArticles<WrittenArticle>> {
  const found: ReadArticles<WrittenArticle> = { articles: [], unpublished: [], problems: [] }
  const there: ExportFile[] = []
  for (const file of files)
    await reading(found, file, async () => {
      const text = await textOf(file, LARGEST_EXPORT)
      try {
        there.push({ file, json: JSON.parse(text) })
      } catch (cause) {
        throw new ArticleProblem(`it is no JSON: ${(cause as Error).message}`, { cause })
      }
    })
  if (there.length === 0) return found
  const read = readZendesk(there)
  return { ...read, problems: [...found.problems, ...read.problems] }
}

async function reading(found: ReadArticles<unknown>, file: string, read: () => Promise<void>): Promise<void> {
  try {
    await read()
  } catch (error) {
    // Whatever it is, also a parser that gives up: one file never stops the others.
    const { code, message } = error as NodeJS.ErrnoException
    found.problems.push({ file, why: (code && whyNot[code]) || message })
  }
}

const whyNot: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read: let the user that Deskhand runs as read it',
  EISDIR: 'it is a folder',
}

async function textOf(file: string, largest: number): Promise<string> {
  const { size } = await stat(file)
  if (size > largest) throw new ArticleProblem(`it is larger than ${largest / 1_000_000} MB`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw cause
    throw new ArticleProblem('it is no UTF-8 text: save it as UTF-8', { cause })
  }
}

/**
 * Paths below the folder in a fixed order, with / between; hidden ones, READMEs and links out of it are passed over. Links
 * within it are followed: a mounted ConfigMap of Kubernetes consists of them.
 */
async function markdownFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const within = `${await realpath(folder)}${sep}`
  const isLinked = async (path: string) => {
    const target = await realpath(path).catch(() => '')
    return target.startsWith(within) && (await stat(target)).isFile()
  }
  const linked = new Set<(typeof entries)[number]>()
  for (const entry of entries)
    if (entry.isSymbolicLink() && (await isLinked(join(entry.parentPath, entry.name)))) linked.add(entry)
  return entries
    .filter(
      (entry) =>
        (entry.isFile() || linked.has(entry)) && /\.(md|markdown)$/i.test(entry.name) && !/^readme\./i.test(entry.name),
    )
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.split('/').some((name) => name.startsWith('.')))
    .sort()
}
