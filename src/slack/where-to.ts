import type { WebClient } from '@slack/web-api'
import type { Database } from '../store/database.ts'
import { dmChannel, people, saveDmChannel } from '../store/people.ts'
import { slackMessage } from '../store/slack-messages.ts'
import { askedTalk } from '../store/talks.ts'
import { type Slot, slotKey } from '../ticket/policies/effect.ts'
import type { Renderer } from './render.ts'

/** A slot that is a message, and no App Home. */
export type MessageSlot = Exclude<Slot, { place: 'home' }>

/** What it takes to know where a slot is. */
export interface PlaceParts {
  database: Database
  client: WebClient
  render: Renderer
  /** The channel of a group; the desk's own for null. */
  triageChannelOf(groupKey: string | null): string
}

/**
 * The channel of a slot and, for a message in a thread, the thread's root; null while that root is not there. Opens the
 * DM when it is the first.
 */
export async function whereTo(
  { database, client, render, triageChannelOf }: PlaceParts,
  ticketId: number | null,
  slot: MessageSlot,
): Promise<{ channel: string; threadTs: string | null } | null> {
  if (slot.place === 'mail-alarm') return { channel: triageChannelOf(null), threadTs: null }
  if (slot.place === 'mail-notice')
    return { channel: triageChannelOf(await render.groupOfMail(slot.mailId)), threadTs: null }
  if (slot.place === 'way-in') return askedTalk(database, slot.talkId)
  const rootSlot = rootOf(slot)
  if (rootSlot) {
    const root = await slackMessage(database, slotKey(ticketId, rootSlot))
    return root && { channel: root.channel, threadTs: root.ts }
  }
  if (slot.place === 'card-thread' || slot.place === 'request-thread') throw new Error('a thread has a root')
  if (slot.place === 'card') return { channel: triageChannelOf(await render.groupOf(ticketId!)), threadTs: null }
  const [person] = await people(database, [slot.contactId])
  if (!person?.slack) throw new Error(`contact ${slot.contactId} is not in Slack`)
  const known = await dmChannel(database, person.slack)
  if (known) return { channel: known, threadTs: null }
  const opened = await client.conversations.open({ users: person.slack.userId })
  await saveDmChannel(database, person.slack, opened.channel!.id!)
  return { channel: opened.channel!.id!, threadTs: null }
}

/** Whether a slot is in somebody's conversation with the app. */
export function isDirect(
  slot: MessageSlot,
): slot is Extract<MessageSlot, { place: 'request' | 'request-thread' | 'article-news' }> {
  return slot.place === 'request' || slot.place === 'request-thread' || slot.place === 'article-news'
}

/** The message a thread hangs under; null for what stands in a channel by itself. */
export function rootOf(slot: MessageSlot): MessageSlot | null {
  if (slot.place === 'card-thread') return { place: 'card' }
  return slot.place === 'request-thread' ? { place: 'request', contactId: slot.contactId } : null
}
