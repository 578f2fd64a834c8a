import { z } from 'zod'
import { claimSource } from '../../store/log.ts'
import { ticketOfMessage } from '../../store/slack-messages.ts'
import type { Person } from '../../ticket/in-full.ts'
import { Refusal } from '../../ticket/refusal.ts'
import type { Attachment } from '../../ticket/ticket.ts'
import { incomingText } from '../incoming-text.ts'
import { explain, type Listening, tell } from '../listening.ts'

const fileShape = z.object({
  id: z.string(),
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nullish(),
  mode: z.string().nullish(),
  url_private_download: z.string().nullish(),
  url_private: z.string().nullish(),
})

/** What a person wrote. Edits, deletions, joins and what bots say have other subtypes or a bot_id, and are left alone. */
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

/** In the requester's thread words are a reply; in the thread under a card they are an internal note. */
export function register(listening: Listening): void {
  listening.app.event('message', async ({ event, body }) => {
    const parsed = messageShape.safeParse(event)
    if (!parsed.success) return
    const message = parsed.data
    if (message.channel_type === 'im') await reply(listening, message, body.team_id)
    else if (listening.isTriageChannel(message.channel)) await note(listening, message, body.team_id)
  })
  listening.app.event('member_joined_channel', async ({ event }) => listening.staff.forget(event.channel))
  listening.app.event('member_left_channel', async ({ event }) => listening.staff.forget(event.channel))
}

async function reply(listening: Listening, message: Message, teamId: string): Promise<void> {
  const { database, desk, who } = listening
  const user = { userId: message.user, teamId: message.user_team ?? message.team ?? teamId }
  const person = await who.contact(user)
  const thread = message.thread_ts ? await ticketOfMessage(database, message.channel, message.thread_ts) : null
  if (!thread) return showWayIn(listening, message)
  const comment = { text: incomingText(message.text), fullText: null, attachments: message.files.map(attachmentOf) }
  if (!comment.text && comment.attachments.length === 0) return
  try {
    await desk.handle({
      type: 'reply',
      ticketId: thread.ticketId,
      comment,
      receivedAt: sentAt(message),
      alreadyTold: [],
      mayAnswer: true,
      actor: { kind: 'contact', id: person.id },
      via: 'slack',
      source: `slack/message/${message.channel}/${message.ts}`,
    })
  } catch (error) {
    await refuse(listening, message, error, person)
  }
}

async function note(listening: Listening, message: Message, teamId: string): Promise<void> {
  const { database, desk, who } = listening
  const thread = message.thread_ts ? await ticketOfMessage(database, message.channel, message.thread_ts) : null
  if (!thread?.isCard) return
  const comment = { text: incomingText(message.text), fullText: null, attachments: message.files.map(attachmentOf) }
  if (!comment.text && comment.attachments.length === 0) return
  try {
    const actor = await who.agent(
      { userId: message.user, teamId: message.user_team ?? message.team ?? teamId },
      message.channel,
    )
    const source = `slack/message/${message.channel}/${message.ts}`
    await desk.handle({ type: 'note', ticketId: thread.ticketId, comment, actor, via: 'slack', source })
  } catch (error) {
    await refuse(listening, message, error, null)
  }
}

/** Tells somebody why their words were not taken. A fault of ours is thrown on: Slack then sends the message again. */
async function refuse(listening: Listening, message: Message, error: unknown, person: Person | null): Promise<void> {
  if (!(error instanceof Refusal)) throw error
  const where = { channel: message.channel, userId: message.user, ...threadOf(message) }
  await tell(listening, where, explain(listening, error, person))
}

/** Words outside a request's thread: no trigger comes with a message, so a button is what can open the questionnaire. */
async function showWayIn(listening: Listening, message: Message): Promise<void> {
  const { client, clock, database, render, who } = listening
  const source = `slack/hint/${message.channel}/${message.ts}`
  if (!(await claimSource(database, source, clock.now()))) return
  const { words } = render.requesterContext(
    await who.contact({ userId: message.user, teamId: message.user_team ?? message.team ?? '' }),
  )
  const text = words(message.thread_ts ? 'chat.unknown-thread' : 'chat.no-thread')
  await client.chat.postMessage({
    channel: message.channel,
    text,
    ...threadOf(message),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text } },
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: 'home.open_ticket',
            text: { type: 'plain_text', text: words('chat.open-ticket') },
          },
        ],
      },
    ],
  })
}

function threadOf(message: Message): { thread_ts?: string; threadTs?: string } {
  return message.thread_ts ? { thread_ts: message.thread_ts, threadTs: message.thread_ts } : {}
}

/** When Slack took the message: its timestamp is seconds since 1970, UTC. */
function sentAt(message: Message): Date {
  return new Date(Math.round(Number(message.ts) * 1000))
}

function attachmentOf(file: z.infer<typeof fileShape>): Attachment {
  // Remote and hosted-elsewhere files point anywhere their owner likes; the token goes to nobody but Slack.
  const isSlacks = file.mode === undefined || file.mode === null || file.mode === 'hosted' || file.mode === 'snippet'
  return {
    name: file.name ?? file.id,
    contentType: file.mimetype ?? 'application/octet-stream',
    size: file.size ?? 0,
    sha256: null,
    slackFile: isSlacks ? { id: file.id, url: file.url_private_download ?? file.url_private ?? '' } : null,
    refused: isSlacks ? null : 'not-from-slack',
  }
}
