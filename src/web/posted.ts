import type { Context } from 'hono'

/** What a browser could send of one of our forms: enough for a full text box, too little to be a burden. */
export const BODY_LIMIT = 16 * 1024

/** Whether the body is what a form without files sends (W21). */
export function isForm(c: Context): boolean {
  const [type = ''] = (c.req.header('Content-Type') ?? '').split(';')
  return type.trim().toLowerCase() === 'application/x-www-form-urlencoded'
}

/** The fields of a posted form, or null where one was sent twice (W21). */
export function postedFields(body: string): Map<string, string> | null {
  const fields = [...new URLSearchParams(body)]
  const byName = new Map(fields)
  return byName.size === fields.length ? byName : null
}
