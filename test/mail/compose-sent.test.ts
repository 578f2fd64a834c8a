import { parseDocument } from 'htmlparser2'
import { simpleParser } from 'mailparser'
import { describe, expect, test } from 'vitest'
import type { ComposedMail } from '../../src/mail/compose.ts'
import { writeMail } from '../../src/mail/outgoing.ts'
import { prose } from '../../src/templates/prose.ts'
import {
  acknowledged,
  ada,
  asked,
  atEnd,
  comments,
  compose,
  done,
  followedUp,
  full,
  inLanguage,
  lacking,
  languages,
  replied,
  ticket,
} from './compose-story.ts'

describe('hostile words', () => {
  const hostileNames = [
    'Ada\r\nBcc: victim@victim.test',
    'Ada\u202egnp.exe',
    '<script>alert(1)</script>',
    '"Ada" <victim@victim.test>',
    'Ada\0\u2028\u200b Lovelace',
    'a\ud800',
    'A'.repeat(5000),
    '=?utf-8?q?x=0d=0aBcc:_v@victim.test?=',
  ]

  test.each(hostileNames)('as subject and names leave one line of text in the header: %j', async (words) => {
    const author = { kind: 'contact' as const, id: 1, name: words }
    const person = { ...ada, name: words }
    const hostile = {
      ...full,
      ticket: { ...ticket, subject: words },
      requester: person,
      comments: comments.map((comment) => ({ ...comment, author })),
    }
    const mail = compose({ full: hostile, event: replied, recipient: person, companyName: 'Acme' })
    for (const value of [mail.subject, mail.from.name, mail.to[0]?.name ?? '']) {
      expect(value).toMatch(/^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]*$/u)
      expect(value.length).toBeLessThanOrEqual(200)
    }
    const parsed = await simpleParser(await raw(mail))
    expect([...parsed.headers.keys()].sort()).toEqual(
      [
        'content-type',
        'date',
        'from',
        'in-reply-to',
        'message-id',
        'mime-version',
        'references',
        'reply-to',
        'subject',
        'to',
        'x-loop',
      ].sort(),
    )
    const to = Array.isArray(parsed.to) ? parsed.to : parsed.to ? [parsed.to] : []
    expect(to.flatMap(({ value }) => value.map(({ address }) => address))).toEqual(['ada@shop.example'])
    expect(parsed.from?.value.map(({ address }) => address)).toEqual(['support@acme.example'])
    expect(elements(mail.html)).not.toContain('script')
  })

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '</div></body><form action=//evil.example>',
    '<style>*{display:none}</style>',
    '<svg/onload=alert(1)>',
    '<!--',
    '<![CDATA[<b>',
    '<iframe src="https://evil.example">',
    '{{ company | raw }}{% include "x" %}',
    'https://evil.example/"onmouseover="alert(1)',
    'https://evil.example/<script>',
    '&lt;script&gt;&#60;b&#62;',
  ])('as a comment stay words: %s', async (words) => {
    const hostile = { ...full, comments: comments.map((comment) => ({ ...comment, text: words })) }
    const { html } = compose({ full: hostile })
    const usual = elements(compose().html)
    expect(elements(html).filter((name) => !usual.includes(name))).toEqual([])
    expect(html).not.toMatch(/<[^>]*\son\w+=/)
    const shown = textOf(html)
    expect(shown.split(words).length, 'said in the comment and in the history').toBe(3)
  })

  test('only http and https become links, which show where they lead, without the sentence’s punctuation', () => {
    const cases: [string, string | null][] = [
      ['https://a.example/x.', 'https://a.example/x'],
      ['(HTTP://a.example/b)', 'HTTP://a.example/b'],
      ['https://a.example/b_(c)', 'https://a.example/b_(c)'],
      ['javascript:alert(1)//https', null],
      ['ftp://a.example data:text/html,x mailto:a@b.example', null],
      ['https://', null],
      [`https://a.example/${'x'.repeat(3000)}`, null],
    ]
    for (const [words, href] of cases) expect(/href="([^"]*)"/.exec(prose(words).html)?.[1] ?? null).toBe(href)
  })

  test('a megabyte of one character is composed at once, and the history stays short', () => {
    for (const character of ['<', '\n', ')', '>', '-', ' ', 'https://', '\u202e']) {
      const text = `https://a.example/${character.repeat(1_000_000 / character.length)}`
      const huge = { ...full, comments: comments.map((comment) => ({ ...comment, text })) }
      const start = performance.now()
      const mail = compose({ ...done, full: { ...huge, ticket: { ...ticket, subject: text } } })
      expect(performance.now() - start, JSON.stringify(character)).toBeLessThan(1000)
      expect(mail.html.length).toBeLessThan(100_000)
      compose({ full: huge })
      expect(performance.now() - start, JSON.stringify(character)).toBeLessThan(2000)
    }
  })
})

describe('the composed mail, sent and read again', () => {
  test.each([
    ['reply', {}],
    ['acknowledgement', acknowledged],
    ['waiting', asked],
    ['solved', done],
    ['follow-up', followedUp],
    ['closed', atEnd],
    ['not delivered', lacking(1)],
  ])('%s keeps its headers, its text and its html', async (_, different) => {
    for (const locale of languages) {
      const mail = compose({ ...different, recipient: { ...inLanguage(locale), name: 'Åda Lövelace' } })
      const parsed = await simpleParser(await raw(mail))
      expect(parsed.subject).toBe(mail.subject)
      expect(parsed.from?.value).toEqual([expect.objectContaining(mail.from)])
      expect(parsed.replyTo?.value).toEqual([expect.objectContaining(mail.replyTo)])
      expect(parsed.messageId).toBe(`<${mail.messageId}>`)
      expect(parsed.inReplyTo).toBe(`<${mail.inReplyTo}>`)
      expect([parsed.references].flat()).toEqual(mail.references.map((id) => `<${id}>`))
      expect(parsed.text?.trimEnd()).toBe(mail.text.trimEnd())
      expect(parsed.html).toBe(mail.html)
    }
  })

  test('the html loads nothing from anywhere and follows the reader’s light and width', () => {
    for (const different of [{}, acknowledged, asked, done, followedUp, atEnd, lacking(1)]) {
      const { html } = compose(different)
      expect(html).not.toMatch(/<(img|link|script|iframe|table)|url\(|@import/i)
      expect(html).toContain('prefers-color-scheme: dark')
      expect(html).toContain('width=device-width')
    }
  })
})

/** The bytes that the transport hands to the server. */
async function raw(mail: ComposedMail): Promise<Buffer> {
  return (await writeMail(mail, new Date('2026-11-23T09:10:00Z'))).raw
}

type Node = { name?: string; data?: string; children?: Node[] }

function elements(html: string): string[] {
  const walk = (node: Node): string[] => [...(node.name ? [node.name] : []), ...(node.children ?? []).flatMap(walk)]
  return walk(parseDocument(html) as unknown as Node)
}

function textOf(html: string): string {
  const walk = (node: Node): string => (node.data ?? '') + (node.children ?? []).map(walk).join('')
  return walk(parseDocument(html) as unknown as Node)
}
