import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lastMailTo, mailsTo, replyByMail, thread, writeMail } from '../support/acting.ts'
import { KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

describe('a mail that lacks what the form asks', () => {
  let number: number

  test('is acknowledged with only what is missing, its options and a page', async () => {
    number = await opened('nina@acme.example', 'The shop is down')
    const { text, html } = await lastMailTo(world, 'nina@acme.example')
    for (const body of [text, html]) {
      expect(body).toContain('What do you need?')
      expect(body).toMatch(/Problem impact.*\(only for: Technical\)/)
      expect(body).toMatch(/impact 3(<\/span>)?: Unexpected behavior with critical store resources/)
      expect(body).toMatch(/account 2(<\/span>)?: Acme São Paulo/)
      expect(body).toContain(`${world.url}/describe/`)
      expect(body).not.toContain('The printer')
    }
    expect(await row(number)).toMatchObject({ branch: null, priority: 'normal', account_key: null })
  })

  test('is described by a reply in plain words: fields, priority and card, and no comment', async () => {
    await replyByMail(world, await lastMailTo(world, 'nina@acme.example'), 'impact 3, users all\n\nThanks,\nNina')
    await world.settle()
    expect(await row(number)).toMatchObject({
      branch: 'technical',
      impact: 'critical',
      users: 'all',
      priority: 'urgent',
    })
    expect(await comments(number)).toEqual(['It does not work.'])
    const card = cardOf(number)
    expect(wordsOf(card)).toMatch(/Urgent/)
    expect(wordsOf(card)).toContain('Technical')
    const below = thread(world, TRIAGE, card.ts, KOFI).map(wordsOf).at(-1)
    expect(below).toContain('Nina said:')
    expect(below).toContain(
      'What do you need? Technical\nProblem impact: Unexpected behavior with critical store resources',
    )
    expect(below).toContain('Priority is now 🔴 Urgent.')
    const { rows } = await world.db.query('select outcome, reason from inbound_mails order by id desc limit 1')
    expect(rows).toEqual([{ outcome: 'reply', reason: 'answers' }])
  })

  test('an answer among other words fills its field, and all words are a comment', async () => {
    const words = 'Cuenta: Acme São Paulo. Since Monday nobody can pay.'
    await replyByMail(world, await lastMailTo(world, 'nina@acme.example'), words)
    await world.settle()
    expect(await row(number)).toMatchObject({
      account_key: 'acme-sao-paulo',
      region_key: 'brazil',
      group_key: 'brazil',
    })
    expect(await comments(number)).toEqual(['It does not work.', words])
    expect(wordsOf(cardOf(number))).toContain('Acme São Paulo')
  })

  test('an answered question is not asked twice, and what is said of it again is a comment', async () => {
    await replyByMail(world, await lastMailTo(world, 'nina@acme.example'), 'impact 1')
    await world.settle()
    expect(await row(number)).toMatchObject({ impact: 'critical', priority: 'urgent' })
    expect((await comments(number)).at(-1)).toBe('impact 1')
  })

  test('answers between our own questions, in html, are read where they stand', async () => {
    const other = await opened('otto@client.example', 'Answered inline')
    const mail = await lastMailTo(world, 'otto@client.example')
    const cite = (words: string) => `<blockquote type="cite">${words}</blockquote>`
    await send({
      from: 'otto@client.example',
      to: [mail.replyTo],
      subject: mail.subject,
      inReplyTo: mail.id,
      withoutQuote: true,
      text: '',
      html: `<div>On Monday Support wrote:</div>
        ${cite('<p><strong>What do you need?</strong></p><p>need 1: Technical<br>need 2: Financial</p>')}<div>technical</div>
        ${cite('<p><strong>Problem impact</strong> (only for: Technical)</p><p>impact 1: Unexpected behavior</p>')}<div>3, please</div>
        ${cite('<p><strong>Users affected by the problem</strong></p>')}<div>everybody</div>`,
    })
    await world.settle()
    expect(await row(other)).toMatchObject({
      branch: 'technical',
      impact: 'critical',
      users: 'all',
      priority: 'urgent',
    })
  })

  test('words that are no answer are a comment, to the last of them, and no question is asked again', async () => {
    const other = await opened('olga@client.example', 'Not so sure')
    const words = 'impact maybe 3, maybe 2? Ask Pete, ext. 42.\n\nWe are 12 people <here>.'
    await replyByMail(world, await lastMailTo(world, 'olga@client.example'), words)
    await world.settle()
    expect(await row(other)).toMatchObject({ impact: null, users: null, priority: 'normal' })
    expect((await comments(other)).at(-1)).toBe(words)
    expect(mailsTo(world, 'olga@client.example')).toHaveLength(1)
  })

  test('nobody is mailed about it', () => {
    expect(mailsTo(world, 'nina@acme.example')).toHaveLength(1)
  })
})

describe('the page of the mail', () => {
  test('shows what is missing and fills it in, and only when it is sent', async () => {
    const number = await opened('omar@client.example', 'No orders')
    const link = /http\S+\/describe\/\w+/.exec((await lastMailTo(world, 'omar@client.example')).text)![0]
    const page = await (await fetch(link)).text()
    expect(page).toContain('name="impact" value="critical"')
    expect(page).not.toContain('name="account"')
    expect(await row(number)).toMatchObject({ impact: null })
    const proof = /name="page" value="([^"]+)"/.exec(page)![1]!
    const sent = await fetch(link, {
      method: 'POST',
      body: new URLSearchParams({ page: proof, branch: 'technical', impact: 'important', users: 'buyers' }),
    })
    expect(await sent.text()).toContain('Thank you. The team has your answers.')
    await world.settle()
    expect(await row(number)).toMatchObject({ branch: 'technical', impact: 'important', priority: 'high' })
    expect(wordsOf(cardOf(number))).toContain('High')
  })
})

describe('nobody is asked', () => {
  test('who let a machine write', async () => {
    const headers = { 'Auto-Submitted': 'auto-generated' }
    await send({ from: 'cron@client.example', subject: 'Disk full', text: 'It is.', headers })
    await world.settle()
    expect(mailsTo(world, 'cron@client.example')).toHaveLength(0)
  })

  test('in a language that is not theirs', async () => {
    await opened('pilar@acme.example', 'Ayuda', 'es')
    const { text } = await lastMailTo(world, 'pilar@acme.example')
    expect(text).toContain('Impacto del problema (solo para: Técnico)')
    expect(text).toContain('impacto 3: Comportamiento inesperado en los recursos críticos de la tienda')
    await replyByMail(world, await lastMailTo(world, 'pilar@acme.example'), 'Impacto: crítico. Usuarios: todos.')
    await world.settle()
    const { rows } = await world.db.query(`select priority from tickets where subject = 'Ayuda'`)
    expect(rows).toEqual([{ priority: 'urgent' }])
  })
})

/** Somebody writes a mail; answers with the number of the ticket it opened. */
async function opened(from: string, subject: string, locale?: string): Promise<number> {
  const name = from.split('@')[0]!
  const fromName = name[0]!.toUpperCase() + name.slice(1)
  if (locale) {
    await writeMail(world, { from, fromName, subject: 'Before', text: 'It does not work.' })
    await world.settle()
    await world.db.query('update contacts set locale = $2 where name = $1', [fromName, locale])
  }
  await writeMail(world, { from, fromName, subject, text: 'It does not work.' })
  await world.settle()
  const { rows } = await world.db.query('select id from tickets where subject = $1', [subject])
  expect(rows).toHaveLength(1)
  return rows[0].id
}

async function send(mail: object): Promise<void> {
  const answer = await fetch(`${world.url}/sandbox/mail/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: world.url },
    body: JSON.stringify({ to: [world.supportAddress], ...mail }),
  })
  expect(answer.status, await answer.clone().text()).toBe(200)
}

async function row(number: number) {
  return (await world.db.query('select * from tickets where id = $1', [number])).rows[0]
}

async function comments(number: number): Promise<string[]> {
  const { rows } = await world.db.query('select text from comments where ticket_id = $1 order by id', [number])
  return rows.map(({ text }) => text)
}

function cardOf(number: number) {
  const cards = world.slack.state.messages(TRIAGE, { viewer: KOFI })
  const card = cards.find((message) => wordsOf(message).includes(`#${number}`))
  expect(card, `no card of ${number}`).toBeDefined()
  return card!
}
