import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issuePage } from '../../src/web/ballot.ts'
import { HOUR, type Office, openOffice, proofIn } from './office.ts'

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

describe('sending the survey', () => {
  test('counts, says thanks and until when it can be changed', async () => {
    const ticketId = await solved()
    const page = proofIn(await office.see(ticketId))
    const sent = await office.send(ticketId, { page, score: '5', comment: 'Fast & kind' })
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '?thanks=1'])
    expect(await office.votes(ticketId)).toEqual([5])
    const thanks = await office.see(ticketId, '?thanks=1')
    expect(thanks).toContain('Thank you. The team reads every answer.')
    expect(thanks).toContain('You can change it here until Tuesday 24 November 2026, 20:00 (CET).')
    expect(thanks).not.toContain('Fast')
  })

  test('fifty times at once from one page counts once', async () => {
    const ticketId = await solved()
    const page = proofIn(await office.see(ticketId))
    const sent = await Promise.all(
      Array.from({ length: 50 }, () => office.send(ticketId, { page, score: '3', comment: '' })),
    )
    expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([303]))
    expect(await office.votes(ticketId)).toEqual([3])
  })

  test('from another page changes the vote and keeps the comment', async () => {
    const ticketId = await solved()
    await office.send(ticketId, { page: proofIn(await office.see(ticketId)), score: '2', comment: 'Slow\r\nbut fine' })
    const second = await office.see(ticketId, '?score=4')
    expect(second).toContain('<details open>')
    expect(second).toContain('The comment you wrote is kept.')
    await office.send(ticketId, { page: proofIn(second), score: '4', comment: ' ' })
    expect(await office.votes(ticketId)).toEqual([2, 4])
    const { rows } = await office.database.query('select rating_score, rating_comment from tickets where id = $1', [
      ticketId,
    ])
    expect(rows).toEqual([{ rating_score: 4, rating_comment: 'Slow\nbut fine' }])
  })

  test('a page that has counted, changed and sent again, is asked once more instead of being lost', async () => {
    const ticketId = await solved()
    const page = proofIn(await office.see(ticketId))
    await office.send(ticketId, { page, score: '5', comment: '' })
    const again = await office.send(ticketId, { page, score: '1', comment: 'No!' })
    const shown = await again.text()
    expect(again.status).toBe(409)
    expect(shown).toContain('Press Send once more')
    expect(shown).toMatch(/value="1" required checked/)
    expect(await office.votes(ticketId)).toEqual([5])
    await office.send(ticketId, { page: proofIn(shown), score: '1', comment: 'No!' })
    expect(await office.votes(ticketId)).toEqual([5, 1])
  })

  test('without what the page carries casts no vote', async () => {
    const [ticketId, other] = [await solved(), await solved()]
    const own = proofIn(await office.see(ticketId))
    const foreign = proofIn(await office.see(other))
    const [hour, , proof] = own.split('.') as [string, string, string]
    const forged = [
      '',
      'x',
      foreign,
      `${hour}.${'f'.repeat(32)}.${proof}`,
      `${Number(hour) + 1}.${own.split('.')[1]}.${proof}`,
    ]
    for (const page of forged) {
      const response = await office.send(ticketId, { page, score: '5', comment: 'kept <b>' })
      expect(response.status).toBe(403)
      expect(await response.text()).toContain('>\nkept &lt;b&gt;</textarea>')
    }
    expect((await office.send(ticketId, 'score=5')).status).toBe(403)
    expect(await office.votes(ticketId)).toEqual([])
  })

  test('from a page left open too long asks to press once more, with what was typed', async () => {
    const ticketId = await solved()
    const old = proofIn(await office.see(ticketId))
    await office.clock.push(5 * HOUR)
    const answer = await office.send(ticketId, { page: old, score: '4', comment: 'Typed slowly' })
    const shown = await answer.text()
    expect(shown).toContain('Press Send once more')
    expect(shown).toContain('Typed slowly')
    expect(await office.votes(ticketId)).toEqual([])
    expect((await office.send(ticketId, { page: proofIn(shown), score: '4', comment: 'Typed slowly' })).status).toBe(
      303,
    )
  })

  test('without a choice asks to pick one', async () => {
    const ticketId = await solved()
    const answer = await office.send(ticketId, { page: proofIn(await office.see(ticketId)), comment: 'Hm' })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('Pick one of the five choices')
  })

  test.each([
    'score=5&score=1',
    'page=x&page=y&score=5',
    'score[]=5',
    'score[a]=5',
    'score=6',
    'score=5.0',
    'score=%2B5',
    'comment=a&comment=b&score=5',
    'score=5&ticketId=1',
    'score=5&__proto__=x',
    'score=5&constructor=x',
    '{"score":5}',
  ])('refuses %s', async (body) => {
    const ticketId = await solved()
    expect((await office.send(ticketId, body)).status).toBe(400)
    expect(await office.votes(ticketId)).toEqual([])
  })

  test('refuses a body of another type or beyond 16 KB, and a comment beyond its box', async () => {
    const ticketId = await solved()
    const page = proofIn(await office.see(ticketId))
    const json = await office.send(ticketId, `{"page":"${page}","score":"5"}`, { 'content-type': 'application/json' })
    expect(json.status).toBe(415)
    const large = await office.send(ticketId, { page, score: '5', comment: 'x'.repeat(16 * 1024) })
    expect([large.status, await large.text()]).toEqual([413, expect.stringContaining('shorten it')])
    expect((await office.send(ticketId, { page, score: '5', comment: 'x'.repeat(1501) })).status).toBe(422)
    expect(await office.votes(ticketId)).toEqual([])
    const full = await office.send(ticketId, { page, score: '5', comment: `${'満'.repeat(1499)}\0` })
    expect(full.status).toBe(303)
  })

  test.each([
    [403, { 'sec-fetch-site': 'cross-site' }],
    [403, { 'sec-fetch-site': 'same-site', origin: 'https://desk.example' }],
    [403, { origin: 'https://evil.example' }],
    [403, { origin: 'http://desk.example' }],
    [303, { origin: 'null', 'sec-fetch-site': 'same-origin' }],
    [303, { origin: 'https://desk.example' }],
    [303, { origin: 'null' }],
  ])('answers %i when a browser says it comes from %o', async (status, headers) => {
    const ticketId = await solved()
    const page = proofIn(await office.see(ticketId))
    const sent = await office.send(ticketId, { page, score: '5', comment: '' }, headers)
    expect(sent.status).toBe(status)
    expect(await office.votes(ticketId)).toEqual(status === 303 ? [5] : [])
  })
})

describe('the survey of a ticket', () => {
  test('that is closed takes a first rating and keeps it', async () => {
    const ticketId = await solved()
    await office.closeOnTime(ticketId)
    const page = await office.see(ticketId)
    expect(page).toContain('This request is closed. Your rating is still welcome')
    expect((await office.send(ticketId, { page: proofIn(page), score: '5', comment: '' })).status).toBe(303)
    const after = await office.see(ticketId, '?score=1')
    expect(after).toContain('your rating stays as it is')
    expect(after).not.toMatch(/<form|You picked/)
  })

  test('that closed since the page was opened keeps the rating it had', async () => {
    const ticketId = await solved()
    await office.send(ticketId, { page: proofIn(await office.see(ticketId)), score: '5', comment: '' })
    await office.closeOnTime(ticketId)
    // A page of a minute ago: moving the clock to the deadline has aged every real one too much.
    const page = issuePage(office.secrets, office.clock, office.tokenOf(ticketId), 'a'.repeat(32))
    const answer = await office.send(ticketId, { page, score: '1', comment: '' })
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('your rating stays as it is')])
    expect(await office.votes(ticketId)).toEqual([5])
  })

  test('that was reopened waits for the solution, and a rating it had can still be changed', async () => {
    const ticketId = await solved()
    const early = proofIn(await office.see(ticketId))
    await office.reopen(ticketId)
    expect(await office.see(ticketId, '?score=5')).toContain('We are working on your request again')
    expect((await office.send(ticketId, { page: early, score: '5', comment: '' })).status).toBe(409)
    await office.solve(ticketId)
    await office.send(ticketId, { page: proofIn(await office.see(ticketId)), score: '5', comment: '' })
    await office.reopen(ticketId)
    const page = await office.see(ticketId)
    expect(page).toContain('You can change it here until the request closes.')
    await office.send(ticketId, { page: proofIn(page), score: '1', comment: '' })
    expect(await office.votes(ticketId)).toEqual([5, 1])
  })
})
