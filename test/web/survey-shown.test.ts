import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { surveyLink } from '../../src/web.ts'
import { type Office, openOffice } from './office.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.close())

async function solved(subject?: string, locale?: string | null): Promise<number> {
  const ticketId = await office.openTicket(subject, locale)
  await office.solve(ticketId)
  return ticketId
}

describe('opening the survey', () => {
  test('shows number, subject and five choices, and nobody and nothing of the conversation', async () => {
    const ticketId = await solved()
    const page = await office.see(ticketId)
    expect(page).toContain(`Request #${ticketId}`)
    expect(page).toContain('<bdi>The printer is on fire</bdi>')
    expect(page.match(/type="radio"/g)).toHaveLength(5)
    expect(page).not.toMatch(/Ada|Kofi|client\.example|hunter2| checked>/)
    expect(page).toContain('Acme &lt;Help&gt;')
  })

  test('a choice made in the mail is chosen and said not to count yet', async () => {
    const ticketId = await solved()
    const page = await office.see(ticketId, '?score=4')
    expect(page).toMatch(/value="4" required checked/)
    expect(page).toContain('You picked “Good”. Press Send so that it counts.')
    expect(await office.votes(ticketId)).toEqual([])
  })

  test.each(['?score=0', '?score=6', '?score=5%27', '?score[]=5', '?score=', '?utm_source=mail'])(
    'nothing is chosen by %s',
    async (query) => {
      const response = await office.web.request(`/survey/${office.tokenOf(await solved())}${query}`)
      expect(response.status).toBe(200)
      expect(await response.text()).not.toContain(' checked>')
    },
  )

  test('by a mail scanner, fifty times in any way, casts no vote', async () => {
    const ticketId = await solved()
    const agents = ['SafeLinks', 'Barracuda', 'Mimecast', 'Proofpoint', 'curl/8', 'Mozilla/5.0 (Windows NT 10.0)']
    for (let n = 0; n < 50; n++) {
      const url = surveyLink('https://desk.example', office.tokenOf(ticketId), (n % 5) + 1)
      const response = await office.web.request(url, {
        method: ['GET', 'HEAD', 'OPTIONS'][n % 3]!,
        headers: { 'user-agent': agents[n % agents.length]! },
      })
      expect([200, 405]).toContain(response.status)
    }
    expect(await office.votes(ticketId)).toEqual([])
  })

  test.each([
    ['es-MX', '¿Qué tal lo hicimos?', 'lang="es"'],
    ['pt-BR', 'Como nos saímos?', 'lang="pt"'],
    ['ja', 'How did we do?', 'lang="en"'],
  ])('speaks the language of a requester from %s, whatever the browser asks for', async (locale, title, lang) => {
    const page = await office.see(await solved('Hi', locale), '', { 'accept-language': 'fr' })
    expect(page).toContain(`<h1>${title}</h1>`)
    expect(page).toContain(lang)
  })

  test.each([
    ['es-419,es;q=0.9,en;q=0.8', '¿Qué tal lo hicimos?'],
    ['fr;q=1, pt-BR;q=0.7, en;q=0.3', 'Como nos saímos?'],
    ['pt;q=0, fr', 'How did we do?'],
    [`${'x'.repeat(5000)},,;;q=`, 'How did we do?'],
  ])('speaks what the browser asks for when the requester never said: %s', async (asked, title) => {
    expect(await office.see(await solved('Hi', null), '', { 'accept-language': asked })).toContain(`<h1>${title}</h1>`)
  })

  test('a hostile subject is text', async () => {
    const page = await office.see(await solved('</bdi><script>alert(1)</script>{x}\u202e&amp;"'))
    expect(page).toContain('<bdi>&lt;/bdi&gt;&lt;script&gt;alert(1)&lt;/script&gt;{x}\u202e&amp;amp;&quot;</bdi>')
    expect(page).not.toContain('<script')
  })

  test('a link that is unknown, malformed or of another kind gets one and the same 404', async () => {
    const ticketId = await solved()
    const good = office.tokenOf(ticketId)
    const bad = [
      'a'.repeat(26),
      '0',
      'null',
      '%00',
      '%ff',
      `${good}x`,
      good.slice(1),
      good.toUpperCase(),
      'x'.repeat(10_000),
    ]
    const paths = [...bad, office.secrets.replyToken(ticketId), String(ticketId), '', '..%2f', `${good}/x`]
    const answers = await Promise.all(paths.map((path) => office.web.request(`/survey/${path}`)))
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404))
    const bodies = new Set(await Promise.all(answers.map((answer) => answer.text())))
    expect(bodies.size).toBe(1)
    expect([...bodies][0]).toContain('Answer the message it came in')
    expect(new Set(answers.map(({ headers }) => JSON.stringify([...headers]))).size).toBe(1)
  })
})
