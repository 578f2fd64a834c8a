/** An article that cannot be taken, and why: for the operator, named with its file. */
export class ArticleProblem extends Error {}

/** What reading came to: the articles, those their source no longer shows, and what could not be read. */
export interface ReadArticles<T> {
  articles: T[]
  /** Drafts: not shown to anybody, also when they were before. */
  unpublished: { key: string; locale: string }[]
  problems: { file: string; why: string }[]
}
