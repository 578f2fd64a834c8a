/** Mails made to hurt: each kind of trouble a mail can be, mutated by chance. */
import type { random } from '../support/random.ts'

type Chance = ReturnType<typeof random>

export interface HostileMail {
  kind: string
  raw: Buffer
}

/** `count` mails, all kinds in turn; from the second time on each is mutated as well. The same seed gives the same bytes. */
export function hostileMails(count: number, chance: Chance, to = 'support@acme.test'): HostileMail[] {
  const all = Object.entries(kinds)
  return Array.from({ length: count }, (_, number) => {
    const [kind, make] = all[number % all.length]!
    const text = make(chance, head(number, to))
    const raw = Buffer.from(number < all.length ? text : mutate(text, chance), 'latin1')
    return { kind, raw }
  })
}

const head = (number: number, to: string) =>
  `From: Mallory ${number} <mallory${number}@evil.test>\r\nTo: ${to}\r\nSubject: Hostile ${number}\r\nMessage-ID: <hostile-${number}@evil.test>\r\nDate: Mon, 23 Nov 2026 02:00:00 +0000\r\n`

type Make = (chance: Chance, head: string) => string

const body = 'Please help.\r\n'
const many = (count: number, text: string | ((index: number) => string)) =>
  Array.from({ length: count }, (_, index) => (typeof text === 'string' ? text : text(index))).join('')
const plain = (head: string, text: string) => `${head}\r\n${text}`
const html = (head: string, text: string) => `${head}Content-Type: text/html; charset=utf-8\r\n\r\n${text}`
const mixed = (head: string, parts: string, boundary = 'b') =>
  `${head}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n${parts}--${boundary}--\r\n`
const part = (headers: string, content = 'x', boundary = 'b') => `--${boundary}\r\n${headers}\r\n\r\n${content}\r\n`
const file = (name: string, content = 'x') =>
  part(`Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=${name}`, content)
/** UTF-8 as the bytes it has, in a string of bytes. */
const utf8 = (text: string) => Buffer.from(text).toString('latin1')
const nested = (depth: number, boundary = 0): string =>
  depth === 0
    ? 'Content-Type: text/plain\r\n\r\ndeep\r\n'
    : `Content-Type: multipart/mixed; boundary="n${boundary}"\r\n\r\n--n${boundary}\r\n${nested(depth - 1, boundary + 1)}--n${boundary}--\r\n`
const forwarded = (depth: number): string =>
  depth === 0 ? `Subject: last\r\n\r\n${body}` : `Content-Type: message/rfc822\r\n\r\n${forwarded(depth - 1)}`

const kinds: Record<string, Make> = {
  empty: ({ between }) => `X: ${between(0, 1e9)}`,
  'no header at all': ({ between }) => `\r\nJust words ${between(0, 1e9)}\r\n`,
  'no body': (_, head) => head,
  'no From': (_, head) => plain(head.replace(/^From.*\r\n/, ''), body),
  'two Froms': (_, head) => plain(`From: Boss <boss@acme.test>\r\n${head}`, body),
  'an address in an encoded word': (_, head) =>
    plain(head.replace(/^From.*/, 'From: =?utf-8?B?Ym9zc0BhY21lLnRlc3Q=?= <m@evil.test>'), body),
  'an encoded word for an address': (_, head) =>
    plain(head.replace(/^From.*/, 'From: =?utf-8?B?Ym9zc0BhY21lLnRlc3Q=?='), body),
  'a group as sender': (_, head) => plain(head.replace(/^From.*/, 'From: Friends: a@evil.test, b@evil.test;'), body),
  'the null address': (_, head) => plain(head.replace(/^From.*/, 'From: <>'), body),
  'a look-alike domain': (_, head) => plain(head.replace(/^From.*/, utf8('From: Boss <boss@аcme.test>')), body),
  'our own address': (_, head) => plain(head.replace(/^From.*/, 'From: Support <support@acme.test>'), body),
  'a subject of 1 MB': (_, head) => plain(head.replace('Subject: ', `Subject: ${'s'.repeat(1_000_000)} `), body),
  'a subject with line ends': (_, head) =>
    plain(head.replace('Subject: ', 'Subject: =?utf-8?Q?=0D=0ABcc:_victim@evil.test=00=1B[2J?= '), body),
  '40,000 references': (_, head) =>
    plain(`${head}References:${many(40_000, (i) => `\r\n <r${i}@evil.test>`)}\r\n`, body),
  '20,000 people in Cc': (_, head) =>
    plain(`${head}Cc: ${many(20_000, (i) => `p${i}@evil.test,\r\n `)}z@evil.test\r\n`, body),
  '30,000 header fields': (_, head) => plain(head + many(30_000, (i) => `X-${i}: y\r\n`), body),
  'a header line without a colon': (_, head) => plain(`${head}this is no header\r\n: nor this\r\n`, body),
  'a header folded 50,000 times': (_, head) => plain(`${head}X-Long: a${many(50_000, '\r\n a')}\r\n`, body),
  '100 levels of parts': (_, head) => head + nested(100),
  '2,000 levels of parts': (_, head) => head + nested(2000),
  '3,000 parts': (_, head) => mixed(head, many(3000, part('Content-Type: text/plain'))),
  '500 files': (_, head) =>
    mixed(
      head,
      many(500, (i) => file(`f${i}.bin`)),
    ),
  'a mail in a mail, 60 times': (_, head) => head + forwarded(60),
  'no boundary named': (_, head) => `${head}Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n`,
  'a boundary that never comes': (_, head) => `${head}Content-Type: multipart/mixed; boundary=never\r\n\r\n${body}`,
  'an empty boundary': (_, head) => mixed(head, part('Content-Type: text/plain', 'x', ''), ''),
  'a boundary of 10,000 characters': (_, head) => {
    const boundary = 'b'.repeat(10_000)
    return mixed(head, part('Content-Type: text/plain', 'x', boundary), boundary)
  },
  'base64 that is none': (_, head) =>
    `${head}Content-Transfer-Encoding: base64\r\n\r\n${'!!!=== not base64 \xff'.repeat(500)}\r\n`,
  'quoted-printable that is none': (_, head) =>
    `${head}Content-Transfer-Encoding: quoted-printable\r\n\r\n${'=ZZ=\r\n=0==='.repeat(5000)}`,
  'an encoding nobody knows': (_, head) => `${head}Content-Transfer-Encoding: x-rot13\r\n\r\n${body}`,
  'a charset nobody knows': (_, head) => `${head}Content-Type: text/plain; charset=x-klingon\r\n\r\n\xe9\xff${body}`,
  'UTF-7': (_, head) => `${head}Content-Type: text/plain; charset=utf-7\r\n\r\n+ADw-script+AD4-alert(1)\r\n`,
  'UTF-16 with half a character': (_, head) =>
    `${head}Content-Type: text/plain; charset=utf-16le\r\n\r\nH\0i\0\x3d\xd8`,
  'bytes of no charset': ({ between }, head) =>
    plain(
      head,
      many(5000, () => String.fromCharCode(between(128, 255))),
    ),
  'a thousand parameters': (_, head) =>
    `${head}Content-Type: text/plain;${many(1000, (i) => `\r\n name*${i}*="utf-8''%00${i}";`)} x=y\r\n\r\n${body}`,
  'file names that climb': (_, head) =>
    mixed(
      head,
      file('"../../../../etc/passwd"') + file('"..\\\\..\\\\boot.ini"') + file('"a\\"b\\r\\nX: y"') + file('CON'),
    ),
  'file names that lie': (_, head) =>
    mixed(head, file(utf8('"invoice\u202efdp.exe"')) + file(`"${'n'.repeat(5000)}.txt"`)),
  'a type that lies': (_, head) =>
    mixed(head, part('Content-Type: image/png\r\nX: y\r\nContent-Disposition: inline', '<script>')),
  'html nested 20,000 deep': (_, head) => html(head, '<div>'.repeat(20_000)),
  'html with 50,000 tables': (_, head) => html(head, '<table><tr><td>'.repeat(50_000)),
  'html of half a tag': (_, head) => html(head, '<a '.repeat(200_000)),
  'html with endless attributes': (_, head) => html(head, `<p ${many(50_000, (i) => `a${i}="${i}" `)}>x</p>`),
  'html of comments': (_, head) => html(head, '<!--'.repeat(100_000)),
  'html with scripts': (_, head) =>
    html(head, '<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a>'),
  'html with a million entities': (_, head) => html(head, '&amp;'.repeat(300_000)),
  'html of nested quotes': (_, head) => html(head, `${'<blockquote type=cite>'.repeat(5000)}x`),
  '1 MB of line ends': (_, head) => plain(head, '\r\n'.repeat(500_000)),
  '1 MB of dashes': (_, head) => plain(head, '-'.repeat(1_000_000)),
  '1 MB of blanks': (_, head) => plain(head, ' '.repeat(1_000_000)),
  '1 MB of quote marks': (_, head) => plain(head, '>'.repeat(1_000_000)),
  '1 MB of underscores and stars': (_, head) => plain(head, '_*'.repeat(500_000)),
  'an attribution that never ends': (_, head) => plain(head, `On ${'Monday, '.repeat(100_000)}wrote:\r\n> x\r\n`),
  '100,000 header blocks': (_, head) => plain(head, 'From: a\r\nSent: b\r\nTo: c\r\nSubject: d\r\n\r\n'.repeat(20_000)),
  'text with controls': (_, head) => plain(head, `\0\x07\x1b[2J\x1b]0;owned\x07\x9b31m${body}`),
  'text for Slack': (_, head) =>
    plain(head, '<!channel> <!here> <@U0KOFI> <https://evil.test|https://acme.test> ```'.repeat(1000)),
  'text of half characters': (_, head) =>
    `${head}Content-Type: text/plain; charset=utf-8\r\n\r\n${'\xed\xa0\x80\xf0\x9f\xc0\x80'.repeat(1000)}`,
  'lone line ends': (_, head) => plain(head.replaceAll('\r\n', '\n'), 'a\rb\nc\r\r\n\n\rd'),
  'only carriage returns': (_, head) => plain(head, body).replaceAll('\r\n', '\r'),
  'a uuencoded bomb': (_, head) => plain(head, `begin 644 x\r\n${'M'.repeat(300_000)}\r\nend\r\n`),
  'a mail program of its own': (_, head) =>
    `${head}Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n\x78\x9f\x3e\x22${'\xff'.repeat(1000)}`,
  'a report of nothing': (_, head) =>
    `${head}Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b--\r\n`,
  'a report about a mail never sent': (_, head) =>
    `${head}Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n${part('Content-Type: message/delivery-status', 'Final-Recipient: rfc822; x\r\nAction: failed\r\nStatus: 5.1.1')}${part('Content-Type: message/rfc822', 'Message-ID: <deskhand-1@acme.test>\r\n\r\nx')}--b--\r\n`,
  'marked automatic in ten ways': (_, head) =>
    plain(
      `${head}Auto-Submitted: auto-replied; ${'x'.repeat(5000)}\r\nPrecedence: bulk\r\nX-Loop: ?\r\nList-Id: <x>\r\n`,
      body,
    ),
  'an answer to a guessed address': ({ between }, head) =>
    plain(head.replace('support@', `support+${'abcdefgh'.repeat(3)}${between(10, 99)}@`), body),
  'dates that are none': (_, head) => plain(head.replace(/Date:.*/, 'Date: Foo, 99 Bar 99999 99:99:99 +9999'), body),
  'names of things inside': (_, head) =>
    plain(`${head}__proto__: x\r\nconstructor: y\r\nhasOwnProperty: z\r\ntoString: a\r\n`, body),
  'a body of 5 MB on one line': (_, head) => plain(head, 'word '.repeat(1_000_000)),
  'a file of 8 MB': (_, head) => mixed(head, file('big.bin', `${'A'.repeat(76)}\r\n`.repeat(100_000))),
}

/** One to three faults, as broken programs and people who look for holes make them. */
function mutate(text: string, { between, pick }: Chance): string {
  let raw = text
  for (let faults = between(1, 3); faults > 0; faults--) {
    const at = between(0, Math.min(raw.length, 4000))
    const lines = () => raw.split('\r\n')
    raw = pick([
      () => raw.slice(0, at) + String.fromCharCode(between(0, 255)) + raw.slice(at + 1),
      () => raw.slice(0, between(Math.min(raw.length, 40), raw.length)),
      () =>
        raw.slice(0, at) + pick(['\r\n\r\n', '\0', '"', ';', '--b\r\n', '=?', '?=', '\r', '<', ',']) + raw.slice(at),
      () => {
        const all = lines()
        all.splice(between(0, Math.min(20, all.length - 1)), 1)
        return all.join('\r\n')
      },
      () => {
        const all = lines()
        const line = between(0, Math.min(20, all.length - 1))
        all.splice(line, 0, all[between(0, Math.min(20, all.length - 1))]!)
        return all.join('\r\n')
      },
      () => raw.replace(/boundary="?[^"\r\n]*"?/, `boundary=${pick(['b', '', '"', 'B', '"b "', 'b;boundary=c'])}`),
      () =>
        raw.replace(/charset=\S+/, `charset=${pick(['utf-16', 'iso-2022-jp', 'gb18030', 'big5', '""', 'us-ascii'])}`),
    ])()
  }
  // Two that became the same would rightly count as one.
  return `X-Mutation: ${between(0, 2 ** 30)}\r\n${raw}`
}
