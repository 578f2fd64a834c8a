import type { ComponentChildren } from 'preact'
import { mrkdwn } from './mrkdwn.ts'
import type { Reader } from './reader.ts'

/** A markdown block: standard Markdown's headings, bold and links, turned into the mrkdwn that the page draws. */
export function markdown(source: string, reader: Reader): ComponentChildren {
  const lines = source.split('\n').map((line) =>
    line
      .replace(/^#{1,6} +(.*)$/, '**$1**')
      .replace(/^(\s*)[-*+] +/, '$1• ')
      .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '<$2|$1>')
      .replace(/\*\*(.+?)\*\*/g, '*$1*')
      .replace(/~~(.+?)~~/g, '~$1~'),
  )
  return mrkdwn(lines.join('\n'), reader)
}
