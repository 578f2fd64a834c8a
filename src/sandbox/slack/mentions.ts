import type { Message } from './types.ts'

const MENTION = /<(![a-z]+|!subteam\^[A-Z0-9]+|@[UW][A-Z0-9]+)(?:\|[^<>]*)?>/g

/** Who a message would ring for: '!channel', '!here', '!everyone', '!subteam^S…', '@U…', in its text and in the mrkdwn of
 * its blocks (/messaging/formatting-message-text). plain_text is not parsed. For tests that nobody is pinged by accident. */
export function mentionsIn(message: Message): string[] {
  const texts = [message.text, ...mrkdwnIn(message.blocks)]
  return [...new Set(texts.flatMap((text) => [...text.matchAll(MENTION)].map((found) => found[1] as string)))]
}

function mrkdwnIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  const { type, text, range, user_id: user } = part as Record<string, unknown>
  if (type === 'mrkdwn' || type === 'markdown') return [String(text)]
  if (type === 'broadcast') return [`<!${range}>`]
  if (type === 'user') return [`<@${user}>`]
  return Object.values(part).flatMap(mrkdwnIn)
}
