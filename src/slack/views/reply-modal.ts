import type { ModalView } from '@slack/types'
import type { AnsweredFile } from '../../ticket/form.ts'
import { type TicketInFull, wayTo } from '../../ticket/in-full.ts'
import { context, plainText } from './blocks.ts'
import { say, sayPlain, type ViewContext } from './context.ts'
import { at, readFile } from './form-state.ts'
import { limits } from './limits.ts'
import { list, nameAndAddress, nameOf } from './people.ts'

/**
 * Where an agent writes to the requester: names who will get it and where, before anything is typed. `again`: an answer
 * that was taken back, to be said otherwise.
 */
export function replyModal(data: {
  full: TicketInFull
  ctx: ViewContext
  again?: { text: string; waits: boolean }
  /** Files that are here and go along: those of a note, or of the answer that was taken back. */
  along?: { commentId: number; names: string[] } | undefined
}): ModalView {
  const { full, ctx, again, along } = data
  const { ticket } = full
  const { words } = ctx
  const wait = { value: 'wait', text: plainText(words('slack.reply.wait'), limits.optionText) }
  return {
    type: 'modal',
    callback_id: 'agent.reply',
    private_metadata: JSON.stringify({ ticket: ticket.id, ...(along ? { along: along.commentId } : {}) }),
    title: plainText(sayPlain(words, 'slack.reply.title', { number: ticket.id }), limits.modalTitle),
    submit: plainText(words('slack.button.send'), limits.modalButton),
    close: plainText(words('slack.button.cancel'), limits.modalButton),
    blocks: [
      context('reply.to', goesTo(full, ctx)),
      ...(again ? [context('reply.again', words('slack.reply.again'))] : []),
      ...(ticket.status === 'solved' ? [context('reply.solved', words('slack.reply.solved'))] : []),
      {
        type: 'input',
        block_id: 'reply',
        label: plainText(words('slack.reply.label'), limits.inputLabel),
        element: {
          type: 'plain_text_input',
          action_id: 'reply',
          multiline: true,
          max_length: limits.inputText,
          ...(again?.text ? { initial_value: again.text.slice(0, limits.inputText) } : {}),
          focus_on_load: true,
        },
      },
      ...(along && along.names.length > 0
        ? [context('reply.along', say(words, 'conversation.reply.along', { names: along.names.join(', ') }))]
        : []),
      {
        type: 'input',
        block_id: 'files',
        optional: true,
        label: plainText(words('conversation.reply.files'), limits.inputLabel),
        element: { type: 'file_input', action_id: 'files', max_files: limits.files },
      },
      {
        type: 'input',
        block_id: 'wait',
        optional: true,
        label: plainText(words('slack.reply.then'), limits.inputLabel),
        element: {
          type: 'checkboxes',
          action_id: 'wait',
          options: [wait],
          ...(again?.waits ? { initial_options: [wait] } : {}),
        },
      },
    ],
  }
}

/** What an agent submitted: the words, the files, and whether the ticket then waits for the requester. */
export function readReply(values: unknown): { text: string; files: AnsweredFile[]; waits: boolean } {
  const text = at(at(at(values, 'reply'), 'reply'), 'value')
  const ticked = at(at(at(values, 'wait'), 'wait'), 'selected_options')
  const chosen = at(at(at(values, 'files'), 'files'), 'files')
  const files = Array.isArray(chosen) ? chosen.map(readFile).filter((file) => file !== null) : []
  return { text: typeof text === 'string' ? text.trim() : '', files, waits: Array.isArray(ticked) && ticked.length > 0 }
}

function goesTo(full: TicketInFull, ctx: ViewContext): string {
  const { requester, ccs } = full
  const { words } = ctx
  const way = wayTo(requester)
  const to = say(words, 'slack.reply.goes-to', {
    name: nameOf(requester, words),
    address: requester.address ?? '',
    way,
  })
  const copied = ccs.filter(({ address }) => address !== null).map((person) => nameAndAddress(person, words))
  return copied.length > 0 ? `${to}\n${say(words, 'slack.reply.copied', { names: list(copied, words) })}` : to
}
