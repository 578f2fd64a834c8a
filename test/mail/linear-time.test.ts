import { expect, test } from 'vitest'
import type { Mail } from '../../src/mail/mail.ts'
import { visibleText } from '../../src/mail/quoting.ts'
import { readMail } from '../../src/mail/reading/read-mail.ts'
import { decideMail } from '../../src/mail/rules/index.ts'
import type { Facts } from '../../src/mail/rules/verdict.ts'
import { random } from '../support/random.ts'

const seed = Number(process.env.SEED ?? Date.now() % 100_000)
const chance = random(seed)

const FACTS: Facts = {
  ownAddresses: [],
  ownMessageIdHost: null,
  tokenTicket: null,
  messageIdTickets: [],
  knownDuplicateOf: null,
}

/** Milliseconds of processor time, which another test on the same machine does not lengthen. */
function cost(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const written = (unit: string, size: number) => `x\n${unit.repeat(Math.ceil(size / unit.length))}\ny`
const read = (text: string) => visibleText({ text, html: null, subject: 'Re: The printer' })
const readHtml = (html: string) => visibleText({ text: null, html, subject: 'Re: The printer' })

let plain: Mail
/** Asks every rule of a mail that says `text` in its words and in its subject, as a person and as nobody. */
function decide(text: string): void {
  plain ??= readMail(Buffer.from('From: Ada <ada@acme.example>\nSubject: x\n\nx')).mail
  const mail = { ...plain, text, subject: text.slice(0, 2_000) }
  decideMail(mail, FACTS)
  decideMail({ ...mail, returnPath: '' }, FACTS)
  decideMail({ ...mail, claimedFrom: { name: 'Mail System', address: 'postmaster@x.example' } }, FACTS)
}

/** Eight times the mail may cost eight times as much and some more; what grows with the square costs sixty-four times. */
function expectLinear(work: (text: string) => unknown, unit: string): void {
  const small = written(unit, 50_000)
  const large = written(unit, 400_000)
  work(small)
  const ofLarge = Math.min(
    cost(() => work(large)),
    cost(() => work(large)),
  )
  if (ofLarge < 60) return
  const ofSmall = Math.min(...Array.from({ length: 3 }, () => cost(() => work(small))))
  expect(ofLarge / ofSmall, `${ofSmall} ms, then ${ofLarge} ms`).toBeLessThan(28)
}

test('1 MB of one repeated character takes under 200 ms of processor time', () => {
  for (const unit of [
    '\n',
    '-',
    ' ',
    '>',
    '_',
    '=',
    '*',
    'a',
    '@',
    ':',
    '.',
    '<',
    '|',
    '\t',
    '\u00a0',
    '—',
    '中',
    '\r',
  ]) {
    const text = written(unit, 1_000_000)
    read(text.slice(0, 10_000))
    expect(
      Math.min(
        cost(() => read(text)),
        cost(() => read(text)),
      ),
      JSON.stringify(unit),
    ).toBeLessThan(200)
  }
})

// Lines that nearly are what is looked for, so that every pattern begins on each of them.
const NEAR = [
  '>\n',
  '-\n',
  '--\n',
  '-- \n',
  '—\n\n',
  'a:\n',
  '> a\nb\n',
  `${'>'.repeat(500)} a\n`,
  'On 1/1/2026 at 10:00 a@b.example\n',
  'On Tue, 3 Mar 2026 at 17:10 Kofi <kofi@desk.example> wrote\n',
  'wrote:\n',
  '写道：\n',
  'From: Kofi <kofi@desk.example>\n',
  'From: Kofi\nTo: Ada\n\n',
  'Subject: x\nTo: Ada\n',
  '>>> Kofi 3/4/2026 >>>\n',
  'Kofi\n03/03/2026 05:10 PM\nTo\n',
  'Sent from my iPhone\n',
  'Sent from my iPhone, please excuse ',
  'Get Outlook for ',
  `${'_'.repeat(47)}\nhttps://a.example\n`,
  '-----\nno virus\n',
  'Ada Lovelace\n',
  'Final-Recipient: x\n',
  'Message-ID: <a\n',
  `Message-ID:${' '.repeat(30)}\n`,
  '550 ',
  '5.1.1 ',
  'a@b ',
  '<a@',
  'undeliverable could not be ',
  'report domain: x ',
  '{"notificationType":',
]
const PIECES = [...'\n\n\n >-_:@<*.1a=|"', ' wrote', 'On ', '3/3/2026', 'From: ', ' 17:10', '-- ', 'é', '写']
const random10 = Array.from({ length: 10 }, () =>
  Array.from({ length: chance.between(2, 8) }, () => PIECES[chance.between(0, PIECES.length - 1)]).join(''),
)

test.each([...NEAR, ...random10])(`the time for lines of %j grows as they do (seed ${seed})`, (unit) => {
  expectLinear(read, unit)
  expectLinear(decide, unit)
})

test.each(['<div>', '<blockquote>', '<b></i>', '<a x=', '<!--', '<table><tr><td>', '&lt;', '<p>From: a</p>'])(
  'the time for html of %j grows as it does',
  (unit) => expectLinear(readHtml, unit),
)
