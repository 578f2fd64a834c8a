import { z } from 'zod'
import type { Outcome } from '../../desk.ts'
import { claimSource } from '../../store/log.ts'
import type { SlackUser } from '../../store/people.ts'
import { lockMessage, takeEarlyChange } from '../../store/revisions.ts'
import { ticketOfMessage } from '../../store/slack-messages.ts'
import type { Ask } from '../../ticket/commands.ts'
import type { Person } from '../../ticket/in-full.ts'
import { Refusal } from '../../ticket/refusal.ts'
import type { Actor, Attachment } from '../../ticket/ticket.ts'
import { createTurns } from '../in-turn.ts'
import { incomingText } from '../incoming-text.ts'
import { explain, type Listening, tell } from '../listening.ts'
import { attachmentsOf, fileShape } from '../message-files.ts'
import { mrkdwn, oneLine } from '../text.ts'
import { noteFilesView } from '../views/note-files.ts'
import { askWhatItIs, type LooseLine } from './loose-words.ts'
import { changeOf, followChange, sourceOf, withoutName } from './message-change.ts'

/** What a person wrote. Joins and what bots say have other subtypes or a bot_id, and are left alone. */
const messageShape = z.object({
  channel: z.string(),
  channel_type: z.string().optional(),
  user: z.string(),
  team: z.string().optional(),
  user_team: z.string().optional(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  text: z.string().default(''),
  files: z.array(fileShape).default([]),
  subtype: z.enum(['file_share', 'thread_broadcast']).optional(),
  bot_id: z.undefined().optional(),
})
type Message = z.infer<typeof messageShape>

/** In the requester's thread words are a reply; in the thread under a card they are an internal note. Edits follow. */
export function register(listening: Listening): void {
  // Two messages sent in a row are two replies in that order, however long each takes.
  const inTurn = createTurns()
  listening.app.event('message', async ({ event, body, context }) => {
    const change = changeOf(event)
    if (change)
      return inTurn(`${change.channel}/${change.threadTs}`, () => followChange(listening, change, context.botUserId!))
    const parsed = messageShape.safeParse(event)
    if (!parsed.success) return
    const message = parsed.data
    const thread = `${message.channel}/${message.thread_ts ?? message.ts}`
    if (message.channel_type === 'im') await inTurn(thread, () => reply(listening, message, body.team_id))
    else if (message.text.includes(`<@${context.botUserId}>`) && !(await isNote(listening, message)))
      await inTurn(thread, () => mention(listening, message, body.team_id, context.botUserId!))
    else if (listening.isTriageChannel(message.channel))
      await inTurn(thread, () => note(listening, message, body.team_id))
  })
  listening.app.event('member_joined_channel', async ({ event }) => listening.staff.forget(event.channel))
  listening.app.event('member_left_channel', async ({ event }) => listening.staff.forget(event.channel))
}

async function reply(listening: Listening, message: Message, teamId: string): Promise<void> {
  const { database, who } = listening
  const user = { userId: message.user, teamId: message.user_team ?? message.team ?? teamId }
  const person = await who.contact(user)
  const thread = message.thread_ts ? await ticketOfMessage(database, message.channel, message.thread_ts) : null
  if (!thread) return askWhatItIs(listening, 'direct', await looseLine(listening, message, user), person)
  const comment = {
    text: incomingText(message.text),
    fullText: null,
    attachments: await attachmentsOf(listening.client, message.files),
  }
  if (!comment.text && comment.attachments.length === 0) return
  try {
    await handle(listening, message, {
      type: 'reply',
      ticketId: thread.ticketId,
      comment,
      receivedAt: sentAt(message),
      alreadyTold: [],
      mayAnswer: true,
      actor: { kind: 'contact', id: person.id },
    })
  } catch (error) {
    return refuse(listening, message, error, person)
  }
  await tellTooLarge(listening, message, person, comment.attachments)
}

/** Somebody calls us by name in a channel we are in. Nobody else's business: the answer is for them alone. */
async function mention(listening: Listening, message: Message, teamId: string, botUserId: string): Promise<void> {
  const user = { userId: message.user, teamId: message.user_team ?? message.team ?? teamId }
  const person = await listening.who.contact(user)
  const text = withoutName(message.text, botUserId)
  await askWhatItIs(listening, 'mention', await looseLine(listening, { ...message, text }, user), person)
}

async function isNote({ database, isTriageChannel }: Listening, { channel, thread_ts }: Message): Promise<boolean> {
  if (!isTriageChannel(channel) || !thread_ts) return false
  return (await ticketOfMessage(database, channel, thread_ts))?.isCard ?? false
}

async function looseLine({ client }: Listening, message: Message, user: SlackUser): Promise<LooseLine> {
  const { channel, ts, thread_ts: threadTs = null, text, files } = message
  return { user, channel, ts, threadTs, text: incomingText(text), files: await attachmentsOf(client, files) }
}

async function note(listening: Listening, message: Message, teamId: string): Promise<void> {
  const { database, who } = listening
  const thread = message.thread_ts ? await ticketOfMessage(database, message.channel, message.thread_ts) : null
  if (!thread?.isCard) return
  const comment = {
    text: incomingText(message.text),
    fullText: null,
    attachments: await attachmentsOf(listening.client, message.files),
  }
  if (!comment.text && comment.attachments.length === 0) return
  try {
    const actor = await who.agent(
      { userId: message.user, teamId: message.user_team ?? message.team ?? teamId },
      message.channel,
    )
    const noted = await handle(listening, message, { type: 'note', ticketId: thread.ticketId, comment, actor })
    const [event] = noted?.events ?? []
    if (event?.commentId && comment.attachments.some(({ refused }) => refused === null))
      await offerToSend(listening, message, thread.ticketId, event.commentId, comment.attachments.length)
  } catch (error) {
    await refuse(listening, message, error, null)
  }
}

/** Takes the words as they are now: one that was changed before it got here, or is gone again. */
async function handle(
  { database, desk, clock }: Listening,
  message: Message,
  ask: Extract<Ask, { type: 'reply' | 'note' }> & { actor: Actor },
): Promise<Outcome | null> {
  return database.transaction(async (tx) => {
    await lockMessage(tx, message.channel, message.ts)
    const change = await takeEarlyChange(tx, message.channel, message.ts)
    if (change?.text === null) {
      await claimSource(tx, sourceOf(message), clock.now()) // its next delivery would find no deletion any more
      return null
    }
    const comment = change ? { ...ask.comment, text: change.text } : ask.comment
    return desk.handle({ ...ask, comment, via: 'slack', source: sourceOf(message) }, tx)
  })
}

/** Files dropped under the card are the team's; one press starts the reply that takes them to the requester. */
async function offerToSend(
  { client, render, log }: Listening,
  message: Message,
  ticketId: number,
  commentId: number,
  count: number,
): Promise<void> {
  await client.chat
    .postEphemeral({
      ...{
        channel: message.channel,
        user: message.user,
        ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
      },
      ...noteFilesView({ ticketId, commentId, count }, render.deskContext()),
    })
    .catch((error) => log.warn({ err: error }, 'an ephemeral could not be shown'))
}

/** Says at once which file is not kept, because the words beside it were taken and nothing else would tell (X24). */
async function tellTooLarge(
  listening: Listening,
  message: Message,
  person: Person,
  attachments: Attachment[],
): Promise<void> {
  const { words } = listening.render.requesterContext(person)
  const limit = Math.floor(listening.maxFileBytes / 1e6)
  for (const { name, size } of attachments)
    if (size > listening.maxFileBytes) {
      const text = words('chat.file-too-large', { name: mrkdwn(oneLine(name), 150), limit })
      await tell(listening, { channel: message.channel, userId: message.user, ...threadOf(message) }, text)
    }
}

/** Tells somebody why their words were not taken. A fault of ours is thrown on: Slack then sends the message again. */
async function refuse(listening: Listening, message: Message, error: unknown, person: Person | null): Promise<void> {
  if (!(error instanceof Refusal)) throw error
  const where = { channel: message.channel, userId: message.user, ...threadOf(message) }
  await tell(listening, where, explain(listening, error, person))
}

function threadOf(message: Message): { threadTs?: string } {
  return message.thread_ts ? { threadTs: message.thread_ts } : {}
}

/** When Slack took the message: its timestamp is seconds since 1970, UTC. */
function sentAt(message: Message): Date {
  return new Date(Math.round(Number(message.ts) * 1000))
}
