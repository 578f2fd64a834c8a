import type { ComponentChildren } from 'preact'
import { withEmoji } from './emoji.ts'
import { mrkdwn } from './mrkdwn.ts'
import type { Reader } from './reader.ts'

/** A Block Kit text object: {type: 'plain_text' | 'mrkdwn', text}. */
export interface TextObject {
  type: string
  text: string
  emoji?: boolean
}

export function isText(value: unknown): value is TextObject {
  return typeof value === 'object' && value !== null && typeof (value as TextObject).text === 'string'
}

/** Draws a text object; nothing for what is none. */
export function textOf(value: unknown, reader: Reader): ComponentChildren {
  if (!isText(value)) return null
  if (value.type === 'mrkdwn') return mrkdwn(value.text, reader)
  return wordsOf(value)
}

/** The words of a text object, without marks: for labels, placeholders and titles. */
export function wordsOf(value: unknown): string {
  if (!isText(value)) return ''
  return value.emoji === false ? value.text : withEmoji(value.text)
}
