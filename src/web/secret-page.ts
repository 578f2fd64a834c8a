import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Clock } from '../clock.ts'
import type { Templates } from '../templates.ts'
import { askedLocale } from './language.ts'
import { isFromAnotherSite } from './origin.ts'
import { noticePage } from './page.ts'
import { BODY_LIMIT, isForm } from './posted.ts'

interface FrameParts {
  clock: Clock
  templates: Templates
  publicUrl: string
  companyName: string
}

/** What a page behind a secret link is made of. Null from `show` or `take`: what was sent is none of our own doing. */
export interface SecretPage<Opened> {
  /** What the token opens; null when it opens nothing. */
  open(c: Context, token: string): Promise<Opened | null>
  /** GET and HEAD: changes nothing, whoever opens it (W1, W2). */
  show(c: Context, opened: Opened): Answered
  /** The page's own form came back; `askedAt`: before anything was waited for. */
  take(c: Context, opened: Opened, body: string, askedAt: Date): Answered
}

type Answered = Response | null | Promise<Response | null>

/**
 * The routes of a page behind a secret link, at `path` with its `:token`. What is posted is taken from our own site alone,
 * as a form, and not longer than a form of ours can be (W21).
 */
export function secretPage<Opened>(
  parts: FrameParts,
  path: `/${string}/:token`,
  notFound: (c: Context) => Response | Promise<Response>,
  { open, show, take }: SecretPage<Opened>,
): Hono {
  const refused = (c: Context, status: 400 | 403 | 413 | 415, name = 'refused') =>
    c.html(noticePage(parts, askedLocale(c, parts.templates.locales), name), status)
  const tokenOf = (c: Context) => c.req.param('token') ?? ''

  return new Hono()
    .get(path, async (c) => {
      const opened = await open(c, tokenOf(c))
      return opened ? ((await show(c, opened)) ?? refused(c, 400)) : notFound(c)
    })
    .post(path, bodyLimit({ maxSize: BODY_LIMIT, onError: (c) => refused(c, 413, 'too-large') }), async (c) => {
      const askedAt = parts.clock.now()
      const opened = await open(c, tokenOf(c))
      if (!opened) return notFound(c)
      if (isFromAnotherSite(c, parts.publicUrl)) return refused(c, 403)
      if (!isForm(c)) return refused(c, 415)
      return (await take(c, opened, await c.req.text(), askedAt)) ?? refused(c, 400)
    })
}
