import type { Tx } from '../database.ts'
import { configOf } from './language.ts'

/** In how many articles more, or fewer, words are after an import: gathered, then written once a word. */
export class WordCounts {
  private readonly changes = new Map<string, Map<string, number>>()

  /** One article more, or fewer, of a language, with these words. */
  add(language: string, words: string[], by: 1 | -1): void {
    const changes = this.changes.get(language) ?? new Map<string, number>()
    this.changes.set(language, changes)
    for (const word of [ALL, ...words]) changes.set(word, (changes.get(word) ?? 0) + by)
  }

  async save(tx: Tx): Promise<void> {
    for (const [language, all] of this.changes) {
      const changes = [...all].filter(([, by]) => by !== 0)
      await tx.query(
        `insert into article_words (language, word, stem, articles)
         select $1, word, ${stemSql('$4', 'word')}, by from unnest($2::text[], $3::int[]) w (word, by)
         on conflict (language, word) do update set articles = article_words.articles + excluded.articles`,
        [language, changes.map(([word]) => word), changes.map(([, by]) => by), configOf(language)],
      )
      const fewer = changes.filter(([, by]) => by < 0).map(([word]) => word)
      await tx.query('delete from article_words where language = $1 and word = any($2) and articles <= 0', [
        language,
        fewer,
      ])
    }
  }
}

/** The word under which it is counted how many articles a language has in all. */
export const ALL = ''

/** SQL for what is left of a folded word without its ending; the word itself where it is a stop word. */
export function stemSql(config: string, word: string): string {
  return `coalesce((tsvector_to_array(to_tsvector(${config}::regconfig, ${word})))[1], ${word})`
}
