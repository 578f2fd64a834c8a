import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Office, openOffice, proofIn } from './web/office.ts'

const oops = () => Promise.reject(new Error('password=hunter2 at postgres://desk:hunter2@db'))
let office: Office
let broken: Office
beforeAll(async () => {
  office = await openOffice()
  broken = await openOffice({ desk: { handle: oops } })
})
afterAll(() => Promise.all([office.close(), broken.close()]))

test('every answer carries the headers, whatever it answers', async () => {
  const ticketId = await office.openTicket()
  await office.solve(ticketId)
  const survey = `/survey/${office.tokenOf(ticketId)}`
  const page = proofIn(await office.see(ticketId))
  const get = (path: string, method = 'GET') => office.web.request(path, { method })
  const answers: [number, Response][] = [
    [404, await get('/')],
    [404, await get('/favicon.ico')],
    [404, await get('/survey/none')],
    [404, await get('/files/1/x/y')],
    [200, await get(survey)],
    [200, await get(survey, 'HEAD')],
    [405, await get(survey, 'DELETE')],
    [405, await get('/healthz', 'POST')],
    [200, await get('/healthz')],
    [200, await get('/readyz')],
    [400, await get(`${survey}?score=1&score=2`)],
    [400, await office.send(ticketId, 'score=9')],
    [413, await office.send(ticketId, 'x'.repeat(20_000))],
    [415, await office.send(ticketId, '', { 'content-type': 'text/plain' })],
    [422, await office.send(ticketId, { page })],
    [403, await office.send(ticketId, { score: '5' })],
    [303, await office.send(ticketId, { page, score: '5' })],
    [500, await failing()],
  ]
  for (const [status, answer] of answers) {
    expect(answer.status).toBe(status)
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'$/,
      ),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000',
    })
  }
  expect(answers[6]![1].headers.get('allow')).toBe('GET, HEAD, POST')
})

async function failing(): Promise<Response> {
  const ticketId = await broken.openTicket()
  await broken.solve(ticketId)
  return broken.send(ticketId, { page: proofIn(await broken.see(ticketId)), score: '5' })
}

test('a failure shows a reference that is in the log, and neither shows a secret nor logs a token', async () => {
  const shown = await (await failing()).text()
  const [reference] = /[0-9a-f]{10}(?=\.<\/p>)/.exec(shown) ?? []
  expect(shown).not.toMatch(/hunter2|postgres|\.ts/)
  const { fields, message } = broken.errors.at(-1)!
  expect(fields).toMatchObject({ reference, method: 'POST', route: '/survey/:token', err: expect.any(Error) })
  expect(JSON.stringify([fields, message])).not.toMatch(/[a-z2-7]{26}/)
})

test('a plain http address promises nothing about https', async () => {
  const local = await openOffice({ publicUrl: 'http://127.0.0.1:3000' })
  expect((await local.web.request('/healthz')).headers.get('strict-transport-security')).toBeNull()
  await local.close()
})

test('the style in the page is the one its policy names', async () => {
  const page = await office.web.request('/')
  const [, style = ''] = /<style>(.*)<\/style>/s.exec(await page.text()) ?? []
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))
  expect(page.headers.get('content-security-policy')).toContain(`'sha256-${Buffer.from(hash).toString('base64')}'`)
})

test('what is not ready is named, without what a connection string brought along', async () => {
  const down = await openOffice({
    ready: async () => ({
      postgres: true,
      slack: 'xoxb-12-abc is not_authed',
      imap: 'imaps://desk:pw@mail\n at stack.ts:1',
      ledger: true,
    }),
  })
  const answer = await down.web.request('/readyz')
  expect(answer.status).toBe(503)
  expect(await answer.json()).toEqual({
    status: 'not ready',
    notReady: { slack: '… is not_authed', imap: 'imaps://mail' },
  })
  expect(await (await down.web.request('/healthz')).json()).toEqual({ status: 'alive' })
  await down.close()
})

test('checks that throw are not ready either', async () => {
  const down = await openOffice({ ready: oops })
  const answer = await down.web.request('/readyz')
  expect([answer.status, await answer.text()]).toEqual([503, expect.not.stringContaining('hunter2')])
  await down.close()
})
