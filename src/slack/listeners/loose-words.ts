import type { BlockAction, ButtonAction } from '@slack/bolt'
import { z } from 'zod'
import { claimSource } from '../../store/log.ts'
import { savePassage } from '../../store/passages.ts'
import type { SlackUser } from '../../store/people.ts'
import { lockMessage, takeEarlyChange } from '../../store/revisions.ts'
import { addWords, beginTalk, lockTalks, openTalk, settleTalk, type Talk, talkOf } from '../../store/talks.ts'
import type { Person } from '../../ticket/in-full.ts'
import { isOnlyThanks } from '../../ticket/thanks.ts'
import type { Attachment } from '../../ticket/ticket.ts'
import { ackAfter } from '../in-time.ts'
import { createLanes } from '../in-turn.ts'
import { explain, type Listening, tellPresser, userOf } from '../listening.ts'
import { openModal } from '../modal-answer.ts'
import { passageOf, passageText } from '../passage.ts'
import { loadingModal, problemModal } from '../views/small-modals.ts'
import { asideLane, writePost } from '../write-post.ts'
import { showSettled } from './comes-along.ts'
import { looseSource } from './message-change.ts'
import { currentPage } from './questionnaire.ts'
import { linkOf } from './shared-link.ts'

/** A line that somebody wrote to the desk where no request is. */
export interface LooseLine {
  user: SlackUser
  channel: string
  ts: string
  threadTs: string | null
  text: string
  files: Attachment[]
}

/**
 * Asks once what a row of lines is meant to be: each later line within a quarter of an hour joins the ones before it. Mere
 * thanks are not asked about. A line with our name in a channel is answered there to its writer alone.
 */
export async function askWhatItIs(
  listening: Listening,
  kind: 'direct' | 'mention',
  line: LooseLine,
  person: Person,
): Promise<void> {
  const { clock, database, queue } = listening
  const { user, channel, ts, threadTs, text, files } = line
  // A link to a request has its own answer, and thanks need none.
  if (files.length === 0 && (isOnlyThanks(text) || linkOf(listening.publicUrl, text).length > 0)) return
  const now = clock.now()
  await fewAtOnce(`${user.teamId}/${user.userId}`, () =>
    database.transaction(async (tx) => {
      await lockMessage(tx, channel, ts)
      if (!(await claimSource(tx, looseSource(line), now))) return
      const change = await takeEarlyChange(tx, channel, ts)
      if (change?.text === null) return // deleted before it got here
      await lockTalks(tx, user)
      const words = { ts, author: person.name, authorId: user.userId, isOwn: true, text: change?.text ?? text, files }
      const going = kind === 'direct' ? await openTalk(tx, user, { channel, threadTs }, now) : null
      if (going) return addWords(tx, going, channel, words, now)
      const talk = { kind, channel, threadTs, channelName: null, pressedTs: null, isUnread: false, leftOut: 0 }
      const talkId = await beginTalk(tx, user, talk, now)
      await addWords(tx, talkId, channel, words, now)
      const lane = kind === 'direct' ? `dm:${person.id}` : asideLane(channel, user)
      await writePost(tx, queue, lane, { place: 'way-in', contactId: person.id, talkId }, 'asked')
    }),
  )
}

const fewAtOnce = createLanes(4) // of the database's 16 connections

const pressed = z.object({ talk: z.string(), ticket: z.number().int().optional() })

/** The buttons under that question: a request of its own, part of one, or neither. */
export function register(listening: Listening): void {
  const { app, client, clock, database, desk, render, who } = listening
  const talkIn = async (user: SlackUser, value: string | undefined) => {
    const { talk: id, ticket } = pressed.parse(JSON.parse(value ?? ''))
    const talk = await talkOf(database, user, id)
    return { talk: talk?.settledAt === null ? talk : null, ticket }
  }

  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: 'way-in.open' },
    async ({ ack, body, action }) => {
      await ack()
      const user = userOf(body)
      const ctx = render.requesterContext(who.lately(user))
      const content = async () => {
        const { talk } = await talkIn(user, action.value)
        return currentPage(listening, user, '', { talk })
      }
      const shown = content().catch((error) => problemModal({ text: explain(listening, error, who.lately(user)), ctx }))
      await openModal(client, body.trigger_id, shown, loadingModal({ ctx })).catch((error) =>
        tellPresser(listening, body, explain(listening, error, who.lately(user))),
      )
    },
  )

  const onSay = (
    actionId: string,
    act: (said: { talk: Talk; ticket: number | undefined; person: Person }) => Promise<void>,
  ) => {
    app.action<BlockAction>({ type: 'block_actions', action_id: actionId }, async ({ ack, body, action }) => {
      const value = action.type === 'static_select' ? action.selected_option?.value : (action as ButtonAction).value
      const work = async () => {
        const user = userOf(body)
        const person = await who.contact(user)
        const { talk, ticket } = await talkIn(user, value)
        if (talk) await act({ talk, ticket, person })
      }
      await ackAfter(ack, work()).catch(async (error) => {
        const person = await who.contact(userOf(body)).catch(() => null)
        await tellPresser(listening, body, explain(listening, error, person))
      })
    })
  }
  onSay('way-in.add', async ({ talk, ticket, person }) => {
    if (ticket === undefined) return
    await database.transaction(async (tx) => {
      const source = `slack/talk/${talk.id}`
      const words = await settleTalk(tx, talk.id, clock.now(), source)
      if (!words) return
      const last = words.at(-1)
      const passage = passageOf(words)
      await savePassage(tx, talk.id, passage)
      // None is left when all of them were deleted meanwhile.
      if (last)
        await desk.handle(
          {
            type: 'reply',
            ticketId: ticket,
            comment: {
              text: passageText(passage, words),
              fullText: null,
              attachments: words.flatMap(({ files }) => files),
            },
            receivedAt: new Date(Math.round(Number(last.ts) * 1000)),
            alreadyTold: [],
            mayAnswer: true,
            isElsewhere: true, // the request's own thread tells of it too
            actor: { kind: 'contact', id: person.id },
            via: 'slack',
            source,
          },
          tx,
        )
      await showSettled(listening, tx, talk, person.id)
    })
  })
  onSay('way-in.drop', ({ talk, person }) =>
    database.transaction(async (tx) => {
      if (await settleTalk(tx, talk.id, clock.now())) await showSettled(listening, tx, talk, person.id)
    }),
  )
}
