import { z } from 'zod'
import { languageOf } from '../ticket/article.ts'
import { ArticleProblem } from './problem.ts'

const list = z.array(z.unknown()).nullish()

/** One answer of the Help Center API: a page of a list with what was asked for beside it, or a single article. */
const page = z.looseObject({
  articles: list,
  article: z.looseObject({}).nullish(),
  sections: list,
  categories: list,
  translations: list,
  page: z.number().nullish(),
  page_count: z.number().nullish(),
  meta: z.looseObject({ has_more: z.boolean().nullish() }).nullish(),
})

/** A file of an export as it was read. */
export interface ExportFile {
  file: string
  json: unknown
}

export interface Pages {
  articles: { file: string; given: unknown }[]
  sections: unknown[]
  translations: unknown[]
}

/**
 * What a file of an export has: it is a page, a list of pages, or a bare list of articles. Throws when it is none of these.
 */
export function pagesOf({ file, json }: ExportFile): Pages {
  const all = Array.isArray(json) ? json : [json]
  const isBare = all.length > 0 && all.every((one) => typeof one === 'object' && one !== null && 'id' in one)
  const read = z.array(page).safeParse(isBare ? [{ articles: all }] : all)
  const pages = read.data ?? []
  const isPage = ({ articles, article, sections, categories, translations }: z.infer<typeof page>) =>
    articles ?? article ?? sections ?? categories ?? translations
  if (!pages.every(isPage) || pages.length !== all.length)
    throw new ArticleProblem('it is no export of a Zendesk Help Center: there is no list called articles')
  return {
    articles: pages
      .flatMap((one) => [...(one.articles ?? []), one.article ?? []].flat())
      .map((given) => ({ file, given })),
    sections: pages.flatMap(({ sections }) => sections ?? []),
    translations: pages.flatMap(({ translations }) => translations ?? []),
  }
}

/** Which pages of the lists in these files are not there: what is on them is not gone. */
export function missingPages(files: ExportFile[]): { file: string; why: string }[] {
  const pages = files.flatMap(({ file, json }) =>
    (Array.isArray(json) ? json : [json]).flatMap((one) => {
      const read = page.safeParse(one)
      return read.success && read.data.articles ? [{ file, ...read.data }] : []
    }),
  )
  const last = pages.at(-1)
  if (!last) return []
  const there = new Set(pages.map(({ page }) => page))
  const most = Math.max(...pages.map(({ page_count }) => page_count ?? 0))
  const numbers = Array.from({ length: most }, (_, index) => index + 1).filter((number) => !there.has(number))
  const why = (which: string) => `${which} of the list of articles is missing: fetch it and name it as well`
  const numbered = numbers.map((number) => ({ file: last.file, why: why(`page ${number} of ${most}`) }))
  const goesOn =
    pages.some(({ meta }) => meta?.has_more === true) && !pages.some(({ meta }) => meta?.has_more === false)
  return goesOn ? [...numbered, { file: last.file, why: why('the page after this one') }] : numbered
}

const id = z.union([z.number(), z.string().min(1)]).transform(String)
const section = z.object({ id, name: z.string(), locale: z.string().nullish() })
const named = z.object({ source_id: id, source_type: z.string(), locale: z.string(), title: z.string() })

/** What a section is called in a locale: there, or else in its language. Null when that is not said. */
export function sectionNames(pages: Pages): (id: string, locale: string) => string | null {
  const names = new Map<string, string>()
  const add = (id: string, locale: string | null | undefined, name: string) => {
    const spoken = locale ? [locale.toLowerCase(), languageOf(locale)] : ['']
    for (const each of spoken) if (!names.has(`${id} ${each}`)) names.set(`${id} ${each}`, name)
  }
  for (const given of pages.sections) {
    const { data } = section.safeParse(given)
    if (data) add(data.id, data.locale, data.name)
  }
  for (const given of pages.translations) {
    const { data } = named.safeParse(given)
    if (data?.source_type.toLowerCase() === 'section') add(data.source_id, data.locale, data.title)
  }
  return (id, locale) =>
    [locale.toLowerCase(), languageOf(locale), ''].map((each) => names.get(`${id} ${each}`)).find(Boolean) ?? null
}
