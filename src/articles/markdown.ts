import { marked } from 'marked'
import { parse } from 'yaml'
import { z } from 'zod'
import { type WrittenArticle, wordsIn } from '../ticket/article.ts'
import { partsOf, safeUrl } from './html.ts'
import { ArticleProblem } from './problem.ts'

const one = z.union([z.string(), z.number()]).transform((value) => String(value).trim())
const words = z.union([z.array(one), one.transform((text) => text.split(','))])

/** The lines between `---` at the top of a file. Others than these are left alone: other tools put theirs there. */
const frontMatter = z.object({
  title: one.pipe(z.string().min(1, 'is empty')),
  locale: one.optional(),
  lang: one.optional(),
  id: one.optional(),
  slug: one.optional(),
  url: one.optional(),
  section: one.optional(),
  labels: words.optional(),
  tags: words.optional(),
  audience: z.enum(['everyone', 'staff'], 'is everyone or staff').default('everyone'),
  draft: z.boolean('is true or false').default(false),
  updated: z.union([z.date(), z.string().transform((text) => new Date(text))]).optional(),
})

/** A file of Markdown with front matter as an article. `path` is relative to the folder: what the file is called says the rest. */
export function readMarkdown(path: string, text: string): WrittenArticle & { isDraft: boolean } {
  const { head, body } = split(text)
  const read = frontMatter.safeParse(head)
  if (!read.success) {
    const [issue] = read.error.issues
    const name = issue!.path.join('.')
    const missing = head[name] === undefined
    throw new ArticleProblem(`${name || 'its front matter'} ${missing ? 'is missing' : issue!.message}`)
  }
  const { title, locale, lang, id, slug, url, section, labels, tags, audience, draft, updated } = read.data
  if (updated && Number.isNaN(updated.getTime())) throw new ArticleProblem('updated is no date: write 2026-11-28')
  const address = url === undefined ? null : safeUrl(url, null)
  if (url !== undefined && !address) throw new ArticleProblem('url is no address that begins with https://')
  const spoken = locale ?? lang ?? localeOf(path) ?? 'en'
  if (!isLocale(spoken)) throw new ArticleProblem(`locale is "${spoken}": write a language such as en, es or pt-BR`)
  const parts = partsOf(marked.parse(body, { async: false, gfm: true }), address)
  if (parts.length === 0) throw new ArticleProblem('there is no text below the front matter')
  const first = parts[0]!
  // Many begin with their title as a heading: it is shown above the text anyway.
  const repeats =
    first.kind === 'heading' && wordsIn(first.spans.map((s) => s.text).join('')).join() === wordsIn(title).join()
  return {
    key: id ?? slug ?? keyOf(path),
    locale: spoken,
    title: title.replace(/\s+/g, ' '),
    section: section ?? null,
    labels: (labels ?? tags ?? []).map((label) => label.trim()).filter(Boolean),
    url: address,
    audience,
    parts: repeats && parts.length > 1 ? parts.slice(1) : parts,
    updatedAt: updated ?? null,
    isDraft: draft,
  }
}

function split(text: string): { head: Record<string, unknown>; body: string } {
  const found = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(text)
  if (!found)
    throw new ArticleProblem('it does not begin with front matter: a line ---, then title: …, then a line ---')
  try {
    const head: unknown = parse(found[1]!, { maxAliasCount: 10 })
    if (typeof head === 'object' && head !== null && !Array.isArray(head))
      return { head: head as Record<string, unknown>, body: text.slice(found[0].length) }
  } catch (cause) {
    throw new ArticleProblem(`its front matter is no YAML: ${(cause as Error).message.split('\n')[0]}`, { cause })
  }
  throw new ArticleProblem('its front matter has no lines such as title: …')
}

export function isLocale(text: string): boolean {
  return /^[a-z]{2,3}([-_][a-z0-9]{2,8})*$/i.test(text)
}

/** `es/password.md` and `password.es.md` say their language themselves. */
function localeOf(path: string): string | null {
  const [, ending] = /\.([a-z]{2}(?:[-_][a-z0-9]{2,4})?)\.(?:md|markdown)$/i.exec(path) ?? []
  const folder = path
    .split('/')
    .slice(0, -1)
    .find((name) => /^[a-z]{2}([-_][a-z0-9]{2,4})?$/i.test(name))
  return ending ?? folder ?? null
}

/** The path without what only says its language: the same article in another language has the same. */
function keyOf(path: string): string {
  const bare = path.replace(/(\.[a-z]{2}([-_][a-z0-9]{2,4})?)?\.(md|markdown)$/i, '')
  return bare
    .split('/')
    .filter((name, index, all) => index === all.length - 1 || !/^[a-z]{2}([-_][a-z0-9]{2,4})?$/i.test(name))
    .join('/')
}
