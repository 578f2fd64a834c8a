import type { Context, Hono } from 'hono'
import type { Clock } from '../clock.ts'
import type { Desk } from '../desk.ts'
import { hashOf, type Secrets } from '../secrets.ts'
import type { Database } from '../store/database.ts'
import { people } from '../store/people.ts'
import { loadTicket, ticketOfSecret } from '../store/tickets.ts'
import type { Templates, Words } from '../templates.ts'
import { Refusal } from '../ticket/refusal.ts'
import type { Ticket } from '../ticket/ticket.ts'
import { type Ballot, issuePage, readBallot } from './ballot.ts'
import { askedLocale } from './language.ts'
import { page, spoken } from './page.ts'
import { secretPage } from './secret-page.ts'
import { MAX_COMMENT, surveyContent } from './survey-page.ts'

interface SurveyParts {
  database: Database
  desk: Desk
  clock: Clock
  templates: Templates
  secrets: Secrets
  publicUrl: string
  companyName: string
  timeZoneOf?(regionKey: string): string
  newId: () => string
}

/**
 * The survey behind the link in the solved mail. GET and HEAD only show it, whoever opens it (W1, W2); a POST with what
 * the page carries rates the ticket in the requester's name. The page shows number, subject and score and nothing else.
 */
export function surveyRoutes(parts: SurveyParts, notFound: (c: Context) => Response | Promise<Response>): Hono {
  return secretPage(parts, '/survey/:token', notFound, {
    open: (c, token) => open(parts, c, token),
    show: (c, survey) => {
      const picked = c.req.queries('score') ?? []
      if (picked.length > 1) return null
      return survey.show(
        200,
        onArrival(survey, picked[0], c.req.query('thanks') !== undefined, c.req.query('again') !== undefined),
      )
    },
    take: (c, survey, body, askedAt) => {
      const ballot = readBallot(parts.secrets, parts.clock, survey.token, body)
      if (!ballot) return null
      return ballot.again ? lookAgain(parts, c, survey, ballot, askedAt) : vote(parts, c, survey, ballot)
    },
  })
}

interface OpenSurvey {
  token: string
  ticket: Ticket
  words: Words
  show(status: 200 | 403 | 409 | 422, typed: Typed): Response | Promise<Response>
}

interface Typed {
  score: number | null
  comment: string
  told: string | null
}

/** The survey this token opens, in its requester's language and zone; null when it opens none. */
async function open(parts: SurveyParts, c: Context, token: string): Promise<OpenSurvey | null> {
  const { database, templates, companyName, secrets, clock } = parts
  const ticketId = await ticketOfSecret(database, 'survey', hashOf(token))
  const ticket = ticketId === null ? null : await loadTicket(database, ticketId)
  if (!ticket) return null
  const [requester] = await people(database, [ticket.requesterId])
  const locale = requester?.locale ?? askedLocale(c, templates.locales, ticket.locale)
  const words = templates.words(locale, {
    timeZone: requester?.timeZone ?? parts.timeZoneOf?.(ticket.regionKey) ?? null,
  })
  const frame = { companyName, lang: spoken(locale, templates.locales), title: words('survey.title') }
  const show: OpenSurvey['show'] = (status, typed) => {
    const proof = issuePage(secrets, clock, token, parts.newId())
    return c.html(page(frame, surveyContent({ ticket, words, proof, ...typed })), status)
  }
  return { token, ticket, words, show }
}

/** What the link brought: a choice made in the mail, which does not count yet, or thanks for one that does. */
function onArrival(
  { ticket, words }: OpenSurvey,
  picked: string | undefined,
  isAfterVote: boolean,
  isReopened: boolean,
): Typed {
  const score = /^[1-5]$/.test(picked ?? '') ? Number(picked) : null
  const mayRate = ticket.rating ? ticket.status !== 'closed' : ticket.status === 'solved' || ticket.status === 'closed'
  if (isReopened && ticket.status === 'open') return { score: null, comment: '', told: words('survey.looking-again') }
  const isNews = score !== null && mayRate && score !== ticket.rating?.score
  const chosen = isNews ? words('web.chosen', { choice: words(`survey.score-${score}`) }) : null
  return { score, comment: '', told: isAfterVote && ticket.rating ? words('survey.thanks') : chosen }
}

/** Reopens the request by its requester's yes (SUR-06). What they typed on the same page is why, and goes to their rating. */
async function lookAgain(
  parts: SurveyParts,
  c: Context,
  survey: OpenSurvey,
  ballot: Ballot,
  askedAt: Date,
): Promise<Response> {
  const { ticket, words, token } = survey
  const { source, score, comment } = ballot
  if (comment.length > MAX_COMMENT)
    return survey.show(422, { score, comment, told: words('web.too-long', { max: String(MAX_COMMENT) }) })
  if (source === null) return survey.show(403, { score, comment, told: words('web.once-more') })
  const by = { ticketId: ticket.id, actor: { kind: 'contact', id: ticket.requesterId }, via: 'web' } as const
  const rating = score ?? ticket.rating?.score
  try {
    await parts.database.transaction(async (tx) => {
      if (comment && rating !== undefined)
        await parts.desk.handle({ type: 'rate', score: rating, comment, ...by, source: `${source}/why` }, tx)
      await parts.desk.handle({ type: 'reopen', askedAt, ...by, source }, tx)
    })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Too late, or open already: the page says how it stands now.
    const now = (await open(parts, c, token)) ?? survey
    return now.show(409, { score, comment, told: null })
  }
  return c.redirect('?again=1', 303)
}

async function vote(parts: SurveyParts, c: Context, survey: OpenSurvey, ballot: Ballot): Promise<Response> {
  const { ticket, words, token } = survey
  const { score, comment, source } = ballot
  if (score === null) return survey.show(422, { score, comment, told: words('survey.pick-one') })
  if (comment.length > MAX_COMMENT)
    return survey.show(422, { score, comment, told: words('web.too-long', { max: String(MAX_COMMENT) }) })
  const onceMore = { score, comment, told: words('web.once-more') }
  if (source === null) return survey.show(403, onceMore)
  const actor = { kind: 'contact', id: ticket.requesterId } as const
  const rate = { type: 'rate', ticketId: ticket.id, score, comment: comment || null } as const
  try {
    const { isRepeat } = await parts.desk.handle({ ...rate, actor, via: 'web', source })
    // A page out of the browser's history, changed and sent again: it has counted already, so it is asked once more.
    if (isRepeat && !(await stands(parts.database, ticket.id, ballot))) return (await now(survey)).show(409, onceMore)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Closed or reopened since the page was shown: the page says how it stands now.
    return (await now(survey)).show(409, { score: null, comment: '', told: null })
  }
  return c.redirect('?thanks=1', 303) // a reload then shows thanks again instead of sending again

  async function now(before: OpenSurvey): Promise<OpenSurvey> {
    return (await open(parts, c, token)) ?? before
  }
}

async function stands(database: Database, ticketId: number, { score, comment }: Ballot): Promise<boolean> {
  const rating = (await loadTicket(database, ticketId))?.rating
  return rating?.score === score && (comment === '' || rating.comment === comment)
}
