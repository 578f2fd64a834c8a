import type { BlockAction, ButtonAction } from '@slack/bolt'
import { z } from 'zod'
import { explain, type Listening, tellPresser } from '../listening.ts'
import { openModal } from '../modal-answer.ts'
import { loadingModal, problemModal } from '../views/small-modals.ts'
import { wholeMailModal } from '../views/whole-mail.ts'
import { authorised } from './ticket-buttons.ts'

const pressed = z.object({ ticket: z.number().int(), event: z.number().int() })

/** The button under what came by mail that shows the mail with all it says. For those who work on its ticket. */
export function register(listening: Listening): void {
  const { app, client, render } = listening
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: 'mail.whole' },
    async ({ ack, body, action }) => {
      await ack()
      const ctx = render.requesterContext(null)
      const content = authorised(listening, body, action)
        .then(async ({ ticket }) => {
          const { event } = pressed.parse(JSON.parse(action.value ?? ''))
          const mail = await listening.wholeMail(ticket.id, event)
          return wholeMailModal({ mail, ctx: render.staffContext((await render.full(ticket.id))!) })
        })
        .catch((error) => problemModal({ text: explain(listening, error, null), ctx }))
      await openModal(client, body.trigger_id, content, loadingModal({ ctx })).catch((error) =>
        tellPresser(listening, body, explain(listening, error, null)),
      )
    },
  )
}
