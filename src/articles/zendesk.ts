import { z } from 'zod'
import type { WrittenArticle } from '../ticket/article.ts'
import { partsOf, safeUrl } from './html.ts'
import { isLocale } from './markdown.ts'
import { ArticleProblem, type ReadArticles } from './problem.ts'
import { type ExportFile, missingPages, type Pages, pagesOf, sectionNames } from './zendesk-pages.ts'

const id = z.union([z.number(), z.string().min(1)]).transform(String)
const moment = z.string().nullish()

const translation = z.object({
  source_id: id.nullish(),
  source_type: z.string().nullish(),
  locale: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().nullish(),
  hidden: z.boolean().nullish(),
  html_url: z.string().nullish(),
  updated_at: moment,
})

const article = z.object({
  id,
  title: z.string().nullish(),
  name: z.string().nullish(),
  body: z.string().nullish(),
  locale: z.string(),
  html_url: z.string().nullish(),
  section_id: id.nullish(),
  label_names: z.array(z.string()).nullish(),
  draft: z.boolean().nullish(),
  /** Whoever is in the segment may read it: not everybody. */
  user_segment_id: id.nullish(),
  user_segment_ids: z.array(id).nullish(),
  updated_at: moment,
  edited_at: moment,
  translations: z.array(z.unknown()).nullish(),
})

type Said = z.infer<typeof translation>

/**
 * The articles of a Zendesk Help Center export (developer.zendesk.com/api-reference/help_center/help-center-api/articles),
 * all its files together, with the translations and sections that were sideloaded or fetched beside them. One that cannot be
 * read is named; drafts are told apart, and what only a user segment may read is kept from everybody outside.
 */
export function readZendesk(files: ExportFile[]): ReadArticles<WrittenArticle> {
  const found: ReadArticles<WrittenArticle> = { articles: [], unpublished: [], problems: missingPages(files) }
  const pages: Pages = { articles: [], sections: [], translations: [] }
  for (const one of files) {
    naming(found, one.file, () => {
      const read = pagesOf(one)
      pages.articles.push(...read.articles)
      pages.sections.push(...read.sections)
      pages.translations.push(...read.translations)
    })
  }
  if (pages.articles.length === 0 && found.problems.length === 0)
    for (const { file } of files) found.problems.push({ file, why: 'there are no articles in it' })
  const loose = new Map<string, Said[]>()
  for (const given of pages.translations) {
    const { data } = translation.safeParse(given)
    // Those of sections and categories are in the same list, with ids of their own.
    if (!data?.source_id || (data.source_type ?? 'article').toLowerCase() !== 'article') continue
    loose.set(data.source_id, [...(loose.get(data.source_id) ?? []), data])
  }
  const sectionOf = sectionNames(pages)
  pages.articles.forEach(({ file, given }, index) => {
    const name = (given as { id?: unknown } | null)?.id ?? `number ${index + 1}`
    naming(
      found,
      file,
      () => {
        const read = article.safeParse(given)
        if (!read.success) {
          const [issue] = read.error.issues
          throw new ArticleProblem(`${issue!.path.join('.') || 'it'} ${issue!.message}`)
        }
        take(read.data, loose.get(read.data.id) ?? [], sectionOf, found)
      },
      `article ${String(name)}: `,
    )
  })
  return found
}

function naming(found: ReadArticles<unknown>, file: string, read: () => void, what = ''): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof ArticleProblem)) throw error
    found.problems.push({ file, why: `${what}${error.message}` })
  }
}

function take(
  given: z.infer<typeof article>,
  loose: Said[],
  sectionOf: (id: string, locale: string) => string | null,
  found: ReadArticles<WrittenArticle>,
): void {
  const nested = (given.translations ?? []).flatMap((one) => translation.safeParse(one).data ?? [])
  const others = [...nested, ...loose]
  const own: Said = {
    locale: given.locale,
    title: given.title ?? given.name ?? '',
    body: given.body,
    draft: given.draft,
    html_url: given.html_url,
    updated_at: given.edited_at ?? given.updated_at,
  }
  const spoken = new Map([...others.toReversed(), own].map((said) => [said.locale.toLowerCase(), said]))
  const isRestricted = given.user_segment_id != null || (given.user_segment_ids ?? []).length > 0
  for (const said of spoken.values()) {
    if (!isLocale(said.locale)) throw new ArticleProblem(`its locale is "${said.locale}"`)
    if (said.draft || said.hidden) {
      found.unpublished.push({ key: given.id, locale: said.locale })
      continue
    }
    const title = said.title.replace(/\s+/g, ' ').trim()
    if (title === '') throw new ArticleProblem(`its title in ${said.locale} is empty`)
    const url = safeUrl(said.html_url, null)
    const updatedAt = said.updated_at ? new Date(said.updated_at) : null
    found.articles.push({
      key: given.id,
      locale: said.locale,
      title,
      section: given.section_id ? sectionOf(given.section_id, said.locale) : null,
      labels: given.label_names ?? [],
      url,
      audience: isRestricted ? 'staff' : 'everyone',
      parts: partsOf(said.body ?? '', url),
      updatedAt: updatedAt && !Number.isNaN(updatedAt.getTime()) ? updatedAt : null,
    })
  }
}
