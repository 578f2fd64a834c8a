import type { BlockAction, ButtonAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { filesOfNote } from '../../store/attachments.ts'
import { loadTicket } from '../../store/tickets.ts'
import type { TicketInFull } from '../../ticket/in-full.ts'
import { Refusal } from '../../ticket/refusal.ts'
import type { Actor, Ticket } from '../../ticket/ticket.ts'
import { answerEventIds } from '../../ticket/withdraw.ts'
import { ackAfter } from '../in-time.ts'
import { explain, type Listening, tellPresser, userOf } from '../listening.ts'
import { answerSubmission, type ModalAnswer, openModal } from '../modal-answer.ts'
import { readReply, replyModal } from '../views/reply-modal.ts'
import { doneModal, loadingModal, problemModal } from '../views/small-modals.ts'
import { withProblem } from '../views/with-problem.ts'

const pressed = z.object({ ticket: z.number().int(), assignee: z.number().int().nullish() })
const pressedUndo = z.object({ ticket: z.number().int(), event: z.number().int() })
const pressedNote = z.object({ ticket: z.number().int(), note: z.number().int() })
const metadata = z.object({ ticket: z.number().int(), along: z.number().int().optional() })

type Press = { ticket: Ticket; seen: z.infer<typeof pressed>; actor: Actor & { kind: 'agent' }; source: string }

/** The buttons of a ticket's card. What a button carries is a hint: who may press it is asked anew each time. */
export function register(listening: Listening): void {
  const { app, desk, client, render } = listening
  const via = 'slack' as const

  const onPress = (actionId: string, act: (press: Press, body: BlockAction<ButtonAction>) => Promise<unknown>) => {
    app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, body, action }) => {
        const work = authorised(listening, body, action).then((press) => act(press, body))
        await ackAfter(ack, work).catch(async (error) => {
          await tellPresser(listening, body, explain(listening, error, null))
        })
      },
    )
  }

  onPress('ticket.take', ({ ticket, seen, actor, source }) => {
    // Of two quick presses on "Take" the second is no mistake; who presses "Take over" on their own ticket makes one.
    if (ticket.assigneeId === actor.id && seen.assignee === actor.id)
      throw new Refusal('taken-by-you', { number: ticket.id })
    return desk.handle({
      type: 'assign',
      ticketId: ticket.id,
      agentId: actor.id,
      expected: seen.assignee ?? null,
      actor,
      via,
      source,
    })
  })
  onPress('ticket.pend', ({ ticket, actor, source }) =>
    desk.handle({ type: 'pend', ticketId: ticket.id, actor, via, source }),
  )
  onPress('ticket.solve', ({ ticket, actor, source }) =>
    desk.handle({ type: 'solve', ticketId: ticket.id, actor, via, source }),
  )
  onPress('ticket.reopen', ({ ticket, actor, source }) =>
    desk.handle({ type: 'reopen', ticketId: ticket.id, askedAt: listening.clock.now(), actor, via, source }),
  )
  // The reply modal needs its trigger within three seconds, so it opens first and asks who is pressing meanwhile.
  const onModal = (
    actionId: string,
    show: (body: BlockAction<ButtonAction>, action: ButtonAction) => Promise<ModalView>,
  ) => {
    app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, body, action }) => {
        await ack()
        const ctx = render.requesterContext(null)
        const content = show(body, action).catch((error) =>
          problemModal({ text: explain(listening, error, null), ctx }),
        )
        await openModal(client, body.trigger_id, content, loadingModal({ ctx })).catch((error) =>
          tellPresser(listening, body, explain(listening, error, null)),
        )
      },
    )
  }

  onModal('ticket.reply', async (body, action) => {
    const { ticket } = await authorised(listening, body, action)
    const full = (await render.full(ticket.id))!
    return replyModal({ full, ctx: render.staffContext(full) })
  })
  // Pressed twice, or by two: the answer is taken back once, and each gets its words to write it anew.
  onModal('ticket.undo', async (body, action) => {
    const { event: eventId } = pressedUndo.parse(JSON.parse(action.value ?? ''))
    const { ticket, actor, source } = await authorised(listening, body, action)
    await desk.handle({ type: 'withdraw', ticketId: ticket.id, eventId, actor, via, source })
    const full = (await render.full(ticket.id))!
    const along = filesAlong(full, full.events.find(({ id }) => id === eventId)?.commentId)
    return replyModal({ full, ctx: render.staffContext(full), again: answerOf(full, eventId), along })
  })

  // Files that an agent dropped under the card stay there unless one says otherwise.
  onModal('note.send', async (body, action) => {
    const { ticket } = await authorised(listening, body, action)
    const { note } = pressedNote.parse(JSON.parse(action.value ?? ''))
    const full = (await render.full(ticket.id))!
    return replyModal({ full, ctx: render.staffContext(full), along: filesAlong(full, note) })
  })

  app.view('agent.reply', async ({ ack, body, view }) => {
    const ctx = render.requesterContext(null)
    const work = answer(listening, userOf(body), view).catch((error): ModalAnswer => {
      const text = explain(listening, error, null)
      const field = error instanceof Refusal && error.code === 'file-too-large' ? 'files' : 'reply'
      return { kind: 'errors', errors: { [field]: text }, again: withProblem(view as unknown as ModalView, text) }
    })
    const number = numberIn(view.private_metadata) ?? ''
    const done = doneModal({ text: ctx.words('chat.reply-sent', { number }), ctx })
    await answerSubmission(ack, client, view.id, work, { loading: loadingModal({ ctx }), done })
  })
}

/** The files of a comment that nobody outside sees, by name; none where it is another's or has none. */
function filesAlong({ comments }: TicketInFull, commentId: number | null | undefined) {
  const comment = comments.find(({ id, isPublic }) => id === commentId && !isPublic)
  const names = comment?.files.filter(({ refused }) => refused === null).map(({ name }) => name) ?? []
  return comment && names.length > 0 ? { commentId: comment.id, names } : undefined
}

function answerOf({ events, comments }: TicketInFull, eventId: number): { text: string; waits: boolean } {
  const answered = events.find(({ id }) => id === eventId)
  const text = comments.find(({ id }) => id === answered?.commentId)?.text ?? ''
  return { text, waits: answerEventIds(events, eventId).length > 1 }
}

async function answer(
  listening: Listening,
  user: ReturnType<typeof userOf>,
  view: { id: string; private_metadata: string; state: { values: unknown } },
): Promise<ModalAnswer> {
  const ticketId = numberIn(view.private_metadata)
  const { text, files, waits } = readReply(view.state.values)
  if (!text) throw new Refusal('nothing-said')
  if (ticketId === null) throw new Error('an answer came back without its ticket')
  const ticket = await loadTicket(listening.database, ticketId)
  if (!ticket) throw new Refusal('agents-only')
  const actor = await listening.who.agent(user, listening.triageChannelOf(ticket.groupKey))
  const tooLarge = files.find(({ size }) => size > listening.maxFileBytes)
  if (tooLarge)
    throw new Refusal('file-too-large', { name: tooLarge.name, number: Math.floor(listening.maxFileBytes / 1e6) })
  const along = alongIn(view.private_metadata)
  const attachments = along === null ? [] : await filesOfNote(listening.database, ticketId, along)
  for (const { id, name, contentType, size, url } of files)
    attachments.push({ name, contentType, size, sha256: null, slackFile: { id, url }, refused: null })
  await listening.desk.handle({
    type: 'answer',
    ticketId,
    comment: { text, fullText: null, attachments },
    waits,
    actor,
    via: 'slack',
    source: `slack/view/${view.id}`, // a modal is sent once, however often its submission is delivered
  })
  return { kind: 'close' }
}

function numberIn(privateMetadata: string): number | null {
  try {
    return metadata.parse(JSON.parse(privateMetadata)).ticket
  } catch {
    return null
  }
}

function alongIn(privateMetadata: string): number | null {
  return metadata.parse(JSON.parse(privateMetadata)).along ?? null
}

/** Who pressed what: the ticket by its button, and the agent by user and workspace. Throws a neutral Refusal otherwise. */
export async function authorised(
  listening: Listening,
  body: BlockAction<ButtonAction>,
  action: ButtonAction,
): Promise<Press> {
  const seen = pressed.parse(JSON.parse(action.value ?? ''))
  const ticket = await loadTicket(listening.database, seen.ticket)
  if (!ticket) throw new Refusal('agents-only')
  const actor = await listening.who.agent(userOf(body), listening.triageChannelOf(ticket.groupKey))
  return {
    ticket,
    seen,
    actor,
    source: `slack/action/${action.action_ts}/${body.user.id}/${action.action_id}/${ticket.id}`,
  }
}
