import { createHash } from 'node:crypto'
import type { BlockAction, ButtonAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import type { Person } from '../../ticket/in-full.ts'
import { explain, type Listening, userOf } from '../listening.ts'
import { answerSubmission, changeModal, type ModalAnswer, openModal, pushModal, refreshModal } from '../modal-answer.ts'
import { sendReply } from '../reader-reply.ts'
import { readable, readerModal } from '../reader-ticket.ts'
import { readRequestReply, requestReplyModal } from '../views/request-reply-modal.ts'
import { doneModal, loadingModal, problemModal, sentModal } from '../views/small-modals.ts'
import { withProblem } from '../views/with-problem.ts'

const pressed = z.object({ ticket: z.number().int(), last: z.number().int().nullish() })

type Submitted = {
  id: string
  private_metadata: string
  state: { values: unknown }
  previous_view_id?: string | null | undefined
}

/** A request opened as a modal: read it page by page, write in it, create its follow-up. Its reader is asked for anew each time. */
export function register(listening: Listening): void {
  const { app, client, render, who } = listening
  const onPress = (
    actionId: string | RegExp,
    show: (body: BlockAction<ButtonAction>, content: Promise<ModalView>, loading: ModalView) => Promise<void>,
    draw: (person: Person, value: z.infer<typeof pressed>, actionId: string) => Promise<ModalView>,
  ) => {
    app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, body, action }) => {
        await ack()
        const ctx = render.requesterContext(who.lately(userOf(body)))
        const work = async () => {
          let person: Person | null = null
          try {
            person = await who.contact(userOf(body))
            return await draw(person, pressed.parse(JSON.parse(action.value ?? '')), action.action_id)
          } catch (error) {
            return problemModal({ text: explain(listening, error, person), ctx: render.requesterContext(person) })
          }
        }
        await show(body, work(), loadingModal({ ctx }))
      },
    )
  }
  /** In an open modal its place is taken; anywhere else one opens. */
  const inPlace: Parameters<typeof onPress>[1] = (body, content, loading) =>
    body.view?.type === 'modal'
      ? changeModal(client, body.view, content, loading)
      : openModal(client, body.trigger_id, content, loading)
  const onTop: Parameters<typeof onPress>[1] = (body, content, loading) =>
    (body.view?.type === 'modal' ? pushModal : openModal)(client, body.trigger_id, content, loading)

  onPress(/^request\.(show|show\.next|earlier|later)$/, inPlace, (person, { ticket, last }) =>
    readerModal(listening, person, ticket, last ?? null),
  )
  onPress(/^request\.(reply|follow-up)$/, onTop, async (person, { ticket: number }, actionId) => {
    const { ticket } = await readable(listening, person, number)
    const { maxFileBytes } = listening
    const ctx = render.requesterContext(person)
    return requestReplyModal({ ticket, isFollowUp: actionId === 'request.follow-up', maxFileBytes, ctx })
  })

  app.view('request.reply', async ({ ack, body, view }) => {
    const receivedAt = listening.clock.now()
    const ctx = render.requesterContext(who.lately(userOf(body)))
    let person: Person | null = null
    let goesOnAs: number | null = null
    const work = async (): Promise<ModalAnswer> => {
      try {
        person = await who.contact(userOf(body))
        const { asked, ticketId } = await send(listening, person, view, receivedAt)
        goesOnAs = ticketId
        if (ticketId === asked) return { kind: 'close' }
        return { kind: 'show', view: sentModal({ number: ticketId, ctx: render.requesterContext(person) }) }
      } catch (error) {
        const text = explain(listening, error, person)
        return { kind: 'errors', errors: { reply: text }, again: withProblem(view as unknown as ModalView, text) }
      }
    }
    await answerSubmission(ack, client, view.id, work(), { loading: loadingModal({ ctx }), done: doneModal({ ctx }) })
    const below = view.previous_view_id
    if (person && goesOnAs !== null && below)
      await refreshModal(client, below, await readerModal(listening, person, goesOnAs))
  })
}

/**
 * Sends what was written; once, however often its submission is delivered. Whoever was told that it failed, because the
 * answer was lost, may have changed their words before they sent them again: those are said as well.
 */
async function send(listening: Listening, person: Person, view: Submitted, receivedAt: Date) {
  const { ticket: asked } = pressed.parse(JSON.parse(view.private_metadata))
  const written = readRequestReply(view.state.values)
  const said = createHash('sha256').update(JSON.stringify([written.text, written.files.map(({ id }) => id)]))
  const source = `slack/view/${view.id}/${said.digest('hex').slice(0, 16)}`
  const ticketId = await sendReply(listening, person, asked, { ...written, source, receivedAt })
  return { asked, ticketId }
}
