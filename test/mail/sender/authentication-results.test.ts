import { describe, expect, test } from 'vitest'
import { readAuthenticationResults as read } from '../../../src/mail/sender/authentication-results.ts'

const dmarcOf = (value: string) => {
  const found = read(value)?.results?.filter(({ method }) => method === 'dmarc')
  return found?.map(({ result, properties }) => [result, ...properties.map(({ name, value: v }) => `${name}=${v}`)])
}

describe('fields as servers really write them', () => {
  test.each([
    [
      'Gmail',
      'mx.google.com;\n       dkim=pass header.i=@client.example header.s=sel header.b="ab/c+d=";\n       spf=pass (google.com: domain of ada@client.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=ada@client.example;\n       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=client.example',
      [['pass', 'header.from=client.example']],
    ],
    [
      'Fastmail',
      'mx5.messagingengine.com;\n    dkim=pass (2048-bit rsa key sha256) header.d=client.example\n    header.i=@client.example header.b=AbCdEf header.a=rsa-sha256 header.s=s1 x-bits=2048;\n    dmarc=pass policy.published-domain-policy=none\n    policy.applied-disposition=none policy.evaluated-disposition=none\n    (p=none,d=none,d.eval=none) policy.policy-from=p\n    header.from=client.example;\n    spf=pass smtp.mailfrom=ada@client.example smtp.helo=out.client.example',
      [
        [
          'pass',
          'policy.published-domain-policy=none',
          'policy.applied-disposition=none',
          'policy.evaluated-disposition=none',
          'policy.policy-from=p',
          'header.from=client.example',
        ],
      ],
    ],
    [
      'OpenDMARC',
      'mx.example.net; dmarc=fail (p=none dis=none) header.from=client.example',
      [['fail', 'header.from=client.example']],
    ],
    [
      'Microsoft, with a name put in front',
      'mx.example.net; spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=client.example; dkim=pass (signature was verified)\n header.d=client.example;dmarc=pass action=none\n header.from=client.example;compauth=pass reason=100',
      [['pass', 'action=none', 'header.from=client.example']],
    ],
    [
      'a method with its version',
      'mx.example.net 1; DMARC/1 = Pass header . from = client.example',
      [['pass', 'header.from=client.example']],
    ],
    ['no result at all', 'mx.example.net 1; none', []],
    ['a semicolon at the end', 'mx.example.net; dmarc=none;', [['none']]],
  ])('%s', (_, value, dmarc) => {
    expect(dmarcOf(value)).toEqual(dmarc)
  })
})

describe('E9 what is only said is no result', () => {
  test.each([
    ['in a comment', 'mx.example.net; spf=fail (; dmarc=pass header.from=bank.example) smtp.mailfrom=x.example'],
    [
      'in nested comments',
      'mx.example.net; spf=fail (a (b) ; dmarc=pass header.from=bank.example) smtp.mailfrom=x.example',
    ],
    ['behind an escaped bracket', 'mx.example.net; spf=fail (a \\) ; dmarc=pass header.from=bank.example) smtp.helo=x'],
    ['in a quoted string', 'mx.example.net; spf=fail smtp.mailfrom="x; dmarc=pass header.from=bank.example"@x.example'],
    [
      'behind an escaped quote',
      'mx.example.net; spf=fail smtp.mailfrom="x\\"; dmarc=pass header.from=bank.example"@x.example',
    ],
    ['in a reason', 'mx.example.net; spf=fail reason="; dmarc=pass header.from=bank.example" smtp.helo=x'],
    [
      'in an encoded word',
      'mx.example.net; spf=fail smtp.helo=x =?utf-8?q?;_dmarc=3Dpass_header.from=3Dbank.example?=',
    ],
  ])('%s', (_, value) => {
    expect(dmarcOf(value) ?? []).toEqual([])
  })

  test('an address in a quoted local part is one value', () => {
    expect(read('mx.example.net; spf=pass smtp.mailfrom="ada; x"@client.example')?.results).toEqual([
      { method: 'spf', result: 'pass', properties: [{ name: 'smtp.mailfrom', value: 'ada; x@client.example' }] },
    ])
  })
})

describe('the name', () => {
  test.each([
    ['after a comment', '(a (comment)) mx.example.net (b); none', 'mx.example.net'],
    ['quoted', '"mx example"; none', 'mx example'],
    ['folded', '\r\n\tmx.example.net\r\n 1;\r\n none', 'mx.example.net'],
    ['alone', 'mx.example.net', 'mx.example.net'],
  ])('%s', (_, value, name) => {
    expect(read(value)?.authservId).toBe(name)
  })

  test.each([
    ['is left out, as Microsoft 365 does', 'spf=pass (x) smtp.mailfrom=a.example; dmarc=pass header.from=a.example'],
    ['never ends', '"mx.example.net; dmarc=pass'],
    ['is behind a comment that never ends', '(x mx.example.net; dmarc=pass'],
    ['is two words', 'mx.example.net evil; dmarc=pass'],
    ['is empty', '; dmarc=pass'],
    ['is in an encoded word', '=?utf-8?q?mx.example.net?=; dmarc=pass'],
  ])('is none where it %s', (_, value) => {
    expect(read(value)).toBeNull()
  })
})

test.each([
  'mx.example.net; dmarc=pass (never ends header.from=bank.example',
  'mx.example.net; dmarc pass',
  'mx.example.net; =pass',
  'mx.example.net; dmarc=',
  'mx.example.net; spf=pass smtp.mailfrom="x; dmarc=pass',
  'mx.example.net; dmarc=pass header.from=a ) x=y',
])('a field that breaks off says nothing: %s', (value) => {
  expect(read(value)).toEqual({ authservId: 'mx.example.net', results: null })
})

test('twenty thousand brackets, quotes and blanks take no time', () => {
  const began = performance.now()
  for (const each of ['(', '"', ' ', ';', '\\', '()', 'a=', ' \n'])
    read(`mx.example.net; dmarc=pass ${each.repeat(19_000 / each.length)}`)
  expect(performance.now() - began).toBeLessThan(200)
})
