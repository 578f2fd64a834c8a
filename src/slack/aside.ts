import type { WebClient } from '@slack/web-api'
import type { Attempt } from '../dispatcher.ts'
import type { Database } from '../store/database.ts'
import { askedTalk } from '../store/talks.ts'
import type { Slot } from '../ticket/policies/effect.ts'
import { isSlackError } from './failures.ts'
import type { MessageView } from './views/context.ts'

/** Somebody who is told something alone, in a channel where others are. */
export interface Aside {
  channel: string
  userId: string
  threadTs: string | null
}

/** Whom a slot is for alone, and where; null for a message that all who are there read. */
export async function asideOf(database: Database, slot: Slot): Promise<Aside | null> {
  if (slot.place === 'linked') return slot
  if (slot.place !== 'way-in') return null
  const talk = await askedTalk(database, slot.talkId)
  return talk?.kind === 'mention' ? talk : null
}

// They left the channel or we did, or what it would stand under was deleted: there is nobody to tell.
const gone = ['not_in_channel', 'user_not_in_channel', 'channel_not_found', 'is_archived', 'thread_not_found']

/**
 * Tells somebody alone. Slack keeps no such message that could be looked for, and whoever is told may not see it; so it is
 * said at most once, and not again when nobody knows whether it was: they can write again, and are never asked twice.
 */
export async function sayAside(
  client: WebClient,
  { channel, userId: user, threadTs }: Aside,
  view: MessageView,
  mayBeDone: boolean,
): Promise<Attempt> {
  if (mayBeDone) return { kind: 'never', problem: 'they may have been told, and cannot be asked', isMeant: true }
  try {
    await client.chat.postEphemeral({ channel, user, ...(threadTs ? { thread_ts: threadTs } : {}), ...view })
    return { kind: 'done', paceMs: 0 }
  } catch (error) {
    if (!isSlackError(error, ...gone)) throw error
    return { kind: 'never', problem: 'they, we or the thread are not in that channel any more', isMeant: true }
  }
}
