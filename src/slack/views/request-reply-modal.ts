import type { ModalView } from '@slack/types'
import type { AnsweredFile } from '../../ticket/form.ts'
import type { Ticket } from '../../ticket/ticket.ts'
import { plain } from '../text.ts'
import { context, plainText } from './blocks.ts'
import { say, sayPlain, type ViewContext } from './context.ts'
import { at, readFile } from './form-state.ts'
import { limits } from './limits.ts'

/** Where somebody on a request writes: a reply with files (CLI-10, CLI-11), or what the follow-up of a closed one is about (FUP-02). */
export function requestReplyModal(data: {
  ticket: Ticket
  isFollowUp: boolean
  maxFileBytes: number
  ctx: ViewContext
  text?: string
}): ModalView {
  const { ticket, isFollowUp, ctx, text = '' } = data
  const { words } = ctx
  const number = String(ticket.id)
  const note = noteOf(data)
  const limit = Math.floor(Math.min(data.maxFileBytes, limits.fileBytes) / 1e6)
  return {
    type: 'modal',
    callback_id: 'request.reply',
    private_metadata: JSON.stringify({ ticket: ticket.id } satisfies { ticket: number }),
    title: plainText(
      sayPlain(words, isFollowUp ? 'history.reply.follow-up-title' : 'history.reply.title', { number }),
      limits.modalTitle,
    ),
    submit: plainText(words('slack.button.send'), limits.modalButton),
    close: plainText(words('slack.button.cancel'), limits.modalButton),
    blocks: [
      ...(note ? [context('reply.note', note)] : []),
      {
        type: 'input',
        block_id: 'reply',
        optional: true,
        label: plainText(
          words(isFollowUp && ticket.followUpId === null ? 'history.reply.follow-up-label' : 'history.reply.label'),
          limits.inputLabel,
        ),
        element: {
          type: 'plain_text_input',
          action_id: 'reply',
          multiline: true,
          max_length: limits.inputText,
          focus_on_load: true,
          ...(text ? { initial_value: plain(text, limits.inputText) } : {}),
        },
      },
      {
        type: 'input',
        block_id: 'files',
        optional: true,
        label: plainText(words('history.reply.files'), limits.inputLabel),
        hint: plainText(words('history.reply.files-hint', { count: limits.files, limit }), limits.inputHint),
        element: { type: 'file_input', action_id: 'files', max_files: limits.files },
      },
    ],
  }
}

function noteOf({ ticket, isFollowUp, ctx }: { ticket: Ticket; isFollowUp: boolean; ctx: ViewContext }): string {
  const number = String(ticket.id)
  if (ticket.followUpId !== null)
    return say(ctx.words, 'history.reply.goes-on', { number, followUp: String(ticket.followUpId) })
  if (isFollowUp) return say(ctx.words, 'history.reply.follow-up', { number })
  return ticket.status === 'solved' ? ctx.words('history.reply.solved') : ''
}

/** What was written and chosen: the words, trimmed, and the files as Slack names them. */
export function readRequestReply(values: unknown): { text: string; files: AnsweredFile[] } {
  const text = at(at(at(values, 'reply'), 'reply'), 'value')
  const files = at(at(at(values, 'files'), 'files'), 'files')
  return {
    text: typeof text === 'string' ? text.trim() : '',
    files: Array.isArray(files) ? files.map(readFile).filter((file) => file !== null) : [],
  }
}
