import type { BlockAction, ButtonAction } from '@slack/bolt'
import { z } from 'zod'
import { loadTicket } from '../../store/tickets.ts'
import type { Ask } from '../../ticket/commands.ts'
import { Refusal } from '../../ticket/refusal.ts'
import { ackAfter } from '../in-time.ts'
import { explain, type Listening, tell, userOf } from '../listening.ts'
import { answerSubmission, type ModalAnswer, openModal } from '../modal-answer.ts'
import { ratingCommentModal, readRatingComment } from '../views/rating-modal.ts'
import { doneModal, loadingModal, problemModal } from '../views/small-modals.ts'

const pressed = z.object({ ticket: z.number().int(), score: z.number().int().nullish() })

/** The requester's own buttons, in their thread and their App Home: this is solved, reopen, rate, add a comment. */
export function register(listening: Listening): void {
  const { app, client, clock, desk, render, who } = listening

  const onPress = (actionId: string | RegExp, ask: (value: z.infer<typeof pressed>) => Ask) => {
    app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, body, action }) => {
        const user = userOf(body)
        const work = async () => {
          const asked = ask(pressed.parse(JSON.parse(action.value ?? '')))
          const { id } = await who.contact(user)
          const source = `slack/action/${action.action_ts}/${user.userId}/${action.action_id}`
          await desk.handle({ ...asked, actor: { kind: 'contact', id }, via: 'slack', source })
        }
        await ackAfter(ack, work()).catch(async (error) => {
          const person = await who.contact(user).catch(() => null)
          const text = explain(listening, error, person)
          const threadTs = body.message?.thread_ts as string | undefined
          if (body.channel)
            await tell(
              listening,
              { channel: body.channel.id, userId: user.userId, ...(threadTs ? { threadTs } : {}) },
              text,
            )
          // The Home tab has no place for a message to one person; its trigger can open one.
          else
            await client.views.open({
              trigger_id: body.trigger_id,
              view: problemModal({ text, ctx: render.requesterContext(person) }),
            })
        })
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
      const person = await who.contact(userOf(body))
      const ctx = render.requesterContext(person)
      const content = ownRating(listening, person.id, pressed.parse(JSON.parse(action.value ?? '')).ticket)
        .then(({ score, comment, ticketId }) => ratingCommentModal({ ticketId, score, comment, ctx }))
        .catch((error) => problemModal({ text: explain(listening, error, person), ctx }))
      await openModal(client, body.trigger_id, content, loadingModal({ ctx }))
    },
  )

  app.view('survey.comment', async ({ ack, body, view }) => {
    const person = await who.contact(userOf(body))
    const ctx = render.requesterContext(person)
    const work = rate(view).catch((error): ModalAnswer => {
      const text = explain(listening, error, person)
      return { kind: 'errors', errors: { comment: text }, again: problemModal({ text, ctx }) }
    })
    await answerSubmission(ack, client, view.id, work, { loading: loadingModal({ ctx }), done: doneModal({ ctx }) })

    async function rate({ id, private_metadata, state }: typeof view): Promise<ModalAnswer> {
      const { ticket } = pressed.parse(JSON.parse(private_metadata))
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

/** The rating on one's own ticket; a Refusal, the same for absent and for somebody else's, when there is none. */
async function ownRating({ database }: Listening, contactId: number, ticketId: number) {
  const ticket = await loadTicket(database, ticketId)
  if (ticket?.requesterId !== contactId || !ticket.rating) throw new Refusal('not-yours')
  return { ticketId, ...ticket.rating }
}
