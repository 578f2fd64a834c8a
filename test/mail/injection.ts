/** Strings made to become headers or recipients, put wherever a string can get into a header, and what became of them. */
import { domainToASCII } from 'node:url'
import addressparser from 'nodemailer/lib/addressparser'
import { BadAddress, type OutgoingMail, writeMail } from '../../src/mail/outgoing.ts'
import type { random } from '../support/random.ts'

type Chance = ReturnType<typeof random>

const pieces = [
  ...['\r\n', '\n', '\r', '\r\n\r\n', '\r\n ', '\n\t', '\u0085', '\u2028', '\u2029', '\v', '\f', '\0', '\u001b[2J'],
  ...[
    'Bcc: victim@evil.test',
    'To: victim@evil.test',
    'X-Evil: yes',
    'Content-Type: text/html',
    '--',
    '.',
    '\r\n.\r\n',
  ],
  ...[
    '=?utf-8?Q?=0D=0ABcc:_victim@evil.test?=',
    '=?utf-8?B?DQpCY2M6IHZpY3RpbUBldmlsLnRlc3Q=?=',
    '=?utf-7?Q?+AA0ACg-?=',
  ],
  ...[
    'victim@evil.test',
    ',',
    ';',
    '<',
    '>',
    '"',
    '\\',
    '\\"',
    '(',
    ')',
    ':',
    '@',
    '[',
    ']',
    '`',
    "'",
    '%0d%0a',
    '{{x}}',
  ],
  ...[
    'a'.repeat(998),
    'é',
    '漢字',
    '👩🏽‍🚀',
    '\u202e',
    '\u200f',
    '\ud800',
    '\udc00',
    '\ufeff',
    ' ',
    '\t',
    'group: a@b.test, c@d.test;',
  ],
]

export function evilString({ between, chance, pick }: Chance): string {
  let text = ''
  for (let length = between(1, 8); length > 0; length--)
    text += chance(0.8) ? pick(pieces) : String.fromCharCode(between(0, 0xffff))
  return text
}

const honest: OutgoingMail = {
  from: { name: 'Acme Support', address: 'support@acme.test' },
  to: [{ name: 'Ada', address: 'ada@client.test' }],
  cc: [{ name: 'Ben', address: 'ben@client.test' }],
  subject: 'Printer',
  text: 'Hello',
  html: '<p>Hello</p>',
  messageId: 'one@acme.test',
  inReplyTo: 'hers@client.test',
  references: ['hers@client.test'],
  headers: {},
  attachments: [],
}

const allowed = new Set(
  'from reply-to to cc subject message-id in-reply-to references date mime-version content-type x-ticket auto-submitted content-transfer-encoding content-disposition content-id'.split(
    ' ',
  ),
)

/** Writes a mail with such a string in every header-bound field; what got through, or nothing. */
export async function injectEverywhere(chance: Chance): Promise<string[]> {
  const evil = () => evilString(chance)
  const mail: OutgoingMail = {
    ...honest,
    from: { name: evil(), address: honest.from.address },
    replyTo: { name: evil(), address: 'support+token@acme.test' },
    to: [{ name: evil(), address: 'ada@client.test' }],
    cc: [{ name: evil(), address: 'ben@client.test' }],
    subject: evil(),
    messageId: evil(),
    inReplyTo: evil(),
    references: [evil(), evil()],
    headers: { 'X-Ticket': evil(), 'Auto-Submitted': evil() },
    attachments: [{ filename: evil(), contentType: evil(), contentId: evil(), content: Buffer.from('x') }],
  }
  const problems = judge(await writeMail(mail, new Date(0)), mail)
  // An address is refused as a whole, or it is the one address it says.
  for (const place of ['from', 'to', 'cc', 'replyTo'] as const) {
    const person = { name: '', address: chance.chance(0.5) ? evil() : `a${evil()}@client.test` }
    const list = { from: person, replyTo: person, to: [person], cc: [person] }
    const one = { ...honest, [place]: list[place] }
    try {
      problems.push(...judge(await writeMail(one, new Date(0)), one))
    } catch (error) {
      if (!(error instanceof BadAddress)) throw error
    }
  }
  return problems
}

function judge({ envelope, raw }: Awaited<ReturnType<typeof writeMail>>, mail: OutgoingMail): string[] {
  const problems: string[] = []
  const text = raw.toString('utf8')
  const head = text.slice(0, text.indexOf('\r\n\r\n'))
  if (/[\r\n]/.test(head.replaceAll('\r\n', ''))) problems.push('a lone line end in the header')
  if (/\0/.test(head)) problems.push('a NUL in the header')
  const seen = new Map<string, string>()
  // The most generous reading: whatever somewhere counts as a line end is one.
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split(/\r\n|[\r\n\v\f\x85\u2028\u2029]/)) {
    const name = line.slice(0, Math.max(0, line.indexOf(':'))).toLowerCase()
    if (!allowed.has(name)) problems.push(`an extra header: ${JSON.stringify(line.slice(0, 60))}`)
    if (seen.has(name)) problems.push(`a second ${name}`)
    seen.set(name, line.slice(name.length + 1).trim())
  }
  for (const block of text
    .slice(head.length)
    .split(/\r\n--[^\r\n]*\r\n/)
    .slice(1)) {
    const partHead = block.slice(0, Math.max(0, block.indexOf('\r\n\r\n')))
    for (const line of partHead ? partHead.replace(/\r\n[ \t]+/g, ' ').split(/\r\n|[\r\n]/) : [])
      if (!allowed.has(line.slice(0, Math.max(0, line.indexOf(':'))).toLowerCase()))
        problems.push(`an extra part header: ${JSON.stringify(line.slice(0, 60))}`)
  }
  const lower = ({ address }: { address: string }) => {
    const at = address.lastIndexOf('@')
    return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`.toLowerCase()
  }
  for (const [name, people] of [
    ['from', [mail.from]],
    ['to', mail.to],
    ['cc', mail.cc],
    ['reply-to', mail.replyTo ? [mail.replyTo] : []],
  ] as const) {
    const line = seen.get(name) ?? ''
    const parsed = addressparser(line, { flatten: true })
    // `a.@x` is written as `"a."@x`: the same address, quoted as RFC 5321 4.1.2 wants it.
    const found = parsed.flatMap(({ address }) =>
      address ? lower({ address: address.replace(/^"(.*)"@/, '$1@') }) : [],
    )
    if (found.join() !== people.map(lower).join()) problems.push(`other people in ${name}: ${line.slice(0, 200)}`)
  }
  if (envelope.to.join().toLowerCase() !== [...mail.to, ...mail.cc].map(lower).join())
    problems.push(`other recipients: ${envelope.to.join(' ')}`)
  return problems
}
