import { z } from 'zod'
import type { Tx } from '../../store/database.ts'
import { isHandled } from '../../store/log.ts'
import { type ChangedPassage, changeWords } from '../../store/passages.ts'
import { keepEarlyChange, lockMessage, saidUnder } from '../../store/revisions.ts'
import { ticketOfMessage } from '../../store/slack-messages.ts'
import { incomingText } from '../incoming-text.ts'
import type { Listening } from '../listening.ts'
import { passageText } from '../passage.ts'

const said = z.object({
  user: z.string().optional(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  text: z.string().default(''),
  edited: z.object({ user: z.string(), ts: z.string() }).optional(),
  subtype: z.string().optional(),
  bot_id: z.undefined().optional(),
})

const shape = z.discriminatedUnion('subtype', [
  z.object({
    subtype: z.literal('message_changed'),
    channel: z.string(),
    ts: z.string().optional(),
    message: said,
    previous_message: said,
  }),
  z.object({
    subtype: z.literal('message_deleted'),
    channel: z.string(),
    ts: z.string(),
    previous_message: said,
  }),
])

/** What somebody did to a message of theirs. `text` is as Slack has it; null: it was deleted. */
export interface MessageChange {
  channel: string
  ts: string
  /** The thread it stands in; its own where it stands alone. */
  threadTs: string
  text: string | null
  /** When it was changed, seconds since 1970 as Slack writes them. */
  changedTs: string
}

/**
 * The change a `message` event tells of, or null. Links that unfurl, reactions and pins come as changes too: only an edit
 * has `edited` anew, by its author, and other words.
 */
export function changeOf(event: unknown): MessageChange | null {
  const parsed = shape.safeParse(event)
  if (!parsed.success) return null
  const { channel, previous_message: before } = parsed.data
  const message = { channel, ts: before.ts, threadTs: before.thread_ts ?? before.ts }
  if (parsed.data.subtype === 'message_deleted') return { ...message, text: null, changedTs: parsed.data.ts }
  // A deleted message that has replies stays, as a tombstone, and is told of as a change.
  if (parsed.data.message.subtype === 'tombstone')
    return { ...message, text: null, changedTs: parsed.data.ts ?? before.ts }
  const { text, edited, user, ts } = parsed.data.message
  const isEdit = edited && edited.user === user && user === before.user && edited.ts !== before.edited?.ts
  return isEdit && ts === before.ts && text !== before.text ? { ...message, text, changedTs: edited.ts } : null
}

/** Words said to us, without our name in them. */
export function withoutName(text: string, botUserId: string): string {
  return text.replaceAll(`<@${botUserId}>`, ' ')
}

/** The name under which a message is handled once; an edit finds by it what the message became. */
export function sourceOf(message: { channel: string; ts: string }): string {
  return `slack/message/${message.channel}/${message.ts}`
}

/** The same for words that stand where no request is. */
export function looseSource(message: { channel: string; ts: string }): string {
  return `slack/hint/${message.channel}/${message.ts}`
}

/**
 * Follows an edit or a deletion into the comment or note that the message became, or became a part of; kept until it does, if
 * it comes first. One that still waits for its writer's word changes there.
 */
export async function followChange(listening: Listening, change: MessageChange, botUserId: string): Promise<void> {
  const { database, desk } = listening
  const { channel, ts, threadTs } = change
  const text = change.text === null ? null : incomingText(change.text)
  const revisedAt = new Date(Math.round(Number(change.changedTs) * 1000))
  await database.transaction(async (tx) => {
    await lockMessage(tx, channel, ts)
    // Also of a reply or a note: a message shortcut may have brought it along, and it still waits. Before the ticket is
    // locked, in the order of whoever makes a reply of such words.
    const line = change.text === null ? null : incomingText(withoutName(change.text, botUserId))
    for (const changed of await changeWords(tx, change, { text: line, at: revisedAt }))
      await reviseLine(listening, tx, change, changed, revisedAt)
    const found = await saidUnder(tx, sourceOf(change))
    if (found) {
      const { ticketId, eventId, actor, text: before } = found
      const source = changeSource(change)
      await desk.handle({ type: 'revise', ticketId, eventId, before, text, revisedAt, actor, via: 'slack', source }, tx)
    } else if ((await ticketOfMessage(tx, channel, threadTs)) || (await isUnheard(tx, change))) {
      await keepEarlyChange(tx, { channel, ts }, { text, at: revisedAt })
    }
  })
}

/** The comment that the line is a part of says what its lines say now; when none is left, it is deleted as its message would be. */
async function reviseLine(
  { desk }: Listening,
  tx: Tx,
  change: MessageChange,
  { became, passage, words, lostFiles }: ChangedPassage,
  revisedAt: Date,
): Promise<void> {
  const found = await saidUnder(tx, became)
  if (!found) return
  const { ticketId, eventId, actor, text: before, files } = found
  const lost = lostFiles.flatMap(({ slackFile }) => slackFile?.id ?? [])
  const all = passageText(passage, words)
  const isLeft = all !== '' || files.some((id) => id === null || !lost.includes(id))
  await desk.handle(
    {
      ...{ type: 'revise', ticketId, eventId, before, text: isLeft ? all : null, revisedAt, actor, via: 'slack' },
      ...{ line: change.ts, lostFiles: lost, source: `${changeSource(change)}/${became}` },
    },
    tx,
  )
}

/** Whether a message that was said to us alone has not got here yet. */
async function isUnheard(tx: Tx, change: MessageChange): Promise<boolean> {
  return change.channel.startsWith('D') && !(await isHandled(tx, looseSource(change)))
}

function changeSource({ channel, ts, text, changedTs }: MessageChange): string {
  return `slack/change/${channel}/${ts}/${text === null ? 'deleted' : changedTs}`
}
