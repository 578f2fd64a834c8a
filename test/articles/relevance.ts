import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { partsOf } from '../../src/articles/html.ts'
import { searchArticles } from '../../src/store/articles/search.ts'
import type { Database } from '../../src/store/database.ts'
import type { WrittenArticle } from '../../src/ticket/article.ts'
import { written } from './shelf.ts'

/** What somebody asks in their language, and the keys of the articles any of which would help: none where nothing does. */
export interface AskedQuestion {
  locale: string
  asks: string
  finds: string[]
}

export const locales = ['en', 'es', 'pt']

/** Some forty articles in each language, beside the sample ones. */
export async function corpus(): Promise<WrittenArticle[]> {
  const all = await Promise.all(
    locales.map(async (locale) => {
      const given: { key: string; title: string; labels: string[]; text: string }[] = parse(
        await read('corpus', locale),
      )
      return given.map(({ key, title, labels, text }) => {
        const html = text
          .trim()
          .split('\n')
          .map((line) => `<p>${line}</p>`)
        return written({ key, locale, title, labels: labels.map(String), parts: partsOf(html.join(''), null) })
      })
    }),
  )
  return all.flat()
}

export async function questions(): Promise<AskedQuestion[]> {
  const all = await Promise.all(
    locales.map(async (locale) => {
      const given: Omit<AskedQuestion, 'locale'>[] = parse(await read('questions', locale))
      return given.map((one) => ({ locale, ...one }))
    }),
  )
  return all.flat()
}

const read = (folder: string, locale: string) => readFile(new URL(`${folder}/${locale}.yaml`, import.meta.url), 'utf8')

/** A question and what was suggested for it, as keys, best first. */
export type Answered = AskedQuestion & { shown: string[] }

/** What the questionnaire would suggest for each question. */
export async function suggestedFor(database: Database, asked: AskedQuestion[]): Promise<Answered[]> {
  const { rows } = await database.query<{ id: number; key: string }>('select id, key from articles')
  const keys = new Map(rows.map(({ id, key }) => [id, key]))
  const answered: Answered[] = []
  for (const question of asked) {
    const { asks: text, locale } = question
    const found = await searchArticles(database, { text, locale, limit: 3, timeoutMs: 10_000, isUnasked: true })
    answered.push({ ...question, shown: found.map(({ id }) => keys.get(id)!) })
  }
  return answered
}

/** Shares from 0 to 1 of the questions of all languages or of one. */
export interface Relevance {
  /** Of the questions with an article: how often a right one is among those shown, and how often it comes first. */
  found: number
  first: number
  /** Of all that is shown to them: how much is right. */
  precision: number
  /** Of the questions without one: how often something is shown all the same. */
  misled: number
}

export function relevanceOf(answered: Answered[]): Relevance {
  const isRight =
    ({ finds }: Answered) =>
    (key: string | undefined) =>
      key !== undefined && finds.includes(key)
  const share = (of: Answered[], is: (one: Answered) => boolean) => of.filter(is).length / of.length
  const fit = answered.filter(({ finds }) => finds.length > 0)
  const right = fit.flatMap((one) => one.shown.filter(isRight(one))).length
  return {
    found: share(fit, (one) => one.shown.some(isRight(one))),
    first: share(fit, (one) => isRight(one)(one.shown[0])),
    precision: right / fit.flatMap(({ shown }) => shown).length,
    misled: share(
      answered.filter(({ finds }) => finds.length === 0),
      ({ shown }) => shown.length > 0,
    ),
  }
}
