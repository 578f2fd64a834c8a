import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MovableClock } from '../../src/clock.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'

const HOUR = 3_600_000
let dataDir: string
let server: Server
let sandbox: Sandbox
let clock: MovableClock
let url: string

async function start(): Promise<void> {
  clock = new MovableClock()
  server = createServer(async (req, res) => {
    if (!(await sandbox.handle(req, res))) res.writeHead(404).end('the product')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const parts = { slack: false, mail: false }
  sandbox = await startSandbox({ clock, dataDir, baseUrl: url, parts, log: { info: () => {} } })
}

async function stop(): Promise<void> {
  await sandbox.close()
  server.closeAllConnections()
  server.close()
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'deskhand-page-'))
  await start()
})
afterEach(async () => {
  await stop()
  await rm(dataDir, { recursive: true, force: true })
})

/** A request with headers that fetch would not let us set; answers its status. */
async function statusOf(method: string, path: string, headers: Record<string, string>, body?: string): Promise<number> {
  const asked = request(url + path, { method, headers })
  asked.end(body)
  const [answer] = await once(asked, 'response')
  answer.resume()
  return answer.statusCode
}

describe('the page', () => {
  test('runs no script but its own', async () => {
    const answer = await fetch(url)
    const policy = answer.headers.get('content-security-policy') ?? ''
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1]
    expect(nonce).toHaveLength(24)
    expect(await answer.text()).toContain(`<script type="importmap" nonce="${nonce}">`)
    expect(policy).toContain("default-src 'self'")
    expect(policy).not.toContain('unsafe')
  })

  test('every module it imports is served as JavaScript without types', async () => {
    const map = JSON.parse(
      /<script type="importmap"[^>]*>(.*?)<\/script>/.exec(await (await fetch(url)).text())?.[1] ?? '',
    )
    const seen = new Set<string>()
    const visit = async (path: string): Promise<void> => {
      if (seen.has(path)) return
      seen.add(path)
      const answer = await fetch(url + path)
      expect(`${answer.status} ${answer.headers.get('content-type')} ${path}`).toBe(
        `200 text/javascript; charset=utf-8 ${path}`,
      )
      for (const [, name = ''] of (await answer.text()).matchAll(
        /^(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]/gm,
      )) {
        await visit(name.startsWith('.') ? new URL(name, url + path).pathname : map.imports[name])
      }
    }
    await visit('/sandbox/assets/page.ts')
    expect(seen.size).toBeGreaterThan(40)
  })

  test.each([
    '/sandbox/assets/../sandbox.ts',
    '/sandbox/assets/..%2f..%2fmain.ts',
    '/sandbox/assets/library/..%2f..%2fpackage.json',
    '/sandbox/assets/library/toString',
    '/sandbox/assets/index.html',
  ])('hands out nothing but its own files: %s', async (path) => {
    expect(await statusOf('GET', path, {})).toBe(404)
  })

  test('an address that cannot be read harms nobody', async () => {
    expect(await statusOf('GET', '/sandbox/assets/%', {})).toBe(500)
    expect((await fetch(url)).status).toBe(200)
  })

  test('leaves every other path to the product', async () => {
    expect(await (await fetch(`${url}/survey/abc`)).text()).toBe('the product')
  })
})

describe('the clock', () => {
  const push = (ms: unknown) =>
    fetch(`${url}/sandbox/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ms }),
    })

  test('answers a push when everybody who listens has reacted', async () => {
    let reacted = false
    clock.onPush(async () => {
      await new Promise(setImmediate)
      reacted = true
    })
    const face = await (await push(27 * HOUR)).json()
    expect(reacted).toBe(true)
    expect(face.aheadMs).toBe(27 * HOUR)
  })

  test('is where it was after a restart', async () => {
    await push(HOUR)
    await stop()
    await start()
    expect(clock.aheadMs).toBe(HOUR)
  })

  test.each([0, -HOUR, 400 * 24 * HOUR, 1.5, '1', null])('refuses to be pushed by %s', async (ms) => {
    expect((await push(ms)).status).toBe(400)
    expect(clock.aheadMs).toBe(0)
  })
})

describe('another web page in the same browser', () => {
  const body = '{"ms":3600000}'
  test.each([
    ['a form of another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a browser that says only where it comes from', { 'sec-fetch-site': 'cross-site' }],
    ['a name of its own that points here', { host: 'evil.example' }],
  ])('does not drive the sandbox: %s', async (_, headers) => {
    expect(await statusOf('POST', '/sandbox/clock', headers as Record<string, string>, body)).toBe(403)
    expect(clock.aheadMs).toBe(0)
  })

  test('the page itself does', async () => {
    const headers = { origin: url, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
    expect(await statusOf('POST', '/sandbox/clock', headers, body)).toBe(200)
  })

  test('a page with a name of its own reads nothing either', async () => {
    expect(await statusOf('GET', '/sandbox/about', { host: 'evil.example' })).toBe(403)
    expect(await statusOf('GET', '/sandbox/about', { host: 'localhost:9' })).toBe(200)
  })
})
