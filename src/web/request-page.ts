import { type Context, Hono } from 'hono'
import type { Templates } from '../templates.ts'
import { askedLocale } from './language.ts'
import { noticePage } from './page.ts'

/**
 * Where a link to a request leads in a browser: to the words that it is read in Slack. It knows nobody and asks no
 * database, so it says the same of every number, whether there is such a request or not.
 */
export function requestRoutes(
  parts: { templates: Templates; companyName: string },
  notFound: (c: Context) => Response | Promise<Response>,
): Hono {
  return new Hono().get('/requests/:number', async (c) => {
    const number = c.req.param('number')
    if (!/^[1-9]\d{0,14}$/.test(number)) return notFound(c)
    return c.html(noticePage(parts, askedLocale(c, parts.templates.locales), 'in-slack', { number }))
  })
}
