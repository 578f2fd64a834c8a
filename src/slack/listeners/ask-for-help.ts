import type { SlackUser } from '../../store/people.ts'
import { ackAfter } from '../in-time.ts'
import type { Listening } from '../listening.ts'
import { explain, userOf } from '../listening.ts'
import { answerSubmission, openModal } from '../modal-answer.ts'
import { readPageMetadata } from '../views/form-modal.ts'
import { loadingModal, problemModal } from '../views/small-modals.ts'
import { currentPage, goBack, keepTyped, submitPage } from './questionnaire.ts'

/** Every way into the questionnaire, and the way through it: command, shortcut, Home button; pages, Back, closing. */
export function register(listening: Listening): void {
  const { app, client } = listening

  const openForm = async (user: SlackUser, triggerId: string) => {
    const ctx = listening.render.requesterContext(null)
    const content = currentPage(listening, user).catch((error) =>
      problemModal({ text: explain(listening, error, null), ctx }),
    )
    await openModal(client, triggerId, content, loadingModal({ ctx }))
  }

  app.command(listening.command, async ({ ack, body }) => {
    await ack()
    await openForm({ userId: body.user_id, teamId: body.team_id }, body.trigger_id)
  })
  app.shortcut('open_ticket', async ({ ack, body }) => {
    await ack()
    await openForm(userOf(body), body.trigger_id)
  })
  app.action('home.open_ticket', async ({ ack, body }) => {
    await ack()
    if (body.type === 'block_actions') await openForm(userOf(body), body.trigger_id)
  })

  app.view('intake.page', async ({ ack, body, view }) => {
    const ctx = listening.render.requesterContext(null)
    const meta = readPageMetadata(view.private_metadata)
    const user = userOf(body)
    const work = (meta ? submitPage(listening, user, meta, view.state.values) : missingDraft()).catch((error) => ({
      kind: 'show' as const,
      view: problemModal({ text: explain(listening, error, null), ctx }),
    }))
    const loading = loadingModal({ ctx })
    await answerSubmission(ack, client, view.id, work, { loading, done: loading })
  })
  app.action('intake.back', async ({ ack, body }) => {
    const opened = body.type === 'block_actions' ? body.view : undefined
    const meta = readPageMetadata(opened?.private_metadata)
    if (!opened || !meta) return ack()
    const work = goBack(listening, userOf(body), meta, opened.state.values)
    await ackAfter(ack, work)
    await client.views.update({ view_id: opened.id, view: await work })
  })
  app.view({ callback_id: 'intake.page', type: 'view_closed' }, async ({ ack, body, view }) => {
    const meta = readPageMetadata(view.private_metadata)
    await ackAfter(ack, meta ? keepTyped(listening, userOf(body), meta, view.state?.values) : Promise.resolve())
  })

  async function missingDraft(): Promise<never> {
    throw new Error('a page came back without its draft')
  }
}
