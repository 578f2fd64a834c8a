import type { MessageShortcut } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import type { SlackUser } from '../../store/people.ts'
import { addWords, beginTalk, keepWordsOf, type Talk, talkOf } from '../../store/talks.ts'
import type { Person } from '../../ticket/in-full.ts'
import { Refusal } from '../../ticket/refusal.ts'
import { explain, type Listening, userOf } from '../listening.ts'
import { answerSubmission, type ModalAnswer, openModal } from '../modal-answer.ts'
import { seenMessage, threadAround, wordsOfMessages } from '../thread-around.ts'
import { at } from '../views/form-state.ts'
import { loadingModal, problemModal } from '../views/small-modals.ts'
import { requesterModal } from '../views/way-in.ts'
import { agentSomewhere, isKnownAgent } from './agent-commands.ts'
import { currentPage } from './questionnaire.ts'

const metadata = z.object({ talk: z.string() })

/**
 * "Create a ticket from this message": the questionnaire with its words, and the thread so far with its files for the first
 * comment. Slack lets somebody press it only where they read, so nothing comes along that they do not see; it goes into
 * their own request. An agent may open it for somebody else, who gets only their own words of what they cannot read.
 */
export function register(listening: Listening): void {
  const { app, client, database, render, who } = listening

  app.shortcut<MessageShortcut>(
    { type: 'message_action', callback_id: 'ticket_from_message' },
    async ({ ack, body }) => {
      await ack()
      const ctx = render.requesterContext(who.lately(userOf(body)))
      const content = show(listening, userOf(body), body).catch((error) =>
        problemModal({ text: explain(listening, error, who.lately(userOf(body))), ctx }),
      )
      await openModal(client, body.trigger_id, content, loadingModal({ ctx }))
    },
  )

  app.view('intake.requester', async ({ ack, body, view }) => {
    const user = userOf(body)
    const ctx = render.requesterContext(who.lately(userOf(body)))
    const work = async (): Promise<ModalAnswer> => {
      const { talk: talkId } = metadata.parse(JSON.parse(view.private_metadata))
      const brought = await talkOf(database, user, talkId)
      // Asked again: what a form carries is a hint, and only an agent asks in another's name.
      if (!(await agentSomewhere(listening, user, brought?.channel ?? ''))) throw new Refusal('agents-only')
      const filler = await listening.who.contact(user)
      const { words } = render.requesterContext(filler)
      const chosen = at(at(at(view.state.values, 'requester'), 'requester'), 'selected_user')
      const found = typeof chosen === 'string' ? await personOf(listening, chosen) : null
      if (!found) {
        const error = words('conversation.requester.nobody')
        const again = requesterModal({ talkId, author: null }, render.requesterContext(filler))
        return { kind: 'errors', errors: { requester: error }, again }
      }
      const { person: requester } = found
      // Who does not read a conversation reads nothing of it by an agent's press but their own words.
      const reads = requester.id === filler.id || (brought && (await mayRead(listening, brought, user, found)))
      if (!reads) await database.transaction((tx) => keepWordsOf(tx, talkId, found.userId))
      const talk = await talkOf(database, user, talkId)
      return { kind: 'show', view: await currentPage(listening, user, '', { talk, requester }) }
    }
    const loading = loadingModal({ ctx })
    const answer = work().catch(
      (error): ModalAnswer => ({
        kind: 'show',
        view: problemModal({ text: explain(listening, error, who.lately(userOf(body))), ctx }),
      }),
    )
    await answerSubmission(ack, client, view.id, answer, { loading, done: loading })
  })
}

/** Keeps what comes along and shows the first page, or asks an agent first whom it is for. */
async function show(listening: Listening, user: SlackUser, body: MessageShortcut): Promise<ModalView> {
  const { client, clock, database, render, who } = listening
  const message = seenMessage.parse(body.message)
  const channel = body.channel.id
  const around = await threadAround(client, channel, message)
  const words = await wordsOfMessages(client, around.messages, user.userId)
  // Slack itself names a private channel only to who is in it.
  const channelName = /^(?:privategroup|directmessage|mpdm-.*)$/.test(body.channel.name) ? null : body.channel.name
  const talkId = await database.transaction(async (tx) => {
    const { isUnread, leftOut } = around
    const id = await beginTalk(
      tx,
      user,
      {
        kind: 'message',
        channel,
        threadTs: message.thread_ts ?? null,
        channelName,
        pressedTs: message.ts,
        isUnread,
        leftOut,
      },
      clock.now(),
    )
    for (const each of words) await addWords(tx, id, channel, each, clock.now())
    return id
  })
  const filler = await who.contact(user)
  if (await isKnownAgent(listening, user, channel)) {
    const author = message.user && !message.bot_id ? message.user : null
    return requesterModal({ talkId, author }, render.requesterContext(filler))
  }
  return currentPage(listening, user, '', { talk: await talkOf(database, user, talkId) })
}

interface Chosen {
  userId: string
  person: Person
  /** The workspace they are of, where they are no guest; null for a guest. */
  memberOf: string | null
}

/**
 * Whether somebody reads what was brought anyway: a public channel is open to every member of the agent's workspace, but
 * to guests and people of other workspaces only where they are in it; what the team says among itself, to nobody else.
 */
async function mayRead(
  { staff, isTriageChannel }: Listening,
  { channel, channelName }: Talk,
  agent: SlackUser,
  { userId, memberOf }: Chosen,
): Promise<boolean> {
  if (channelName === null || isTriageChannel(channel)) return false
  return memberOf === agent.teamId || staff.isIn(userId, channel)
}

/** The contact a chosen Slack user is; null for a bot and for who is gone. */
async function personOf({ client, who }: Listening, userId: string): Promise<Chosen | null> {
  const { user } = await client.users.info({ user: userId })
  if (!user || user.is_bot || user.deleted || !user.team_id) return null
  const person = await who.contact({ userId, teamId: user.team_id })
  return { userId, person, memberOf: user.is_restricted || user.is_ultra_restricted ? null : user.team_id }
}
