import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { FreshWords } from '../store/talks.ts'
import { isSlackError } from './failures.ts'
import { incomingText } from './incoming-text.ts'
import { attachmentsOf, fileShape } from './message-files.ts'

/** A message as payloads of message shortcuts and conversations.replies give it, whoever wrote it. */
export const seenMessage = z.object({
  ts: z.string(),
  thread_ts: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  username: z.string().optional(),
  bot_profile: z.object({ name: z.string().optional() }).optional(),
  text: z.string().default(''),
  files: z.array(fileShape).default([]),
  subtype: z.string().optional(),
})
export type SeenMessage = z.infer<typeof seenMessage>

const PAGE = 200
const MOST = 50

/**
 * The thread that a message stands in, oldest first, as its presser sees it: the first message and the newest ones, `leftOut`
 * of them in between missing. Where the app is no member it reads nothing: then the message alone, and `isUnread`.
 */
export async function threadAround(
  client: WebClient,
  channel: string,
  message: SeenMessage,
): Promise<{ messages: SeenMessage[]; leftOut: number; isUnread: boolean }> {
  try {
    const found: SeenMessage[] = []
    let leftOut = 0
    let cursor: string | undefined
    do {
      const page = await client.conversations.replies({
        ...{ channel, ts: message.thread_ts ?? message.ts, limit: PAGE },
        ...(cursor ? { cursor } : {}),
      })
      found.push(...z.array(seenMessage).parse(page.messages ?? []))
      // What is in the middle is not kept: a thread may be as long as it likes.
      leftOut += found.splice(1, Math.max(0, found.length - MOST)).length
      cursor = page.response_metadata?.next_cursor || undefined
    } while (cursor)
    const said = found.filter(({ subtype }) => subtype !== 'tombstone')
    return { messages: said.some(({ ts }) => ts === message.ts) ? said : [...said, message], leftOut, isUnread: false }
  } catch (error) {
    if (!isSlackError(error, 'channel_not_found', 'not_in_channel', 'thread_not_found', 'missing_scope')) throw error
    return { messages: [message], leftOut: 0, isUnread: true }
  }
}

/** Messages as the words of a talk: with their authors' names, and with names where people are mentioned. */
export async function wordsOfMessages(
  client: WebClient,
  messages: SeenMessage[],
  presser: string,
): Promise<FreshWords[]> {
  const mentioned = messages.flatMap(({ text }) => [...text.matchAll(/<@([UW][A-Z0-9]+)>/g)].map(([, id]) => id!))
  const ids = [...new Set([...messages.flatMap(({ user }) => user ?? []), ...mentioned])].slice(0, MOST)
  const names = new Map(await Promise.all(ids.map(async (id) => [id, await nameOf(client, id)] as const)))
  return Promise.all(
    messages.map(async (message) => ({
      ts: message.ts,
      author: (message.user && names.get(message.user)) ?? message.bot_profile?.name ?? message.username ?? '',
      authorId: message.bot_id ? null : (message.user ?? null),
      isOwn: message.user === presser && !message.bot_id,
      text: incomingText(message.text.replace(/<@([UW][A-Z0-9]+)>/g, (_, id) => `<@${id}|${names.get(id) ?? id}>`)),
      files: await attachmentsOf(client, message.files),
    })),
  )
}

async function nameOf(client: WebClient, id: string): Promise<string> {
  const { user } = await client.users.info({ user: id }).catch(() => ({ user: undefined }))
  return user?.profile?.real_name || user?.real_name || user?.profile?.display_name || user?.name || id
}
