import { proofOf, type Signing, sign, signWithoutFrom, written } from '../mail/sender/signed.ts'
import type { Figure } from './figure.ts'

/** Honest mails as the large providers hand them over, and mails that prove nothing or lie about who wrote them. */
export const proof: Figure = {
  id: 'G14',
  what: 'who is believed to have written a mail',
  wanted: '0 that cannot be proven shown as verified; >= 95 % of honest mails verified',
  async measure(bench) {
    const believed: string[] = []
    const doubted: string[] = []
    let lies = 0
    let honests = 0
    const rounds = bench.quick ? 3 : 20
    for (let round = 0; round < rounds; round++) {
      const body = Array.from(
        { length: bench.chance.between(1, 60) },
        (_, line) => `Line ${line} of ${round}.\r\n`,
      ).join('')
      for (const [name, make] of Object.entries(unprovable)) {
        lies++
        const { mail, authservId = null } = await make(body)
        if ((await proofOf(mail, { authservId })).proof === 'verified') believed.push(name)
      }
      for (const [name, make] of Object.entries(honest)) {
        honests++
        const { mail, authservId = null } = await make(body)
        const { proof: found, reason } = await proofOf(mail, { authservId })
        if (found !== 'verified') doubted.push(`${name}: ${reason}`)
      }
    }
    const share = (honests - doubted.length) / honests
    return {
      got: `${believed.length} of ${lies} believed${named(believed)}; ${(share * 100).toFixed(1)} % of ${honests} honest ones verified${named(doubted)}`,
      pass: believed.length === 0 && share >= 0.95,
    }
  },
}

const named = (names: string[]) => (names.length > 0 ? ` (${[...new Set(names)].slice(0, 3).join('; ')})` : '')

type Make = (body: string) => Promise<{ mail: string; authservId?: string }>

const OUR = 'mx.desk.example'
const ADA = 'Ada <ada@client.example>'
const signed = async (mail: string, options?: Signing) => ({ mail: await sign(mail, options) })
/** A mail on which our own server wrote what it found. */
const found =
  (results: string, from = ADA, below = '') =>
  async (body: string) => ({
    mail: `Received: from out.client.example by ${OUR}; Mon, 23 Nov 2026 09:00:01 +0000\r\nAuthentication-Results: ${results}\r\n${written(from, body, below)}`,
    authservId: OUR,
  })

const honest: Record<string, Make> = {
  'Gmail, by our server': found(
    `${OUR};\r\n       dkim=pass header.i=@client.example header.s=20251104 header.b="AbC/12+x";\r\n       spf=pass (${OUR}: domain of ada@client.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=ada@client.example;\r\n       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=client.example`,
  ),
  'Outlook, by our server': found(
    `${OUR}; spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=client.example; dkim=pass (signature was verified)\r\n header.d=client.example;dmarc=pass action=none\r\n header.from=client.example;compauth=pass reason=100`,
  ),
  'Fastmail, by our server': found(
    `${OUR};\r\n    arc=none (no signatures found);\r\n    dkim=pass (2048-bit rsa key sha256) header.d=client.example\r\n    header.i=@client.example header.b=Zx1 header.a=rsa-sha256 header.s=fm2;\r\n    dmarc=pass policy.published-domain-policy=none policy.applied-disposition=none\r\n    policy.evaluated-disposition=none (p=none,d=none,d.eval=none)\r\n    policy.policy-from=p header.from=client.example;\r\n    spf=pass smtp.mailfrom=ada@client.example smtp.helo=out.client.example`,
  ),
  'a version and comments, by our server': found(
    `${OUR} (our own) 1; dmarc=pass (p=reject (nested)) header.from="client.example"`,
  ),
  'the address written large': found(`${OUR}; dmarc=pass header.from=CLIENT.example`, 'Ada <Ada@Client.Example>'),
  'the whole address, by our server': found(`${OUR}; dmarc=pass header.from=ada@client.example`),
  'more results of others below': found(
    `${OUR}; dmarc=pass header.from=client.example`,
    ADA,
    'Authentication-Results: mx.elsewhere.example; dmarc=fail header.from=client.example\r\n',
  ),
  'signed by its domain': (body) => signed(written(ADA, body)),
  'signed by a part of its domain': (body) => signed(written(ADA, body), { domain: 'mail.client.example' }),
  'signed twice, as a provider and for its client': async (body) =>
    signed(await sign(written(ADA, body), { domain: 'evil.example' })),
  'signed, with lines of servers above': async (body) => ({
    mail: `Received: by a; Mon, 23 Nov 2026 09:00:01 +0000\r\nX-Spam-Score: 0\r\n${await sign(written(ADA, body))}`,
  }),
  'signed, a strict domain by itself': (body) =>
    signed(written('Ada <ada@strict.example>', body), { domain: 'strict.example' }),
}

const tampered =
  (change: (mail: string) => string, options?: Signing): Make =>
  async (body) => ({
    mail: change(await sign(written(ADA, body), options)),
  })

const unprovable: Record<string, Make> = {
  'nothing at all': async (body) => ({ mail: written(ADA, body) }),
  'results under another name': found('mx.evil.example; dmarc=pass header.from=client.example'),
  'results under a name like ours': found(`${OUR}.evil.example; dmarc=pass header.from=client.example`),
  'our name in a comment': found(`mx.evil.example (${OUR}); dmarc=pass header.from=client.example`),
  'our name quoted into another': found(`"${OUR} "; dmarc=pass header.from=client.example`),
  'ours says nothing, forged ones below': found(
    `${OUR}; none`,
    ADA,
    `Authentication-Results: ${OUR}; dmarc=pass header.from=client.example\r\n`,
  ),
  'ours says fail, forged ones below': found(
    `${OUR}; dmarc=fail header.from=client.example`,
    ADA,
    `Authentication-Results: ${OUR}; dmarc=pass header.from=client.example\r\n`,
  ),
  'passed for another author': found(`${OUR}; dmarc=pass header.from=evil.example`),
  'only SPF passed': found(`${OUR}; spf=pass smtp.mailfrom=ada@client.example`),
  'only DKIM of another passed': found(`${OUR}; dkim=pass header.d=evil.example`),
  'dmarc=pass inside a comment': found(`${OUR}; (dmarc=pass header.from=client.example) spf=none`),
  'dmarc=pass inside a quoted word': found(`${OUR}; spf=none reason="x; dmarc=pass header.from=client.example"`),
  'pass and fail at once': found(
    `${OUR}; dmarc=pass header.from=client.example; dmarc=fail header.from=client.example`,
  ),
  'a grammar of its own': found(`${OUR}; dmarc==pass header.from=client.example`),
  'two Froms, passed for one': found(`${OUR}; dmarc=pass header.from=client.example`, `${ADA}\r\nFrom: m@evil.example`),
  'two authors, passed for one': found(`${OUR}; dmarc=pass header.from=client.example`, `${ADA}, m@evil.example`),
  'an encoded address': found(
    `${OUR}; dmarc=pass header.from=client.example`,
    `=?utf-8?B?${Buffer.from('Ada <ada@client.example>').toString('base64')}?=`,
  ),
  'signed by another domain': (body) => signed(written(ADA, body), { domain: 'evil.example' }),
  'signed by a relative of a strict domain': (body) =>
    signed(written('Ada <ada@strict.example>', body), { domain: 'mail.strict.example' }),
  'signed with a weak key': (body) => signed(written(ADA, body), { selector: 'weak' }),
  'signed with a key that is being tried': (body) => signed(written(ADA, body), { selector: 'test' }),
  'signed in part': tampered((mail) => `${mail}And pay Mallory.\r\n`, { length: 5 }),
  'signed without its From': async (body) => ({ mail: signWithoutFrom(written(ADA, body)) }),
  'words added': tampered((mail) => `${mail}And pay Mallory.\r\n`),
  'words taken': tampered((mail) => mail.replace('Line 0', 'Line O')),
  'another subject': tampered((mail) => mail.replace('Subject: Printer', 'Subject: Invoice')),
  'another author': tampered((mail) => mail.replace('From: Ada <ada@', 'From: Ada <boss@')),
  'a From on top': tampered((mail) => `From: boss@client.example\r\n${mail}`),
  'a From below': tampered((mail) => mail.replace('Subject:', 'From: boss@client.example\r\nSubject:')),
}
