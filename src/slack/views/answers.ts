import type { RichTextBlock } from '@slack/types'
import { plain } from '../text.ts'

/** A question before its answer: a colon, unless it asks by itself. */
export function asking(label: string): string {
  return /[?:]$/.test(label) ? label : `${label}:`
}

/** Questions of the form with their answers, one a line. No block when nothing was answered. */
export function bullets(blockId: string, answers: { label: string; value: string }[]): RichTextBlock[] {
  // Slack refuses an empty text, and with it the whole message.
  const shown = answers.filter(({ value }) => plain(value, 500).trim() !== '')
  if (shown.length === 0) return []
  return [
    {
      type: 'rich_text',
      block_id: blockId,
      elements: [
        {
          type: 'rich_text_list',
          style: 'bullet',
          elements: shown.map(({ label, value }) => ({
            type: 'rich_text_section',
            elements: [
              { type: 'text', text: `${asking(plain(label, 200))} `, style: { bold: true } },
              { type: 'text', text: plain(value, 500) },
            ],
          })),
        },
      ],
    },
  ]
}
