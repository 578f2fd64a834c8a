import type { BlockAction, ButtonAction, OverflowAction } from '@slack/bolt'
import { z } from 'zod'
import { ackAfter } from '../in-time.ts'
import { explain, type Listening, tellPresser, userOf } from '../listening.ts'
import { doneModal, problemModal } from '../views/small-modals.ts'

const pressed = z.object({ ticket: z.number().int() })

/** The requester takes back that the solution may be shared, in their thread or wherever their request is shown. */
export function register({ app, ...others }: Listening): void {
  const listening = { app, ...others }
  const { client, desk, render, who } = listening

  app.action<BlockAction<ButtonAction | OverflowAction>>(
    { type: 'block_actions', action_id: 'consent.withdraw' },
    async ({ ack, body, action }) => {
      const user = userOf(body)
      const work = async () => {
        const value = action.type === 'overflow' ? action.selected_option.value : action.value
        const { ticket: ticketId } = pressed.parse(JSON.parse(value ?? ''))
        const person = await who.contact(user)
        const source = `slack/action/${action.action_ts}/${user.userId}/${action.action_id}`
        const actor = { kind: 'contact', id: person.id } as const
        await desk.handle({ type: 'withdraw-consent', ticketId, actor, via: 'slack', source })
        const ctx = render.requesterContext(person)
        return doneModal({ text: ctx.words('consent.withdrawn-now'), ctx })
      }
      const done = work()
      await ackAfter(ack, done).catch(() => {})
      const person = await who.contact(user).catch(() => null)
      const ctx = render.requesterContext(person)
      const shown = await done.catch((error) => problemModal({ text: explain(listening, error, person), ctx }))
      // A message changes by itself; a modal and the Home tab say it in a modal of their own.
      if (body.view) {
        const open = body.view.type === 'modal' ? client.views.push : client.views.open
        await open({ trigger_id: body.trigger_id, view: shown })
      } else {
        const text = await done.then(
          () => ctx.words('consent.withdrawn-now'),
          (error) => explain(listening, error, person),
        )
        await tellPresser(listening, body, text)
      }
    },
  )
}
