import { describe, expect, test } from 'vitest'
import type { StoredEvent } from '../../src/ticket/events.ts'
import {
  acknowledged,
  ada,
  answered,
  asked,
  atEnd,
  comments,
  compose,
  done,
  followedUp,
  full,
  grace,
  inLanguage,
  lacking,
  languages,
  opened,
  pended,
  replied,
  solved,
  ticket,
} from './compose-story.ts'

describe('what each mail says, in each language', () => {
  test.each([
    ['en', 'Your request reached us. Its number is #1042.', 'just answer this mail'],
    ['es', 'Recibimos tu solicitud. Su número es #1042.', 'responde a este correo'],
    ['pt', 'Recebemos seu chamado. O número dele é #1042.', 'é só responder a este e-mail'],
  ])('the acknowledgement in %s names the number and how to add something', (locale, number, how) => {
    const { text, html } = compose({ ...acknowledged, recipient: inLanguage(locale) })
    for (const part of [text, html]) {
      expect(part).toContain(number)
      expect(part).toContain(how)
    }
    expect(html).toContain(`<html lang="${locale}">`)
  })

  test.each([
    ['en', 'Friday 20 November 2026, 20:00 (CET)', 'do not need to repeat anything'],
    ['es', 'viernes, 20 de noviembre de 2026, 20:00 (CET)', 'no hace falta que repitas nada'],
    ['pt', 'sexta-feira, 20 de novembro de 2026, 20:00 (CET)', 'não precisa repetir nada'],
  ])('a follow-up in %s names both numbers and until when the first was open (X9)', (locale, until, linked) => {
    const { text, html } = compose({ ...followedUp, recipient: inLanguage(locale) })
    for (const part of [text.replaceAll('\n', ' '), html]) {
      expect(part).toContain(until)
      expect(part).toMatch(/#1000[\s\S]*#1042/)
      expect(part).toContain(linked)
    }
  })

  test.each([
    ['en', 'Your request #1042 is closed now.', 'starts a new request that is linked to this one'],
    ['es', 'Tu solicitud #1042 ya está cerrada.', 'inicia una solicitud nueva vinculada a esta'],
    ['pt', 'Seu chamado #1042 agora está fechado.', 'inicia um novo chamado vinculado a este'],
  ])('closed in %s says so, what a reply does, and asks for a rating that is not given yet', (locale, is, then) => {
    const { text, html } = compose({ ...atEnd, recipient: inLanguage(locale) })
    for (const part of [text.replaceAll('\n', ' '), html]) {
      expect(part).toContain(is)
      expect(part).toContain(then)
      expect(part).toContain('https://desk.acme.example/survey/t0ken?score=5')
    }
    const rated = { ...full, ticket: { ...ticket, rating: { score: 4, comment: null, at: new Date(0) } } }
    const again = compose({ ...atEnd, full: rated, recipient: inLanguage(locale) })
    expect(again.text + again.html).not.toContain('survey')
  })

  test.each([
    ['en', 'One file of your mail is larger than 25 MB', '2 files of your mail are larger than 25 MB', 'encrypted'],
    ['es', 'Un archivo de tu correo pesa más de 25 MB', '2 archivos de tu correo pesan más de 25 MB', 'cifrado'],
    ['pt', 'Um arquivo do seu e-mail tem mais de 25 MB', '2 arquivos do seu e-mail têm mais de 25 MB', 'criptografado'],
  ])('what did not get through is said in %s, without the name of a file', (locale, one, two, sealed) => {
    const said = (count: number, template?: 'opened') => {
      const { text, html } = compose({ ...lacking(count, template), recipient: inLanguage(locale) })
      expect(text + html).not.toMatch(/SECRET|smime/)
      return [text.replaceAll('\n', ' '), html]
    }
    for (const part of said(1)) expect(part).toContain(one)
    for (const part of said(2)) expect(part).toContain(two)
    for (const part of said(0)) expect(part).toContain(sealed)
    for (const part of said(2, 'opened')) expect(part).toContain(two)
    expect(compose({ ...acknowledged, recipient: inLanguage(locale) }).text).not.toContain('MB')
  })

  test.each([
    ['en', 'Kofi Mensah from Acme wrote about your request #1042:', 'Monday 23 November 2026, 10:00 (CET):'],
    ['es', 'Kofi Mensah, de Acme, escribió sobre tu solicitud #1042:', 'lunes, 23 de noviembre de 2026, 10:00 (CET):'],
    [
      'pt',
      'Kofi Mensah, de Acme, escreveu sobre seu chamado #1042:',
      'segunda-feira, 23 de novembro de 2026, 10:00 (CET):',
    ],
  ])('an agent’s reply in %s says who wrote, what, and below it what was said before', (locale, who, when) => {
    const { text } = compose({ recipient: inLanguage(locale) })
    const order = [who, 'Pull the plug, please.\n\nIs it still burning?', when, '> My printer is on fire.\n> See https']
    const places = order.map((piece) => text.indexOf(piece))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places).not.toContain(-1)
  })

  test.each([
    ['en', 'We need your answer to go on with request #1042.'],
    ['es', 'Necesitamos tu respuesta para seguir con la solicitud #1042.'],
    ['pt', 'Precisamos da sua resposta para continuar o chamado #1042.'],
  ])('waiting in %s says so', (locale, words) => {
    expect(compose({ ...asked, recipient: inLanguage(locale) }).text).toContain(words)
  })

  test.each([
    ['en', 'Tuesday 24 November 2026, 20:00 (CET)', 'Very good: '],
    ['es', 'martes, 24 de noviembre de 2026, 20:00 (CET)', 'Muy bien: '],
    ['pt', 'terça-feira, 24 de novembro de 2026, 20:00 (CET)', 'Muito bom: '],
  ])('solved in %s says until which minute a reply reopens, and offers the survey', (locale, until, best) => {
    const { text, html } = compose({ ...done, recipient: inLanguage(locale) })
    expect(text).toContain(`\n    ${until}\n`)
    expect(html).toContain(`<strong>${until}</strong>`)
    expect(text).toContain(`${best}https://desk.acme.example/survey/t0ken?score=5\n`)
    for (const score of [1, 2, 3, 4, 5])
      expect(html).toContain(`href="https://desk.acme.example/survey/t0ken?score=${score}"`)
    expect(html).toContain('href="https://desk.acme.example/survey/t0ken"')
  })

  test.each(languages)('our own lines in %s are at most 78 columns', (locale) => {
    for (const different of [{}, acknowledged, asked, done, followedUp, atEnd, lacking(0), lacking(2)]) {
      const lines = compose({ ...different, recipient: inLanguage(locale) }).text.split('\n')
      expect(lines.filter((line) => line.length > 78)).toEqual([])
    }
  })

  test('the deadline is in the reader’s own zone', () => {
    const inBogota = { ...ada, timeZone: 'America/Bogota' }
    expect(compose({ ...done, recipient: inBogota }).text).toContain('Tuesday 24 November 2026, 14:00 (GMT-5)')
  })

  test('somebody copied reads the requester’s language and zone, and gets no survey', () => {
    const { text, html } = compose({ ...done, recipient: { ...grace, timeZone: null } })
    expect(text).toContain('Request #1042 is now marked as solved.')
    expect(text).toContain('20:00 (CET)')
    expect(text).toContain('You get this mail because you are copied on the request.')
    expect(text + html).not.toContain('survey')
  })

  test('whoever solved it themselves is thanked', () => {
    const byAda = { ...solved, actor: { kind: 'contact', id: 1 } as const }
    expect(compose({ ...done, event: byAda }).text).toContain('You marked your request #1042 as solved.')
  })

  test('a reply that waits, and one to a solved ticket, end with their own next step', () => {
    const waits = { ...full, events: [opened, answered, pended] }
    expect(compose({ full: waits }).text).toContain('We need your answer to go on: just reply to this mail.')
    const late = { ...answered, id: 9, at: new Date('2026-11-23T12:00Z') }
    expect(compose({ event: late }).text.replaceAll('\n', ' ')).toContain(
      'reply by Tuesday 24 November 2026, 20:00 (CET)',
    )
  })

  test('files are listed with their links, refused ones without', () => {
    const file = { id: 1, contentType: 'a/b', size: 1, sha256: 'x', slackFile: null, refused: null, url: null }
    const files = [
      { ...file, name: 'fuse.pdf', url: 'https://desk.acme.example/f/1' },
      { ...file, name: 'big.mov', refused: 'too-large' as const },
      { ...file, name: 'odd.txt', url: 'javascript:alert(1)' },
    ]
    const withFiles = comments.map((comment) => ({ ...comment, files }))
    const { text, html } = compose({ full: { ...full, comments: withFiles } })
    expect(text).toContain('- fuse.pdf\n  https://desk.acme.example/f/1\n- big.mov (could not be kept)\n- odd.txt\n')
    expect(html).toContain('<a href="https://desk.acme.example/f/1"')
    expect(html).not.toContain('javascript:')
  })
})

describe('what never leaves', () => {
  test('an internal note is in no mail, and mailing one is an error', () => {
    for (const different of [{}, asked, done, { event: replied }]) {
      const { text, html } = compose(different)
      expect(text + html).not.toContain('SECRET NOTE')
    }
    expect(() => compose({ event: { ...answered, commentId: 12 } })).toThrow('comment 12 is an internal note')
  })

  test('somebody copied late, under whichever of their contacts, gets nothing of what was said before', () => {
    const joined = { ...pended, id: replied.id - 0.5, type: 'joined', acceptedBy: 7, contactIds: [22] } as StoredEvent
    const late = { ...full, events: [opened, answered, joined, replied, solved] }
    const toGrace = (formerIds: number[], event = replied) =>
      compose({ full: late, event, recipient: { ...grace, formerIds } }).text
    expect(toGrace([])).toContain('Earlier in this conversation')
    expect(toGrace([22])).not.toContain('Earlier in this conversation')
    expect(toGrace([22])).toContain('No, it is out.')
  })

  test('what is said later than the event is not in its mail, however late it is composed', () => {
    expect(compose().text).not.toContain('No, it is out.')
  })

  test('an acknowledgement to a stranger carries nothing they chose: no subject, no name, no word (E17)', () => {
    const bait = 'Buy at https://evil.example now'
    const victim = { ...ada, name: bait }
    const hostile = {
      ...full,
      ticket: { ...ticket, subject: bait },
      requester: victim,
      comments: comments.map((comment) => ({ ...comment, text: bait, author: { ...comment.author, name: bait } })),
    }
    for (const different of [acknowledged, followedUp, lacking(1)]) {
      const story = {
        ...hostile,
        comments: (different.full ?? hostile).comments.map((one) => ({ ...one, text: bait })),
      }
      const mail = compose({ ...different, full: story, recipient: victim, senderIsProven: undefined })
      expect(JSON.stringify(mail)).not.toContain('evil')
      expect(mail.subject).toBe('Re: Your request [#1042]')
    }
  })

  test('an acknowledgement to a known sender has their subject and name, and none of their text', () => {
    const { subject, text, html } = compose(acknowledged)
    expect(subject).toBe('Re: Printer on fire')
    expect(text).toMatch(/^Hello Ada Lovelace,/)
    expect(text + html).not.toMatch(/on fire|https?:/)
  })

  test('until the sender is proven, mails that nobody wrote quote agents only', () => {
    const { text } = compose({ ...done, senderIsProven: false })
    expect(text).toContain('> Pull the plug')
    expect(text).not.toContain('My printer')
  })

  test('without an address there is no mail', () => {
    expect(() => compose({ recipient: { ...ada, address: null } })).toThrow('no mail address')
  })
})

describe('headers that thread', () => {
  test('In-Reply-To is the last mail of the thread, References all of them, each once', () => {
    const mail = compose({ thread: { messageIds: ['a@x', 'b@x', 'a@x', 'c@x'] } })
    expect([mail.inReplyTo, mail.references]).toEqual(['c@x', ['a@x', 'b@x', 'c@x']])
    const first = compose({ thread: { messageIds: [] } })
    expect([first.inReplyTo, first.references]).toEqual([null, []])
  })

  test('of a long thread the root and the latest twenty stay', () => {
    const ids = Array.from({ length: 100 }, (_, n) => `${n}@x`)
    const { references } = compose({ thread: { messageIds: ids } })
    expect(references).toEqual(['0@x', ...ids.slice(80)])
  })

  test('an id that would break the header is left out', () => {
    const ids = ['a@x', 'b@x>\r\nBcc: v@victim.test', 'c d@x', '<e@x>', '', `${'f'.repeat(600)}@x`, 'ü@x']
    expect(compose({ thread: { messageIds: ids } }).references).toEqual(['a@x'])
  })

  test.each([
    ['Printer on fire', 'Re: Printer on fire'],
    ['Re: RE: re[2]: Printer', 'Re: Printer'],
    ['Fwd: AW: Drucker', 'Re: Fwd: AW: Drucker'],
    ['Reply needed: now', 'Re: Reply needed: now'],
    ['', 'Re: Your request [#1042]'],
    ['Re:', 'Re: Your request [#1042]'],
  ])('a ticket opened by mail with "%s" always answers "%s"', (subject, expected) => {
    const mailed = { ...full, ticket: { ...ticket, subject } }
    for (const different of [acknowledged, {}, asked, done, atEnd, { thread: { messageIds: [] } }])
      expect(compose({ ...different, full: mailed }).subject).toBe(expected)
  })

  test('a ticket opened in Slack begins its own conversation, with its number', () => {
    const slacked = { ...full, ticket: { ...ticket, via: 'slack' as const } }
    expect(compose({ full: slacked, thread: { messageIds: [] } }).subject).toBe('Printer on fire [#1042]')
    expect(compose({ full: slacked }).subject).toBe('Re: Printer on fire [#1042]')
  })

  test('answers go to the ticket’s own address, and each mail to one person', () => {
    const { from, replyTo, to, cc } = compose()
    expect(from).toEqual({ name: 'Kofi Mensah (Acme support)', address: 'support@acme.example' })
    expect(replyTo.address).toBe('support+abcdefghijklmnopqrstuvwxyz@acme.example')
    expect([to, cc]).toEqual([[{ name: 'Ada Lovelace', address: 'ada@shop.example' }], []])
    expect(compose({ event: replied, recipient: grace }).from.name).toBe('Ada Lovelace via Acme support')
    expect(compose(acknowledged).from.name).toBe('Acme support')
  })

  test('a mail that nobody wrote says so; a person’s does not (RFC 3834 §5)', () => {
    const loop = { 'X-Loop': 'support@acme.example' }
    const silent = { ...loop, 'X-Auto-Response-Suppress': 'All' }
    expect(compose(acknowledged).headers).toEqual({ ...silent, 'Auto-Submitted': 'auto-replied' })
    const fromSlack = { ...opened, via: 'slack' as const }
    expect(compose({ ...acknowledged, event: fromSlack }).headers).toEqual({
      ...silent,
      'Auto-Submitted': 'auto-generated',
    })
    for (const different of [done, atEnd])
      expect(compose(different).headers).toEqual({ ...silent, 'Auto-Submitted': 'auto-generated' })
    for (const different of [followedUp, lacking(1)])
      expect(compose(different).headers).toEqual({ ...silent, 'Auto-Submitted': 'auto-replied' })
    expect(compose().headers).toEqual(loop)
  })
})
