import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebClient } from '@slack/web-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fetchFiles, fileHosts } from '../../src/slack/fetch-file.ts'
import { folderStore } from '../../src/store/files.ts'
import { ADA, startWorld, type World } from '../support/world.ts'
import { ask } from './scenes.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
  await ask(world, ADA, 'The printer burns')
})
afterAll(() => world?.stop())

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

test.each([
  'https://files.slack.com.evil.example/f',
  'https://files.slack.com@evil.example/f',
  'https://evil.example/https://files.slack.com/f',
  'https://evil.example#https://files.slack.com/f',
  'https://evil.example\\@files.slack.com/f',
  'https://user:pass@files.slack.com/f',
  'http://files.slack.com/f',
  'https://files.slack.com:444/f',
  'https://files.slack.com./f',
  'https://xfiles.slack.com/f',
  'https://slack.com/f',
  'https://files.slack.co/f',
  'https://filesᐧslack.com/f',
  'wss://files.slack.com/f',
  'ftp://files.slack.com/f',
  'file:///etc/passwd',
  'data:text/plain,x',
])('the token is for Slack’s own file host: not for %s', (address) => {
  const url = URL.parse(address)
  expect(url ? fileHosts(undefined).isAllowed(url) : false).toBe(false)
  expect(fileHosts(undefined).isAllowed(new URL('https://files.slack.com/files-pri/T1-F1/download/x.png'))).toBe(true)
})

describe('whatever files.info says', () => {
  let slack: Server
  let foreign: Server
  let folder: string
  let commentId: number
  const foreignRequests: string[] = []
  const served = Buffer.from('as it is')
  const info: Record<string, object> = {}
  const urlOf = (server: Server) => {
    const { address, port } = server.address() as AddressInfo
    return `http://${address}:${port}`
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deskhand-files-'))
    foreign = createServer((req, res) => {
      foreignRequests.push(`${req.url} ${req.headers.authorization}`)
      res.end(served)
    })
    slack = createServer(async (req, res) => {
      if (req.url?.startsWith('/api/')) {
        let body = ''
        for await (const chunk of req) body += chunk
        const file = info[new URLSearchParams(body).get('file') ?? '']
        res.setHeader('content-type', 'application/json')
        res.end(JSON.stringify(file ? { ok: true, file } : { ok: false, error: 'file_not_found' }))
      } else if (req.headers.authorization !== 'Bearer xoxb-secret' || req.url === '/login') {
        res
          .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
          .end('<!DOCTYPE html><title>Sign in | Slack</title>')
      } else if (req.url === '/away') res.writeHead(302, { location: `${urlOf(foreign)}/away` }).end()
      else if (req.url === '/endless') {
        res.writeHead(200, { 'content-type': 'text/plain' })
        const more = () => {
          while (!res.destroyed && res.write(Buffer.alloc(65_536)));
        }
        res.on('drain', more)
        more()
      } else if (req.url === '/broken') {
        res.writeHead(200, { 'content-length': '100' }).write('half')
        setImmediate(() => res.destroy())
      } else res.writeHead(200, { 'content-type': 'text/plain' }).end(served)
    })
    for (const server of [slack, foreign]) {
      // Another address than Slack's stands for another machine.
      server.listen(0, server === foreign ? '127.0.0.2' : '127.0.0.1')
      await once(server, 'listening')
    }
    commentId = (await world.db.query('select id from comments order by id limit 1')).rows[0].id
  })
  afterAll(async () => {
    for (const server of [slack, foreign]) {
      server.closeAllConnections()
      server.close()
    }
    await rm(folder, { recursive: true, force: true })
  })

  /** What became of a file that Slack describes so: 'kept', the reason it was refused for, or 'again' with the error. */
  async function fetched(file: object, limits: { maxBytes?: number } = {}) {
    const id = `F${Object.keys(info).length}`
    info[id] = { id, name: 'x.txt', mimetype: 'text/plain', mode: 'hosted', is_external: false, ...file }
    const slackFile = JSON.stringify({ id, url: `${urlOf(foreign)}/from-the-payload` })
    const { rows } = await world.db.query(
      `insert into attachments (comment_id, name, content_type, size, slack_file) values ($1, 'x.txt', 'text/plain', 8, $2) returning id`,
      [commentId, slackFile],
    )
    const parts = {
      database: world.product.forSamples.database,
      client: new WebClient('xoxb-secret', { slackApiUrl: `${urlOf(slack)}/api/`, retryConfig: { retries: 0 } }),
      files: folderStore(folder),
      queue: { wakeLane: async () => {}, fetchFile: async () => {} },
      botToken: 'xoxb-secret',
      hosts: fileHosts(`${urlOf(slack)}/api/`),
      maxBytes: limits.maxBytes ?? 1_000_000,
    }
    const failed = await fetchFiles(parts, commentId, false).then(
      () => null,
      (error: AggregateError) => String(error.errors[0]),
    )
    const row = (await world.db.query('select sha256, refused from attachments where id = $1', [rows[0].id])).rows[0]
    await world.db.query('delete from attachments where id = $1', [rows[0].id])
    return row.refused ?? (row.sha256 ? 'kept' : `again: ${failed}`)
  }

  test.each([
    [undefined, 'https://files.slack.com/a', true],
    ['https://slack.com/api/', 'https://files.slack.com/a', true],
    ['https://slack-gov.com/api/', 'https://files.slack-gov.com/a', true],
    ['https://slack.com/api/', 'http://files.slack.com/a', false],
    ['https://slack.com/api/', 'https://files.slack.com:8443/a', false],
    ['https://slack.com/api/', 'https://files.slack.com.evil.example/a', false],
    ['https://slack.com/api/', 'http://127.0.0.1:4001/a', false],
    ['http://127.0.0.1:4000/api/', 'http://127.0.0.1:4001/a', true],
    ['http://127.0.0.1:4000/api/', 'http://localhost:4000/a', true],
    ['http://127.0.0.1:4000/api/', 'http://10.0.0.1:4000/a', false],
    ['http://127.0.0.1:4000/api/', 'ftp://127.0.0.1/a', false],
  ])('with the API at %s, a file at %s is fetched: %s', (apiUrl, fileUrl, isAllowed) => {
    expect(fileHosts(apiUrl).isAllowed(new URL(fileUrl))).toBe(isAllowed)
  })

  test('no request but to the host Slack named, and the token to no other', async () => {
    const port = (slack.address() as AddressInfo).port
    const addresses = [
      `${urlOf(foreign)}/x`,
      `http://[::ffff:127.0.0.1]:${port}/x`,
      `http://127.0.0.1:${port}@127.0.0.1:${(foreign.address() as AddressInfo).port}/x`,
      `http://me:me@127.0.0.1:${port}/x`,
      `//127.0.0.1:${port}/x`,
      '/x',
      '',
      'file:///etc/passwd',
      'data:text/plain,x',
      `http://169.254.169.254/latest/meta-data`,
    ]
    for (const address of addresses)
      expect(await fetched({ size: 8, url_private: address }), address).toBe('not-from-slack')
    expect(await fetched({ size: 8, url_private_download: `${urlOf(slack)}/x`, is_external: true })).toBe(
      'not-from-slack',
    )
    expect(await fetched({ size: 8, url_private_download: `${urlOf(slack)}/x`, mode: 'external' })).toBe(
      'not-from-slack',
    )
    expect(await fetched({ size: 8, url_private: `${urlOf(slack)}/away` })).toMatch(/^again: .*files:read/)
    expect(foreignRequests).toEqual([])
  })

  test('a login page, half a file and a size that is not true are not kept; a file that is gone is said to be', async () => {
    expect(await fetched({ size: 8, url_private: `${urlOf(slack)}/login` })).toMatch(/^again: .*files:read/)
    expect(await fetched({ url_private: `${urlOf(slack)}/broken` })).toMatch(/^again: /)
    expect(await fetched({ size: 9, url_private: `${urlOf(slack)}/x` })).toMatch(/^again: .*9 bytes, 8 arrived/)
    expect(await fetched({ size: 8, url_private: `${urlOf(slack)}/x`, id: 'gone' })).toBe('kept')
    delete info.F0
    expect(await readdir(folder)).toHaveLength(1)
  })

  test('a file that says it is small and never ends is cut off at the limit, and nothing of it stays', async () => {
    expect(await fetched({ size: 8, url_private: `${urlOf(slack)}/endless` }, { maxBytes: 200_000 })).toBe('too-large')
    expect(await fetched({ size: 200_001, url_private: `${urlOf(slack)}/x` }, { maxBytes: 200_000 })).toBe('too-large')
    expect(await readdir(folder)).toHaveLength(1)
  })

  test('the same bytes under two names are on the disk once', async () => {
    expect(await fetched({ size: 8, url_private: `${urlOf(slack)}/x` })).toBe('kept')
    expect(await fetched({ size: 8, url_private: `${urlOf(slack)}/y` })).toBe('kept')
    expect(await readdir(join(folder, sha256(served).slice(0, 2)))).toEqual([sha256(served)])
  })
})
