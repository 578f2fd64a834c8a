import type { SlackUser } from '../store/people.ts'
import { slackMessage } from '../store/slack-messages.ts'
import { slotKey } from '../ticket/policies/effect.ts'
import { Refusal } from '../ticket/refusal.ts'
import type { Ticket } from '../ticket/ticket.ts'
import type { Listening } from './listening.ts'

/** Where the ticket's card is, for an agent of its team; null for everybody else, and where Slack does not say. */
export async function cardLink(
  { database, client, who, triageChannelOf, log }: Listening,
  user: SlackUser,
  ticket: Pick<Ticket, 'id' | 'groupKey'>,
): Promise<string | null> {
  try {
    await who.agent(user, triageChannelOf(ticket.groupKey))
    const card = await slackMessage(database, slotKey(ticket.id, { place: 'card' }))
    if (!card) return null
    const { permalink } = await client.chat.getPermalink({ channel: card.channel, message_ts: card.ts })
    return permalink ?? null
  } catch (error) {
    // Told of a fault, a client would know that there is such a request (threat S6).
    if (!(error instanceof Refusal)) log.warn({ err: error }, 'a card could not be linked to')
    return null
  }
}
