import type { ModalView } from '@slack/types'
import { plain } from '../text.ts'
import { plainText, section } from './blocks.ts'
import { say, type ViewContext } from './context.ts'
import { at } from './form-state.ts'
import { limits } from './limits.ts'
import { stars } from './standing.ts'

/** Where the requester adds words to their rating; `comment` is what they wrote before. */
export function ratingCommentModal(input: {
  ticketId: number
  score: number
  comment?: string | null
  ctx: ViewContext
}): ModalView {
  const { ticketId, score, comment, ctx } = input
  const { words } = ctx
  return {
    type: 'modal',
    callback_id: 'survey.comment',
    private_metadata: JSON.stringify({ ticket: ticketId, score } satisfies { ticket: number; score: number }),
    title: plainText(words('slack.survey.comment-title'), limits.modalTitle),
    submit: plainText(words('slack.button.send'), limits.modalButton),
    close: plainText(words('slack.button.cancel'), limits.modalButton),
    blocks: [
      section('survey.line', say(words, 'slack.survey.your-rating', { number: ticketId, stars: stars(score, ctx) })),
      {
        type: 'input',
        block_id: 'comment',
        label: plainText(words('slack.survey.comment-label'), limits.inputLabel),
        element: {
          type: 'plain_text_input',
          action_id: 'comment',
          multiline: true,
          max_length: limits.inputText,
          focus_on_load: true,
          ...(comment ? { initial_value: plain(comment, limits.inputText) } : {}),
        },
      },
    ],
  }
}

/** What the requester wrote, trimmed; null when nothing. */
export function readRatingComment(values: unknown): string | null {
  const text = at(at(at(values, 'comment'), 'comment'), 'value')
  return typeof text === 'string' && text.trim() ? text.trim() : null
}
