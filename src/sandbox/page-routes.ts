import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The sandbox's page and its files: `/` and `/sandbox/assets/…`. There is no build: TypeScript is stripped as it is served. */
export function pageRoutes() {
  return async function handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<boolean> {
    if (req.method !== 'GET' && req.method !== 'HEAD') return false
    if (path === '/') {
      await sendPage(res)
      return true
    }
    if (!path.startsWith(assets)) return false
    await sendAsset(req, res, path.slice(assets.length))
    return true
  }
}

const assets = '/sandbox/assets/'
const folder = fileURLToPath(new URL('./page/', import.meta.url))
const require = createRequire(import.meta.url)

/** Libraries the page imports by name; each publishes one ES module file that a browser can load as it is. */
const libraries = new Map([
  ['preact', require.resolve('preact')],
  ['preact/hooks', require.resolve('preact/hooks')],
  ['htm', join(require.resolve('htm'), '../htm.mjs')],
])

const types: Record<string, string> = {
  '.ts': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

async function sendPage(res: ServerResponse): Promise<void> {
  const nonce = randomBytes(16).toString('base64')
  const imports = Object.fromEntries([...libraries.keys()].map((name) => [name, `${assets}library/${name}`]))
  const page = await readFile(join(folder, 'index.html'), 'utf8')
  res.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    // The page shows what anybody mailed to the desk: no script but ours may ever run in it.
    'content-security-policy': [
      "default-src 'self'",
      `script-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' data: blob: https:",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; '),
  })
  const map = `<script type="importmap" nonce="${nonce}">${JSON.stringify({ imports })}</script>`
  res.end(page.replace('<!--IMPORTS-->', map))
}

async function sendAsset(req: IncomingMessage, res: ServerResponse, name: string): Promise<void> {
  const library = name.startsWith('library/') ? libraries.get(name.slice('library/'.length)) : undefined
  const file = library ?? join(folder, normalize(join('/', decodeURIComponent(name))))
  const type = types[extname(file)]
  const source = type ? await readFile(file, 'utf8').catch(() => null) : null
  if (!type || source === null) {
    res.writeHead(404, { 'content-type': 'text/plain' }).end('no such file')
    return
  }
  const body = extname(file) === '.ts' ? strip(source) : source
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  const head = { 'content-type': type, etag, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' }
  if (req.headers['if-none-match'] === etag) {
    res.writeHead(304, head).end()
    return
  }
  res.writeHead(200, head)
  res.end(body)
}

const stripped = new Map<string, string>()

function strip(source: string): string {
  const before = stripped.get(source)
  if (before !== undefined) return before
  // Node runs this whole program through the same function, yet warns about calling it: said once, it worries people for nothing.
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    const code = stripTypeScriptTypes(source)
    stripped.set(source, code)
    return code
  } finally {
    process.emitWarning = emitWarning
  }
}
