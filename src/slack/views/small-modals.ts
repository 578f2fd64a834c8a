import type { KnownBlock, ModalView } from '@slack/types'
import { mrkdwn } from '../text.ts'
import { plainText, section, WAIT_SIGN } from './blocks.ts'
import { say, type ViewContext } from './context.ts'
import { limits } from './limits.ts'

/**
 * Shown at once, within a trigger's three seconds, and replaced as soon as the database has answered. To somebody whose
 * language nobody knows yet it is a sign without words, rather than words of another language.
 */
export function loadingModal({ ctx }: { ctx: ViewContext }): ModalView {
  if (ctx.isUnmet) {
    const blocks = [section('loading.text', WAIT_SIGN)]
    return { type: 'modal', callback_id: 'intake.loading', title: plainText('…', limits.modalTitle), blocks }
  }
  return readOnly('loading', ctx.words('slack.modal.title'), ctx.words('slack.modal.loading'), ctx)
}

/** The last page: the number of the new ticket and where it goes on. */
export function sentModal({ number, ctx }: { number: number; ctx: ViewContext }): ModalView {
  return readOnly('sent', ctx.words('slack.modal.sent-title'), say(ctx.words, 'slack.modal.sent', { number }), ctx)
}

/** It worked, but too late to close the modal by itself: says so. `text` is plain words; without it, that it is done. */
export function doneModal({ text, ctx }: { text?: string; ctx: ViewContext }): ModalView {
  const words = text ? mrkdwn(text, limits.sectionText) : ctx.words('slack.modal.done')
  return readOnly('done', ctx.words('slack.modal.done-title'), words, ctx)
}

/** What would have been said beside the command, for who had to be shown a modal because it took long. */
export function messageModal({ blocks, ctx }: { blocks: KnownBlock[]; ctx: ViewContext }): ModalView {
  const empty = readOnly('answer', ctx.words('history.title'), '', ctx)
  return { ...empty, blocks: blocks.slice(0, limits.viewBlocks) }
}

/** Something went wrong; `text` is plain words for the reader that end with what to do. */
export function problemModal({ text, ctx }: { text: string; ctx: ViewContext }): ModalView {
  return readOnly('problem', ctx.words('slack.modal.problem-title'), mrkdwn(text, limits.sectionText), ctx)
}

function readOnly(name: string, title: string, markup: string, ctx: ViewContext): ModalView {
  return {
    type: 'modal',
    callback_id: `intake.${name}`,
    title: plainText(title, limits.modalTitle),
    close: plainText(ctx.words('slack.button.close'), limits.modalButton),
    blocks: [section(`${name}.text`, markup)],
  }
}
