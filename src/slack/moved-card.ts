import type { WebClient } from '@slack/web-api'
import type { Database } from '../store/database.ts'
import { forgetSlackMessage, type SlackMessage, slackMessage } from '../store/slack-messages.ts'
import { type Slot, slotKey } from '../ticket/policies/effect.ts'
import { isSlackError } from './failures.ts'
import type { Renderer } from './render.ts'

interface MoveParts {
  database: Database
  client: WebClient
  render: Renderer
}

/**
 * The ticket went to a team with another channel: its old card says where it is now and has no buttons any more, so that
 * one card is left. Then the card is as one that was never posted. Done twice, it does no harm.
 */
export async function leaveChannel(
  { database, client, render }: MoveParts,
  ticketId: number,
  old: SlackMessage,
  channel: string,
): Promise<void> {
  try {
    await client.chat.update({ channel: old.channel, ts: old.ts, ...render.moved(ticketId, channel) })
  } catch (error) {
    if (!isSlackError(error, 'message_not_found')) throw error
  }
  await forgetSlackMessage(database, slotKey(ticketId, { place: 'card' }))
}

/** What was said under the card in a channel it has left is said again under it here, for who reads only this channel. */
export async function bringThread(
  { database, render }: Pick<MoveParts, 'database' | 'render'>,
  ticketId: number,
  root: { channel: string; ts: string },
  post: (slot: Slot & { place: 'card-thread' }, thread: { channel: string; threadTs: string }) => Promise<unknown>,
): Promise<void> {
  const full = await render.full(ticketId)
  for (const { id: eventId } of full?.events ?? []) {
    const slot = { place: 'card-thread', eventId } as const
    const said = await slackMessage(database, slotKey(ticketId, slot))
    if (said && said.channel !== root.channel) await post(slot, { channel: root.channel, threadTs: root.ts })
  }
}
