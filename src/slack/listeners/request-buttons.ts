import type { AckFn, BlockAction, ButtonAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import type { SlackUser } from '../../store/people.ts'
import { loadTicket } from '../../store/tickets.ts'
import type { Ask } from '../../ticket/commands.ts'
import { Refusal } from '../../ticket/refusal.ts'
import { ackAfter } from '../in-time.ts'
import { explain, type Listening, tellPresser, userOf } from '../listening.ts'
import { answerSubmission, type ModalAnswer, openModal, pushModal, refreshModal } from '../modal-answer.ts'
import { readerModal } from '../reader-ticket.ts'
import { ratingCommentModal, readRatingComment } from '../views/rating-modal.ts'
import { doneModal, loadingModal, problemModal } from '../views/small-modals.ts'
import { withProblem } from '../views/with-problem.ts'

const pressed = z.object({ ticket: z.number().int(), score: z.number().int().nullish() })

/** The requester's own buttons, in their thread and their App Home: this is solved, reopen, rate, add a comment. */
export function register(listening: Listening): void {
  const { app, client, clock, desk, render, who } = listening

  type Pressed = Extract<Ask, { type: 'solve' | 'reopen' | 'rate' }>
  const onPress = (actionId: string | RegExp, ask: (value: z.infer<typeof pressed>) => Pressed) => {
    app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, body, action }) => {
        const user = userOf(body)
        const work = async () => {
          const asked = ask(pressed.parse(JSON.parse(action.value ?? '')))
          const { id } = await who.contact(user)
          const source = `slack/action/${action.action_ts}/${user.userId}/${action.action_id}`
          await desk.handle({ ...asked, actor: { kind: 'contact', id }, via: 'slack', source })
          return asked.ticketId
        }
        if (body.view?.type === 'home') return showThen(listening, body, ack, work())
        const done = await ackAfter(ack, work()).then(
          () => true,
          async (error) => {
            const person = await who.contact(user).catch(() => who.lately(user))
            const text = explain(listening, error, person)
            if (body.channel) return tellPresser(listening, body, text)
            // Views have no place for a message to one person; their trigger can open one.
            const view = problemModal({ text, ctx: render.requesterContext(person) })
            const show = body.view?.type === 'modal' ? client.views.push : client.views.open
            await show({ trigger_id: body.trigger_id, view })
          },
        )
        if (done && body.view?.type === 'modal') await showAgain(listening, body, body.view.id)
      },
    )
  }
  onPress('request.solve', ({ ticket }) => ({ type: 'solve', ticketId: ticket }))
  onPress('request.reopen', ({ ticket }) => ({ type: 'reopen', ticketId: ticket, askedAt: clock.now() }))
  onPress(/^survey\.rate\.[1-5]$/, ({ ticket, score }) => ({
    type: 'rate',
    ticketId: ticket,
    score: score ?? 0,
    comment: null,
  }))

  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: 'survey.comment' },
    async ({ ack, body, action }) => {
      await ack()
      const ctx = render.requesterContext(who.lately(userOf(body)))
      const content = commentModal(listening, userOf(body), action).catch((error) =>
        problemModal({ text: explain(listening, error, who.lately(userOf(body))), ctx }),
      )
      const show = body.view?.type === 'modal' ? pushModal : openModal
      await show(client, body.trigger_id, content, loadingModal({ ctx })).catch((error) =>
        tellPresser(listening, body, explain(listening, error, who.lately(userOf(body)))),
      )
    },
  )

  app.view('survey.comment', async ({ ack, body, view }) => {
    const ctx = render.requesterContext(who.lately(userOf(body)))
    const work = rate(view).catch((error): ModalAnswer => {
      const text = explain(listening, error, who.lately(userOf(body)))
      return { kind: 'errors', errors: { comment: text }, again: withProblem(view as unknown as ModalView, text) }
    })
    await answerSubmission(ack, client, view.id, work, { loading: loadingModal({ ctx }), done: doneModal({ ctx }) })
    const below = view.previous_view_id
    const shown = shownIn(view.private_metadata)
    if (below && shown !== null)
      await refreshModal(client, below, await readerModal(listening, await who.contact(userOf(body)), shown))

    async function rate({ id, private_metadata, state }: typeof view): Promise<ModalAnswer> {
      const { ticket } = pressed.parse(JSON.parse(private_metadata))
      const person = await who.contact(userOf(body))
      const { score } = await ownRating(listening, person.id, ticket)
      const comment = readRatingComment(state.values)
      const actor = { kind: 'contact', id: person.id } as const
      await desk.handle({
        type: 'rate',
        ticketId: ticket,
        score,
        comment,
        actor,
        via: 'slack',
        source: `slack/view/${id}`,
      })
      return { kind: 'close' }
    }
  })
}

/**
 * What was pressed in the App Home goes from it with that: the request opens, with what was done and what can be done
 * about it now (another rating, a comment, another look).
 */
async function showThen(
  listening: Listening,
  body: BlockAction,
  ack: AckFn<void>,
  work: Promise<number>,
): Promise<void> {
  const { client, render, who } = listening
  const person = () => who.contact(userOf(body))
  const content = work
    .then(async (number) => readerModal(listening, await person(), number))
    .catch(async (error) => {
      const reader = await person().catch(() => null)
      return problemModal({ text: explain(listening, error, reader), ctx: render.requesterContext(reader) })
    })
  const loading = loadingModal({ ctx: render.requesterContext(who.lately(userOf(body))) })
  await Promise.all([ackAfter(ack, content), openModal(client, body.trigger_id, content, loading)])
}

async function commentModal(listening: Listening, user: SlackUser, action: ButtonAction): Promise<ModalView> {
  const person = await listening.who.contact(user)
  const { ticket } = pressed.parse(JSON.parse(action.value ?? ''))
  const rating = await ownRating(listening, person.id, ticket)
  return ratingCommentModal({ ...rating, ctx: listening.render.requesterContext(person) })
}

/** An open request shows how it stands after what was pressed in it. */
async function showAgain(listening: Listening, body: BlockAction, viewId: string): Promise<void> {
  const shown = shownIn(body.view?.private_metadata)
  if (shown === null) return
  const person = await listening.who.contact(userOf(body))
  await refreshModal(listening.client, viewId, await readerModal(listening, person, shown))
}

function shownIn(privateMetadata: string | undefined): number | null {
  try {
    return pressed.parse(JSON.parse(privateMetadata ?? '')).ticket
  } catch {
    return null
  }
}

/** The rating on one's own ticket; a Refusal, the same for absent and for somebody else's, when there is none. */
async function ownRating({ database }: Listening, contactId: number, ticketId: number) {
  const ticket = await loadTicket(database, ticketId)
  if (ticket?.requesterId !== contactId || !ticket.rating) throw new Refusal('not-yours')
  return { ticketId, ...ticket.rating }
}
