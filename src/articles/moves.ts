import { contentHashOf, type KnownArticle } from '../store/articles/articles.ts'
import { languageOf, type WrittenArticle, wordsIn } from '../ticket/article.ts'

/** An article that has another key or locale than before and is the same one: who follows it goes on following it. */
export interface Move {
  from: KnownArticle
  to: WrittenArticle
}

/**
 * Which of the articles that came are those that went: the same key in another locale of its language, or in the same
 * language the same words, or the same title. Only where each has one counterpart: otherwise they are others.
 */
export function movesOf(came: WrittenArticle[], went: KnownArticle[]): Move[] {
  const moves: Move[] = []
  const ways: [(one: WrittenArticle) => string, (one: KnownArticle) => string][] = [
    [({ key }) => key, ({ key }) => key],
    [(one) => contentHashOf(one).toString('hex'), ({ contentHash }) => contentHash.toString('hex')],
    [({ title }) => wordsIn(title).join(' '), ({ title }) => wordsIn(title).join(' ')],
  ]
  for (const [ofNew, ofOld] of ways) {
    const news = onlyOnes(
      came.filter((one) => !moves.some(({ to }) => to === one)),
      (one) => `${languageOf(one.locale)} ${ofNew(one)}`,
    )
    const olds = onlyOnes(
      went.filter((one) => !moves.some(({ from }) => from === one)),
      (one) => `${one.language} ${ofOld(one)}`,
    )
    for (const [name, to] of news) {
      const from = olds.get(name)
      if (from) moves.push({ from, to })
    }
  }
  return moves
}

/** Those whose name is theirs alone, by that name. */
function onlyOnes<T>(all: T[], nameOf: (one: T) => string): Map<string, T> {
  const named = Map.groupBy(all, nameOf)
  return new Map([...named].flatMap(([name, [one, ...others]]) => (one && others.length === 0 ? [[name, one]] : [])))
}
