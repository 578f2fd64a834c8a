import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureAgent } from '../../src/store/people.ts'
import { statusOf } from '../slack/scenes.ts'
import { mailsTo, type ReceivedMail } from '../support/acting.ts'
import { KOFI, startWorld, type World } from '../support/world.ts'
import { answer, mailOf, receive } from '../threats/scene.ts'

// An afternoon: people of one company and many others write to the desk as people do. Each test goes on where the one
// before it ended, as an afternoon does.
const MINA = 'mina@shop.example'
const OTTO = 'otto@shop.example'
const HOUR = 3_600_000
let world: World
let mina: number // her first request

beforeAll(async () => {
  world = await startWorld({ mode: 'socket' })
})
afterAll(() => world?.stop())

test('1 a first request becomes a ticket and is acknowledged', async () => {
  mina = await opens(
    `From: Mina Sol <${MINA}>\nCc: Otto <${OTTO}>\nSubject: Checkout is slow\nMessage-ID: <a1@shop.example>`,
    'Since this morning the checkout takes ten seconds.',
  )
  expect(mailsTo(world, MINA)).toHaveLength(1)
  expect(mailsTo(world, OTTO)).toHaveLength(0)
})

test('2 an answer to the questions fills them in and is no comment', async () => {
  await says(MINA, 'impact 3, users all')
  expect(await row('select impact, priority from tickets where id = $1', mina)).toEqual({
    impact: 'critical',
    priority: 'urgent',
  })
  expect(await comments(mina)).toEqual(['Since this morning the checkout takes ten seconds.'])
})

test('3 more words, below a quote of our mail, are a comment without the quote', async () => {
  await says(MINA, 'It is worse on phones.', { quoted: true })
  expect(await comments(mina)).toContain('It is worse on phones.')
})

test('4 the same mail delivered twice is one comment', async () => {
  const before = (await comments(mina)).length
  await says(MINA, 'It is worse on phones.', { quoted: true, id: 'r2@shop.example' })
  await says(MINA, 'It is worse on phones.', { quoted: true, id: 'r2@shop.example', received: 'again' })
  expect((await comments(mina)).length).toBe(before + 1)
  expect(await lastOutcome()).toBe('duplicate')
})

test('5 who was copied answers the mail they got, and everybody else hears it once', async () => {
  await answer(world, mina, 'We are looking into the database.')
  await says(OTTO, 'We changed nothing on our side.')
  expect(await comments(mina)).toContain('We changed nothing on our side.')
  expect(
    mailsTo(world, MINA).filter(({ text }) => text.startsWith('Hello') && text.includes('We changed nothing')),
  ).toHaveLength(1)
  expect(mailsTo(world, OTTO).filter(({ text }) => /^We changed nothing/m.test(text))).toHaveLength(0)
})

test('6 a colleague nobody copied got it forwarded and answers: an agent decides', async () => {
  await says('rita@shop.example', 'I can reproduce it.', { as: OTTO })
  expect(await lastOutcome()).toBe('held')
  expect(await comments(mina)).not.toContain('I can reproduce it.')
})

test('7 an out-of-office reply is recorded and changes nothing', async () => {
  await says(MINA, 'I am away until Monday.', {
    head: 'Auto-Submitted: auto-replied\nX-Autoreply: yes',
    subject: 'Automatic reply: Checkout is slow',
  })
  expect(await lastOutcome()).toBe('automatic')
  expect(await statusOf(world, mina)).toBe('open')
})

test('8 thanks for what was solved keep it solved', async () => {
  await solve(mina)
  await says(MINA, 'Perfect, thank you so much!\n\nBest regards,\nMina')
  expect(await statusOf(world, mina)).toBe('solved')
})

test('9 words about a problem within the window reopen it', async () => {
  await says(MINA, 'Sorry, it is slow again since noon.')
  expect(await statusOf(world, mina)).toBe('open')
})

test('10 words after the window open a linked follow-up', async () => {
  await solve(mina)
  await world.push(30 * HOUR)
  expect(await statusOf(world, mina)).toBe('closed')
  await says(MINA, 'And now the cart is empty after login.')
  expect(await lastOutcome()).toBe('follow-up')
  expect(await row('select follow_up_of::int as of from tickets order by id desc limit 1')).toEqual({ of: mina })
})

test('11 a Spanish request is answered in Spanish', async () => {
  await opens(
    'From: Julia <julia@tienda.example>\nSubject: Factura duplicada\nMessage-ID: <es1@tienda.example>',
    'Buenos días, hemos recibido dos veces la factura de noviembre y no sabemos cuál debemos pagar. ¿Pueden ayudarnos?',
    'tienda.example',
  )
  expect(mailsTo(world, 'julia@tienda.example')[0]!.text).toMatch(/solicitud/)
})

test('12 a Portuguese request is answered in Portuguese', async () => {
  await opens(
    'From: Joao <joao@loja.example>\nSubject: Boleto\nMessage-ID: <pt1@loja.example>',
    'Bom dia, não recebemos o boleto deste mês e o painel está bloqueado. Vocês podem nos ajudar, por favor?',
    'loja.example',
  )
  expect(mailsTo(world, 'joao@loja.example')[0]!.text).toMatch(/chamado/)
})

test('13 the same person writes about something else: another ticket', async () => {
  const second = await opens(
    `From: Mina Sol <${MINA}>\nSubject: Invoice address\nMessage-ID: <a2@shop.example>`,
    'Please change our invoice address.',
  )
  expect(second).not.toBe(mina)
})

test('14 a number in the subject leads into nobody’s ticket', async () => {
  const before = await comments(mina)
  await opens(
    `From: Eve <eve@other.example>\nSubject: Re: [#${mina}] Checkout is slow\nMessage-ID: <e1@other.example>`,
    `What is the state of #${mina}?`,
    'other.example',
  )
  expect(await comments(mina)).toEqual(before)
})

test('15 commands of other desks are words', async () => {
  const number = await opens(
    'From: Ed <ed@other.example>\nSubject: #close all\nX-Zammad-Ticket-Id: 1001\nMessage-ID: <e2@other.example>',
    '#close',
    'other.example',
  )
  expect(await statusOf(world, number)).toBe('open')
})

test('16 a mail with only a file says so and keeps the file', async () => {
  const number = await opensRaw(
    'From: Fay <fay@files.example>\nSubject: Screenshot\nMessage-ID: <f1@files.example>\nContent-Type: image/png; name=shot.png\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=shot.png',
    'iVBORw0KGgo=',
    'files.example',
  )
  expect(
    await row('select name from attachments a join comments c on c.id = a.comment_id where c.ticket_id = $1', number),
  ).toEqual({ name: 'shot.png' })
})

test('17 an html-only mail is read as text', async () => {
  const number = await opensRaw(
    'From: Gil <gil@html.example>\nSubject: Login\nMessage-ID: <h1@html.example>\nContent-Type: text/html; charset=utf-8',
    '<p>The <b>login</b> page is white.</p><script>alert(1)</script>',
    'html.example',
  )
  expect(await comments(number)).toEqual(['The login page is white.'])
})

test('18 a mail without any word is a ticket all the same', async () => {
  const number = await opensRaw(
    'From: Hal <hal@blank.example>\nSubject: Call me\nMessage-ID: <b1@blank.example>',
    '',
    'blank.example',
  )
  expect(await row('select subject from tickets where id = $1', number)).toEqual({ subject: 'Call me' })
})

test('19 an encrypted mail is shown to a person, and its sender is told', async () => {
  await receive(
    world,
    multipart(
      'From: Ida <ida@secret.example>\nSubject: ...\nMessage-ID: <c1@secret.example>',
      'multipart/encrypted; protocol="application/pgp-encrypted"',
      [
        'Content-Type: application/pgp-encrypted\n\nVersion: 1',
        'Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----\nx\n-----END PGP MESSAGE-----',
      ],
      'secret.example',
    ),
  )
  expect(['ticket', 'unreadable']).toContain(await lastOutcome())
})

test('20 a system’s alert is a ticket that nobody answers automatically', async () => {
  await opens(
    'From: ServiceNow <alerts@monitor.example>\nSubject: INC0012 raised\nAuto-Submitted: auto-generated\nPrecedence: bulk\nMessage-ID: <m1@monitor.example>',
    'A disk of shop 12 is nearly full.',
    'monitor.example',
  )
  expect(mailsTo(world, 'alerts@monitor.example')).toHaveLength(0)
})

test('21 a bounce of one of our mails is told under its ticket and opens none', async () => {
  const tickets = await count()
  const ours = mailsTo(world, 'fay@files.example')[0]!
  await receive(
    world,
    report(
      'delivery-status',
      `Final-Recipient: rfc822; fay@files.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user`,
      ours,
    ),
  )
  expect(await lastOutcome()).toBe('bounce')
  expect(await count()).toBe(tickets)
})

test('22 backscatter of mail we never sent is a bounce of nothing', async () => {
  const tickets = await count()
  await receive(
    world,
    report('delivery-status', 'Final-Recipient: rfc822; x@spam.example\nAction: failed\nStatus: 5.1.1', {
      messageId: '<never@spam.example>',
    }),
  )
  expect(await lastOutcome()).toBe('bounce')
  expect(await count()).toBe(tickets)
})

test('23 a read receipt is nothing anybody said', async () => {
  await receive(
    world,
    report(
      'disposition-notification',
      'Final-Recipient: rfc822; joao@loja.example\nDisposition: manual-action/MDN-sent-manually; displayed',
      mailsTo(world, 'joao@loja.example')[0]!,
    ),
  )
  expect(await lastOutcome()).toBe('automatic')
})

test('24 a calendar answer is recorded', async () => {
  await receive(
    world,
    multipart(
      'From: Kai <kai@shop.example>\nSubject: Accepted: Call\nMessage-ID: <k1@shop.example>',
      'multipart/alternative',
      [
        'Content-Type: text/plain\n\nKai has accepted.',
        'Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR',
      ],
    ),
  )
  expect(await lastOutcome()).toBe('automatic')
})

test('25 what the mail server marked as spam waits for a person', async () => {
  const tickets = await count()
  await receive(
    world,
    mailOf(
      to('From: Rich <rich@spam.example>\nSubject: You won\nX-Spam-Flag: YES\nMessage-ID: <s1@spam.example>'),
      'Click here.',
      'dmarc=pass header.from=spam.example',
    ),
  )
  expect(await lastOutcome()).toBe('spam')
  expect(await count()).toBe(tickets)
})

test('26 somebody who lies about who they are gets a ticket that says so and no answer', async () => {
  const bank = mailsTo(world, 'boss@bank.example').length
  await receive(
    world,
    mailOf(
      to('From: Boss <boss@bank.example>\nSubject: Pay now\nMessage-ID: <l1@evil.example>'),
      'Pay this.',
      'dmarc=fail header.from=bank.example',
    ),
  )
  expect(await row('select sender_proof as proof from inbound_mails order by id desc limit 1')).toEqual({
    proof: 'failed',
  })
  expect(mailsTo(world, 'boss@bank.example')).toHaveLength(bank)
})

test('27 our own mail that comes back is a loop', async () => {
  await receive(
    world,
    mailOf(
      `From: Acme Support <${world.supportAddress}>\nTo: ${world.supportAddress}\nSubject: Hello\nMessage-ID: <o1@sandbox.test>`,
      'Hello.',
      'dmarc=pass',
    ),
  )
  expect(await lastOutcome()).toBe('loop')
})

test('28 a person who forwards a bounce and asks about it is a person', async () => {
  await opens(
    `From: Mina Sol <${MINA}>\nSubject: Fwd: Undelivered Mail Returned to Sender\nMessage-ID: <a3@shop.example>`,
    'Why did my customer not get this?\n\n---------- Forwarded message ---------\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\nSubject: Undelivered Mail Returned to Sender\n\nThis is the mail system at host mx.example.',
  )
})

test('29 a mail from a phone loses nothing but its last line', async () => {
  const number = await opens(
    'From: Lea <lea@phone.example>\nSubject: Shipping\nMessage-ID: <p1@phone.example>',
    'Shipping costs are wrong for Spain.\n\nSent from my iPhone',
    'phone.example',
  )
  expect(await comments(number)).toEqual(['Shipping costs are wrong for Spain.'])
})

test('30 at the end every mail is accounted for, once, with its reason, and nobody was mailed twice', async () => {
  const { rows } = await world.db.query(
    `select count(*)::int as fetched, count(outcome)::int as ended, count(reason)::int as told from inbound_mails`,
  )
  expect(rows[0]).toEqual({ fetched: rows[0].fetched, ended: rows[0].fetched, told: rows[0].fetched })
  expect(rows[0].fetched).toBeGreaterThanOrEqual(30)
  expect(Object.values(await world.product.ready())).toEqual(expect.arrayContaining([true]))
  const people = (await mailboxes()).filter((address) => address !== world.supportAddress)
  const sent = people.flatMap((address) => mailsTo(world, address)).map(({ messageId }) => messageId)
  expect(new Set(sent).size).toBe(sent.length)
})

const to = (fields: string) => `${fields}\nTo: ${world.supportAddress}`

/** A new mail that must become a ticket; its number. */
async function opens(fields: string, text: string, domain = 'shop.example'): Promise<number> {
  const before = await count()
  await receive(world, mailOf(to(fields), text, `dmarc=pass header.from=${domain}`))
  expect(await lastOutcome()).toBe('ticket')
  expect(await count()).toBe(before + 1)
  return (await row('select max(id)::int as id from tickets')).id as number
}

/** The same with a Content-Type of its own among the fields. */
async function opensRaw(fields: string, body: string, domain: string): Promise<number> {
  const before = await count()
  const head = `Authentication-Results: mail.sandbox.test; dmarc=pass header.from=${domain}\n${to(fields)}`
  await receive(world, Buffer.from(`${head}\n\n${body}\n`.replaceAll('\n', '\r\n')))
  expect(await count()).toBe(before + 1)
  return (await row('select max(id)::int as id from tickets')).id as number
}

let replies = 0
/** Somebody answers the last mail that they (or `as`) got from us. */
async function says(
  from: string,
  text: string,
  {
    quoted = false,
    id = `r-${++replies}@shop.example`,
    head = '',
    subject,
    as = from,
    received = '',
  }: { quoted?: boolean; id?: string; head?: string; subject?: string; as?: string; received?: string } = {},
): Promise<void> {
  const ours = mailsTo(world, as).at(-1)!
  const fields = `From: ${from}\nTo: ${ours.replyTo}\nSubject: ${subject ?? `Re: ${ours.subject}`}\nIn-Reply-To: ${ours.messageId}\nReferences: ${ours.messageId}\nMessage-ID: <${id}>\n${head}`
  const quote = `\n\nOn Mon, Nov 23, 2026 at 5:10 PM Acme Support <${world.supportAddress}> wrote:\n${ours.text.replace(/\r/g, '').replace(/^/gm, '> ')}`
  const trace = received && `Received: from ${received} by mail.sandbox.test; Mon, 23 Nov 2026 17:20:00 +0000\n`
  const raw = mailOf(fields, quoted ? `${text}${quote}` : text, 'dmarc=pass header.from=shop.example').toString()
  await receive(world, Buffer.from(`${trace.replaceAll('\n', '\r\n')}${raw}`))
}

function multipart(fields: string, type: string, parts: string[], domain = 'shop.example'): Buffer {
  const body = parts.map((part) => `--b\n${part}\n`).join('')
  const head = `Authentication-Results: mail.sandbox.test; dmarc=pass header.from=${domain}\n${to(fields)}\nMIME-Version: 1.0\nContent-Type: ${type}; boundary=b`
  return Buffer.from(`${head}\n\n${body}--b--\n`.replaceAll('\n', '\r\n'))
}

/** A report of a mail server about one of our mails. */
function report(kind: string, status: string, about: Pick<ReceivedMail, 'messageId'>): Buffer {
  const fields =
    'From: Mail Delivery System <MAILER-DAEMON@mx.example>\nReturn-Path: <>\nSubject: Undelivered Mail Returned to Sender\nMessage-ID: <report-' +
    replies++ +
    '@mx.example>'
  return multipart(
    fields,
    `multipart/report; report-type=${kind}`,
    [
      `Content-Type: text/plain\n\nThis is a report.`,
      `Content-Type: message/${kind}\n\nReporting-MTA: dns; mx.example\n\n${status}`,
      `Content-Type: text/rfc822-headers\n\nMessage-ID: ${about.messageId}\nSubject: x`,
    ],
    'mx.example',
  )
}

async function solve(number: number): Promise<void> {
  const { database, deskAt, teamId } = world.product.forSamples
  const kofi = await database.transaction((tx) => ensureAgent(tx, { teamId, userId: KOFI }, 'Kofi', world.clock.now()))
  const actor = { kind: 'agent', id: kofi } as const
  await deskAt(world.clock).handle({
    type: 'solve',
    ticketId: number,
    actor,
    via: 'slack',
    source: `test/${number}/${replies++}`,
  })
  await world.settle()
}

async function row(sql: string, ...values: unknown[]): Promise<Record<string, unknown>> {
  return (await world.db.query(sql, values)).rows[0]
}
const count = async () => (await row('select count(*)::int as n from tickets')).n as number
const lastOutcome = async () => (await row('select outcome from inbound_mails order by id desc limit 1')).outcome
const comments = async (number: number): Promise<string[]> =>
  (await world.db.query('select text from comments where ticket_id = $1 and is_public order by id', [number])).rows.map(
    ({ text }) => text,
  )
const mailboxes = async (): Promise<string[]> =>
  (await (await fetch(`${world.url}/sandbox/mail/mailboxes`)).json()).map(({ address }: { address: string }) => address)
