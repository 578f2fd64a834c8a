import { randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import type { Clock } from './clock.ts'
import type { Desk } from './desk.ts'
import type { Linking } from './linking.ts'
import type { Secrets } from './secrets.ts'
import type { Database } from './store/database.ts'
import type { FileStore } from './store/files.ts'
import type { Templates } from './templates.ts'
import type { Questionnaire } from './ticket/questions.ts'
import { describeRoutes } from './web/describe.ts'
import { fileRoutes } from './web/files.ts'
import { securityHeaders } from './web/headers.ts'
import { healthRoutes, type Notices, type Ready } from './web/health.ts'
import { joinRoutes } from './web/join.ts'
import { askedLocale } from './web/language.ts'
import { noticePage } from './web/page.ts'
import { ratingsRoutes } from './web/ratings.ts'
import { requestRoutes } from './web/request-page.ts'
import { surveyRoutes } from './web/survey.ts'

export { describeLink, fileLink, joinLink, ratingsLink, surveyLink } from './web/links.ts'

export interface WebParts {
  database: Database
  desk: Desk
  clock: Clock
  templates: Templates
  secrets: Secrets
  files: FileStore
  /** Where people reach these pages; https makes browsers stay with https. */
  publicUrl: string
  companyName: string
  /** The zone of a region: for contacts whose own zone is not known. */
  timeZoneOf?(regionKey: string): string
  /** What a ticket opened by mail is asked; without one there is no page that asks. */
  questionnaire?: Questionnaire
  /** For each outside world, true, or in a few words why it is not there: shown to whoever asks /readyz. */
  ready: Ready
  /** Joins two addresses of one person; without it there is no page that does. */
  linking?: Pick<Linking, 'askBoth' | 'confirmBoth'>
  /** Whether mail to this address comes to us. */
  isOwnAddress?(address: string): boolean
  /** What else an operator should know: shown there too. */
  notices?: Notices
  /** A new random id each time; letters and digits, at least 16. */
  newId?: () => string
  log: { error(fields: object, message: string): void }
}

/**
 * The product's own pages as a Hono app: the survey, files by link, health. It needs no session and reads no Host
 * header. What it cannot do it answers with a page that says what to do next, never with a stack.
 */
export function createWeb(parts: WebParts): Hono {
  const newId = parts.newId ?? (() => randomUUID().replaceAll('-', ''))
  const app = new Hono()
  const notice = (c: Context, status: 404 | 405 | 500, name: string, params: Record<string, string> = {}) => {
    const locale = askedLocale(c, parts.templates.locales)
    return c.html(noticePage(parts, locale, name, params), status)
  }
  app.use(securityHeaders(parts.publicUrl))
  app.route('/', healthRoutes(parts))
  app.route(
    '/',
    surveyRoutes({ ...parts, newId }, (c) => notice(c, 404, 'not-found')),
  )
  app.route(
    '/',
    ratingsRoutes(parts, (c) => notice(c, 404, 'not-found')),
  )
  const { questionnaire, linking } = parts
  if (linking)
    app.route(
      '/',
      joinRoutes({ ...parts, linking, newId }, (c) => notice(c, 404, 'not-found')),
    )
  if (questionnaire)
    app.route(
      '/',
      describeRoutes({ ...parts, questionnaire, newId }, (c) => notice(c, 404, 'not-found')),
    )
  app.route(
    '/',
    fileRoutes(parts, (c) => notice(c, 404, 'not-found')),
  )
  app.route(
    '/',
    requestRoutes(parts, (c) => notice(c, 404, 'not-found')),
  )
  for (const [path, methods] of allowed)
    app.all(path, (c) => {
      c.header('Allow', methods)
      return notice(c, 405, 'refused')
    })
  app.notFound((c) => notice(c, 404, 'not-found'))
  app.onError((error, c) => {
    const reference = newId().slice(0, 10)
    // The route, not the path: the path holds the token that opens the page.
    parts.log.error({ reference, method: c.req.method, route: route(c.req.path), err: error }, 'a page failed')
    return notice(c, 500, 'error', { reference })
  })
  return app
}

const allowed: [path: string, methods: string][] = [
  ['/survey/:token', 'GET, HEAD, POST'],
  ['/ratings/:token', 'GET, HEAD'],
  ['/describe/:token', 'GET, HEAD, POST'],
  ['/addresses/:token', 'GET, HEAD, POST'],
  ['/files/:id/:token/:name', 'GET, HEAD'],
  ['/requests/:number', 'GET, HEAD'],
  ['/healthz', 'GET, HEAD'],
  ['/readyz', 'GET, HEAD'],
]

function route(path: string): string {
  const first = path.split('/')[1] ?? ''
  return allowed.map(([known]) => known).find((known) => known.split('/')[1] === first) ?? 'another'
}
