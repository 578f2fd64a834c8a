import type { IncomingMessage, ServerResponse } from 'node:http'

/** Answers JSON. */
export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  res.end(JSON.stringify(body))
}

/** The request's JSON, or undefined when it is none or is larger than `limit` bytes. */
export async function jsonBody(req: IncomingMessage, limit = 64_000): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}

/**
 * Why this request may not drive the sandbox, or null. A page open in the same browser must not open tickets here
 * (cross-site request), nor reach us under a name of its own that it has pointed at 127.0.0.1 (DNS rebinding).
 */
export function foreign(req: IncomingMessage, baseUrl: string): string | null {
  const own = new URL(baseUrl)
  const host = req.headers.host ?? ''
  if (host !== own.host && !isLoopbackName(host)) {
    return `this sandbox is not called ${host}: open ${baseUrl}, or set PUBLIC_URL`
  }
  const reading = req.method === 'GET' || req.method === 'HEAD'
  const site = req.headers['sec-fetch-site']
  if (!reading && (site === 'cross-site' || site === 'same-site')) return 'another web page may not drive the sandbox'
  const origin = req.headers.origin
  // A websocket is a GET, and browsers let any page open one: its Origin is checked like a POST's.
  if ((!reading || req.headers.upgrade) && origin && hostOf(origin) !== host) {
    return 'another web page may not drive the sandbox'
  }
  return null
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null // "null" is what sandboxed frames send
}

function isLoopbackName(host: string): boolean {
  const name = host.replace(/:\d+$/, '')
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name)
}
