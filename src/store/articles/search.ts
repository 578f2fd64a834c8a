import { type ArticleLine, folded, snippetOf, spelledWordsIn } from '../../ticket/article.ts'
import type { Database, Db } from '../database.ts'
import { configOf, languagesFor } from './language.ts'
import { type Term, termsOf } from './terms.ts'

export interface ArticleQuestion {
  /** What somebody typed, in whatever language. */
  text: string
  /** Of who asks: articles in their language come first, then English ones, others where there are neither. */
  locale: string | null
  limit: number
  /** How long the database may think about it, in ms. */
  timeoutMs: number
  /** Nobody looked for articles: only what most likely fits, because a wrong one is worse than none. */
  isUnasked?: boolean
}

/** An article that was found. `score`: how much of what was asked it is about, from 0 to 1. */
export type FoundArticle = ArticleLine & { score: number }

const MOST_SAID = 12
// Of each thing looked for, so that a word that half of all articles have costs no more than a rare one; and of all these
// together those that are weighed: reading the whole list of an article's words is what takes time.
const MOST_CANDIDATES = 40
const MOST_WEIGHED = 80
// What is said in passing tells less of what an article is about than its title and labels do.
const BODY_WEIGHT = 0.35
const EXCERPT = 3_000

// How much of what was asked an article must be about: measured with the questions of test/articles/questions.
const LEAST = { asked: 0.15, unasked: 0.31 }
// The same where a single word says so: more often than not it is there by chance.
const LEAST_ALONE = { asked: 0.15, unasked: 0.4 }
// What is this much worse than the best is not worth a look beside it.
const BESIDE_BEST = { asked: 0.25, unasked: 0.6 }

/**
 * Articles that may answer what somebody typed, best first. Forgiven: endings (by the language's stemmer), accents, case,
 * and a mistyped letter in a word that no article has. Rejects when the database takes longer than `timeoutMs`.
 */
export async function searchArticles(database: Database, question: ArticleQuestion): Promise<FoundArticle[]> {
  const { text, locale, limit, timeoutMs, isUnasked = false } = question
  if (text.trim() === '') return []
  return database.transaction(async (db) => {
    // What the planner cannot know, a bound gives: each part of the search reads a few rows by an index, never a table.
    const { rows } = await db.query<{ typos: boolean }>(
      `select set_config('statement_timeout', $1, true), set_config('enable_seqscan', 'off', true),
         case when to_regprocedure('similarity(text, text)') is not null
           then set_config('pg_trgm.similarity_threshold', '0.25', true) end is not null as typos`,
      [String(Math.max(1, Math.round(timeoutMs)))],
    )
    const own = languagesFor(locale)
    const ask = async (languages: string[]) => {
      const terms = await termsOf(db, languages, text, rows[0]!.typos)
      return foundIn(db, languages, terms, { text, limit, manner: isUnasked ? 'unasked' : 'asked' })
    }
    const found = await ask(own)
    if (found.length > 0) return found
    const there = await languagesThere(db)
    const others = there.filter((language) => !own.includes(language))
    const isMeant = !isUnasked || others.length === there.length
    return isMeant && others.length > 0 ? ask(others) : []
  })
}

/** Every language that there are articles in. */
async function languagesThere(db: Db): Promise<string[]> {
  // A loose index scan: as many steps as languages, however many words (wiki.postgresql.org/wiki/Loose_indexscan).
  const { rows } = await db.query<{ language: string }>(
    `with recursive there as (
       (select language from article_words order by language limit 1)
       union all
       select (select w.language from article_words w where w.language > there.language order by w.language limit 1)
       from there where there.language is not null
     ) select language from there where language is not null`,
  )
  return rows.map(({ language }) => language)
}

async function foundIn(
  db: Db,
  languages: string[],
  terms: Term[],
  { text, limit, manner }: { text: string; limit: number; manner: keyof typeof LEAST },
): Promise<FoundArticle[]> {
  const asked = languages.flatMap((language) => candidateQueries(terms.filter((term) => term.language === language)))
  if (asked.length === 0) return []
  const { rows } = await db.query(findSql, [
    terms.map(({ language }) => language),
    terms.map(({ language }) => configOf(language)),
    terms.map(({ query }) => query),
    terms.map(({ weight }) => weight),
    terms.map(({ trust }) => trust),
    terms.map(({ isFiller }) => isFiller),
    asked.map(({ language }) => language),
    asked.map(({ language }) => configOf(language)),
    asked.map(({ query }) => query),
    asked.map(({ weight }) => weight),
    languages,
    MOST_CANDIDATES,
    MOST_WEIGHED,
    BODY_WEIGHT,
    limit * 2,
    EXCERPT,
    LEAST[manner],
    LEAST_ALONE[manner],
    BESIDE_BEST[manner],
  ])
  const folds = spelledWordsIn(text, MOST_SAID).map(folded)
  const seen = new Set<number>()
  const best = rows.filter(({ id }) => !seen.has(id) && seen.add(id)).slice(0, limit)
  return best.map((row) => ({
    id: row.id,
    title: row.title,
    language: row.language,
    section: row.section,
    url: row.url,
    changedAt: row.changed_at,
    snippet: snippetOf(row.text, folds),
    score: row.score,
  }))
}

/**
 * Candidates by index, a bounded number for each thing asked; then each is weighed by how much of what was asked it is
 * about. An English article that is there in the reader's language is given in that.
 */
const findSql = `
with terms as materialized (
  select t.language, to_tsquery(t.config::regconfig, t.query) as query, t.weight, t.trust, t.filler,
    sum(t.weight) over (partition by t.language) as whole
  from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::float8[], $6::bool[])
    t (language, config, query, weight, trust, filler)
), asked as materialized (
  select a.language, to_tsquery(a.config::regconfig, a.query) as query, a.weight
  from unnest($7::text[], $8::text[], $9::text[], $10::float8[]) a (language, config, query, weight)
), candidates as materialized (
  select near.id, asked.language, sum(near.times * asked.weight) as promise from asked cross join lateral (
    (select id, 1 as times from articles where title_search @@ asked.query and removed_at is null
       and language = asked.language and audience = 'everyone' limit $12)
    union all
    (select id, $14::float8 from articles where search @@ asked.query and removed_at is null
       and language = asked.language and audience = 'everyone' limit $12)
  ) near
  group by near.id, asked.language
), promising as materialized (
  select id from (
    select id, row_number() over (partition by language order by promise desc, id) as place from candidates
  ) placed where place <= $13
), unpacked as materialized (
  -- Unpacked once each: as it is stored, every word asked for would unpack it again.
  select a.id, a.source, a.key, a.language, a.title_search, a.search || ''::tsvector as search
  from promising p join articles a on a.id = p.id
), weighed as (
  select a.id, a.source, a.key, a.language,
    sum(t.weight * t.trust * case when a.title_search @@ t.query then 1 else $14::float8 end) / max(t.whole) as score,
    count(*) filter (where not t.filler) as telling
  from unpacked a join terms t on t.language = a.language and a.search @@ t.query
  group by a.id, a.source, a.key, a.language having not bool_and(t.filler)
), fitting as (
  select w.*, max(score) over () as best from weighed w where score >= case when telling > 1 then $17::float8 else $18::float8 end
), shown as (
  select coalesce(own.id, f.id) as id, f.score, array_position($11::text[], coalesce(own.language, f.language)) as place
  from fitting f left join lateral (
    select id, language from articles own where own.source = f.source and own.key = f.key and own.removed_at is null
      and own.audience = 'everyone' and own.language = ($11::text[])[1] and f.language <> ($11::text[])[1] limit 1
  ) own on true
  where f.score >= f.best * $19
  order by place, f.score desc, f.id limit $15
)
select s.id, s.score, a.title, a.language, a.section, a.url, a.changed_at, left(a.text, $16) as text
from shown s join articles a on a.id = s.id order by s.place, s.score desc, s.id`

/** Each of the words that say most alone, and these together: what has both must not be cut off behind what has one. */
function candidateQueries(terms: Term[]): { language: string; query: string; weight: number }[] {
  const known = terms.filter(({ isKnown }) => isKnown).sort((a, b) => b.weight - a.weight)
  if (known.every(({ isFiller }) => isFiller)) return []
  const alone = known.slice(0, 5).map(({ language, query, weight }) => ({ language, query, weight }))
  const together = [2, 3].flatMap((count) => {
    const few = known.slice(0, count)
    if (few.length < count) return []
    const query = few.map(({ query }) => `(${query})`).join(' & ')
    return [{ language: few[0]!.language, query, weight: few.reduce((all, { weight }) => all + weight, 0) }]
  })
  return [...together, ...alone]
}
