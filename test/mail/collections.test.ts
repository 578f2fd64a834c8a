import { expect, test } from 'vitest'
import { inspection } from '../../src/cli/inspection.ts'
import { readMail } from '../../src/mail/reading/read-mail.ts'
import type { Facts } from '../../src/mail/rules/verdict.ts'
import { blocks } from './collections.ts'

// Three collections of mails, each in one file that says in its first lines how it is written: what a person sees of a
// reply, what kind of mail it is, and how odd mails are read. A mail that is read wrongly in the field gets a block there.

const FACTS: Facts = {
  ownAddresses: [],
  ownMessageIdHost: null,
  tokenTicket: null,
  messageIdTickets: [],
  knownDuplicateOf: null,
}

/** What differs, all of it at once: a list of names says more than the first of them. */
function expectNone(wrong: Map<string, { expected: unknown; got: unknown }>): void {
  expect(Object.fromEntries(wrong)).toEqual({})
}

const seen = (text: string) =>
  text
    .replace(/[ \t\u00a0]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

/** Ends of lines, transfer encodings and the rest of a mail, other in each. */
function asMail(body: string, type: string, number: number): Buffer {
  const eol = number % 4 === 1 ? '\n' : '\r\n'
  const bytes = Buffer.from(body.replaceAll('\n', eol))
  const isBase64 = number % 3 === 2
  const head = [
    'From: Pat Writer <pat@writer.example>',
    'To: support@desk.example',
    'Subject: Re: a request',
    'In-Reply-To: <first@desk.example>',
    `Content-Type: ${type}; charset=utf-8`,
    `Content-Transfer-Encoding: ${isBase64 ? 'base64' : '8bit'}`,
    '',
    '',
  ].join(eol)
  return Buffer.concat([Buffer.from(head), isBase64 ? Buffer.from(bytes.toString('base64')) : bytes])
}

test('of every reply exactly what its author wrote is seen', () => {
  const wrong = new Map<string, { expected: unknown; got: unknown }>()
  const all = blocks('replies.txt')
  for (const [number, { head, lines }] of all.entries()) {
    const split = lines.indexOf('@=')
    const isHtml = split >= 0
    let isHidden = false
    const visible: string[] = []
    const written: string[] = []
    for (const line of isHtml ? [] : lines) {
      if (line === '@{' || line === '@}') isHidden = line === '@{'
      else {
        written.push(line)
        if (!isHidden) visible.push(line)
      }
    }
    const raw = isHtml
      ? asMail(lines.slice(0, split).join('\n'), 'text/html', number)
      : asMail(written.join('\n'), 'text/plain', number)
    const expected = seen((isHtml ? lines.slice(split + 1) : visible).join('\n'))
    const got = seen(readMail(raw).visible.text)
    if (got !== expected) wrong.set(head, { expected, got })
  }
  expect(all.length).toBeGreaterThan(350)
  expectNone(wrong)
})

test('every mail is taken for the kind it is, and no person for a machine', () => {
  const wrong = new Map<string, { expected: unknown; got: unknown }>()
  const all = blocks('kinds.txt')
  for (const [number, { head, lines }] of all.entries()) {
    const [kind = '', name = ''] = head.split(' ')
    const raw = Buffer.from(lines.join(number % 2 ? '\n' : '\r\n'))
    const { kind: got, reason } = inspection(name, readMail(raw), FACTS)
    if (got !== kind) wrong.set(name, { expected: kind, got: `${got}, ${reason}` })
  }
  expect(all.length).toBeGreaterThan(400)
  expectNone(wrong)
})

test('odd mails are read as their senders meant them', () => {
  const wrong = new Map<string, { expected: unknown; got: unknown }>()
  const all = blocks('odd-mails.txt')
  for (const { head, lines } of all) {
    const split = lines.findIndex((line) => line.startsWith('@= '))
    const text = lines.slice(0, split).join('\r\n')
    // \xNN is one byte, everything else is UTF-8.
    const bytes = text
      .split(/(\\x[0-9a-f]{2})/)
      .map((part) => (/^\\x/.test(part) ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part)))
    const line = inspection(head, readMail(Buffer.concat(bytes)), FACTS)
    const read: Record<string, unknown> = {
      ...line,
      attachments: line.attachments.map(({ filename, contentType, size }) => `${filename} ${contentType} ${size}`),
    }
    const expected: Record<string, unknown> = JSON.parse(lines[split]!.slice(3))
    const got = Object.fromEntries(Object.keys(expected).map((key) => [key, read[key]]))
    if (JSON.stringify(got) !== JSON.stringify(expected)) wrong.set(head, { expected, got })
  }
  expect(all.length).toBeGreaterThan(240)
  expectNone(wrong)
})
