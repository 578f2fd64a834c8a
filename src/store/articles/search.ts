import { type ArticleLine, folded, lettersApart, snippetOf, spelledWordsIn } from '../../ticket/article.ts'
import type { Database, Db } from '../database.ts'
import { configOf, languagesFor } from './language.ts'

export interface ArticleQuestion {
  /** What somebody typed, in whatever language. */
  text: string
  /** Of who asks: articles in their language come first, then English ones, others where there are neither. */
  locale: string | null
  limit: number
  /** How long the database may think about it, in ms. */
  timeoutMs: number
}

/** An article that was found. `score` says how well it fits, compared with others of the same answer. */
export type FoundArticle = ArticleLine & { score: number }

const MOST_WORDS = 12
const MOST_CORRECTED = 4
// Of each thing looked for, so that a word that half of all articles have costs no more than a rare one; and of all these
// together those that are weighed: reading the whole list of an article's words is what takes time.
const MOST_CANDIDATES = 40
const MOST_WEIGHED = 80
const TITLE_WEIGHT = 3
const EXCERPT = 3_000

/**
 * Articles that may answer what somebody typed, best first. Forgiven: endings (by the language's stemmer), accents, case,
 * and a mistyped letter in a word that no article has. Rejects when the database takes longer than `timeoutMs`.
 */
export async function searchArticles(database: Database, question: ArticleQuestion): Promise<FoundArticle[]> {
  const words = spelledWordsIn(question.text, MOST_WORDS)
  if (words.length === 0) return []
  return database.transaction(async (db) => {
    // What the planner cannot know, a bound gives: each part of the search reads a few rows by an index, never a table.
    const { rows } = await db.query<{ typos: boolean }>(
      `select set_config('statement_timeout', $1, true), set_config('enable_seqscan', 'off', true),
         case when to_regprocedure('similarity(text, text)') is not null
           then set_config('pg_trgm.similarity_threshold', '0.25', true) end is not null as typos`,
      [String(Math.max(1, Math.round(question.timeoutMs)))],
    )
    const { limit, locale } = question
    const own = languagesFor(locale)
    const ask = (languages: string[]) => foundIn(db, languages, words, { limit, forgives: rows[0]!.typos })
    const found = await ask(own)
    if (found.length > 0) return found
    const others = (await languagesThere(db)).filter((language) => !own.includes(language))
    return others.length > 0 ? ask(others) : []
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

/** What one word is looked for as in one language. */
interface Term {
  language: string
  /** The word with and without its accents, and words it may be a slip of: any of them, for to_tsquery. */
  query: string
  /** The rarer, the more it says. */
  weight: number
  /** Whether some article has the word, or one so near that it is taken for it. */
  isKnown: boolean
}

async function foundIn(
  db: Db,
  languages: string[],
  words: string[],
  options: { limit: number; forgives: boolean },
): Promise<FoundArticle[]> {
  const terms = await termsOf(db, languages, words, options.forgives)
  if (terms.length === 0) return []
  const asked = languages.flatMap((language) => candidateQueries(terms.filter((term) => term.language === language)))
  const { rows } = await db.query(findSql, [
    terms.map(({ language }) => language),
    terms.map(({ language }) => configOf(language)),
    terms.map(({ query }) => query),
    terms.map(({ weight }) => weight),
    asked.map(({ language }) => language),
    asked.map(({ language }) => configOf(language)),
    asked.map(({ query }) => query),
    asked.map(({ weight }) => weight),
    languages,
    MOST_CANDIDATES,
    MOST_WEIGHED,
    TITLE_WEIGHT,
    options.limit * 2,
    EXCERPT,
    LEAST_SCORE,
  ])
  const folds = words.map(folded)
  const seen = new Set<number>()
  const best = rows.filter(({ id }) => !seen.has(id) && seen.add(id)).slice(0, options.limit)
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

// What an article must reach to be worth somebody's look: one rare word in it, or a common one in its title.
const LEAST_SCORE = 1.2

/**
 * Candidates by index, a bounded number for each thing asked; then each is weighed by how rare the words are that it has
 * and whether its title has them. An English article that is there in the reader's language is given in that.
 */
const findSql = `
with terms as materialized (
  select t.language, to_tsquery(t.config::regconfig, t.query) as query, t.weight
  from unnest($1::text[], $2::text[], $3::text[], $4::float8[]) t (language, config, query, weight)
), asked as materialized (
  select a.language, to_tsquery(a.config::regconfig, a.query) as query, a.weight
  from unnest($5::text[], $6::text[], $7::text[], $8::float8[]) a (language, config, query, weight)
), candidates as materialized (
  select near.id, asked.language, sum(near.times * asked.weight) as promise from asked cross join lateral (
    (select id, $12::float8 as times from articles where title_search @@ asked.query and removed_at is null
       and language = asked.language and audience = 'everyone' limit $10)
    union all
    (select id, 1 from articles where search @@ asked.query and removed_at is null
       and language = asked.language and audience = 'everyone' limit $10)
  ) near where numnode(asked.query) > 0
  group by near.id, asked.language
), promising as materialized (
  select id from (
    select id, row_number() over (partition by language order by promise desc, id) as place from candidates
  ) placed where place <= $11
), unpacked as materialized (
  -- Unpacked once each: as it is stored, every word asked for would unpack it again.
  select a.id, a.source, a.key, a.language, a.title_search, a.search || ''::tsvector as search
  from promising p join articles a on a.id = p.id
), weighed as (
  select a.id, a.source, a.key, a.language,
    sum(t.weight * case when a.title_search @@ t.query then $12::float8 else 1 end) as score
  from unpacked a join terms t on t.language = a.language and numnode(t.query) > 0 and a.search @@ t.query
  group by a.id, a.source, a.key, a.language
), fitting as (
  select w.*, max(score) over () as best from weighed w where score >= $15
), shown as (
  select coalesce(own.id, f.id) as id, f.score, array_position($9::text[], coalesce(own.language, f.language)) as place
  from fitting f left join lateral (
    select id, language from articles own where own.source = f.source and own.key = f.key and own.removed_at is null
      and own.audience = 'everyone' and own.language = ($9::text[])[1] and f.language <> ($9::text[])[1] limit 1
  ) own on true
  where f.score >= f.best * 0.3
  order by place, f.score desc, f.id limit $13
)
select s.id, s.score, a.title, a.language, a.section, a.url, a.changed_at, left(a.text, $14) as text
from shown s join articles a on a.id = s.id order by s.place, s.score desc, s.id`

/** Each of the rarest words alone, and the rarest together: what has both must not be cut off behind what has one. */
function candidateQueries(terms: Term[]): { language: string; query: string; weight: number }[] {
  const rarest = [...terms].sort((a, b) => Number(b.isKnown) - Number(a.isKnown) || b.weight - a.weight)
  const alone = rarest.slice(0, 5).map(({ language, query, weight }) => ({ language, query, weight }))
  const together = [2, 3].flatMap((count) => {
    const few = rarest.slice(0, count)
    if (few.length < count) return []
    const query = few.map(({ query }) => `(${query})`).join(' & ')
    return [{ language: few[0]!.language, query, weight: few.reduce((all, { weight }) => all + weight, 0) }]
  })
  return [...together, ...alone]
}

async function termsOf(db: Db, languages: string[], words: string[], forgives: boolean): Promise<Term[]> {
  const folds = words.map(folded)
  const { rows } = await db.query<{ language: string; word: string; articles: number | null; total: number }>(
    `select l.language, w.word, v.articles,
       greatest((select reltuples from pg_class where oid = 'articles'::regclass),
         (select count(*) from (select from articles limit 1000) few))::float8 as total
     from unnest($1::text[]) l (language) cross join unnest($2::text[]) w (word)
     left join article_words v on v.language = l.language and v.word = w.word`,
    [languages, folds],
  )
  const misspelt = [...new Set(rows.filter(({ articles }) => articles === null).map(({ word }) => word))]
  const near = forgives ? await nearWords(db, languages, misspelt.filter(isCorrectable).slice(0, MOST_CORRECTED)) : []
  const most = Math.max(...rows.map(({ articles }) => articles ?? 0))
  return rows.map(({ language, word, articles, total }) => {
    const slips = near.filter((each) => each.language === language && each.word === word)
    const there = articles ?? Math.max(0, ...slips.map((slip) => slip.articles))
    const spellings = [words[folds.indexOf(word)]!, word, ...slips.map((slip) => slip.near)]
    return {
      language,
      query: [...new Set(spellings)].join(' | '),
      // What was only guessed says less than what was typed.
      weight: Math.log(1 + Math.max(total, most) / (1 + there)) * (slips.length > 0 ? 0.6 : 1),
      isKnown: articles !== null || slips.length > 0,
    }
  })
}

function isCorrectable(word: string): boolean {
  return word.length >= 4 && !/\d/.test(word)
}

/** Words of articles that each of `words` may be a slip of: one letter off, two in a long word. */
async function nearWords(
  db: Db,
  languages: string[],
  words: string[],
): Promise<{ language: string; word: string; near: string; articles: number }[]> {
  if (words.length === 0) return []
  const { rows } = await db.query<{ language: string; word: string; near: string; articles: number }>(
    `select l.language, w.word, n.word as near, n.articles
     from unnest($1::text[]) l (language) cross join unnest($2::text[]) w (word) cross join lateral (
       select word, articles from article_words where word % w.word and language = l.language
       order by similarity(word, w.word) desc limit 20) n`,
    [languages, words],
  )
  return rows.filter(({ word, near }) => isSlip(word, near))
}

/** In a short word the beginning must be right: "blank" is no slip of "bank". */
function isSlip(word: string, near: string): boolean {
  if (word.length < 6 && word.slice(0, 2) !== near.slice(0, 2)) return false
  return lettersApart(word, near) <= (word.length < 8 ? 1 : 2)
}
