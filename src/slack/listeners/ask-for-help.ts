import type { BlockAction, ButtonAction, RespondFn, ViewOutput } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import type { SlackUser } from '../../store/people.ts'
import { ackAfter, inTime } from '../in-time.ts'
import type { Listening } from '../listening.ts'
import { explain, userOf } from '../listening.ts'
import { answerSubmission, changeModal, type ModalAnswer, openModal } from '../modal-answer.ts'
import type { ViewContext } from '../views/context.ts'
import { readPageMetadata } from '../views/form-modal.ts'
import { loadingModal, messageModal, problemModal } from '../views/small-modals.ts'
import { withProblem } from '../views/with-problem.ts'
import { agentCommand } from './agent-commands.ts'
import { currentPage, goBack, startOver, submitPage } from './questionnaire.ts'
import { keepTyped } from './questionnaire-draft.ts'
import { type CommandAnswer, requestCommand, register as requestCommands } from './request-commands.ts'

const anew = z.object({ draft: z.string(), about: z.string() })

/** Every way into the questionnaire, and the way through it: command, shortcut, Home button; pages, Back, closing. */
export function register(listening: Listening): void {
  const { app, client, who } = listening
  const ctxOf = (user: SlackUser) => listening.render.requesterContext(who.lately(user))
  const loadingFor = (user: SlackUser) => loadingModal({ ctx: ctxOf(user) })
  const problemFor = (user: SlackUser, error: unknown) => explain(listening, error, who.lately(user))

  const openForm = async (user: SlackUser, triggerId: string, about = '') => {
    const content = currentPage(listening, user, about).catch((error) =>
      problemModal({ text: problemFor(user, error), ctx: ctxOf(user) }),
    )
    await openModal(client, triggerId, content, loadingFor(user))
  }

  const answerRequest = async (
    user: SlackUser,
    body: { text: string; trigger_id: string; channel_id: string },
    respond: RespondFn,
  ) => {
    const cause = `slack/command/${body.trigger_id}`
    const work = requestCommand(listening, user, { text: body.text, channel_id: body.channel_id, cause })
    // Its trigger is good for one modal within three seconds, whatever the database does: then all is said there.
    if ((await inTime(work, COMMAND_PATIENCE_MS)) === 'late') {
      const shown = work.then(
        (late) => asModal(late, ctxOf(user)),
        (error) => problemModal({ text: problemFor(user, error), ctx: ctxOf(user) }),
      )
      return openModal(client, body.trigger_id, shown, loadingFor(user))
    }
    const answer = await work
    if ('about' in answer) return openForm(user, body.trigger_id, answer.about)
    if ('modal' in answer) return openModal(client, body.trigger_id, Promise.resolve(answer.modal), loadingFor(user))
    await respond({ response_type: 'ephemeral', ...answer })
  }

  app.command(listening.command, async ({ ack, body, respond }) => {
    await ack()
    const work = async () => {
      const asked = await agentCommand(listening, body)
      const user = { userId: body.user_id, teamId: body.team_id }
      if (!asked) return answerRequest(user, body, respond)
      if ('modal' in asked) return openModal(client, body.trigger_id, asked.modal, loadingFor(user))
      if (asked.text) await respond({ response_type: 'ephemeral', text: asked.text })
    }
    await work().catch(async (error) => {
      const user = { userId: body.user_id, teamId: body.team_id }
      await who.contact(user).catch(() => who.lately(user))
      await respond({ response_type: 'ephemeral', text: problemFor(user, error) })
    })
  })
  requestCommands(listening, openForm)
  app.shortcut('open_ticket', async ({ ack, body }) => {
    await ack()
    await openForm(userOf(body), body.trigger_id)
  })
  app.action('home.open_ticket', async ({ ack, body }) => {
    await ack()
    if (body.type === 'block_actions') await openForm(userOf(body), body.trigger_id)
  })

  app.view('intake.page', async ({ ack, body, view }) => {
    const meta = readPageMetadata(view.private_metadata)
    const user = userOf(body)
    const work = meta ? submitPage(listening, user, meta, view.state.values) : missingDraft()
    const answer = work.catch((error) => stay(view, problemFor(user, error)))
    await answerSubmission(ack, client, view.id, answer, { loading: loadingFor(user), done: loadingFor(user) })
  })
  app.action('intake.back', async ({ ack, body }) => {
    const opened = body.type === 'block_actions' ? body.view : undefined
    const meta = readPageMetadata(opened?.private_metadata)
    if (!opened || !meta) return ack()
    const work = goBack(listening, userOf(body), meta, opened.state.values).catch((error) =>
      withProblem(opened as unknown as ModalView, problemFor(userOf(body), error)),
    )
    await Promise.all([ackAfter(ack, work), changeModal(client, opened, work, loadingFor(userOf(body)))])
  })
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: 'intake.start_over' },
    async ({ ack, body, action }) => {
      const opened = body.view
      if (!opened) return ack()
      const work = startOver(listening, userOf(body), anew.parse(JSON.parse(action.value ?? ''))).catch((error) =>
        withProblem(opened as unknown as ModalView, problemFor(userOf(body), error)),
      )
      await Promise.all([ackAfter(ack, work), changeModal(client, opened, work, loadingFor(userOf(body)))])
    },
  )
  app.view({ callback_id: 'intake.page', type: 'view_closed' }, async ({ ack, body, view }) => {
    const meta = readPageMetadata(view.private_metadata)
    await ackAfter(ack, meta ? keepTyped(listening, userOf(body), meta, view.state?.values) : Promise.resolve())
  })

  async function missingDraft(): Promise<never> {
    throw new Error('a page came back without its draft')
  }
}

const COMMAND_PATIENCE_MS = 1_000

function asModal(answer: CommandAnswer, ctx: ViewContext): ModalView {
  if ('modal' in answer) return answer.modal
  return messageModal({ blocks: 'blocks' in answer ? answer.blocks : [], ctx })
}

/** A fault of ours takes nothing from what somebody typed: their page stays, with what happened at its first question. */
function stay(view: ViewOutput, text: string): ModalAnswer {
  const again = withProblem(view as unknown as ModalView, text)
  const first = view.blocks.find(({ type }) => type === 'input')?.block_id
  return first ? { kind: 'errors', errors: { [first]: text }, again } : { kind: 'show', view: again }
}
