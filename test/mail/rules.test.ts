import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseMail } from '../../src/mail/mail.ts'
import { decideMail } from '../../src/mail/rules/index.ts'
import { quotedMessageIds, replyTokens } from '../../src/mail/rules/lookups.ts'
import type { Facts, Verdict } from '../../src/mail/rules/verdict.ts'

const TOKEN = 'abcdefghijklmnopqrstuvwx23'
const FACTS: Facts = {
  ownAddresses: ['support@desk.example'],
  ownMessageIdHost: 'mail.desk.example',
  tokenTicket: null,
  messageIdTickets: [],
  knownDuplicateOf: null,
}
const PRINTER = { ticketId: 1, participants: ['ada@acme.example', 'Bruno@acme.example'] }
const CART = { ticketId: 2, participants: ['lucia@other.example'] }

const mail = (header: string, body = 'Hello, the printer is broken.') =>
  parseMail(Buffer.from(`${/^From:/m.test(header) ? '' : 'From: Ada <ada@acme.example>\n'}${header}\n\n${body}`))
const decide = async (header: string, facts: Partial<Facts> = {}, body?: string): Promise<Verdict> =>
  decideMail(await mail(header, body), { ...FACTS, ...facts })

describe('joining a ticket needs a secret and a participant', () => {
  test('a participant with the reply address or one of our ids replies', async () => {
    expect(await decide('Subject: Re: x', { tokenTicket: PRINTER })).toMatchObject({
      kind: 'reply',
      ticketId: 1,
      by: 'reply-address',
      rule: 'ticket-reply',
      mayAnswer: true,
    })
    expect(
      await decide('In-Reply-To: <o1@x>', { messageIdTickets: [{ messageId: 'o1@x', ...PRINTER }] }),
    ).toMatchObject({ kind: 'reply', by: 'message-id' })
    expect(
      await decide('From: BRUNO@ACME.EXAMPLE\nReferences: <z@y> <o1@x>', {
        messageIdTickets: [{ messageId: 'o1@x', ...PRINTER }],
      }),
    ).toMatchObject({ kind: 'reply', ticketId: 1 })
  })

  test('a stranger with the secret is held', async () => {
    expect(await decide('From: mallory@evil.example', { tokenTicket: PRINTER })).toMatchObject({
      kind: 'held',
      ticketId: 1,
      reason: 'unknown-author-on-ticket',
      mayAnswer: false,
    })
    expect(await decide('From: ada@acme.example\nFrom: mallory@evil.example', { tokenTicket: PRINTER })).toMatchObject({
      kind: 'held',
      reason: 'sender-unclear',
    })
    expect(
      await decide(
        'From: "ada@acme.example" <mallory@evil.example>\nReply-To: ada@acme.example\nSender: ada@acme.example',
        { tokenTicket: PRINTER },
      ),
    ).toMatchObject({ kind: 'held' })
  })

  test('a participant without the secret opens a new ticket, whatever the subject says', async () => {
    expect(
      await decide('Subject: Re: [#1] printer #1\nX-Ticket-Id: 1\nX-Zammad-Ticket-Id: 1', {}, '#close'),
    ).toMatchObject({ kind: 'ticket', rule: 'none' })
  })

  test('E6 of two tickets named, each needs its own participant; none wins by place', async () => {
    const facts = { tokenTicket: CART, messageIdTickets: [{ messageId: 'o1@x', ...PRINTER }] }
    expect(await decide('In-Reply-To: <o1@x>', facts)).toMatchObject({ kind: 'reply', ticketId: 1, by: 'message-id' })
    expect(await decide('From: mallory@evil.example\nIn-Reply-To: <o1@x>', facts)).toMatchObject({
      kind: 'held',
      ticketId: 2,
    })
  })

  test('tokens are read from every address the mail reached, ids from every field', async () => {
    const one = await mail(
      `To: support+${TOKEN.toUpperCase()}@desk.example\nDelivered-To: support+${'b'.repeat(26)}@desk.example\nCc: other+${'c'.repeat(26)}@desk.example\nIn-Reply-To: <a@x>\nReferences: <b@x>`,
    )
    expect(replyTokens(one, FACTS.ownAddresses)).toEqual([TOKEN, 'b'.repeat(26)])
    expect(quotedMessageIds(one)).toEqual(['a@x', 'b@x'])
  })
})

describe('E15 automatic replies are recorded and answered by nothing', () => {
  test.each([
    [
      'Subject: Automatic reply: printer\nAuto-Submitted: auto-generated\nX-Auto-Response-Suppress: All',
      'out-of-office',
    ],
    ['Subject: Automatische Antwort: printer', 'out-of-office'],
    ['Subject: Abwesenheitsnotiz', 'out-of-office'],
    ['Subject: Respuesta automática: printer', 'out-of-office'],
    ['Subject: Réponse automatique : printer', 'out-of-office'],
    ['Subject: 自动回复: printer', 'out-of-office'],
    ['Subject: =?utf-8?B?0JDQstGC0L7QvtGC0LLQtdGCOiDQv9GA0LjQvdGC0LXRgA==?=', 'out-of-office'],
    ['Subject: Out of Office Re: printer', 'out-of-office'],
    ['Subject: Out of Office: Ada', 'out-of-office'],
    ['Subject: Vacation reply\nPrecedence: bulk', 'out-of-office'],
    ['Subject: Ausencia: estaré de vuelta el lunes\nX-Auto-Response-Suppress: All', 'out-of-office'],
    ['Subject: Re: printer\nAuto-Submitted: auto-replied (zimbra)', 'automatic-reply'],
    ['Subject: Re: printer\nX-Autoreply: yes', 'automatic-reply'],
    ['Subject: Re: printer\nPrecedence: auto_reply', 'automatic-reply'],
    ['Subject: Re: printer\nReturn-Path: <>\nIn-Reply-To: <o1@x>', 'automatic-reply'],
    ['Subject: We have received your request\nAuto-Submitted: auto-replied', 'automatic-reply'],
    ['Subject: Your email requires verification verify#abc\nPrecedence: bulk', 'challenge'],
  ])('%j', async (header, reason) => {
    // It carries the ticket's secret, and comes from a participant: still no reply.
    expect(await decide(header, { tokenTicket: PRINTER })).toMatchObject({
      kind: 'auto-reply',
      reason,
      mayAnswer: false,
    })
  })

  test.each([
    'Subject: Out of office settings do not work',
    'Subject: Automatic reply is missing a comma',
    'Subject: Re: Automatic reply: printer',
    'Subject: Vacation',
    'Subject: Auto',
    'Subject: Ausencia: ¿cómo la pido?',
    'Subject: Automatic reply: printer\nAuto-Submitted: no',
    'Subject: printer\nX-Auto-Response-Suppress: All',
  ])('%j is a person', async (header) => {
    expect((await decide(header)).kind).toBe('ticket')
  })

  test('E20 read receipts and calendar answers are no comments', async () => {
    const receipt = 'Content-Type: multipart/report; report-type=disposition-notification; boundary=b'
    expect(
      await decide(receipt, {}, '--b\nContent-Type: message/disposition-notification\n\nDisposition: x\n--b--'),
    ).toMatchObject({ kind: 'auto-reply', reason: 'read-receipt' })
    expect((await decide('Subject: Read: the manual, still broken')).kind).toBe('ticket')
    const calendar = (method: string) =>
      decide(
        'Content-Type: multipart/mixed; boundary=b',
        {},
        `--b\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:${method}\n--b--`,
      )
    expect(await calendar('REPLY')).toMatchObject({ kind: 'auto-reply', reason: 'calendar-answer' })
    expect((await calendar('REQUEST')).kind).toBe('ticket')
  })
})

describe('E20 automatic is a flag, not a verdict', () => {
  test.each([
    [
      'From: jira@acme.example\nSubject: [JIRA] (ABC-1) broken\nAuto-Submitted: auto-generated\nPrecedence: bulk',
      'automatic-request',
    ],
    [
      'From: servicenow@acme.example\nAuto-Submitted: auto-generated\nX-ServiceNow-Generated: true',
      'automatic-request',
    ],
    ['From: noreply@shop.example\nSubject: Order 12', 'automatic-request'],
    ['Return-Path: <>\nSubject: hello', 'automatic-request'],
    ['List-Id: <users.lists.example>\nPrecedence: list', 'list-mail'],
  ])('%j becomes a ticket that nobody answers automatically', async (header, reason) => {
    expect(await decide(header)).toMatchObject({ kind: 'ticket', reason, mayAnswer: false })
  })

  test('silence that was asked for is kept, and an unclear sender is not answered', async () => {
    expect(await decide('X-Auto-Response-Suppress: OOF, AutoReply')).toMatchObject({
      kind: 'ticket',
      reason: 'new-request',
      mayAnswer: false,
    })
    expect(await decide('From: <>\nReply-To: victim@x.example')).toMatchObject({
      kind: 'ticket',
      reason: 'sender-unclear',
      mayAnswer: false,
    })
  })
})

const report = (fields: string, returned = 'Message-ID: <ours@mail.desk.example>\nSubject: Re: printer\n\nHello') =>
  `--b\nContent-Type: text/plain\n\nYour mail could not be delivered.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.acme.example\n\n${fields}\n\n--b\nContent-Type: message/rfc822\n\n${returned}\n--b--\n`
const REPORT =
  'From: MAILER-DAEMON@mx.acme.example\nReturn-Path: <>\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; boundary=b'
const OURS = { messageIdTickets: [{ messageId: 'ours@mail.desk.example', ...PRINTER }] }

describe('E18 bounces', () => {
  test('one that quotes our mail finds its ticket, recipient and status', async () => {
    const body = report(
      'Final-Recipient: rfc822; Ada@acme.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown',
    )
    expect(await decide(REPORT, OURS, body)).toEqual({
      kind: 'bounce',
      rule: 'delivery-report',
      reason: 'delivery-report',
      mayAnswer: false,
      originalMessageId: 'ours@mail.desk.example',
      ticketId: 1,
      recipient: 'ada@acme.example',
      status: '5.1.1',
    })
    expect(quotedMessageIds(await mail(REPORT, body))).toEqual(['ours@mail.desk.example'])
  })

  test('E19 one that quotes nothing of ours is backscatter', async () => {
    expect(
      await decide(REPORT, {}, report('Final-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.1.1')),
    ).toMatchObject({ kind: 'bounce', ticketId: null, originalMessageId: null })
  })

  test('a delay and a delivery are told apart from a failure', async () => {
    expect(await decide(REPORT, OURS, report('Action: delayed\nStatus: 4.4.1'))).toMatchObject({
      reason: 'delivery-delayed',
      status: '4.4.1',
    })
    expect(await decide(REPORT, OURS, report('Action: delivered\nStatus: 2.0.0'))).toMatchObject({
      reason: 'delivery-notice',
    })
  })

  test.each([
    [
      'From: MAILER-DAEMON (Mail Delivery System)\nSubject: Returned mail: User unknown',
      '550 <x@y.example>... User unknown',
    ],
    ['From: <>\nSubject: failure notice', 'Hi. This is the qmail-send program. I was not able to deliver'],
    [
      'From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nX-Failed-Recipients: x@y.example\nSubject: Delivery Status Notification (Failure)',
      'Delivery to the following recipient failed permanently',
    ],
    ['From: postmaster@y.example\nSubject: Undeliverable: Re: printer', 'could not be delivered'],
    ['From: postmaster@y.example\nSubject: Unzustellbar: Re: printer', 'konnte nicht zugestellt werden'],
    [
      'From: System Administrator <admin@y.example>\nReturn-Path: <>\nSubject: Undeliverable: x',
      'Your message did not reach some or all of the intended recipients.',
    ],
    [
      'From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@y.example>\nSubject: No se puede entregar: x',
      'No se pudo entregar',
    ],
    [
      'From: Mail Delivery System <x@y.example>\nSubject: Warning: could not send message for past 4 hours',
      'THIS IS A WARNING MESSAGE ONLY',
    ],
    [
      'From: x@y.example\nReturn-Path: <>\nSubject: Mail',
      'Final-Recipient: rfc822; z@y.example\nAction: failed\nStatus: 5.0.0',
    ],
    [
      'From: "InterScan MSS" <x@y.example>\nSubject: Mail could not be delivered',
      'Sent >>> RCPT TO:<x@y.example>\nReceived <<< 550 5.1.1 unknown',
    ],
    [
      'From: mailer-daemon@yandex.example\nSubject: =?utf-8?B?0J3QtdC00L7RgdGC0LDQstC70LXQvdC90L7QtSDRgdC+0L7QsdGJ0LXQvdC40LU=?=',
      'x',
    ],
  ])('%j is one', async (header, body) => {
    expect((await decide(header, {}, body)).kind).toBe('bounce')
  })

  test.each([
    [
      'Subject: Fwd: Undelivered Mail Returned to Sender',
      'Why did I get this?\n\n550 5.1.1 user unknown\nFinal-Recipient: rfc822; x@y.example',
    ],
    ['Subject: Undeliverable packages', 'The parcel service says your address does not exist.'],
    ['Subject: Delivery failed for my order', 'The courier could not find us.'],
    ['From: postmaster@acme.example\nSubject: Please open port 25', 'We need it.'],
    ['From: Exchange Team <exchange@acme.example>\nSubject: Migration', 'Tomorrow.'],
  ])('%j is a person', async (header, body) => {
    expect((await decide(header, {}, body)).kind).toBe('ticket')
  })

  test.each([
    [
      'From: Notes <x@y.example>\nSubject: Undeliverable message',
      'Failure Reasons\n\nUser not listed\n\nMessage-ID: <a@b>',
      null,
    ],
    ['From: foo-ml-admin@y.example\nSubject: Returned mail from foo-ml', 'Original mail as follows:', null],
    [
      'From: mailadmin@y.example\nSubject: NDN: Hello',
      'Sorry, your message to z@y.example could not be delivered',
      'z@y.example',
    ],
    ['From: no-reply@sns.example', '{"notificationType":"Bounce","bounce":{"bounceType":"Permanent"}}', null],
  ])('%j of old and odd systems is one too', async (header, body, recipient) => {
    expect(await decide(header, {}, body)).toMatchObject({ kind: 'bounce', ...(recipient && { recipient }) })
  })

  test('E20 a complaint is recorded with the mail it is about, a DMARC report with nothing', async () => {
    const complaint = `--b\nContent-Type: text/plain\n\nAbuse report.\n\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: ada@acme.example\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <ours@mail.desk.example>\n\nx\n--b--\n`
    expect(
      await decide('Content-Type: multipart/report; report-type=feedback-report; boundary=b', OURS, complaint),
    ).toMatchObject({ kind: 'bounce', reason: 'complaint', ticketId: 1, recipient: 'ada@acme.example' })
    expect(await decide('Subject: Report Domain: desk.example Submitter: google.com Report-ID: 123')).toMatchObject({
      kind: 'rejected',
      reason: 'dmarc-report',
    })
  })
})

describe('loops, spam, duplicates', () => {
  test.each([
    ['From: Support <support@desk.example>', 'own-mail'],
    [`From: support+${TOKEN}@desk.example`, 'own-mail'],
    ['Message-ID: <r1@mail.desk.example>\nPrecedence: bulk', 'own-mail'],
    ['Message-ID: <r1@mail.desk.example>\nAuto-Submitted: auto-generated', 'own-mail'],
    ['X-Loop: support@desk.example', 'loop'],
    [Array.from({ length: 60 }, (_, i) => `Received: from a by b${i}`).join('\n'), 'too-many-hops'],
  ])('E16 E46 %j goes round', async (header, reason) => {
    expect(await decide(header, { tokenTicket: PRINTER })).toMatchObject({ kind: 'loop', reason, mayAnswer: false })
  })

  test("somebody else's loop mark is no loop of ours", async () => {
    expect((await decide('X-Loop: other@desk.example')).kind).toBe('ticket')
  })

  test.each([
    'X-Spam-Flag: YES',
    'X-Spam-Status: Yes, score=9.1',
    'X-MS-Exchange-Organization-SCL: 6',
    'X-Forefront-Antispam-Report: CIP:1.2.3.4;SFV:SPM;',
    'X-Rspamd-Action: add header',
    'Subject: ***SPAM*** win',
  ])('%j is held as spam, but does not hide a reply with its secret', async (header) => {
    expect(await decide(header)).toMatchObject({ kind: 'spam', reason: 'spam-marked', mayAnswer: false })
    expect((await decide(header, { tokenTicket: PRINTER })).kind).toBe('reply')
  })

  test.each([
    'X-Spam-Flag: NO',
    'X-Spam-Status: No, score=0.1',
    'X-MS-Exchange-Organization-SCL: 1',
    'Subject: Spam filter',
  ])('%j is none', async (header) => {
    expect((await decide(header)).kind).toBe('ticket')
  })

  test('the same content twice is a duplicate; an unreadable mail is rejected', async () => {
    expect(await decide('Subject: x', { knownDuplicateOf: 7 })).toMatchObject({ kind: 'duplicate', of: 7 })
    expect(decideMail(await parseMail(Buffer.from('')), FACTS)).toMatchObject({
      kind: 'rejected',
      reason: 'unreadable',
    })
  })
})

test('every reason has a sentence in every language', () => {
  const code = readFileSync(new URL('../../src/mail/rules/verdict.ts', import.meta.url), 'utf8')
  const reasons = [
    ...code
      .slice(code.indexOf('type Reason'))
      .split('\n\n')[0]!
      .matchAll(/'([a-z-]+)'/g),
  ]
    .map((match) => `mail-reasons.${match[1]}`)
    // Not a rule's word: intake's own, for a reply that only answers what the acknowledgement asked.
    .concat('mail-reasons.answers')
    .sort()
  for (const locale of ['en', 'es', 'pt'])
    expect(
      Object.keys(
        JSON.parse(readFileSync(new URL(`../../templates/${locale}/mail-reasons.json`, import.meta.url), 'utf8')),
      ).sort(),
    ).toEqual(reasons)
})
