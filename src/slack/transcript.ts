import type { Passage } from '../store/passages.ts'
import type { Talk } from '../store/talks.ts'
import type { Attachment } from '../ticket/ticket.ts'
import { passageOf } from './passage.ts'
import type { ViewContext } from './views/context.ts'

const MOST_CHARS = 12_000
const MOST_OF_ONE = 2_000
const DESCRIPTION_CHARS = 2_900 // a field of the form holds 3000, and a sign may take two

const MOST_FILES = 30 // more is an archive, and belongs into one

/** The files that come along with a talk, the oldest first, and how many more there are that do not. */
export function filesAlong({ words }: Talk): { files: Attachment[]; leftOut: number } {
  const all = words.flatMap(({ files }) => files)
  return { files: all.slice(0, MOST_FILES), leftOut: Math.max(0, all.length - MOST_FILES) }
}

/** The lines of a talk that are its writer's own words, as they begin a description. For a message: that message alone. */
export function ownWords({ kind, words, pressedTs }: Talk): string {
  const meant = kind === 'message' ? words.filter(({ ts }) => ts === pressedTs) : words
  return meant
    .map(({ text }) => text)
    .filter(Boolean)
    .join('\n')
}

/**
 * Whether more comes along than the description was begun with. One's own words that fit there do not: what somebody then
 * takes out of the description is not to be sent behind their back.
 */
export function hasMore(talk: Talk): boolean {
  const isConversation = talk.kind === 'message' && (talk.words.length + talk.leftOut > 1 || !talk.words[0]?.isOwn)
  return isConversation || ownWords(talk).length > DESCRIPTION_CHARS
}

/**
 * What comes along with the description of a request; nothing when there is no more than that was begun with. Lines that
 * somebody wrote to us stay theirs, and follow when they are edited. A conversation is quoted: whoever pressed brought a copy
 * of it, and that stays as it was, also where its author edits or deletes the message later, their own as well.
 */
export function along(talk: Talk, ctx: ViewContext): Passage {
  if (!hasMore(talk)) return []
  if (talk.kind === 'message') return [transcript(talk, ctx)]
  return [ctx.words('conversation.transcript.from-slack'), '', ...passageOf(talk.words)]
}

/** Who said what and when, as plain text, oldest first; what does not fit is left out in the middle and counted. */
function transcript(talk: Talk, ctx: ViewContext): string {
  const { words, leftOut, channelName } = talk
  const taken = new Set(filesAlong(talk).files)
  const entries = words.map(({ ts, author, text, files }) => {
    const said = text.length > MOST_OF_ONE ? `${text.slice(0, MOST_OF_ONE).toWellFormed()} […]` : text
    const names = files.map((file) =>
      taken.has(file) ? `[${file.name}]` : ctx.words('conversation.transcript.file-left-out', { name: file.name }),
    )
    const head = ctx.words('conversation.transcript.said', { author, at: ctx.moment(new Date(Number(ts) * 1000)) })
    return [head, ...[said, ...names].filter(Boolean).map((line) => line.replace(/^/gm, '> '))].join('\n')
  })
  const { kept, dropped } = fitting(entries)
  const gap = dropped + leftOut
  if (gap > 0) kept.splice(1, 0, ctx.words('conversation.transcript.left-out', { count: gap }))
  const from = channelName
    ? ctx.words('conversation.transcript.from-channel', { channel: channelName })
    : ctx.words('conversation.transcript.from-slack')
  const lost = talk.isUnread ? [ctx.words('conversation.transcript.unread')] : []
  return [from, ...kept, ...lost].join('\n\n')
}

/** The first entry and as many of the newest as fit. */
function fitting(entries: string[]): { kept: string[]; dropped: number } {
  const [first, ...rest] = entries
  let room = MOST_CHARS - (first?.length ?? 0)
  const newest: string[] = []
  for (const entry of rest.reverse()) {
    room -= entry.length
    if (room < 0) break
    newest.unshift(entry)
  }
  return { kept: [...(first === undefined ? [] : [first]), ...newest], dropped: rest.length - newest.length }
}
