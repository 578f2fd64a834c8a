import type { KnownBlock, ModalView } from '@slack/types'
import type { RequestRow } from '../../ticket/in-full.ts'
import { actions, button, context, plainText, section } from './blocks.ts'
import { type MessageView, say, sayPlain, subjectOf, type ViewContext } from './context.ts'
import { limits } from './limits.ts'

/** Whether words outside of any request become a new one or part of one: no trigger comes with a message, so it asks. */
export function wayInView(
  data: { talkId: string; requests: Pick<RequestRow, 'id' | 'subject'>[]; hasNoThread: boolean; canAdd: boolean },
  ctx: ViewContext,
): MessageView {
  const { words } = ctx
  const text = words(data.hasNoThread ? 'conversation.way-in.no-thread' : 'conversation.way-in.ask')
  const value = { talk: data.talkId }
  const options = data.requests.slice(0, limits.options).map(({ id, subject }) => ({
    value: JSON.stringify({ talk: data.talkId, ticket: id }),
    text: plainText(
      sayPlain(words, 'conversation.way-in.request', { number: id, subject: subjectOf(subject, words) }),
      limits.optionText,
    ),
  }))
  const add = data.canAdd && options.length > 0
  return {
    text,
    blocks: [
      section('way-in.ask', text),
      actions('way-in', [
        button('way-in.open', words('chat.open-ticket'), value, { style: 'primary' }),
        ...(add
          ? [
              {
                type: 'static_select' as const,
                action_id: 'way-in.add',
                placeholder: plainText(words('conversation.way-in.add'), limits.placeholder),
                options,
              },
            ]
          : []),
        ...(data.canAdd ? [button('way-in.drop', words('conversation.way-in.drop'), value)] : []),
      ]),
    ],
  }
}

/** The same once they have said. */
export function settledView(
  became: { kind: 'opened' | 'added'; number: number } | { kind: 'dropped' },
  ctx: ViewContext,
): MessageView {
  const { kind, ...params } = became
  const text = say(ctx.words, `conversation.way-in.${kind}`, params)
  return { text, blocks: [section('way-in.settled', text)] }
}

/** Whom an agent opens a request for: the author of the message, unless they choose somebody else. */
export function requesterModal(
  data: { talkId: string; author: string | null; error?: string },
  ctx: ViewContext,
): ModalView {
  const { words } = ctx
  return {
    type: 'modal',
    callback_id: 'intake.requester',
    private_metadata: JSON.stringify({ talk: data.talkId }),
    title: plainText(words('conversation.requester.title'), limits.modalTitle),
    submit: plainText(words('conversation.requester.continue'), limits.modalButton),
    close: plainText(words('slack.button.cancel'), limits.modalButton),
    blocks: [
      {
        type: 'input',
        block_id: 'requester',
        label: plainText(words('conversation.requester.label'), limits.inputLabel),
        hint: plainText(words('conversation.requester.hint'), limits.inputHint),
        element: {
          type: 'users_select',
          action_id: 'requester',
          ...(data.author ? { initial_user: data.author } : {}),
        },
      },
    ],
  }
}

/** A page of the questionnaire with what comes along, and whom it is for, on top of it. */
export function withNotes(page: ModalView, notes: string[]): ModalView {
  const shown: KnownBlock[] = notes.length > 0 ? [context('intake.notes', notes.join('\n'))] : []
  return { ...page, blocks: [...shown, ...page.blocks].slice(0, limits.viewBlocks) }
}
