import type { Desk } from '../desk.ts'
import type { Tx } from '../store/database.ts'
import { people } from '../store/people.ts'
import { loadForUpdate } from '../store/tickets.ts'
import { type Questionnaire, questionsFor } from '../ticket/questions.ts'
import { readAnswers } from '../ticket/read-answers.ts'
import type { Incoming } from './act.ts'

export interface AnswerParts {
  desk: Desk
  /** What our acknowledgement asks; left out where it asks nothing. */
  questionnaire?: Questionnaire
}

/**
 * Takes the answers to our acknowledgement's questions out of a requester's reply. Answers with whether there is nothing
 * else in it, so that it need not become a comment too. A reply to a solved ticket is never only answers: it reopens.
 */
export async function takeAnswers(
  { desk, questionnaire }: AnswerParts,
  tx: Tx,
  { read, files, sender, source }: Pick<Incoming, 'read' | 'files' | 'sender' | 'source'>,
  { ticketId, contactId }: { ticketId: number; contactId: number },
): Promise<'only-answers' | 'words'> {
  if (!questionnaire || sender === 'failed') return 'words'
  const ticket = await loadForUpdate(tx, ticketId)
  if (ticket?.requesterId !== contactId || (ticket.status !== 'open' && ticket.status !== 'pending')) return 'words'
  const [author] = await people(tx, [contactId])
  if (!author) return 'words'
  const questions = questionsFor(questionnaire, ticket, author)
  const { answers, rest } = readAnswers(read.visible.text, questions, Object.values(questionnaire.labels), [
    author.name,
  ])
  if (Object.keys(answers).length === 0) return 'words'
  const { events } = await desk.handle(
    {
      type: 'describe',
      ticketId,
      answers,
      actor: { kind: 'contact', id: contactId },
      via: 'mail',
      source: `${source}/answers`,
    },
    tx,
  )
  // All that was said is kept in fields, or in words: what changed no field is not dropped.
  const isKept = Object.keys(answers).every((key) =>
    events.some((event) => event.type === 'described' && Object.hasOwn(event.answers, key)),
  )
  return isKept && rest === '' && files.length === 0 ? 'only-answers' : 'words'
}
