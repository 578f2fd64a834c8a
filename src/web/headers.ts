import type { MiddlewareHandler } from 'hono'
import { styleHash } from './style.ts'

/**
 * What every answer carries, also a 404 or a 500 (ASVS 3.4; threats W10, W23): nothing is loaded, framed, cached or
 * sniffed, and the address, which holds a token, is told to nobody. A route may set a stricter policy of its own.
 */
export function securityHeaders(publicUrl: string): MiddlewareHandler {
  const isHttps = new URL(publicUrl).protocol === 'https:'
  const headers = { ...common, ...(isHttps ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}) }
  return async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  }
}

const common = {
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src '${styleHash}'`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex, nofollow',
}

/** For files other people sent: should a browser show one after all, it is in a box without scripts or origin (E33). */
export const filePolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
