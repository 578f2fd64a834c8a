import type { RichTextBlock, RichTextSection } from '@slack/types'
import type { CommentFile } from '../../ticket/in-full.ts'
import type { UploadPlace } from '../../ticket/policies/effect.ts'
import { oneLine, plain } from '../text.ts'
import { say, sayPlain, type ViewContext } from './context.ts'

/**
 * The files of a comment, one a line: a link to our own copy, or why there is none. No block when there is no file. `place`:
 * the files themselves follow in that thread (`createUploader`); of one that does not, its line says why. No image blocks:
 * they would fail the whole message wherever Slack cannot reach PUBLIC_URL.
 */
export function fileBlocks(
  id: string,
  files: CommentFile[],
  ctx: ViewContext,
  place: UploadPlace | null = null,
): RichTextBlock[] {
  if (files.length === 0) return []
  const lines = files.slice(0, MOST_FILES).map((file) => lineOf(file, ctx, place))
  if (files.length > MOST_FILES) {
    const more = ctx.words('slack.file.more', { count: files.length - MOST_FILES })
    lines.push({ type: 'rich_text_section', elements: [{ type: 'text', text: more }] })
  }
  return [{ type: 'rich_text', block_id: id, elements: [{ type: 'rich_text_list', style: 'bullet', elements: lines }] }]
}

/** The same in one line of `text`, or an empty string. */
export function filesSpoken(files: CommentFile[], ctx: ViewContext): string {
  if (files.length === 0) return ''
  const names = files.slice(0, MOST_FILES).map((file) => plain(nameOfFile(file, ctx), 40))
  return say(ctx.words, 'slack.file.spoken', { count: files.length, names: names.join(', ') })
}

const MOST_FILES = 20

function lineOf(file: CommentFile, ctx: ViewContext, place: UploadPlace | null): RichTextSection {
  const name = plain(nameOfFile(file, ctx), 150)
  const unshared = place && file.unshared?.[place]
  // What the app may not do is the team's to mend, and nobody else's business.
  const reason = unshared === 'no-scope' && place === 'request-files' ? 'only' : unshared
  const kept = reason ? `linked.${reason}` : 'stored'
  const note = sayPlain(ctx.words, `slack.file.${file.refused ?? (file.url ? kept : 'waiting')}`, {
    ...sizeOf(file.size),
  })
  return {
    type: 'rich_text_section',
    elements: [
      file.url && !file.refused ? { type: 'link', url: file.url, text: name } : { type: 'text', text: name },
      { type: 'text', text: ` ${note}` },
    ],
  }
}

/** Slack's 10 MB are ten million bytes or more: decimal units keep us on the safe side of what people compare. */
function sizeOf(bytes: number): { size: number; unit: string } {
  if (bytes < 1_000_000) return { size: Math.ceil(bytes / 1000), unit: 'KB' }
  return { size: Math.round(bytes / 100_000) / 10, unit: 'MB' }
}

function nameOfFile(file: CommentFile, ctx: ViewContext): string {
  return oneLine(file.name) || ctx.words('slack.file.nameless')
}
