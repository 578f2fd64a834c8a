import type { BlockAction, ButtonAction, OverflowAction } from '@slack/bolt'
import { z } from 'zod'
import { ackAfter } from '../in-time.ts'
import { explain, type Listening, tellPresser, userOf } from '../listening.ts'
import { changeModal, openModal, pushModal } from '../modal-answer.ts'
import { readerModal } from '../reader-ticket.ts'
import { doneModal, loadingModal, problemModal } from '../views/small-modals.ts'

const pressed = z.object({ ticket: z.number().int() })

/** The requester takes back that the solution may be shared, in their thread or where their request is shown whole. */
export function register(listening: Listening): void {
  const { app, client, desk, render, who } = listening

  app.action<BlockAction<ButtonAction | OverflowAction>>(
    { type: 'block_actions', action_id: 'consent.withdraw' },
    async ({ ack, body, action }) => {
      const user = userOf(body)
      const withdraw = async () => {
        const value = action.type === 'overflow' ? action.selected_option.value : action.value
        const { ticket: ticketId } = pressed.parse(JSON.parse(value ?? ''))
        const person = await who.contact(user)
        const source = `slack/action/${action.action_ts}/${user.userId}/${action.action_id}`
        const actor = { kind: 'contact', id: person.id } as const
        await desk.handle({ type: 'withdraw-consent', ticketId, actor, via: 'slack', source })
        return { person, ticketId }
      }
      const work = withdraw()
      await ackAfter(ack, work).catch(() => {})
      const person = await who.contact(user).catch(() => who.lately(user))
      const ctx = render.requesterContext(person)
      const loading = loadingModal({ ctx })
      try {
        const done = await work
        const text = ctx.words('consent.withdrawn-now')
        // A message and an open request show it by themselves; anything else is told in a modal of its own.
        if (!body.view) await tellPresser(listening, body, text)
        else if (body.view.callback_id === 'request.modal')
          await changeModal(client, body.view, readerModal(listening, done.person, done.ticketId), loading)
        else await openModal(client, body.trigger_id, Promise.resolve(doneModal({ text, ctx })), loading)
      } catch (error) {
        const text = explain(listening, error, person)
        if (!body.view) return tellPresser(listening, body, text)
        const open = body.view.type === 'modal' ? pushModal : openModal
        await open(client, body.trigger_id, Promise.resolve(problemModal({ text, ctx })), loading)
      }
    },
  )
}
