import { folded, lettersApart, spelledWordsIn } from '../../ticket/article.ts'
import type { Db } from '../database.ts'
import { isFiller } from './filler.ts'
import { configOf } from './language.ts'
import { ALL, stemSql } from './word-counts.ts'

/** What one word is looked for as in one language, with its other endings and spellings. */
export interface Term {
  language: string
  /** The word with and without its accents, and words it may be a slip of: any of them, for to_tsquery. */
  query: string
  /** How much it says of what is asked: the rarer, the more. */
  weight: number
  /** How much of that an article with it has: less where the word was only guessed. */
  trust: number
  /** Whether some article has the word, or one so near that it is taken for it. */
  isKnown: boolean
  /** Whether people say it of whatever they ask for. */
  isFiller: boolean
}

const MOST_READ = 40
const MOST_TERMS = 12
const MOST_CORRECTED = 4
const FILLER_WEIGHT = 0.3
// A word that no article has may be a name, or what it is all about.
const UNKNOWN_ARTICLES = 0.5
const UNKNOWN_WEIGHT = 0.6
const GUESSED = 0.8

/** What `text` is looked for by in each of `languages`: no stop words, no numbers that no article has. */
export async function termsOf(db: Db, languages: string[], text: string, forgives: boolean): Promise<Term[]> {
  const words = spelledWordsIn(text, MOST_READ)
  const folds = words.map(folded)
  if (words.length === 0) return []
  const { rows } = await db.query<Found>(
    `select l.language, w.word, w.spelled, ${stemSql('l.config', 'w.word')} as stem, v.articles, n.articles as total
     from unnest($1::text[], $2::text[]) l (language, config) cross join unnest($3::text[], $4::text[]) w (word, spelled)
     left join article_words n on n.language = l.language and n.word = '${ALL}'
     left join lateral (select sum(articles)::int as articles from article_words v
       where v.language = l.language and v.stem = ${stemSql('l.config', 'w.word')}) v on true
     where to_tsvector(l.config::regconfig, w.spelled) <> '' and to_tsvector(l.config::regconfig, w.word) <> ''`,
    [languages, languages.map(configOf), folds, words],
  )
  const known = new Set(rows.filter(({ articles }) => articles !== null).map(({ word }) => word))
  const misspelt = folds.filter((word) => !known.has(word) && isCorrectable(word) && !isFiller(word, languages))
  const near = forgives ? await nearWords(db, languages, misspelt.slice(0, MOST_CORRECTED)) : []
  return languages.flatMap((language) => {
    const stems = new Map<string, Term>()
    for (const row of rows.filter((row) => row.language === language)) {
      const slips = near.filter((each) => each.language === language && each.word === row.word)
      const term = termOf(row, slips, isFiller(row.word, languages))
      // A number or a mere "urgent" that no article has tells nothing.
      const isIdle = !term.isKnown && (term.isFiller || /^\d+$/.test(row.word))
      if (!isIdle && !stems.has(row.stem)) stems.set(row.stem, term)
    }
    return [...stems.values()].sort((a, b) => b.weight - a.weight).slice(0, MOST_TERMS)
  })
}

interface Found {
  language: string
  word: string
  spelled: string
  stem: string
  articles: number | null
  total: number | null
}

function termOf({ language, word, spelled, articles, total }: Found, slips: Slip[], filler: boolean): Term {
  const isKnown = articles !== null || slips.length > 0
  const there = articles ?? Math.max(UNKNOWN_ARTICLES, ...slips.map((slip) => slip.articles))
  const rarity = Math.log(1 + Math.max(total ?? 0, there) / there)
  const spellings = [spelled, word, ...slips.map((slip) => slip.near)]
  return {
    language,
    query: [...new Set(spellings)].join(' | '),
    weight: rarity * (filler ? FILLER_WEIGHT : 1) * (articles === null ? UNKNOWN_WEIGHT : 1),
    trust: slips.length > 0 ? GUESSED : 1,
    isKnown,
    isFiller: filler,
  }
}

const SHORTEST_CORRECTED = 5

function isCorrectable(word: string): boolean {
  return word.length >= SHORTEST_CORRECTED && !/\d/.test(word)
}

interface Slip {
  language: string
  word: string
  near: string
  articles: number
}

/** Words of articles that each of `words` may be a slip of: one letter off, two in a long word. */
async function nearWords(db: Db, languages: string[], words: string[]): Promise<Slip[]> {
  if (words.length === 0) return []
  const { rows } = await db.query<Slip>(
    `select l.language, w.word, n.word as near, n.articles
     from unnest($1::text[]) l (language) cross join unnest($2::text[]) w (word) cross join lateral (
       select word, articles from article_words where word % w.word and language = l.language
       order by similarity(word, w.word) desc limit 20) n`,
    [languages, words],
  )
  return rows.filter(({ word, near }) => isSlip(word, near))
}

/**
 * In a short word the beginning must be right: "blank" is no slip of "bank". And one letter for another is one only where
 * people take these for each other: "shoes" is a word of its own, no slip of "shops".
 */
function isSlip(word: string, near: string): boolean {
  if (word.length < 6 && word.slice(0, 2) !== near.slice(0, 2)) return false
  if (word.length >= 8) return lettersApart(word, near) <= 2
  if (lettersApart(word, near) > 1) return false
  const others = [...word].flatMap((letter, at) => (letter === near[at] ? [] : [letter + near[at]]))
  return word.length !== near.length || others.length > 1 || others.every(areAlike)
}

/** Letters that sound alike or are both vowels. */
function areAlike(pair: string): boolean {
  return ['aeiouy', 'bv', 'csz', 'ckq', 'mn', 'gj', 'dt'].some((alike) => [...pair].every((one) => alike.includes(one)))
}
