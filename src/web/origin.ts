import type { Context } from 'hono'

/**
 * Whether a browser says that another site sent this form (W8). Our own page sends `Origin: null`, because it tells its
 * address to nobody (Referrer-Policy: no-referrer; Fetch, "append a request Origin header"), so null alone proves nothing;
 * Sec-Fetch-Site does, where the browser sends it. The page's token is what counts in the end.
 */
export function isFromAnotherSite(c: Context, publicUrl: string): boolean {
  const site = c.req.header('Sec-Fetch-Site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = c.req.header('Origin')
  return origin !== undefined && origin !== 'null' && origin !== new URL(publicUrl).origin
}
