import type { BlockAction, ButtonAction } from '@slack/bolt'
import { z } from 'zod'
import { type MailDecision, noticedMail } from '../../store/mail-notices.ts'
import { Refusal } from '../../ticket/refusal.ts'
import { ackAfter } from '../in-time.ts'
import { explain, type Listening, tellPresser, userOf } from '../listening.ts'

const pressed = z.object({ mail: z.number().int().positive().max(Number.MAX_SAFE_INTEGER) })

const decisions: Record<string, MailDecision> = {
  'mail.accept': 'accepted',
  'mail.open': 'opened',
  'mail.discard': 'discarded',
}

/** The buttons of a notice about a mail that waits for a person. Only who works on the ticket it wanted may press. */
export function register(listening: Listening): void {
  for (const [actionId, decision] of Object.entries(decisions))
    listening.app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, body, action }) => {
        await ackAfter(ack, decide(listening, body, action, decision)).catch((error) =>
          tellPresser(listening, body, explain(listening, error, null)),
        )
      },
    )
}

async function decide(
  listening: Listening,
  body: BlockAction<ButtonAction>,
  action: ButtonAction,
  decision: MailDecision,
): Promise<void> {
  const { database, who, heldMail, triageChannelOf } = listening
  const { mail: mailId } = pressed.parse(JSON.parse(action.value ?? ''))
  const mail = await noticedMail(database, mailId)
  // The same words for no such mail and somebody else's, so that nobody learns which there are.
  if (!mail) throw new Refusal('agents-only')
  const agent = await who.agent(userOf(body), triageChannelOf(mail.groupKey))
  await heldMail.decide(mailId, decision, agent.id)
}
