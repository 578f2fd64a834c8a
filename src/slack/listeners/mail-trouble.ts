import type { BlockAction, ButtonAction } from '@slack/bolt'
import { z } from 'zod'
import { eventsOf } from '../../store/log.ts'
import { Refusal } from '../../ticket/refusal.ts'
import { ackAfter } from '../in-time.ts'
import { explain, type Listening, tellPresser } from '../listening.ts'
import { authorised } from './ticket-buttons.ts'

const pressed = z.object({ ticket: z.number().int(), event: z.number().int() })

/** The buttons under a card about mail of ours that came back, or of which nobody knows whether it left. */
export function register(listening: Listening): void {
  const acts = { 'mail.send-again': 'again', 'mail.assume-sent': 'assumed', 'mail.lift': 'lift' } as const
  for (const [actionId, act] of Object.entries(acts))
    listening.app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, body, action }) => {
        await ackAfter(ack, settle(listening, body, action, act)).catch((error) =>
          tellPresser(listening, body, explain(listening, error, null)),
        )
      },
    )
}

async function settle(
  listening: Listening,
  body: BlockAction<ButtonAction>,
  action: ButtonAction,
  act: 'again' | 'assumed' | 'lift',
): Promise<void> {
  const { event: eventId } = pressed.parse(JSON.parse(action.value ?? ''))
  const { ticket, actor, source } = await authorised(listening, body, action)
  const about = { ticketId: ticket.id, actor, via: 'slack', source } as const
  if (act === 'lift') {
    await listening.desk.handle({ type: 'lift', eventId, ...about })
    return
  }
  const event = (await eventsOf(listening.database, ticket.id)).find(({ id }) => id === eventId)
  if (event?.type !== 'stuck') throw new Refusal('mail-settled')
  await listening.desk.handle({ type: 'settle-mail', outboxId: event.outboxId, how: act, ...about })
}
