import { Readable } from 'node:stream'
import { type Context, Hono } from 'hono'
import type { Secrets } from '../secrets.ts'
import { storedFile } from '../store/attachments.ts'
import type { Database } from '../store/database.ts'
import type { FileStore } from '../store/files.ts'
import { filePolicy } from './headers.ts'

/**
 * Hands out our copy of a file to whoever has its link, always as a download. What is not there, not stored or asked
 * for with another token gets one and the same 404 (threats W4, W15, W16, E32, E33).
 */
export function fileRoutes(
  { database, secrets, files }: { database: Database; secrets: Secrets; files: FileStore },
  notFound: (c: Context) => Response | Promise<Response>,
): Hono {
  return new Hono().get('/files/:id/:token/:name', async (c) => {
    const { id, token } = c.req.param()
    if (!/^[1-9]\d{0,14}$/.test(id) || !secrets.opensFile(Number(id), token)) return notFound(c)
    const file = await storedFile(database, Number(id))
    const found = file && (await files.read(file.sha256))
    if (!file || !found) return notFound(c)
    const headers = {
      'Content-Type': harmless.has(file.contentType.toLowerCase())
        ? file.contentType.toLowerCase()
        : 'application/octet-stream',
      'Content-Disposition': attachment(file.name),
      'Content-Length': String(found.size),
      'Content-Security-Policy': filePolicy,
    }
    if (c.req.raw.method === 'HEAD') {
      found.stream.destroy() // nobody reads it, and it holds an open file
      return c.body(null, 200, headers)
    }
    return c.body(Readable.toWeb(found.stream) as ReadableStream, 200, headers)
  })
}

/** Types that no browser runs. Everything else, above all html, svg and xml, leaves as plain bytes. */
const harmless = new Set([
  'application/pdf',
  'application/zip',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'audio/mpeg',
  'image/gif',
  'image/heic',
  'image/jpeg',
  'image/png',
  'image/webp',
  'text/csv',
  'text/plain',
  'video/mp4',
  'video/quicktime',
])

/** Content-Disposition by RFC 6266: the name in UTF-8 (RFC 8187), and in ASCII for whoever cannot read that. */
export function attachment(name: string): string {
  const clean = saveable(name)
  const ascii = clean.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_')
  const utf8 = encodeURIComponent(clean).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`
}

/** A name without path, control or reordering characters, whose real ending is the one people see. */
function saveable(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(/[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/^[.\s/\\]+|[.\s]+$/g, '')
    .replace(/[/\\:*?"<>|]/g, '_')

  const ending = /\.[^.]{1,12}$/.exec(clean)?.[0] ?? ''
  return clean.length <= MAX_NAME ? clean || 'file' : clean.slice(0, MAX_NAME - ending.length).toWellFormed() + ending
}

const MAX_NAME = 120 // in UTF-8 and percent signs up to 9 times that, still a header every proxy takes
