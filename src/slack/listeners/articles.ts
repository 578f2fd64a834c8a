import type { BlockAction, ButtonAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { type Draft, draftOf } from '../../store/drafts.ts'
import type { SlackUser } from '../../store/people.ts'
import type { Person } from '../../ticket/in-full.ts'
import { ackAfter } from '../in-time.ts'
import { explain, type Listening, tellPresser, userOf } from '../listening.ts'
import { answerSubmission, changeModal, type ModalAnswer, openModal } from '../modal-answer.ts'
import { formButtons, suggestionsAgain, typedSubject } from '../suggestions.ts'
import { oneLine, plain } from '../text.ts'
import {
  type ArticleWay,
  articleModal,
  LONGEST_WORDS,
  readWay,
  searchModal,
  settledModal,
} from '../views/articles/article-modals.ts'
import { at } from '../views/form-state.ts'
import { loadingModal, problemModal, sentModal } from '../views/small-modals.ts'
import { withProblem } from '../views/with-problem.ts'
import { currentPage } from './questionnaire.ts'
import { inTodaysForm } from './questionnaire-draft.ts'
import { pageOf } from './questionnaire-page.ts'

const pressed = z.object({ article: z.int(), import: z.int().optional() })
const looked = z.object({ words: z.string() })
const ended = z.object({ draft: z.uuid() })

type Pressed = { user: SlackUser; person: Person; way: ArticleWay; articleId: number; importId: number | null }

const FOLLOWED_SHOWN = 20

/** Help articles: offered in the questionnaire, looked for from the App Home, read, followed, and what they settled. */
export function register(listening: Listening): void {
  const { app, client, database, render, who, articles } = listening
  const latelyOf = (body: Parameters<typeof userOf>[0]) => render.requesterContext(who.lately(userOf(body)))
  const loadingFor = (body: Parameters<typeof userOf>[0]) => loadingModal({ ctx: latelyOf(body) })

  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: 'home.articles' },
    async ({ ack, body, action }) => {
      await ack()
      // A Home that was drawn before the button carried words has none.
      const { data } = looked.safeParse(JSON.parse(action.value ?? '{}'))
      await openArticleSearch(listening, userOf(body), body.trigger_id, data?.words)
    },
  )
  app.view('articles.search', async ({ ack, body, view }) => {
    const asked = plain(oneLine(String(at(at(at(view.state.values, 'words'), 'words'), 'value') ?? '')), LONGEST_WORDS)
    const work = async (): Promise<ModalAnswer> => {
      const person = await who.contact(userOf(body))
      const { words } = render.requesterContext(person)
      return asked
        ? { kind: 'show', view: await searchFor(listening, person, asked) }
        : refused(words('articles.search.empty'))
    }
    const refused = (text: string): ModalAnswer => {
      return { kind: 'errors', errors: { words: text }, again: withProblem(view as unknown as ModalView, text) }
    }
    const answer = work().catch((error) => refused(explain(listening, error, who.lately(userOf(body)))))
    await answerSubmission(ack, client, view.id, answer, { loading: loadingFor(body), done: loadingFor(body) })
  })

  // Continue, which is there whatever was shown or read before it (TEC-04).
  app.view('articles.page', async ({ ack, body, view }) => {
    const work = goOn(listening, userOf(body), readWay(view.private_metadata)).catch((error) =>
      withProblem(view as unknown as ModalView, explain(listening, error, who.lately(userOf(body)))),
    )
    const answer = work.then((shown): ModalAnswer => ({ kind: 'show', view: shown }))
    await answerSubmission(ack, client, view.id, answer, { loading: loadingFor(body), done: loadingFor(body) })
  })

  /** A button of an article: in an open modal it changes what that shows, elsewhere it opens one. */
  const onPress = (actionId: string, show: (press: Pressed) => Promise<ModalView | null>) => {
    app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, body, action }) => {
        const opened = body.view?.type === 'modal' ? body.view : undefined
        const work = async () => {
          let person: Person | null = null
          try {
            person = await who.contact(userOf(body))
            const { article, import: importId } = pressed.parse(JSON.parse(action.value ?? '{}'))
            const way = readWay(opened?.private_metadata)
            const view = await show({ user: userOf(body), person, way, articleId: article, importId: importId ?? null })
            return view ?? problem(render.requesterContext(person).words('articles.gone'))
          } catch (error) {
            return problem(explain(listening, error, person))
          }
        }
        const problem = (text: string) =>
          opened ? withProblem(opened as unknown as ModalView, text) : problemModal({ text, ctx: latelyOf(body) })
        const content = work()
        if (opened) {
          await Promise.all([ackAfter(ack, content), changeModal(client, opened, content, loadingFor(body))])
          return
        }
        await ack()
        await openModal(client, body.trigger_id, content, loadingFor(body))
      },
    )
  }
  onPress('article.read', (press) => articleFor(listening, press))
  onPress('article.solved', async ({ user, person, way, articleId }) => {
    if (way.way !== 'draft') return null
    const ctx = render.requesterContext(person)
    const draft = await draftOf(database, user, way.draft)
    const words = draft ? typedSubject(listening, draft.answers) : ''
    const solved = await articles.solved(person, user, way.draft, articleId, words)
    if (solved.kind === 'sent') return sentModal({ number: solved.ticketId, ctx })
    if (solved.kind === 'gone') return null
    return settledModal({ title: solved.title, draftId: way.draft, ctx })
  })

  const onFollow = (actionId: string, isFollowed: boolean) => {
    const act = async (press: Pressed) => {
      await articles.setFollowed(press.person, press.articleId, isFollowed, press.importId)
      return articleFor(listening, press)
    }
    app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, body, action }) => {
        const user = userOf(body)
        const opened = body.view?.type === 'modal' ? body.view : undefined
        let person: Person | null = null
        const work = async (): Promise<ModalView | string> => {
          person = await who.contact(user)
          const { article, import: importId } = pressed.parse(JSON.parse(action.value ?? '{}'))
          const way = readWay(opened?.private_metadata)
          const view = await act({ user, person, way, articleId: article, importId: importId ?? null })
          const { words } = render.requesterContext(person)
          if (!view) return words('articles.gone')
          return opened ? view : words(isFollowed ? 'articles.followed-now' : 'articles.unfollowed-now')
        }
        const done = work().catch((error) => explain(listening, error, person))
        await ackAfter(ack, done)
        const shown = await done
        if (!opened) return tellPresser(listening, body, String(shown))
        const view = typeof shown === 'string' ? withProblem(opened as unknown as ModalView, shown) : shown
        await changeModal(client, opened, Promise.resolve(view), loadingFor(body))
      },
    )
  }
  onFollow('article.follow', true)
  onFollow('article.unfollow', false)

  /** A link that Slack opens by itself; whoever follows it reads the article. */
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: 'article.page' },
    async ({ ack, body, action }) => {
      const read = async () => {
        const { article } = pressed.parse(JSON.parse(action.value ?? '{}'))
        await articles.read(await who.contact(userOf(body)), article, meetingOf(readWay(body.view?.private_metadata)))
      }
      await ackAfter(ack, read())
    },
  )

  const onModalPress = (
    actionId: string,
    show: (user: SlackUser, body: BlockAction<ButtonAction>) => Promise<ModalView>,
  ) => {
    app.action<BlockAction<ButtonAction>>({ type: 'block_actions', action_id: actionId }, async ({ ack, body }) => {
      const opened = body.view
      if (!opened) return ack()
      const work = show(userOf(body), body).catch((error) =>
        withProblem(opened as unknown as ModalView, explain(listening, error, who.lately(userOf(body)))),
      )
      await Promise.all([ackAfter(ack, work), changeModal(client, opened, work, loadingFor(body))])
    })
  }
  onModalPress('article.back', async (user, body) => {
    const way = readWay(body.view?.private_metadata)
    const person = await who.contact(user)
    if (way.way === 'search') return searchFor(listening, person, way.words)
    const draft = way.way === 'draft' ? await draftOf(database, user, way.draft) : null
    const again =
      draft && way.way === 'draft' && draft.ticketId === null
        ? await suggestionsAgain(listening, person, { draft: way.draft, page: way.page }, draft.answers)
        : null
    return again ?? goOn(listening, user, way)
  })
  onModalPress('article.anyway', async (user, body) => {
    const { draft } = ended.parse(JSON.parse(body.actions[0]?.value ?? '{}'))
    const again = await articles.goOn(await who.contact(user), user, draft)
    return again ? pageOfDraft(listening, user, again) : currentPage(listening, user)
  })
}

/** Opens the window in which articles are looked for, with what is found for `words` if there are any. */
async function openArticleSearch(listening: Listening, user: SlackUser, triggerId: string, words = ''): Promise<void> {
  const ctx = listening.render.requesterContext(listening.who.lately(user))
  const content = listening.who
    .contact(user)
    .then((person) => searchFor(listening, person, plain(oneLine(words), LONGEST_WORDS)))
    .catch((error) => problemModal({ text: explain(listening, error, listening.who.lately(user)), ctx }))
  await openModal(listening.client, triggerId, content, loadingModal({ ctx }))
}

async function searchFor(listening: Listening, person: Person, asked: string): Promise<ModalView> {
  const { articles, render } = listening
  const ctx = render.requesterContext(person)
  const found = asked ? await articles.search(person, asked) : []
  const followed = asked ? [] : await articles.followed(person, FOLLOWED_SHOWN)
  return searchModal({ asked, found, followed, ctx })
}

async function articleFor(listening: Listening, { person, way, articleId }: Pressed): Promise<ModalView | null> {
  const read = await listening.articles.read(person, articleId, meetingOf(way))
  const ctx = listening.render.requesterContext(person)
  return read && articleModal({ ...read, way, buttons: formButtons(listening, person), ctx })
}

function meetingOf(way: ArticleWay) {
  return way.way === 'draft' ? { draftId: way.draft } : null
}

/** The page of the form that comes next, or what became of the draft meanwhile. */
async function goOn(listening: Listening, user: SlackUser, way: ArticleWay): Promise<ModalView> {
  const draft = way.way === 'draft' ? await draftOf(listening.database, user, way.draft) : null
  if (draft && draft.ticketId === null) return pageOfDraft(listening, user, draft)
  const ctx = listening.render.requesterContext(await listening.who.contact(user))
  return draft?.ticketId
    ? sentModal({ number: draft.ticketId, ctx })
    : problemModal({ text: ctx.words('chat.draft-gone'), ctx })
}

async function pageOfDraft(listening: Listening, user: SlackUser, found: Draft): Promise<ModalView> {
  const person = await listening.who.contact(user)
  const { draft, hasChanged } = await inTodaysForm(listening, found)
  return pageOf(listening, person, draft, draft.page, { hasChanged })
}
