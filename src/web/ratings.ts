import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { Clock } from '../clock.ts'
import type { Secrets } from '../secrets.ts'
import type { Database } from '../store/database.ts'
import { survivorOf } from '../store/merge-contacts.ts'
import { people } from '../store/people.ts'
import { requestPage } from '../store/requests.ts'
import type { Templates, Words } from '../templates.ts'
import type { RequestRow } from '../ticket/in-full.ts'
import { askedLocale } from './language.ts'
import { surveyLink } from './links.ts'
import { type Html, page, spoken } from './page.ts'
import { contactOfRatings } from './ratings-token.ts'

interface RatingsParts {
  database: Database
  clock: Clock
  templates: Templates
  secrets: Secrets
  publicUrl: string
  companyName: string
}

/**
 * The page that lists somebody's solved requests without a rating (SUR-04), behind the link of the mailed reminder. It
 * shows number and subject, and leads to each one's survey; it changes nothing.
 */
export function ratingsRoutes(parts: RatingsParts, notFound: (c: Context) => Response | Promise<Response>): Hono {
  const { database, clock, templates, secrets, companyName } = parts
  return new Hono().get('/ratings/:token', async (c) => {
    const contactId = contactOfRatings(secrets, clock, c.req.param('token'))
    // A link from before two addresses became one person's shows that person's list.
    const [person] = contactId === null ? [] : await people(database, [await survivorOf(database, contactId)])
    if (!person) return notFound(c)
    const locale = person.locale ?? askedLocale(c, templates.locales)
    const words = templates.words(locale, { timeZone: person.timeZone })
    const frame = { companyName, lang: spoken(locale, templates.locales), title: words('survey.list.title') }
    const { rows } = await requestPage(database, person.id, unrated, MOST)
    const link = (id: number, score?: number) => surveyLink(parts.publicUrl, secrets.surveyToken(id), score)
    return c.html(page(frame, ratingsContent(rows, words, link)))
  })
}

const MOST = 25
const unrated = { scope: 'unrated', status: null, search: '', oldestFirst: false, edge: null } as const

function ratingsContent(rows: RequestRow[], words: Words, link: (id: number, score?: number) => string): Html {
  if (rows.length === 0)
    return html`<h1>${words('survey.list.title')}</h1>\n<p>${words('survey.list.empty')}</p>` as Html
  return html`<h1>${words('survey.list.title')}</h1>
<p>${words('survey.list.intro', { count: rows.length })}</p>
${rows.map(
  ({ id, subject }) => html`<section class="unrated" aria-labelledby="r${id}">
<p class="about" id="r${id}">${words('web.request', { number: String(id) })} <bdi>${subject || words('survey.list.no-subject')}</bdi></p>
<p class="scores">${scores.map((score) => html`<a href="${link(id, score)}">${score} · ${words(`survey.score-${score}`)}</a> `)}</p>
</section>
`,
)}` as Html
}

const scores = [5, 4, 3, 2, 1] as const
