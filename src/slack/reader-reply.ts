import type { AnsweredFile } from '../ticket/form.ts'
import type { Person } from '../ticket/in-full.ts'
import { Refusal } from '../ticket/refusal.ts'
import type { Attachment } from '../ticket/ticket.ts'
import type { Listening } from './listening.ts'
import { readable } from './reader-ticket.ts'

/**
 * Sends what a reader wrote outside its thread, with files that are still in Slack, and answers with the request it
 * went to: where the one they named cannot be reopened any more, its follow-up (FUP-01..03). `receivedAt`: when it got here,
 * before anything was waited for.
 */
export async function sendReply(
  listening: Listening,
  person: Person,
  number: number,
  { text, files, source, receivedAt }: { text: string; files: AnsweredFile[]; source: string; receivedAt: Date },
): Promise<number> {
  const { desk, maxFileBytes } = listening
  await readable(listening, person, number)
  if (!text && files.length === 0) throw new Refusal('nothing-said')
  const tooLarge = files.find(({ size }) => size > maxFileBytes)
  if (tooLarge)
    throw new Refusal('file-too-large', { name: tooLarge.name, number: Math.floor(maxFileBytes / 1_000_000) })
  const { ticketId } = await desk.handle({
    type: 'reply',
    ticketId: number,
    comment: { text, fullText: null, attachments: files.map(toAttachment) },
    receivedAt,
    alreadyTold: [],
    mayAnswer: true,
    isElsewhere: true,
    actor: { kind: 'contact', id: person.id },
    via: 'slack',
    source,
  })
  return ticketId
}

function toAttachment({ id, name, contentType, size, url }: AnsweredFile): Attachment {
  return { name, contentType, size, sha256: null, slackFile: { id, url }, refused: null }
}
