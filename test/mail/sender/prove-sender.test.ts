import { describe, expect, test } from 'vitest'
import { MovableClock } from '../../../src/clock.ts'
import { parseMail } from '../../../src/mail/mail.ts'
import { SenderThread } from '../../../src/mail/sender/sender-thread.ts'
import { dns, proofOf, prove, sign, signWithoutFrom, written } from './signed.ts'

const OURS = { authservId: 'mx.desk.example' }
const stamped = (results: string, mail = written()) => `Authentication-Results: ${results}\r\n${mail}`

describe('E9 by the word of our own mail server', () => {
  test.each([
    ['verified: dmarc-pass', 'mx.desk.example; dmarc=pass header.from=client.example'],
    ['verified: dmarc-pass', 'mx.desk.example; dmarc=pass header.from=CLIENT.example.'],
    ['verified: dmarc-pass', 'mx.desk.example; dmarc=pass header.from=ada@client.example'],
    ['failed: dmarc-fail', 'mx.desk.example; dkim=pass header.d=evil.example; dmarc=fail header.from=client.example'],
    ['failed: other-author-checked', 'mx.desk.example; dmarc=pass header.from=evil.example'],
    ['failed: other-author-checked', 'mx.desk.example; dmarc=pass header.from=eve@client.example'],
    ['failed: other-author-checked', 'mx.desk.example; dmarc=pass header.from=client.example header.from=evil.example'],
    ['unproven: no-dmarc', 'mx.desk.example; dmarc=none header.from=client.example'],
    ['unproven: no-dmarc', 'mx.desk.example; dmarc=temperror header.from=client.example'],
    ['unproven: no-dmarc', 'mx.desk.example; dkim=pass header.d=client.example; spf=pass smtp.mailfrom=client.example'],
    ['unproven: results-unreadable', 'mx.desk.example; dmarc=pass'],
    ['unproven: results-unreadable', 'mx.desk.example; dmarc=pass header.from=client.example (never ends'],
    ['unproven: results-contradict', 'mx.desk.example; dmarc=pass header.from=client.example; dmarc=none'],
    ['failed: dmarc-fail', 'mx.desk.example; dmarc=pass header.from=client.example; dmarc=fail'],
    ['unproven: no-results', 'MX.desk.example; dmarc=pass header.from=client.example'],
    ['unproven: no-results', 'mx.desk.example.evil.example; dmarc=pass header.from=client.example'],
    ['unproven: no-results', 'evil.example (mx.desk.example); dmarc=pass header.from=client.example'],
    ['unproven: no-results', '=?utf-8?q?mx.desk.example?=; dmarc=pass header.from=client.example'],
    ['unproven: no-dmarc', 'mx.desk.example; spf=fail (; dmarc=pass header.from=client.example)'],
  ])('%s by %s', async (expected, results) => {
    expect(await prove(stamped(results), OURS)).toBe(expected)
  })

  test('only the topmost field under its name counts, whatever the sender wrote below', async () => {
    const forged = stamped('mx.desk.example; dmarc=pass header.from=client.example')
    expect(await prove(stamped('mx.desk.example; dmarc=fail header.from=client.example', forged), OURS)).toBe(
      'failed: dmarc-fail',
    )
    expect(await prove(stamped('mx.desk.example; none', forged), OURS)).toBe('unproven: no-dmarc')
    expect(await prove(stamped('mx.desk.example; broken (', forged), OURS)).toBe('unproven: results-unreadable')
  })

  test('a header made too long to check makes a lie no better, and nothing proven', async () => {
    const long = `${`X-Padding: ${'x'.repeat(900)}\r\n`.repeat(200)}${written()}`
    const stampedAs = (result: string) => stamped(`mx.desk.example; dmarc=${result} header.from=client.example`, long)
    expect(await prove(stampedAs('fail'), OURS)).toBe('failed: dmarc-fail')
    expect(await prove(stampedAs('pass'), OURS)).toBe('unproven: header-too-large')
    expect(await prove(long)).toBe('unproven: header-too-large')
  })

  test('a field in the body, in an attachment or under another name is none', async () => {
    const results = 'mx.desk.example; dmarc=pass header.from=client.example'
    expect(await prove(written(undefined, `Authentication-Results: ${results}\r\n`), OURS)).toBe('unproven: no-results')
    for (const name of ['X-Authentication-Results', 'ARC-Authentication-Results', 'Authentication-Results-Original'])
      expect(await prove(`${name}: ${results}\r\n${written()}`, OURS)).toBe('unproven: no-results')
  })

  test('no name server is asked', async () => {
    const asked: string[] = []
    const resolver = async (name: string) => {
      asked.push(name)
      return []
    }
    await prove(await sign(written()), { ...OURS, resolver })
    expect(asked).toEqual([])
  })
})

describe('E13 by a signature that we check ourselves, where the name of our server is not known', () => {
  test.each([
    ['verified: signature', {}],
    ['unproven: signature-of-another', { domain: 'evil.example' }],
    ['unproven: signature-weak', { selector: 'weak' }],
    ['unproven: signature-testing', { selector: 'test' }],
    ['verified: signature', { domain: 'mail.client.example' }],
  ] as const)('%s for %o', async (expected, signing) => {
    expect(await prove(await sign(written(), signing))).toBe(expected)
  })

  test('a domain that asks for its very own name gets it (adkim=s)', async () => {
    const mail = written('ada@strict.example')
    expect(await prove(await sign(mail, { domain: 'mail.strict.example' }))).toBe('unproven: signature-of-another')
    expect(await prove(await sign(mail, { domain: 'strict.example' }))).toBe('verified: signature')
  })

  test('what follows the signed length could be put there by anybody (l=)', async () => {
    const body = 'The printer is on fire.\r\n'
    const signed = await sign(written(undefined, body), { length: body.length })
    expect(await prove(signed)).toBe('verified: signature')
    expect(await prove(`${signed}Pay to this account instead.\r\n`)).toBe('unproven: signature-partial')
  })

  test('a signature that leaves out From says nothing about it', async () => {
    expect(await prove(signWithoutFrom(written()))).toMatch(/^unproven: signature-(?:without-from|invalid)/)
  })

  test('changed words, an unknown key, no signature, A-R without a name to trust: unproven, never a lie', async () => {
    const signed = await sign(written())
    expect(await prove(signed.replace('on fire', 'for sale'))).toBe('unproven: signature-invalid')
    expect(await prove(signed.replace('s=s;', 's=lost;'))).toBe('unproven: key-not-found')
    expect(await prove(written())).toBe('unproven: not-signed')
    expect(await prove(stamped('mx.desk.example; dmarc=pass header.from=client.example'))).toBe('unproven: not-signed')
  })

  test('the good signature of another does not lend itself to Ada', async () => {
    const both = await sign(await sign(written(), { domain: 'evil.example' }), { selector: 'weak' })
    expect(await prove(both)).toMatch(/^unproven/)
  })

  test('no network is unproven and no error', async () => {
    const resolver = async () => {
      throw Object.assign(new Error('no network'), { code: 'ECONNREFUSED' })
    }
    expect(await prove(await sign(written()), { resolver })).toBe('unproven: dns-failed')
  })
})

describe('E10 E11 E12 one From with one address, on which all agree', () => {
  const real = 'Ada <ada@client.example>'
  test.each([
    ['two fields', written(real, undefined, 'From: eve@evil.example\r\n'), /^(unproven: no-single-author|failed)/],
    ['the same field twice', written(real, undefined, `From: ${real}\r\n`), /^unproven: no-single-author/],
    ['two addresses', written('ada@client.example, eve@evil.example'), /^unproven: no-single-author/],
    ['a group of two', written('Both: ada@client.example, eve@evil.example;'), /^unproven: no-single-author/],
    ['none', written('Ada'), /^unproven: no-single-author/],
    ['an empty one', written('<>'), /^unproven: no-single-author/],
    [
      'an encoded word that becomes an address',
      written(`=?utf-8?B?${Buffer.from('Ada <ada@client.example>').toString('base64')}?=`),
      /^unproven: no-single-author/,
    ],
    [
      'an encoded word beside an address',
      written('=?utf-8?q?ada=40client.example?= <eve@evil.example>'),
      /^failed: other/,
    ],
    ['an address as a name', written('"ada@client.example" <eve@evil.example>'), /^failed: other/],
    ['an address in a comment', written('eve@evil.example (ada@client.example)'), /^failed: other/],
    ['a route', written('<@client.example:eve@evil.example>'), /^(failed|unproven)/],
    ['a quoted local part', written('"ada@client.example x"@evil.example'), /^(failed|unproven)/],
    ['a NUL', written('ada@client.example\u0000@evil.example'), /^(failed|unproven)/],
    ['a line break in the field name', written(real).replace('From:', 'From\r\n :'), /^(failed|unproven)/],
    ['a look-alike in another script', written('ada@сlient.example'), /^failed: other/],
  ])('%s is not verified', async (_, mail, expected) => {
    const pass = 'mx.desk.example; dmarc=pass header.from=client.example'
    expect(await prove(stamped(pass, mail), OURS)).toMatch(expected)
    // A signature by the attacker's own domain proves at most the attacker.
    const { proof, address } = await proofOf(await sign(mail, { domain: 'evil.example' }))
    if (proof === 'verified') expect(address).toMatch(/@evil\.example$/)
  })

  test.each([
    ['quotes and a comma', '"Lovelace, Ada" <ada@client.example>'],
    ['an unquoted comma', 'Lovelace, Ada <ada@client.example>'],
    ['an encoded name', '=?utf-8?B?w4Rkw6E=?= <ada@client.example>'],
    ['raw utf-8', 'Ädá <ada@client.example>'],
    ['a comment', 'ada@client.example (Ada Lovelace)'],
    ['a fold', 'Ada\r\n <ada@client.example>'],
    ['capitals', 'Ada <Ada@Client.Example>'],
    ['a group of one', 'Ada: ada@client.example;'],
  ])('%s does no harm', async (_, from) => {
    expect(await prove(stamped('mx.desk.example; dmarc=pass header.from=client.example', written(from)), OURS)).toBe(
      'verified: dmarc-pass',
    )
    expect(await prove(await sign(written(from)))).toBe('verified: signature')
  })
})

describe('in its thread', () => {
  const clock = MovableClock.at(new Date('2026-11-23T09:05:00Z'))

  test('it says the same, and asks DNS through us', async () => {
    const thread = new SenderThread({ authservId: null, clock, resolver: dns })
    const raw = Buffer.from(await sign(written()))
    expect(await thread.prove(await parseMail(raw), raw)).toEqual({
      proof: 'verified',
      reason: 'signature',
      address: 'ada@client.example',
    })
    await thread.close()
  })

  test('20 MB stall nobody for 200 ms', async () => {
    const thread = new SenderThread({ authservId: null, clock, resolver: dns, seconds: 30 })
    const raw = Buffer.from(await sign(written(undefined, 'It burns and burns.\r\n'.repeat(1_000_000))))
    const author = { from: { name: '', address: 'ada@client.example' }, fromProblem: null }
    let longest = 0
    let last = performance.now()
    const pulse = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    expect(await thread.prove(author, raw)).toMatchObject({ proof: 'verified' })
    clearInterval(pulse)
    expect(longest).toBeLessThan(200)
    await thread.close()
  }, 30_000)

  test('name servers that never answer hold up a mail for two seconds in all, however many it names', async () => {
    const thread = new SenderThread({ authservId: null, clock, resolver: () => new Promise(() => {}) })
    let mail = written()
    for (let n = 0; n < 5; n++) mail = await sign(mail, { domain: n === 0 ? 'client.example' : `evil${n}.example` })
    const raw = Buffer.from(mail)
    const began = performance.now()
    expect(await thread.prove(await parseMail(raw), raw)).toMatchObject({ proof: 'unproven', reason: 'dns-failed' })
    expect(performance.now() - began).toBeLessThan(5_000)
    await thread.close()
  })

  test('a check that takes too long leaves a mail unproven, and the next one is looked at', async () => {
    let isDead = true
    const resolver: typeof dns = (name, type) => (isDead ? new Promise(() => {}) : dns(name, type))
    const thread = new SenderThread({ authservId: null, clock, resolver, seconds: 0.5 })
    const raw = Buffer.from(await sign(written()))
    const author = await parseMail(raw)
    expect(await thread.prove(author, raw)).toMatchObject({ proof: 'unproven', reason: 'check-failed' })
    isDead = false
    const next = new SenderThread({ authservId: null, clock, resolver })
    expect(await next.prove(author, raw)).toMatchObject({ proof: 'verified' })
    await Promise.all([thread.close(), next.close()])
  })

  test('closing it answers who still waits', async () => {
    const thread = new SenderThread({ authservId: null, clock, resolver: () => new Promise(() => {}) })
    const raw = Buffer.from(await sign(written()))
    const waiting = thread.prove(await parseMail(raw), raw)
    await thread.close()
    expect(await waiting).toMatchObject({ proof: 'unproven' })
  })
})
