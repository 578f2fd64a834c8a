import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  MrkdwnElement,
  PlainTextElement,
  RichTextBlock,
  SectionBlock,
} from '@slack/types'
import type { Words } from '../../templates.ts'
import { mrkdwn, pieces, plain } from '../text.ts'
import { limits } from './limits.ts'

/** What is understood in every language: it comes in a moment. */
export const WAIT_SIGN = '⏳'

/** Text that Slack does not parse, cut to what its place takes. */
export function plainText(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: plain(text, max), emoji: true }
}

/** Our markup, in which Slack makes no links and mentions of its own. */
export function markupText(markup: string): MrkdwnElement {
  return { type: 'mrkdwn', text: markup, verbatim: true }
}

export function header(id: string, text: string): HeaderBlock {
  return { type: 'header', block_id: id, text: plainText(text, limits.header) }
}

export function section(id: string, markup: string): SectionBlock {
  return { type: 'section', block_id: id, text: markupText(markup) }
}

export function context(id: string, markup: string): ContextBlock {
  return { type: 'context', block_id: id, elements: [markupText(markup)] }
}

export function actions(id: string, elements: ActionsBlock['elements']): ActionsBlock {
  return { type: 'actions', block_id: id, elements }
}

/** A button; `value` comes back as JSON and is a hint of what the presser saw, never a right. */
export function button(
  actionId: string,
  text: string,
  value: unknown,
  more: { style?: 'primary' | 'danger'; spoken?: string } = {},
): Button {
  return {
    type: 'button',
    action_id: actionId,
    text: plainText(text, limits.buttonText),
    value: JSON.stringify(value),
    ...(more.style ? { style: more.style } : {}),
    ...(more.spoken ? { accessibility_label: plain(more.spoken, limits.accessibilityLabel) } : {}),
  }
}

/**
 * What somebody said, in a quote of its own: Slack parses nothing in it, and it cannot pass for a line of ours (S3).
 * A very long text ends with how much is left out. No block for an empty one.
 */
export function quote(id: string, text: string, words: Words, most: number = limits.quotes): RichTextBlock[] {
  const all = pieces(text.trim(), limits.quote)
  const shown = all.slice(0, most)
  const left = all.slice(most).join('').length
  if (left > 0) shown.push(words('slack.comment.more', { count: left }))
  return shown.map((piece, index) => ({
    type: 'rich_text',
    block_id: `${id}.${index}`,
    elements: [
      index < most
        ? { type: 'rich_text_quote', elements: [{ type: 'text', text: piece }] }
        : { type: 'rich_text_section', elements: [{ type: 'text', text: piece, style: { italic: true } }] },
    ],
  }))
}

/**
 * The `text` of a message: our lines, what somebody said, our lines after it; cut so that the message can still be
 * edited. What was said comes before our next step because a phone shows only the beginning.
 */
export function spoken(before: string[], said = '', after: string[] = []): string {
  const [head, tail] = [before, after].map((lines) => lines.filter(Boolean).join('\n'))
  const room = limits.messageText - head!.length - tail!.length - 2
  const words = said.trim() && room > 1 ? mrkdwn(said.trim(), room) : ''
  return [head, words, tail].filter(Boolean).join('\n')
}
