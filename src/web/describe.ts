import type { Context, Hono } from 'hono'
import type { Clock } from '../clock.ts'
import type { Desk } from '../desk.ts'
import { hashOf, type Secrets } from '../secrets.ts'
import type { Database } from '../store/database.ts'
import { people } from '../store/people.ts'
import { loadTicket, ticketOfSecret } from '../store/tickets.ts'
import type { Templates, Words } from '../templates.ts'
import { type Answers, labelOf } from '../ticket/form.ts'
import type { AnswerError } from '../ticket/form-answers.ts'
import { readAnswer } from '../ticket/form-read.ts'
import { type PageQuestion, pageQuestions } from '../ticket/page-questions.ts'
import { labelsIn, type Questionnaire } from '../ticket/questions.ts'
import { Refusal } from '../ticket/refusal.ts'
import type { Ticket } from '../ticket/ticket.ts'
import { describeContent } from './describe-page.ts'
import { askedLocale } from './language.ts'
import { page, spoken } from './page.ts'
import { provePage, sourceOfPage } from './page-proof.ts'
import { postedFields } from './posted.ts'
import { secretPage } from './secret-page.ts'

interface DescribeParts {
  database: Database
  desk: Desk
  clock: Clock
  templates: Templates
  secrets: Secrets
  questionnaire: Questionnaire
  publicUrl: string
  companyName: string
  timeZoneOf?(regionKey: string): string
  newId: () => string
}

/**
 * The page behind the link in the acknowledgement, which asks for what a mail did not say. GET and HEAD only show it,
 * whoever opens it (W1, W2); a POST with what the page carries fills the fields in the requester's name. What is known
 * already is neither shown nor taken.
 */
export function describeRoutes(parts: DescribeParts, notFound: (c: Context) => Response | Promise<Response>): Hono {
  return secretPage(parts, '/describe/:token', notFound, {
    open: (c, token) => open(parts, c, token),
    show: (c, asking) => {
      const isAfter = c.req.query('thanks') !== undefined && asking.ticket.form !== null
      return asking.show(200, {}, isAfter ? asking.words('describe.thanks') : null)
    },
    take: (c, asking, body) => {
      const sent = readSent(parts.questionnaire, asking.questions, body)
      return sent && take(parts, c, asking, sent)
    },
  })
}

interface Asking {
  token: string
  ticket: Ticket
  questions: PageQuestion[]
  words: Words
  show(
    status: 200 | 403 | 409 | 422,
    chosen: Record<string, string>,
    told: string | null,
    errors?: Record<string, AnswerError>,
  ): Response | Promise<Response>
}

/** What this token asks, in its requester's language; null when it opens nothing. */
async function open(parts: DescribeParts, c: Context, token: string): Promise<Asking | null> {
  const { database, templates, companyName, secrets, clock, questionnaire } = parts
  const ticketId = await ticketOfSecret(database, 'describe', hashOf(token))
  const ticket = ticketId === null ? null : await loadTicket(database, ticketId)
  if (!ticket) return null
  const [requester] = await people(database, [ticket.requesterId])
  const locale = requester?.locale ?? askedLocale(c, templates.locales, ticket.locale)
  const words = templates.words(locale, {
    timeZone: requester?.timeZone ?? parts.timeZoneOf?.(ticket.regionKey) ?? null,
  })
  const questions = pageQuestions(questionnaire, ticket, { address: requester?.address ?? null, locale })
  const labels = labelsIn(questionnaire.labels, locale)
  const frame = { companyName, lang: spoken(locale, templates.locales), title: words('describe.title') }
  const show: Asking['show'] = (status, chosen, told, errors = {}) => {
    const said = Object.entries(errors).map(([key, code]) => [key, labelOf(labels, `error.${code}`).text])
    const problems = Object.fromEntries(said)
    const proof = provePage(secrets, clock, 'describe', token, parts.newId())
    return c.html(page(frame, describeContent({ ticket, questions, words, proof, chosen, problems, told })), status)
  }
  return { token, ticket, questions, words, show }
}

/** `isLate`: something was answered that is known by now. `chosen`: what was sent, by the names of the page's fields. */
type Sent = {
  proof: string
  answers: Answers
  errors: Record<string, AnswerError>
  chosen: Record<string, string>
  isLate: boolean
}

/**
 * Reads a posted page, or null when it is none of ours: a field unknown or sent twice, an option nobody offered (W21).
 * An answer to what was answered in the meantime is passed over.
 */
function readSent({ form }: Questionnaire, questions: PageQuestion[], body: string): Sent | null {
  const fields = postedFields(body)
  if (!fields) return null
  const keys = new Set(form.pages.flatMap((each) => each.fields.map(({ key }) => key)))
  const sent: Sent = { proof: fields.get('page') ?? '', answers: {}, errors: {}, chosen: {}, isLate: false }
  for (const [name, value] of fields) {
    if (name === 'page') continue
    // Of several ticks each is a field of its own, `<question>.<option>`.
    const [key = '', tick] = name.split('.')
    if (!keys.has(key)) return null
    if (value === '') continue
    const question = questions.find((each) => each.key === key)
    if (!question) {
      sent.isLate = true
      continue
    }
    const isMany = question.field.kind === 'checkboxes'
    const isOffered = question.options.some((option) => option.value === (isMany ? tick : value))
    if (isMany !== (tick !== undefined) || (question.options.length > 0 && !isOffered)) return null
    sent.chosen[name] = value
    const ticked = isMany ? [...((sent.answers[key] as string[] | undefined) ?? []), tick!] : value
    const read = readAnswer(question.field, ticked)
    if (read && 'error' in read) sent.errors[key] = read.error
    else if (read) sent.answers[key] = read.answer
  }
  return sent
}

async function take(
  parts: DescribeParts,
  c: Context,
  asking: Asking,
  { proof, answers, errors, chosen, isLate }: Sent,
): Promise<Response> {
  const { ticket, words, token, questions } = asking
  const onceMore = words('web.once-more')
  const source = sourceOfPage(parts.secrets, parts.clock, 'describe', token, proof)
  if (ticket.status === 'closed') return asking.show(409, {}, null)
  const isEmpty = Object.keys({ ...answers, ...errors }).length === 0
  // The second of two clicks, or answered by mail since: that is thanked for, too.
  if (questions.length === 0 || (isEmpty && isLate)) return c.redirect('?thanks=1', 303)
  if (Object.keys(errors).length > 0) return asking.show(422, chosen, words('describe.put-right'), errors)
  if (isEmpty) return asking.show(422, chosen, words('describe.pick-one'))
  if (source === null) return asking.show(403, chosen, onceMore)
  const actor = { kind: 'contact', id: ticket.requesterId } as const
  try {
    const command = { type: 'describe', ticketId: ticket.id, answers, actor, via: 'web', source } as const
    const { isRepeat } = await parts.desk.handle(command)
    // A page out of the browser's history, changed and sent again: it has counted already, so it is asked once more.
    if (isRepeat) {
      const now = await open(parts, c, token)
      if (now?.questions.some(({ key }) => answers[key] !== undefined)) return now.show(409, chosen, onceMore)
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Closed since the page was shown: the page says so.
    return ((await open(parts, c, token)) ?? asking).show(409, {}, null)
  }
  return c.redirect('?thanks=1', 303) // a reload then shows thanks again instead of sending again
}
