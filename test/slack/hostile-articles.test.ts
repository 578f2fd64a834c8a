import { describe, expect, it, test } from 'vitest'
import { checkMessage } from '../../src/sandbox/slack/validate/messages.ts'
import { checkView } from '../../src/sandbox/slack/validate/views.ts'
import { oneLine, plain } from '../../src/slack/text.ts'
import {
  articleModal,
  LONGEST_WORDS,
  searchModal,
  settledModal,
  suggestionsModal,
} from '../../src/slack/views/articles/article-modals.ts'
import { articleText } from '../../src/slack/views/articles/article-text.ts'
import { newsView } from '../../src/slack/views/articles/news.ts'
import { articlesAnswer } from '../../src/slack/views/command-answers.ts'
import { followedSection } from '../../src/slack/views/home/followed.ts'
import type { HomeData } from '../../src/slack/views/home/section.ts'
import type { Article, ArticlePart } from '../../src/ticket/article.ts'
import { around, liveSequences, seeds } from './hostile-strings.ts'
import { clientContext, solvedAt } from './tickets.ts'

const ctx = { ...clientContext(), language: 'en' }
const buttons = { continue: 'Continue', back: 'Back', close: 'Close' }
const url = 'https://desk.example/a'
const draft = { draft: '00000000-0000-4000-8000-000000000000', page: 'technical_b' }

function articleOf(said: string, id = 1): Article & { snippet: string } {
  const spans = [{ text: said }, { text: said, bold: true as const }, { text: said, url }].filter(({ text }) => text)
  const parts: ArticlePart[] = [
    { kind: 'heading', spans },
    { kind: 'paragraph', spans },
    { kind: 'quote', spans },
    { kind: 'item', isOrdered: true, level: 0, number: 1, spans },
    { kind: 'item', isOrdered: false, level: 12, number: 1, spans },
    { kind: 'item', isOrdered: true, level: 0, number: 2, spans },
    { kind: 'code', text: said },
  ]
  return { id, title: said || 'x', language: 'es', section: said, url, changedAt: solvedAt, snippet: said, parts }
}

function* everyView(said: string): Generator<object & { type?: string; text?: unknown }> {
  const article = articleOf(said)
  // As the listener takes what was typed.
  const asked = plain(oneLine(said), LONGEST_WORDS)
  const articles = [1, 2, 3].map((id) => articleOf(said, id))
  yield suggestionsModal({ articles, meta: draft, buttons, ctx })
  for (const way of [
    { way: 'draft', ...draft } as const,
    { way: 'search', words: asked } as const,
    { way: 'list' } as const,
  ])
    yield articleModal({ article, isFollowed: false, way, buttons, ctx })
  yield searchModal({ asked, found: articles, followed: [], ctx })
  yield searchModal({ asked, found: [], followed: [], ctx })
  yield searchModal({ asked: '', found: [], followed: articles, ctx })
  yield articlesAnswer({ articles, search: said, about: said, ctx })
  yield settledModal({ title: said, draftId: draft.draft, ctx })
  yield newsView(
    articles.map((one) => ({ ...one, isFollowed: true })),
    1,
    ctx,
  )
  const blocks = followedSection({ followed: { articles, total: 9 } } as unknown as HomeData, ctx)
  yield { type: 'home', blocks } as object
}

describe('ART-01, KBS-01: what stands in an article', () => {
  it.each(seeds.map((seed) => [JSON.stringify(seed.slice(0, 60)), seed]))(
    'as %s makes no view that Slack refuses, and nothing in it that notifies, links or misleads',
    (_, seed) => {
      for (const said of around(seed))
        for (const view of everyView(said)) {
          try {
            if ('type' in view) checkView(view, view.type as 'modal' | 'home')
            else checkMessage({ ...view })
          } catch (cause) {
            throw new Error(
              `with ${JSON.stringify(said.slice(0, 90))}: ${JSON.stringify(cause)} in ${JSON.stringify(view).slice(0, 600)}`,
              { cause },
            )
          }
          expect(liveSequences(view)).toEqual([])
        }
    },
  )
})

test('KBS-01: of an article that is nothing but a film it is said that its page shows it', () => {
  const film = { ...articleOf('x'), parts: [] }
  const shown = (article: Article) =>
    articleModal({ article, isFollowed: false, way: { way: 'list' }, buttons, ctx }).blocks.map(
      ({ block_id }) => block_id,
    )
  expect(shown(film)).toContain('article.cut')
  expect(shown({ ...film, url: null })).not.toContain('article.cut')
})

test('KBS-01: of an article of 100 KB and a thousand parts as much is shown as a view may hold, and that it goes on', () => {
  const long: ArticlePart[] = [{ kind: 'paragraph', spans: [{ text: 'word '.repeat(20_000) }] }]
  const many: ArticlePart[] = Array.from({ length: 1000 }, (_, n) => ({
    kind: 'heading',
    spans: [{ text: `Part ${n}` }],
  }))
  for (const parts of [long, many]) {
    const view = articleModal({
      article: { ...articleOf('x'), parts },
      isFollowed: true,
      way: { way: 'list' },
      buttons,
      ctx,
    })
    checkView(view, 'modal')
    expect(JSON.stringify(view).length).toBeLessThan(100_000)
    expect(view.blocks.map(({ block_id }) => block_id)).toContain('article.cut')
    expect(articleText(parts).isCut).toBe(true)
  }
  expect(articleText(articleOf('short').parts).isCut).toBe(false)
})
