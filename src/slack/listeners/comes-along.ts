import type { Tx } from '../../store/database.ts'
import type { Draft } from '../../store/drafts.ts'
import type { Talk } from '../../store/talks.ts'
import type { Answers, Form } from '../../ticket/form.ts'
import type { Listening } from '../listening.ts'
import { plain } from '../text.ts'
import { filesAlong, hasMore } from '../transcript.ts'
import { say, type ViewContext } from '../views/context.ts'
import { nameOf } from '../views/people.ts'
import { writePost } from '../write-post.ts'

/**
 * The answers with these words as the description, whichever way the form goes; after what was typed there before,
 * and cut to what fits.
 */
export function withDescription({ pages, roles }: Form, answers: Answers, text: string): Answers {
  const fields = pages.flatMap((page) => page.fields).filter(({ key }) => roles.description.includes(key))
  if (!text.trim()) return answers
  const described = fields.flatMap((field) => {
    if (field.kind !== 'longtext') return []
    const before = answers[field.key]
    const typed = typeof before === 'string' ? before : ''
    if (typed.includes(text)) return []
    const both = typed ? `${typed}\n\n${text}` : text
    return [[field.key, plain(both, field.maxLength)]]
  })
  return { ...answers, ...Object.fromEntries(described) }
}

/** What a page says beside its questions: whom it is filled in for, and what comes along from Slack. */
export function notesOf({ requester, talk }: Pick<Draft, 'requester' | 'talk'>, ctx: ViewContext): string[] {
  const { words } = ctx
  const { files, leftOut } = talk ? filesAlong(talk) : { files: [], leftOut: 0 }
  const messages = talk && hasMore(talk) ? talk.words.length + talk.leftOut : 0
  return [
    ...(requester ? [say(words, 'conversation.note.for', { name: nameOf(requester, words) })] : []),
    ...(messages > 0 || files.length > 0 ? [words('conversation.note.along', { messages, files: files.length })] : []),
    ...(leftOut > 0 ? [words('conversation.note.files-left-out', { count: leftOut })] : []),
    ...(talk?.isUnread ? [words('conversation.note.unread')] : []),
  ]
}

/** Takes the buttons away once they were used. Where the question was for its reader alone, nobody can. */
export async function showSettled({ queue }: Listening, tx: Tx, talk: Talk, contactId: number): Promise<void> {
  if (talk.kind === 'direct')
    await writePost(tx, queue, `dm:${contactId}`, { place: 'way-in', contactId, talkId: talk.id }, 'settled')
}
