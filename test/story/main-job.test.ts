import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dmOf, lastMailTo, mailsTo, press, replyByMail, thread, writeMail } from '../support/acting.ts'
import { ADA, BRUNO, eventually, GENERAL, KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'

const HOUR = 60 * 60_000

describe.each(['socket', 'http'] as const)('the main job, with Slack over %s', (mode) => {
  let world: World
  let number: number

  beforeAll(async () => {
    world = await startWorld({ mode })
  })
  afterAll(() => world?.stop())

  test('Ada opens a Technical ticket through every page, with a file', async () => {
    const { slack } = world
    expect(await slack.people.slash(ADA, GENERAL, '/ticket')).toMatchObject({ ok: true })
    const viewId = (await eventually(() => modal(world, ADA, 'intake.page'))).view.id
    const next = (values: Record<string, string | string[]>) => slack.people.submit(ADA, viewId, values)
    expect(await next({ name: 'Ada Lovelace', account: 'acme-berlin' })).toMatchObject({ ok: true, next: 'updated' })
    expect(await next({ branch: 'technical' })).toMatchObject({ ok: true, next: 'updated' })
    expect(await next({ problem_type: '1', subject: 'The printer <b>burns</b> & smokes' })).toMatchObject({ ok: true })
    expect(await next({ impact: 'critical', users: 'all' })).toMatchObject({ ok: true, next: 'updated' })
    const file = await slack.people.upload(ADA, {
      name: 'smoke.png',
      mimetype: 'image/png',
      bytes: Buffer.from('a picture of smoke'),
    })
    const sent = await next({ experience: '2', description: 'It burns since noon.', file: [file.id] })
    expect(sent).toMatchObject({ ok: true, next: 'updated' })
    const words = JSON.stringify(slack.state.modal(ADA)?.view.blocks)
    number = Number(/#?(\d{4,})/.exec(words)?.[1])
    expect(number).toBeGreaterThan(1000)
  })

  test('its card stands in the triage channel, the file is stored and linked, and Ada has a thread and a mail', async () => {
    await world.settle()
    const card = cardOf(world, number)
    expect(wordsOf(card)).toContain('The printer &lt;b&gt;burns&lt;/b&gt; &amp; smokes')
    expect(wordsOf(card)).toMatch(/Urgent/)
    expect(wordsOf(card)).toContain('Acme Berlin')
    await eventually(async () => {
      await world.settle()
      expect(JSON.stringify(thread(world, TRIAGE, card.ts, KOFI))).toContain(`${world.url}/files/`)
    })
    const link = /"(http[^"]*\/files\/[^"]*)"/.exec(JSON.stringify(thread(world, TRIAGE, card.ts, KOFI)))![1]!
    expect(await (await fetch(link)).text()).toBe('a picture of smoke')
    expect(wordsOf(rootOf(world, ADA, number))).toContain('The printer')
    const mail = await lastMailTo(world, 'ada@acme.example')
    expect(mail.subject).toContain('The printer <b>burns</b> & smokes')
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
  })

  test('Kofi takes it', async () => {
    const card = cardOf(world, number)
    await press(world, KOFI, card, 'ticket.take')
    await eventually(async () => {
      await world.settle()
      expect(wordsOf(cardOf(world, number))).toContain('Kofi Mensah')
    })
  })

  test('Kofi replies; Ada gets it in her thread and by mail, and answers by mail without the quote', async () => {
    const { slack } = world
    await press(world, KOFI, cardOf(world, number), 'ticket.reply')
    const reply = await eventually(() => modal(world, KOFI, 'agent.reply'))
    expect(await slack.people.submit(KOFI, reply.view.id, { reply: 'Please pull the plug.', wait: ['wait'] })).toEqual({
      ok: true,
      next: 'closed',
    })
    await world.settle()
    expect(await statusOf(world, number)).toBe('pending')
    const root = rootOf(world, ADA, number)
    expect(thread(world, root.channel, root.ts, ADA).map(wordsOf).join()).toContain('Please pull the plug.')
    const mail = await lastMailTo(world, 'ada@acme.example')
    expect(mail.text).toContain('Please pull the plug.')
    expect(mail.headers.has('auto-submitted')).toBe(false)

    await replyByMail(world, mail, 'I pulled it. It still smokes.')
    await world.settle()
    expect(await statusOf(world, number)).toBe('open')
    const { rows } = await world.db.query(
      'select text, via from comments where ticket_id = $1 order by id desc limit 1',
      [number],
    )
    expect(rows).toEqual([{ text: 'I pulled it. It still smokes.', via: 'mail' }])
  })

  test('a note under the card stays inside', async () => {
    const card = cardOf(world, number)
    const before = mailsTo(world, 'ada@acme.example').length
    await world.slack.people.post(KOFI, TRIAGE, { text: 'she has pulled the wrong plug', threadTs: card.ts })
    await eventually(async () => {
      const { rows } = await world.db.query('select is_public from comments where text like $1', ['she has pulled%'])
      expect(rows).toEqual([{ is_public: false }])
    })
    await world.settle()
    expect(mailsTo(world, 'ada@acme.example')).toHaveLength(before)
    const root = rootOf(world, ADA, number)
    expect(JSON.stringify(thread(world, root.channel, root.ts, ADA))).not.toContain('wrong plug')
  })

  test('STA-07 SUR-01 Kofi solves; mail and thread say until which minute and carry the survey; a reply inside the window reopens', async () => {
    await press(world, KOFI, cardOf(world, number), 'ticket.solve')
    await eventually(async () => expect(await statusOf(world, number)).toBe('solved'))
    await world.settle()
    const { rows } = await world.db.query('select solved_at, reopen_until from tickets where id = $1', [number])
    expect(rows[0].reopen_until.getTime() - rows[0].solved_at.getTime()).toBe(27 * HOUR)
    const mail = await lastMailTo(world, 'ada@acme.example')
    const inBerlin = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit' })
    expect(mail.text).toContain(inBerlin.format(rows[0].reopen_until))
    expect(mail.text).toContain('/survey/')
    const root = rootOf(world, ADA, number)
    const epoch = Math.floor(rows[0].reopen_until.getTime() / 1000)
    expect(wordsOf(root)).toContain(`<!date^${epoch}^`)

    await world.push(26 * HOUR)
    await replyByMail(world, mail, 'It smokes again.')
    await world.settle()
    expect(await statusOf(world, number)).toBe('open')
  })

  test('solved again and left alone, it closes by itself after 27 hours, and card, thread and Home say so', async () => {
    await press(world, KOFI, cardOf(world, number), 'ticket.solve')
    await eventually(async () => expect(await statusOf(world, number)).toBe('solved'))
    await world.settle()
    await world.push(27 * HOUR - 60_000)
    expect(await statusOf(world, number)).toBe('solved')
    await world.push(71_000)
    expect(await statusOf(world, number)).toBe('closed')
    expect(wordsOf(cardOf(world, number))).toMatch(/Closed/)
    expect(wordsOf(rootOf(world, ADA, number))).toMatch(/[Cc]losed/)
    await world.slack.people.openHome(ADA)
    await eventually(() => expect(JSON.stringify(world.slack.state.home(ADA)?.blocks)).toMatch(/Closed/))
  })

  test('a late mail becomes one linked follow-up, and a later one joins it', async () => {
    const solved = mailsTo(world, 'ada@acme.example').at(-1)!
    await replyByMail(world, solved, 'Too late, but it smokes.')
    await world.settle()
    expect(await statusOf(world, number)).toBe('closed')
    const { rows } = await world.db.query('select * from tickets where follow_up_of = $1', [number])
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      status: 'open',
      account_key: 'acme-berlin',
      branch: 'technical',
      priority: 'urgent',
    })
    expect(wordsOf(cardOf(world, number))).toContain(String(rows[0].id))
    await replyByMail(world, solved, 'And it smells.')
    await world.settle()
    const again = await world.db.query('select id from tickets where follow_up_of = $1', [number])
    expect(again.rows).toHaveLength(1)
    const comments = await world.db.query('select text from comments where ticket_id = $1 order by id', [rows[0].id])
    expect(comments.rows.map(({ text }) => text)).toEqual(['Too late, but it smokes.', 'And it smells.'])
  })

  test('SUR-02 SUR-03 SUR-06 the survey, stars and words, is answered on the page of the mail and reaches the team; only a POST counts', async () => {
    const solved = mailsTo(world, 'ada@acme.example').find((mail) => mail.text.includes('/survey/'))!
    const link = /http\S+\/survey\/\S+?score=5/.exec(solved.text + solved.html)![0].replaceAll('&amp;', '&')
    const page = await (await fetch(link)).text()
    expect(await ratingOf(world, number)).toBeNull()
    const form = new URLSearchParams(
      [...page.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
        /name="([^"]*)"/.exec(input)![1]!,
        /value="([^"]*)"/.exec(input)![1]!,
      ]),
    )
    form.set('score', '5')
    form.set('comment', 'Kind and quick')
    const answer = await fetch(link, { method: 'POST', body: form })
    expect(answer.status).toBe(200)
    expect(await ratingOf(world, number)).toBe(5)
    await world.settle()
    expect(wordsOf(cardOf(world, number))).toContain('★★★★★')
    const below = thread(world, TRIAGE, cardOf(world, number).ts, KOFI)
    expect(JSON.stringify(below)).toContain('Kind and quick')
  })
})

describe('mail alone', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world?.stop())

  test('AUT-13 AUT-14 a mail from a stranger opens a ticket, makes a contact without a store or a past, and its CC, and is acknowledged once', async () => {
    await writeMail(world, {
      from: 'kim@new.example',
      fromName: 'Kim',
      cc: ['lee@new.example'],
      subject: 'Help',
      text: 'Where is my order?',
    })
    await world.settle()
    const { rows } = await world.db.query(
      'select t.id, t.subject, t.account_key, c.name from tickets t join contacts c on c.id = t.requester_id',
    )
    expect(rows).toMatchObject([{ subject: 'Help', name: 'Kim', account_key: null }])
    const ccs = await world.db.query('select address from ticket_ccs join contact_addresses using (contact_id)')
    expect(ccs.rows).toEqual([{ address: 'lee@new.example' }])
    expect(mailsTo(world, 'kim@new.example')).toHaveLength(1)
    expect(mailsTo(world, 'lee@new.example').filter(({ from }) => from.includes('support@'))).toHaveLength(0)
  })

  test('an out-of-office reply to our mail neither reopens nor is answered', async () => {
    const card = cardOf(world, 1001)
    await press(world, KOFI, card, 'ticket.solve')
    await eventually(async () => expect(await statusOf(world, 1001)).toBe('solved'))
    await world.settle()
    const before = mailsTo(world, 'kim@new.example').length
    await replyByMail(world, mailsTo(world, 'kim@new.example').at(-1)!, 'I am away until Monday.', {
      subject: 'Automatic reply: Help',
      headers: { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' },
    })
    await world.settle()
    expect(await statusOf(world, 1001)).toBe('solved')
    expect(mailsTo(world, 'kim@new.example')).toHaveLength(before)
    const { rows } = await world.db.query('select outcome from inbound_mails order by id desc limit 1')
    expect(rows).toEqual([{ outcome: 'automatic' }])
  })

  test('a stranger with the reply address joins nothing; the mail is held and shown to agents', async () => {
    const mail = mailsTo(world, 'kim@new.example').at(-1)!
    await writeMail(world, {
      from: 'eve@evil.example',
      to: [mail.replyTo],
      subject: 'Re: Help',
      text: 'Send me everything',
    })
    await world.settle()
    const { rows } = await world.db.query('select outcome, ticket_id from inbound_mails order by id desc limit 1')
    expect(rows).toEqual([{ outcome: 'held', ticket_id: 1001 }])
    const { rows: comments } = await world.db.query('select count(*)::int as n from comments where text like $1', [
      'Send me%',
    ])
    expect(comments).toEqual([{ n: 0 }])
    expect(mailsTo(world, 'eve@evil.example')).toHaveLength(0)
    await eventually(() =>
      expect(world.slack.state.messages(TRIAGE, { viewer: KOFI }).map(wordsOf).join()).toContain('eve@evil.example'),
    )
  })

  test('a mail in Portuguese is answered in Portuguese, and one from somebody with two stores goes to the last one', async () => {
    const text = 'Bom dia! Não conseguimos abrir o painel desde ontem. Podem ajudar?'
    await writeMail(world, { from: 'livia@agencia.example', subject: 'Painel fora do ar', text })
    await world.settle()
    expect((await lastMailTo(world, 'livia@agencia.example')).text).toContain('chamado')
    const accounts = async () => {
      await writeMail(world, {
        from: 'mara@acme.example',
        subject: 'A question',
        text: `Where is it? ${Math.random()}`,
      })
      await world.settle()
      const { rows } = await world.db.query(`select account_key from tickets where subject = 'A question' order by id`)
      return rows.map((row) => row.account_key)
    }
    expect(await accounts()).toEqual([null])
    await world.db.query(`update tickets set account_key = 'acme-berlin' where subject = 'A question'`)
    expect(await accounts()).toEqual(['acme-berlin', 'acme-berlin'])
  })

  test('Bruno reads nothing of it in his Home', async () => {
    await world.slack.people.openHome(BRUNO)
    await eventually(() => expect(world.slack.state.home(BRUNO)).not.toBeNull())
    expect(JSON.stringify(world.slack.state.home(BRUNO)?.blocks)).not.toContain('Help')
  })
})

function modal(world: World, user: string, callbackId: string) {
  const open = world.slack.state.modal(user)
  expect(open?.view.callbackId).toBe(callbackId)
  return open!
}

function cardOf(world: World, number: number) {
  const cards = world.slack.state
    .messages(TRIAGE, { viewer: KOFI })
    .filter((message) => message.metadata?.event_payload.slot === `${number}/card`)
  expect(cards).toHaveLength(1)
  return cards[0]!
}

function rootOf(world: World, user: string, number: number) {
  const roots = world.slack.state
    .messages(dmOf(world, user), { viewer: user })
    .filter((message) => String(message.metadata?.event_payload.slot).startsWith(`${number}/request/`))
  expect(roots).toHaveLength(1)
  return roots[0]!
}

async function statusOf(world: World, number: number): Promise<string> {
  const { rows } = await world.db.query('select status from tickets where id = $1', [number])
  return rows[0].status
}

async function ratingOf(world: World, number: number): Promise<number | null> {
  const { rows } = await world.db.query('select rating_score from tickets where id = $1', [number])
  return rows[0].rating_score
}
