import type { Context } from 'hono'
import { accepts } from 'hono/accepts'

/**
 * The language the browser asks for (Accept-Language, RFC 9110 section 12.5.4) as far as we speak it, with the region
 * (es-MX) that dates follow; `otherwise` when we speak none of them.
 */
export function askedLocale(c: Context, ours: string[], otherwise = 'en'): string {
  const speaks = (tag: string) => ours.some((known) => known.toLowerCase() === tag.toLowerCase())
  return accepts(c, {
    header: 'Accept-Language',
    supports: ours,
    default: otherwise,
    match: (asked) => {
      for (const { type, q } of asked) {
        const language = type.split('-')[0] ?? ''
        if (q > 0 && (speaks(type) || speaks(language))) return isPlain(type) ? type : language
      }
      return otherwise
    },
  })
}

/** Language and region, nothing longer: date formats are kept per tag, and a stranger must not fill the memory with them. */
function isPlain(tag: string): boolean {
  return /^[a-z]{2,3}(-([a-z]{2}|\d{3}))?$/i.test(tag)
}
