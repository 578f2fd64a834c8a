import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { readableArticle } from '../store/articles/articles.ts'
import { follow, followedArticles, isFollowing, unfollow } from '../store/articles/follows.ts'
import { type FoundArticle, searchArticles } from '../store/articles/search.ts'
import { deflect, deflectionOf, recordUse, resume } from '../store/articles/uses.ts'
import type { Database, Tx } from '../store/database.ts'
import { bringTalk, type Draft, draftOf, unfinishedDraft } from '../store/drafts.ts'
import { insertEffect } from '../store/outbox.ts'
import type { SlackUser } from '../store/people.ts'
import type { Article, ArticleLine } from '../ticket/article.ts'
import type { Person } from '../ticket/in-full.ts'
import { type Effect, slotKey } from '../ticket/policies/effect.ts'

type Reader = Pick<Person, 'id' | 'locale'>

/** Where somebody meets an article: while they fill in a draft, or while they look around. */
export type Meeting = { draftId: string } | null

/** Help before a ticket: what articles there are for somebody, and what became of showing them. */
export interface ArticleDesk {
  /** Up to three articles that may settle what somebody typed. Quick or none: never rejects, never takes long (TEC-04). */
  suggest(reader: Reader, draftId: string, text: string): Promise<FoundArticle[]>
  /** The same for somebody who fills in nothing yet. */
  likely(reader: Reader, text: string): Promise<FoundArticle[]>
  /** What somebody looks for among the articles; null when the database does not answer in time. */
  search(reader: Reader, text: string): Promise<FoundArticle[] | null>
  /** The article to be read, and whether its reader follows it; null when there is none (for them). */
  read(reader: Reader, articleId: number, meeting: Meeting): Promise<{ article: Article; isFollowed: boolean } | null>
  /** Follows an article or no longer; shows it in the App Home and, given its import, in the message with the news. */
  setFollowed(reader: Reader, articleId: number, isFollowed: boolean, importId: number | null): Promise<void>
  /** What somebody follows, last changed first. */
  followed(reader: Reader, limit: number): Promise<ArticleLine[]>
  /**
   * The article settled the wish: the draft ends without a ticket, counted once however often it is said. Answers with
   * the number of the ticket when the draft had been sent before, 'gone' when there is no such draft or article.
   */
  solved(reader: Reader, user: SlackUser, draftId: string, articleId: number, words: string): Promise<Solved>
  /**
   * It settled nothing after all: the draft is there again, or the other one that its author began meanwhile. Null when
   * nothing had been settled, or this was said before.
   */
  goOn(reader: Reader, user: SlackUser, draftId: string): Promise<Draft | null>
}

export type Solved = { kind: 'solved'; title: string } | { kind: 'sent'; ticketId: number } | { kind: 'gone' }

interface ArticleDeskParts {
  database: Database
  clock: Clock
  queue: { wakeLane(tx: Tx, lane: string): Promise<void> }
  log: { warn(fields: object, message: string): void }
  /** How long a page waits for suggestions, in ms. */
  patienceMs?: number
}

// A page must not come more than 300 ms later for them (TEC-04).
const PATIENCE_MS = 250
const SEARCH_MS = 2_000
const SUGGESTED = 3
const RESULTS = 10

export function createArticleDesk(parts: ArticleDeskParts): ArticleDesk {
  const { database, clock, queue, log, patienceMs = PATIENCE_MS } = parts

  const found = (reader: Reader, text: string, limit: number, timeoutMs: number, isUnasked: boolean) =>
    searchArticles(database, { text, locale: reader.locale, limit, timeoutMs, isUnasked })

  /** What nobody waits for: null when it comes too late, nothing when it fails. */
  const inTime = async (work: Promise<FoundArticle[]>): Promise<FoundArticle[] | null> => {
    const running = work.catch((error) => {
      log.warn({ err: error }, 'no articles were suggested')
      return []
    })
    const answer = await within(running, patienceMs)
    return answer === 'late' ? null : answer
  }

  return {
    suggest: async (reader, draftId, text) => {
      let isLate = false
      const work = async () => {
        const articles = await found(reader, text, SUGGESTED, patienceMs, true)
        const use = {
          articleIds: articles.map(({ id }) => id),
          occasion: occasionOf({ draftId }),
          contactId: reader.id,
        }
        // What comes too late is not shown, so it was not offered.
        if (!isLate && articles.length > 0) await recordUse(database, 'offered', use, clock.now())
        return articles
      }
      const answer = await inTime(work())
      isLate = answer === null
      return answer ?? []
    },
    likely: async (reader, text) => (await inTime(found(reader, text, SUGGESTED, patienceMs, true))) ?? [],
    search: async (reader, text) => {
      const running = found(reader, text, RESULTS, SEARCH_MS, false).catch((error) => {
        log.warn({ err: error }, 'articles could not be searched')
        return null
      })
      const answer = await within(running, SEARCH_MS)
      return answer === 'late' ? null : answer
    },
    read: async (reader, articleId, meeting) => {
      const article = await readableArticle(database, articleId)
      if (!article) return null
      const occasion = occasionOf(meeting ?? { contactId: reader.id, at: clock.now() })
      await recordUse(database, 'read', { articleIds: [articleId], occasion, contactId: reader.id }, clock.now())
      return { article, isFollowed: await isFollowing(database, reader.id, articleId) }
    },
    setFollowed: (reader, articleId, isFollowed, importId) =>
      database.transaction(async (tx) => {
        await (isFollowed ? follow(tx, reader.id, articleId, clock.now()) : unfollow(tx, reader.id, articleId))
        await show(tx, `home:${reader.id}`, { kind: 'post', slot: { place: 'home', contactId: reader.id } })
        const news = { place: 'article-news', contactId: reader.id, importId: importId ?? 0 } as const
        if (importId !== null) await show(tx, `dm:${reader.id}`, { kind: 'post', slot: news })
      }),
    followed: async (reader, limit) => (await followedArticles(database, reader.id, limit)).articles,
    solved: (reader, user, draftId, articleId, words) =>
      database.transaction(async (tx): Promise<Solved> => {
        const article = await readableArticle(tx, articleId)
        if (!article) return { kind: 'gone' }
        const draft = await draftOf(tx, user, draftId)
        if (draft?.ticketId != null) return { kind: 'sent', ticketId: draft.ticketId }
        if (draft) {
          const { page, answers, formVersion } = draft
          const { id: contactId, locale } = reader
          const begun = { page, answers, formVersion, requesterId: draft.requester?.id ?? null }
          const along = { talkId: draft.talk?.id ?? null }
          const ended = { draftId, articleId, contactId, words, locale, ...begun, ...along }
          // Sent at this very moment by another device of theirs: then nothing was settled.
          const sent = (await deflect(tx, ended, clock.now())) ? null : await draftOf(tx, user, draftId)
          if (sent?.ticketId != null) return { kind: 'sent', ticketId: sent.ticketId }
        } else if (!(await deflectionOf(tx, reader.id, draftId))) return { kind: 'gone' }
        return { kind: 'solved', title: article.title }
      }),
    goOn: (reader, user, draftId) =>
      database.transaction(async (tx) => {
        const ended = await deflectionOf(tx, reader.id, draftId)
        if (!ended) return null
        const { page, answers, formVersion, requesterId, talkId } = ended
        const content = { id: draftId, page, answers, formVersion }
        const draft = await unfinishedDraft(tx, user, content, clock.now(), requesterId)
        await resume(tx, draftId, clock.now())
        if (draft.id !== draftId || talkId === null) return draft
        await bringTalk(tx, draftId, talkId)
        return draftOf(tx, user, draftId)
      }),
  }

  async function show(tx: Tx, lane: string, effect: Effect & { kind: 'post' }): Promise<void> {
    // A message may be edited any number of times, so each edit has a name of its own.
    const key = `${slotKey(null, effect.slot)}/followed/${randomUUID()}`
    if (await insertEffect(tx, { key, ticketId: null, eventId: null, lane, effect, messageId: null }))
      await queue.wakeLane(tx, lane)
  }
}

/** What counts as one: a draft, however often its pages are shown; or a person's day, however often they look. */
function occasionOf(what: { draftId: string } | { contactId: number; at: Date }): string {
  return 'draftId' in what
    ? `draft/${what.draftId}`
    : `search/${what.contactId}/${what.at.toISOString().slice(0, 'yyyy-mm-dd'.length)}`
}

async function within<T>(work: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
