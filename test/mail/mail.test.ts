import { describe, expect, test } from 'vitest'
import { type Mail, parseMail } from '../../src/mail/mail.ts'
import { fullText, visibleText } from '../../src/mail/quoting.ts'
import { MailReader } from '../../src/mail/reader.ts'

const utf8 = (text: string) => Buffer.from(text)
const latin1 = (text: string) => Buffer.from(text, 'latin1')
const parse = (...pieces: (string | Buffer)[]): Promise<Mail> =>
  parseMail(Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? utf8(piece) : piece))))

describe('who wrote it', () => {
  const from = async (field: string) => (await parse(`${field}\nSubject: x\n\nhello`)) as Mail

  test('one field with one address is an author', async () => {
    expect((await from('From: Ada Lovelace <ada@acme.example>')).from).toEqual({
      name: 'Ada Lovelace',
      address: 'ada@acme.example',
    })
    expect((await from('From: "Lovelace, Ada" <ada@acme.example>')).from?.name).toBe('Lovelace, Ada')
    expect((await from('From: Lovelace, Ada <ada@acme.example>')).from).toEqual({
      name: 'Lovelace, Ada',
      address: 'ada@acme.example',
    })
    expect((await from('From: ada@acme.example (Ada)')).from).toEqual({ name: 'Ada', address: 'ada@acme.example' })
    expect((await from('From: =?utf-8?Q?Ad=C3=A1?= <ada@acme.example>')).from?.name).toBe('Adá')
    expect((await from('From: "=?utf-8?Q?Ad=C3=A1=2C?= Inc" <ada@acme.example>')).from?.name).toBe('Adá, Inc')
    expect((await from('From: Team: ada@acme.example;')).from?.address).toBe('ada@acme.example')
    expect((await from('From: "ceo@acme.example" <mallory@evil.example>')).from?.address).toBe('mallory@evil.example')
    expect((await from('From: "bob@acme.example"@evil.example')).from?.address).not.toBe('bob@acme.example')
  })

  test('E11 an encoded word is a name, never an address', async () => {
    for (const word of ['Alice <alice@client.example>', 'alice@client.example']) {
      for (const encoded of [
        `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`,
        `=?utf-8?Q?${word.replaceAll(' ', '_')}?=`,
      ]) {
        const mail = await from(`From: ${encoded}`)
        expect(mail.from).toBeNull()
        expect(mail.fromProblem).toBe('encoded-address')
        expect(mail.claimedFrom).toEqual({ name: word, address: '' })
        expect((await from(`From: ${encoded} <mallory@evil.example>`)).from?.address).toBe('mallory@evil.example')
      }
    }
  })

  test.each([
    ['From: ada@acme.example\nFrom: mallory@evil.example', 'several-fields'],
    ['From: ada@acme.example, mallory@evil.example', 'several-addresses'],
    ['From: <>', 'no-address'],
    ['From: Ada', 'no-address'],
    ['To: x@y.example', 'missing'],
  ])('E10 %j names nobody', async (field, problem) => {
    const mail = await from(field)
    expect(mail.from).toBeNull()
    expect(mail.fromProblem).toBe(problem)
    expect(mail.errors).toContain(`from: ${problem}`)
  })

  test('E12 a look-alike domain shows its ASCII form, and a name cannot turn the line around', async () => {
    expect((await from('From: <ada@аcme.example>')).from?.address).toBe('ada@xn--cme-5cd.example')
    expect((await from('From: <ada@xn--cme-5cd.example>')).from?.address).toBe('ada@xn--cme-5cd.example')
    expect((await from('From: "Ada\u202egnp\u0000\u2028" <a@b.example>')).from?.name).toBe('Ada gnp')
  })

  test('recipients are read from groups, comments and many fields, each once', async () => {
    const mail = await parse(
      'To: A Group: Ada <ada@a.example>, bob@b.example;\nTo: ADA@a.example\nCc: Kofi (kofi@c.example)\nReply-To: <r@d.example>\n\nx',
    )
    expect(mail.to.map((one) => one.address)).toEqual(['ada@a.example', 'bob@b.example'])
    expect(mail.cc).toEqual([{ name: 'Kofi', address: 'kofi@c.example' }])
    expect(mail.replyTo).toEqual([{ name: '', address: 'r@d.example' }])
    const many = await parse(`Cc: ${Array.from({ length: 20_000 }, (_, i) => `p${i}@x.example`).join(',\n ')}\n\nx`)
    expect(many.cc).toHaveLength(500)
  })
})

describe('identifiers', () => {
  test.each([
    ['<a@x>,<b@y>,\n <c@z>', ['a@x', 'b@y', 'c@z']],
    ['<a@x><b@y>', ['a@x', 'b@y']],
    ['a@x b@y', ['a@x', 'b@y']],
    ['(comment) <a@x> "old" <a@x>', ['a@x']],
    ['=?us-ascii?Q?=3Ca=40x=3E?=', ['a@x']],
  ])('References: %j', async (value, ids) => {
    expect((await parse(`References: ${value}\n\nx`)).references).toEqual(ids)
  })

  test('a Message-ID loses its brackets and nothing else', async () => {
    expect(
      await parse('Message-ID: <CAF+x=Y.z@Mail.Example>\nIn-Reply-To: Your message of Tuesday <b@y>\n\nx'),
    ).toMatchObject({ messageId: 'CAF+x=Y.z@Mail.Example', inReplyTo: 'b@y' })
    expect((await parse(`Message-ID: <${'a'.repeat(70_000)}@x>\n\nx`)).messageId).toBeNull()
  })
})

describe('E31 charsets are decided from the bytes', () => {
  const body = async (type: string, bytes: Buffer) =>
    (await parse(`Content-Type: text/plain; charset=${type}\nContent-Transfer-Encoding: 8bit\n\n`, bytes)).text?.trim()

  test('valid UTF-8 wins over its label', async () => {
    expect(await body('big5', utf8('Grüße aus Köln'))).toBe('Grüße aus Köln')
    expect(await body('iso-8859-1', utf8('Привет'))).toBe('Привет')
    expect(await body('us-ascii', utf8('日本'))).toBe('日本')
  })

  test('otherwise the label, then a guess', async () => {
    expect(await body('iso-8859-1', latin1('Gr\xfc\xdfe'))).toBe('Grüße')
    expect(await body('utf-8', latin1('Gr\xfc\xdfe aus K\xf6ln'))).toBe('Grüße aus Köln')
    expect(await body('x-unknown', latin1('Gr\xfc\xdfe'))).toBe('Grüße')
    expect(await body('gb2312', Buffer.from('c4e3bac3cac0bde7', 'hex'))).toBe('你好世界')
    expect(await body('iso-2022-jp', Buffer.from('1b2442467c4b5c1b2842', 'hex'))).toBe('日本')
    expect(await body('utf-7', utf8('Gr+APwA3w-e'))).toBe('Grüße')
    expect(await body('windows-1251', Buffer.from('cff0e8e2e5f2', 'hex'))).toBe('Привет')
    expect(await body('cp850', Buffer.from('47729f', 'hex'))).toBe('Grƒ')
    expect(await body('utf-16', Buffer.from('fffe48006900', 'hex'))).toBe('Hi')
  })

  test('raw bytes in headers are read', async () => {
    expect((await parse('Subject: ', Buffer.from('c4e3bac3cac0bde7', 'hex'), '\n\nx')).subject).toBe('你好世界')
    expect((await parse('Subject: Größe\n\nx')).subject).toBe('Größe')
    expect((await parse('Subject: ', latin1('Gr\xf6\xdfe'), '\n\nx')).subject).toBe('Größe')
    expect((await parse('From: Jos', latin1('\xe9'), ' <j@x.example>\n\nx')).from).toEqual({
      name: 'José',
      address: 'j@x.example',
    })
    expect(
      (await parse('Content-Type: text/plain; charset=shift_jis\nSubject: ', Buffer.from('93fa967b', 'hex'), '\n\nx'))
        .subject,
    ).toBe('日本')
  })

  test('an encoded character cut in two words is one character', async () => {
    expect((await parse('Subject: =?utf-8?B?R3LDvMM=?=\n =?utf-8?B?n2U=?=\n\nx')).subject).toBe('Grüße')
    expect((await parse('Subject: =?utf-8?Q?a?= =?utf-8?Q?b?= c =?utf-8?Q?d?=\n\nx')).subject).toBe('ab c d')
  })

  test('NUL, lone surrogates and line ends never leave the reader', async () => {
    const mail = await parse('Subject: =?utf-8?Q?a=0D=0ABcc:_x@y=00?=\n\nnul\0nul')
    expect(mail.subject).toBe('a Bcc: x@y')
    expect(mail.text).toBe('nulnul')
  })
})

describe('bodies', () => {
  const mixed = (...parts: string[]) =>
    `Content-Type: multipart/mixed; boundary="b"\n\n${parts.map((part) => `--b\n${part}\n`).join('')}--b--\n`

  test('html in a nested multipart, or beside a blank text part, is the text', async () => {
    const nested = await parse(
      mixed('Content-Type: multipart/related; boundary="c"\n\n--c\nContent-Type: text/html\n\n<p>Hello</p>\n--c--'),
    )
    expect(fullText(nested)).toBe('Hello')
    const blank = await parse(
      'Content-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: text/plain\n\n \n\n--b\nContent-Type: text/html\n\n<p>Hello</p>\n--b--\n',
    )
    expect(blank.text).toBeNull()
    expect(visibleText(blank).text).toBe('Hello')
  })

  test('a text part that only says "no html" is not the text', async () => {
    const words = '<p>The printer on the second floor is broken again.</p>'.repeat(20)
    const stub = await parse(
      `Content-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: text/plain\n\nYour program cannot show html.\n--b\nContent-Type: text/html\n\n${words}\n--b--\n`,
    )
    expect(fullText(stub)).toContain('second floor')
    expect(visibleText(stub).text).toContain('second floor')
  })

  test('flowed text joins only at the same depth', async () => {
    const mail = await parse(
      'Content-Type: text/plain; format=flowed\n\n> quoted that \n> goes on \nMy reply \nis here.\n-- \nAda\n',
    )
    expect(mail.text).toBe('> quoted that goes on \nMy reply is here.\n-- \nAda\n')
    const chinese = await parse(
      'Content-Type: text/plain; format=flowed; delsp=yes; charset=utf-8\n\n二楼的 \n打印机\n',
    )
    expect(chinese.text?.trim()).toBe('二楼的打印机')
  })

  test('E33 an html file stays a file, nameless parts get a name', async () => {
    const mail = await parse(
      mixed(
        'Content-Type: text/plain\n\nHello',
        'Content-Type: text/html; name="report.html"\nContent-Disposition: inline; filename="report.html"\n\n<p>report</p>',
        'Content-Type: image/png\nContent-ID: <i1@x>\nContent-Transfer-Encoding: base64\n\naGVsbG8=',
        'Content-Type: message/rfc822\n\nSubject: =?utf-8?Q?Dr=C3=BCcker/alt?=\n\ninner',
        'Content-Type: text/calendar\n\nBEGIN:VCALENDAR',
        'Content-Type: application/vnd.ms-excel\n\nx',
      ),
    )
    expect(mail.html).toBeNull()
    expect(mail.attachments.map((one) => one.filename)).toEqual([
      'report.html',
      'image.png',
      'Drücker_alt.eml',
      'invite.ics',
      'attachment.xls',
    ])
    expect(mail.attachments[1]).toMatchObject({
      contentId: 'i1@x',
      inline: true,
      size: 5,
      sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    })
  })

  test.each([
    ["filename*=utf-8''Pr%C3%BCfung.pdf", 'Prüfung.pdf'],
    ["filename*0*=utf-8''Pr%C3%BC; filename*1=fung; filename*2*=.pdf", 'Prüfung.pdf'],
    ['filename="=?utf-8?B?UHLDvGZ1bmcucGRm?="', 'Prüfung.pdf'],
    ['filename="Prüfung.pdf"', 'Prüfung.pdf'],
    ['filename=Report 2026.pdf', 'Report 2026.pdf'],
    ['filename="../../../../etc/cron.d/pwn"', 'pwn'],
    ['filename="C:\\\\Users\\\\Ada\\\\x.doc"', 'x.doc'],
    ['filename="10/2017 report.pdf"', '10_2017 report.pdf'],
    ['filename="photo\u202egpj.exe"', 'photogpj.exe'],
    ['filename="\u200b.htaccess"', 'htaccess'],
    ['filename="=?utf-8?Q?a=0D=0Ab=00.txt?="', 'ab.txt'],
  ])('%j is called %j', async (parameter, name) => {
    const mail = await parse(
      mixed(
        'Content-Type: text/plain\n\nx',
        `Content-Type: application/pdf\nContent-Disposition: attachment; ${parameter}\n\nx`,
      ),
    )
    expect(mail.attachments[0]?.filename).toBe(name)
  })

  test('transfer encodings forgive what mail programs do to them', async () => {
    const text = async (encoding: string, body: string) =>
      (await parse(`Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n\n${body}`)).text
    expect(await text('quoted-printable', 'Gr=C3=BC=C3=9Fe  \nlong=\n line=  \n end =ZZ=')).toBe(
      'Grüße\nlong line end =ZZ',
    )
    expect(await text('BASE64', 'SGVsbG8g\nV29ybGQ=\n\nlist footer here')).toBe('Hello World')
    expect(await text('base64', 'SGVsbG8gSGVsbG8=\nSGVsbG8=')).toBe('Hello HelloHello')
    expect(await text('x-unknown', 'plain')).toBe('plain')
    expect(
      (await parse('Content-Type: text/plain\n\nhi\nbegin 644 a.txt\n#8V%T\n`\nend\nbye')).attachments[0],
    ).toMatchObject({ filename: 'a.txt', size: 3 })
  })

  test('E38 broken structure loses no words', async () => {
    expect(
      (await parse('Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nHello')).errors,
    ).toContain('multipart-not-closed')
    expect((await parse('Content-Type: multipart/mixed; boundary="b"\n\nHello')).text).toBe('Hello')
    expect((await parse('Content-Type: multipart/mixed\n\n--zz\nContent-Type: text/plain\n\nHello\n--zz--')).text).toBe(
      'Hello',
    )
    expect((await parse('Subject: x\nthis is no header\nbut the body')).text).toBe('this is no header\nbut the body')
    expect(await parse('From ada Mon Jan 1\nSubject: x\n>From old\nTo: a@b.example\n\nHello')).toMatchObject({
      subject: 'x',
      text: 'Hello',
    })
    expect(await parse('Subject: a\rTo: b@c.example\r\rHello')).toMatchObject({ subject: 'a', text: 'Hello' })
    expect((await parse('Content-Type: text\n\nHello')).text).toBe('Hello')
    expect((await parse('Date: yesterday at noon\n\nx')).date).toBeNull()
    expect((await parse('Date: Tue, 3 Mar 2026 18:02:11 +0100 (CET)\n\nx')).date?.toISOString()).toBe(
      '2026-03-03T17:02:11.000Z',
    )
  })
})

describe('hostile mail', () => {
  test('E26 is an outcome, never an error', async () => {
    expect((await parse('')).unreadable).toBe('empty')
    expect((await parse('\n\nno header at all')).unreadable).toBe('no-headers')
    expect(
      await parse(
        `Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n${'--b\nContent-Type: text/plain\n\nx\n'.repeat(1_500)}`,
      ),
    ).toMatchObject({ unreadable: 'too-many-parts', subject: 'x' })
    expect((await parse(`X-A: ${'y'.repeat(5_000_000)}\n\nx`)).unreadable).toBe('headers-too-large')
    const deep = Array.from(
      { length: 200 },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`,
    ).join('')
    expect((await parse(deep)).errors).toContain('parts-nested-too-deep')
    for (let i = 0; i < 200; i++)
      await parse(Buffer.from(Array.from({ length: 400 }, (_, k) => (i * 31 + k * 17 + k * k) % 256)))
  })

  test('E28 E29 floods are cut within the memory of the reading thread', async () => {
    const reader = new MailReader({ memoryMb: 192 })
    for (const flood of [
      'Content-Type: text/html\n\n'.padEnd(4_000_000, '<a>'),
      `Subject: x\n\n${'a\n'.repeat(10_000_000)}`,
    ]) {
      const { mail } = await reader.read(utf8(flood))
      expect(mail.unreadable).toBeNull()
    }
    expect((await reader.read(utf8(`Subject: x\n\n${'a'.repeat(9_000_000)}`))).mail.errors).toContain(
      'text-too-long: the rest is in the original only',
    )
    expect((await reader.read(utf8('Subject: x\n\nstill here'))).visible.text).toBe('still here')
    await reader.close()
  })

  test('E28 the reading thread gives back a mail that takes too long, and goes on', async () => {
    const reader = new MailReader({ seconds: 0.000_001 })
    const slow = await reader.read(utf8('Subject: x\n\nhello'))
    expect(slow.mail.unreadable).toBe('took-too-long')
    await reader.close()
    const patient = new MailReader()
    const [one, two] = await Promise.all([
      patient.read(utf8('Subject: one\n\nhello')),
      patient.read(utf8('Subject: two\nContent-Type: application/pdf\n\nhello')),
    ])
    expect(one.mail.subject).toBe('one')
    expect(one.visible.text).toBe('hello')
    expect(Buffer.isBuffer(two.mail.attachments[0]?.content)).toBe(true)
    await patient.close()
  })
})
