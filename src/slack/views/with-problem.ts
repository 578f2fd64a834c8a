import type { ModalView } from '@slack/types'
import { mrkdwn } from '../text.ts'
import { section } from './blocks.ts'
import { limits } from './limits.ts'

const BLOCK = 'problem'

/** An open modal as it is, as Slack described it, with what went wrong under it; what was typed stays typed. */
export function withProblem(opened: ModalView, text: string): ModalView {
  const { type, callback_id, private_metadata, notify_on_close, title, submit, close, blocks } = opened
  return {
    type,
    ...(callback_id ? { callback_id } : {}),
    ...(private_metadata ? { private_metadata } : {}),
    ...(notify_on_close ? { notify_on_close } : {}),
    title,
    ...(submit ? { submit } : {}),
    ...(close ? { close } : {}),
    blocks: [
      ...blocks.filter(({ block_id }) => block_id !== BLOCK).slice(0, limits.viewBlocks - 1),
      section(BLOCK, `⚠️ ${mrkdwn(text, 500)}`),
    ],
  }
}
