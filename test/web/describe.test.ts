import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readForm, readWholeForm } from '../../src/form-file.ts'
import { describeLink } from '../../src/web.ts'
import { HOUR, type Office, openOffice, proofIn } from './office.ts'

const options = { company: 'Acme' }
const { form } = await readForm('templates', 'en', options)
const labels = (await readWholeForm('templates', ['en', 'es', 'pt'], options)).labels
const stores = ['Berlin', 'Lima', 'Oslo', 'Paris', 'Quito', 'Rome', 'São Paulo'].map((name, n) => ({
  key: `s${n}`,
  name,
}))

let office: Office
beforeAll(async () => {
  office = await openOffice({ questionnaire: { form, labels, accountsOf: () => stores } })
})
afterAll(() => office.close())

const path = (ticketId: number, query = '') => `/describe/${office.secrets.describeToken(ticketId)}${query}`
const see = async (ticketId: number, query = '', headers: Record<string, string> = {}) =>
  (await office.web.request(path(ticketId, query), { headers })).text()

function send(ticketId: number, fields: Record<string, string> | string, headers: Record<string, string> = {}) {
  return office.web.request(path(ticketId), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
  })
}

async function row(ticketId: number) {
  const { rows } = await office.database.query('select * from tickets where id = $1', [ticketId])
  return rows[0]!
}

async function described(ticketId: number): Promise<number> {
  const query = `select count(*)::int as n from events where type = 'described' and ticket_id = $1`
  return (await office.database.query<{ n: number }>(query, [ticketId])).rows[0]!.n
}

async function closed(): Promise<number> {
  const ticketId = await office.openTicket()
  await office.solve(ticketId)
  await office.closeOnTime(ticketId)
  return ticketId
}

describe('opening the page', () => {
  test('shows number, subject and what is missing, and nobody and nothing of the conversation', async () => {
    const ticketId = await office.openTicket()
    const page = await see(ticketId)
    expect(page).toContain(`Request #${ticketId}`)
    expect(page).toContain('<bdi>The printer is on fire</bdi>')
    expect(page.match(/<fieldset[ >]/g)).toHaveLength(4)
    expect(page.match(/<option /g)).toHaveLength(8)
    expect(page).not.toMatch(/Ada|Kofi|client\.example|hunter2|<script| checked>/)
  })

  test('by a mail scanner, in any way, changes nothing', async () => {
    const ticketId = await office.openTicket()
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']) {
      const url = describeLink('https://desk.example', office.secrets.describeToken(ticketId))
      const response = await office.web.request(`${url}?impact=critical&users=all`, { method })
      expect([200, 405]).toContain(response.status)
    }
    expect(await described(ticketId)).toBe(0)
  })

  test.each([
    ['es-MX', 'Unas preguntas sobre tu solicitud', 'Impacto del problema', 'lang="es"'],
    ['pt-BR', 'Algumas perguntas sobre seu chamado', 'Impacto do problema', 'lang="pt"'],
    ['ja', 'A few questions about your request', 'Problem impact', 'lang="en"'],
  ])('speaks the language of a requester from %s', async (locale, title, question, lang) => {
    const page = await see(await office.openTicket('Hi', locale), '', { 'accept-language': 'fr' })
    for (const words of [`<h1>${title}</h1>`, question, lang]) expect(page).toContain(words)
  })

  test('of another token, or of the survey’s, leads nowhere', async () => {
    const ticketId = await office.openTicket()
    for (const token of ['x', office.secrets.surveyToken(ticketId), office.secrets.describeToken(999_999)])
      expect((await office.web.request(`/describe/${token}`)).status).toBe(404)
    expect((await office.web.request(`/survey/${office.secrets.describeToken(ticketId)}`)).status).toBe(404)
  })

  test('of a closed request says so, and what to do', async () => {
    const page = await see(await closed())
    expect(page).toContain('This request is closed, so it takes no more answers. To go on, answer our mail')
    expect(page).not.toContain('<form')
  })

  test('carries the headers of every page', async () => {
    const { headers } = await office.web.request(path(await office.openTicket()))
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toContain('no-store')
  })
})

describe('the same questions as the form', () => {
  /** Sends the page as it stands now. */
  const answer = async (ticketId: number, fields: Record<string, string>) =>
    send(ticketId, { page: proofIn(await see(ticketId)), ...fields })

  test('with their hints and what the form says of their options', async () => {
    const page = await see(await office.openTicket())
    expect(page).toContain('The option that best describes the severity of the problem’s impact')
    expect(page).toContain('<span class="quiet">Contractual or financial issues related to your stores</span>')
    expect(page).toMatch(/<fieldset aria-describedby="impact-hint">/)
  })

  test('COM-02 what a commercial request needs is asked once its kind is said, in the fields of the form', async () => {
    const ticketId = await office.openTicket()
    await answer(ticketId, { branch: 'commercial', account: 's1' })
    const kinds = await see(ticketId)
    expect(kinds).toContain('Creating a white label environment')
    expect(kinds).not.toContain('master_admin_email')
    await answer(ticketId, { commercial: '5' })
    const page = await see(ticketId, '?thanks=1')
    expect(page).toContain('Thank you. The team has your answers.')
    expect(page).toMatch(/<input class="line" type="email" id="master_admin_email" name="master_admin_email" value=""/)
    // What every mail says by itself is not asked again, nor what is for another kind of request.
    for (const key of ['comments', 'description', 'file', 'consent', 'trade_policy_name'])
      expect(page).not.toContain(`name="${key}"`)

    const wrong = { master_admin_email: 'grace "at" acme', master_admin_name: 'Grace', master_admin_agrees: 'gone' }
    const refused = await answer(ticketId, wrong)
    expect(refused.status).toBe(422)
    const again = await refused.text()
    expect(again).toContain('One answer could not be taken')
    expect(again).toContain('⚠️ This is not a whole email address: please write it as in ada@example.com.')
    expect(again).toContain('value="grace &quot;at&quot; acme"')
    expect(again).toContain('value="Grace"')
    expect(again).toMatch(
      /name="master_admin_email"[^>]* aria-describedby="master_admin_email-problem" aria-invalid="true"/,
    )
    expect((await row(ticketId)).answers.master_admin_name).toBeUndefined()

    await answer(ticketId, { ...wrong, master_admin_email: 'grace@acme.example' })
    expect((await row(ticketId)).answers).toMatchObject({
      commercial: '5',
      master_admin_email: 'grace@acme.example',
      master_admin_name: 'Grace',
      master_admin_agrees: 'gone',
    })
  })

  test('several ticks, a day and a web address are taken; an option nobody offered is none of ours', async () => {
    const ticketId = await office.openTicket()
    await answer(ticketId, { branch: 'commercial', account: 's1' })
    await answer(ticketId, { commercial: '1' })
    const page = await see(ticketId)
    expect(page).toContain('type="checkbox" name="trade_policy_differences.prices" value="yes"')
    expect(page).toMatch(/type="date" id="wanted_by"/)
    for (const fields of [
      { 'trade_policy_differences.colours': 'yes' },
      { trade_policy_differences: 'prices' },
      { 'wanted_by.x': 'yes' },
      { 'nothing.x': 'yes' },
    ])
      expect((await answer(ticketId, fields as never)).status).toBe(400)
    expect((await answer(ticketId, { wanted_by: '2027-02-29' })).status).toBe(422)
    const ticks = { 'trade_policy_differences.prices': 'yes', 'trade_policy_differences.payment': 'yes' }
    await answer(ticketId, { ...ticks, wanted_by: '2027-03-01' })
    expect((await row(ticketId)).answers).toMatchObject({
      trade_policy_differences: ['prices', 'payment'],
      wanted_by: '2027-03-01',
    })
    // Chosen once, they are known.
    expect(await see(ticketId)).not.toContain('trade_policy_differences.')
  })

  test('FIN-01 a financial request is asked which of the twelve it is', async () => {
    const ticketId = await office.openTicket()
    await answer(ticketId, { branch: 'financial', account: 's1' })
    const page = await see(ticketId)
    expect(page.match(/<option value="(?:0\d|1[0-2])"/g)).toHaveLength(12)
    expect(page).toContain('Changing the company registration number – Transfer of contractual liability')
    await answer(ticketId, { financial: '03' })
    expect(await see(ticketId)).toContain('We have no more questions for now.')
  })
})

describe('sending the page', () => {
  test('fills the fields and says thanks; what is left is asked for', async () => {
    const ticketId = await office.openTicket()
    const page = proofIn(await see(ticketId))
    const sent = await send(ticketId, { page, branch: 'technical', impact: 'critical', users: 'all', account: '' })
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '?thanks=1'])
    expect(await row(ticketId)).toMatchObject({
      branch: 'technical',
      impact: 'critical',
      users: 'all',
      priority: 'urgent',
    })
    const thanks = await see(ticketId, '?thanks=1')
    expect(thanks).toContain('Thank you. The team has your answers.')
    expect(thanks).toContain('name="problem_type"')
    expect(thanks).not.toContain('name="impact"')
    await send(ticketId, { page: proofIn(thanks), problem_type: '1', account: 's3' })
    expect(await row(ticketId)).toMatchObject({ account_key: 's3' })
    expect(await see(ticketId)).toContain('We have no more questions for now.')
  })

  test('twenty times at once from one page counts once', async () => {
    const ticketId = await office.openTicket()
    const page = proofIn(await see(ticketId))
    const sent = await Promise.all(Array.from({ length: 20 }, () => send(ticketId, { page, impact: 'critical' })))
    expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([303]))
    expect(await described(ticketId)).toBe(1)
  })

  test('does not change what is known by now', async () => {
    const ticketId = await office.openTicket()
    const [first, second] = [proofIn(await see(ticketId)), proofIn(await see(ticketId))]
    await send(ticketId, { page: first, impact: 'critical' })
    const late = await send(ticketId, { page: second, impact: 'auxiliary', users: 'all' })
    expect(late.status).toBe(303)
    expect(await row(ticketId)).toMatchObject({ impact: 'critical', users: 'all', priority: 'urgent' })
  })

  test('without any answer asks for one', async () => {
    const ticketId = await office.openTicket()
    const sent = await send(ticketId, { page: proofIn(await see(ticketId)), account: '' })
    expect(sent.status).toBe(422)
    expect(await sent.text()).toContain('Choose at least one answer')
  })

  test('without what the page carries changes nothing, and keeps what was chosen', async () => {
    const [ticketId, other] = [await office.openTicket(), await office.openTicket()]
    const survey = office.secrets.surveyToken(ticketId)
    for (const page of ['', 'x', proofIn(await see(other)), survey]) {
      const sent = await send(ticketId, { page, impact: 'critical', account: 's2' })
      expect(sent.status).toBe(403)
      const shown = await sent.text()
      expect(shown).toContain('value="critical" checked')
      expect(shown).toContain('value="s2" selected')
    }
    expect(await described(ticketId)).toBe(0)
  })

  test('hours later is asked once more', async () => {
    const ticketId = await office.openTicket()
    const page = proofIn(await see(ticketId))
    await office.clock.push(6 * HOUR)
    expect((await send(ticketId, { page, impact: 'critical' })).status).toBe(403)
  })

  test.each([
    ['an option nobody offered', { impact: 'enormous' }],
    ['another store', { account: 'someone-elses' }],
    ['a field of no form', { impact: 'critical', role: 'admin' }],
  ])('with %s is refused', async (_, fields) => {
    const ticketId = await office.openTicket()
    const sent = await send(ticketId, { page: proofIn(await see(ticketId)), ...(fields as Record<string, string>) })
    expect(sent.status).toBe(400)
    expect(await described(ticketId)).toBe(0)
  })

  test('from another site, as another type, twice the same field or too much of it is refused', async () => {
    const ticketId = await office.openTicket()
    const page = proofIn(await see(ticketId))
    const body = `page=${page}&impact=critical`
    expect((await send(ticketId, body, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await send(ticketId, body, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await send(ticketId, body, { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await send(ticketId, `${body}&impact=auxiliary`)).status).toBe(400)
    expect((await send(ticketId, `${body}&x=${'x'.repeat(20_000)}`)).status).toBe(413)
    expect(await described(ticketId)).toBe(0)
  })

  test('of a request that closed meanwhile says so', async () => {
    const ticketId = await closed()
    const sent = await send(ticketId, { page: 'x', impact: 'critical' })
    expect(sent.status).toBe(409)
    expect(await sent.text()).toContain('This request is closed')
  })
})
