import { plainOf, type WrittenArticle } from '../../src/ticket/article.ts'

export const languages = ['en', 'es', 'pt']
const syllables = 'ba ce di fo gu la me ni po ru sa te vi zo cha pre tri con des mar'.split(' ')
const endings: Record<string, string[]> = {
  en: ['', 's', 'ing', 'ed'],
  es: ['ción', 'ar', 'ado', 'os'],
  pt: ['ção', 'ar', 'ado', 'as'],
}

/** Words as a language has them: a few in nearly every text, most of them in very few (Zipf). */
export class Vocabulary {
  private readonly random: () => number
  private readonly language: string

  constructor(language: string, random: () => number) {
    this.language = language
    this.random = random
  }

  /** The word with this rank, always the same. */
  word(rank: number): string {
    let [left, made] = [rank + 20, '']
    while (left > 0) {
      made += syllables[left % syllables.length]
      left = Math.floor(left / syllables.length)
    }
    return made + endings[this.language]![rank % 4]
  }

  any(): string {
    return this.word(Math.floor(20_000 ** this.random()) - 1)
  }

  text(count: number): string {
    return Array.from({ length: count }, () => this.any()).join(' ')
  }

  /** What somebody types: words of an article's title and some others, one of them misspelt. */
  question(title: string): string {
    const own = title.split(' ').slice(0, 3)
    const slip = own[0]!
    own[0] = slip.length > 5 ? `${slip.slice(0, 3)}${slip.slice(4)}` : slip
    return [...own, this.any(), this.any(), this.any()].join(' ')
  }
}

/** `count` articles of about 300 words each, in three languages by turns. */
export function manyArticles(count: number, from: number, random: () => number): WrittenArticle[] {
  const words = languages.map((language) => new Vocabulary(language, random))
  return Array.from({ length: count }, (_, index) => {
    const which = index % languages.length
    const paragraphs = Array.from({ length: 6 }, () => `${words[which]!.text(50)}.`)
    return {
      key: `many-${from + index}`,
      locale: languages[which]!,
      title: words[which]!.text(6),
      section: null,
      labels: [],
      url: null,
      audience: 'everyone' as const,
      parts: paragraphs.map((text) => ({ kind: 'paragraph' as const, spans: [{ text }] })),
      updatedAt: null,
    }
  })
}

/**
 * For a question about one of `articles`: whether weighing every one of them by its words, spelt right, puts it among the
 * first three. No search can find more of what is asked than that: the other words point elsewhere.
 */
export function findable(articles: WrittenArticle[]): (question: string, about: WrittenArticle) => boolean {
  const texts = articles.map((article) => {
    const title = article.title.split(' ')
    return { article, title: new Set(title), all: new Set([...title, ...plainOf(article.parts).split(/[\s.]+/)]) }
  })
  const counts = new Map<string, number>()
  for (const { all, article } of texts)
    for (const word of all) counts.set(`${article.locale} ${word}`, (counts.get(`${article.locale} ${word}`) ?? 0) + 1)
  return (question, about) => {
    const same = texts.filter(({ article }) => article.locale === about.locale)
    const words = [about.title.split(' ')[0]!, ...question.split(' ').slice(1)]
    const rarity = (word: string) => Math.log(1 + same.length / (counts.get(`${about.locale} ${word}`) ?? Infinity))
    const weight = ({ title, all }: (typeof texts)[number]) =>
      words.reduce((sum, word) => sum + (title.has(word) ? 3 : all.has(word) ? 1 : 0) * rarity(word), 0)
    const own = weight(texts.find(({ article }) => article === about)!)
    return same.filter((one) => weight(one) > own).length < 3
  }
}
