import { z } from 'zod'
import type { WrittenArticle } from '../ticket/article.ts'
import { partsOf, safeUrl } from './html.ts'
import { isLocale } from './markdown.ts'
import { ArticleProblem, type ReadArticles } from './problem.ts'

const id = z.union([z.number(), z.string().min(1)]).transform(String)
const moment = z.string().nullish()

const translation = z.object({
  source_id: id.nullish(),
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

const section = z.object({ id, name: z.string() })

/** Pages of `/api/v2/help_center/articles.json`, one or a list of them, or the bare list of articles. */
const page = z.looseObject({
  articles: z.array(z.unknown()),
  sections: z.array(z.unknown()).nullish(),
  translations: z.array(z.unknown()).nullish(),
})

type Said = z.infer<typeof translation>

/**
 * The articles of a Zendesk Help Center export (developer.zendesk.com/api-reference/help_center/help-center-api/articles),
 * with the translations that were sideloaded. One that cannot be read is named; drafts are told apart, and what only a
 * user segment may read is kept from everybody outside.
 */
export function readZendesk(file: string, json: unknown): ReadArticles<WrittenArticle> {
  const pages = pagesOf(json)
  const sections = new Map<string, string>()
  const loose: Said[] = []
  for (const each of pages) {
    for (const given of each.sections ?? []) {
      const read = section.safeParse(given)
      if (read.success) sections.set(read.data.id, read.data.name)
    }
    for (const given of each.translations ?? []) {
      const read = translation.safeParse(given)
      if (read.success) loose.push(read.data)
    }
  }
  const found: ReadArticles<WrittenArticle> = { articles: [], unpublished: [], problems: [] }
  const all = pages.flatMap(({ articles }) => articles)
  all.forEach((given, index) => {
    try {
      const read = article.safeParse(given)
      if (!read.success) {
        const [issue] = read.error.issues
        throw new ArticleProblem(`${issue!.path.join('.') || 'it'} ${issue!.message}`)
      }
      take(read.data, loose, sections, found)
    } catch (error) {
      if (!(error instanceof ArticleProblem)) throw error
      const name = (given as { id?: unknown } | null)?.id ?? `number ${index + 1}`
      found.problems.push({ file, why: `article ${String(name)}: ${error.message}` })
    }
  })
  return found
}

function pagesOf(json: unknown): z.infer<typeof page>[] {
  const list = Array.isArray(json) ? json : [json]
  const isBare = list.length > 0 && list.every((one) => typeof one === 'object' && one !== null && 'id' in one)
  const read = z.array(page).safeParse(isBare ? [{ articles: list }] : list)
  if (!read.success)
    throw new ArticleProblem('it is no export of a Zendesk Help Center: there is no list called articles')
  return read.data
}

function take(
  given: z.infer<typeof article>,
  loose: Said[],
  sections: Map<string, string>,
  found: ReadArticles<WrittenArticle>,
): void {
  const nested = (given.translations ?? []).flatMap((one) => translation.safeParse(one).data ?? [])
  const others = [...nested, ...loose.filter(({ source_id }) => source_id === given.id)]
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
      section: given.section_id ? (sections.get(given.section_id) ?? null) : null,
      labels: given.label_names ?? [],
      url,
      audience: isRestricted ? 'staff' : 'everyone',
      parts: partsOf(said.body ?? '', url),
      updatedAt: updatedAt && !Number.isNaN(updatedAt.getTime()) ? updatedAt : null,
    })
  }
}
