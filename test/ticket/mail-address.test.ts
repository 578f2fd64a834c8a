import { describe, expect, test } from 'vitest'
import { isMailAddress, readAddresses } from '../../src/ticket/mail-address.ts'

describe('addresses as people type and paste them', () => {
  test.each([
    ['bea@x.example', ['bea@x.example']],
    [
      'Bea@X.Example, carl@x.example;dora@x.example\n\neve@x.example',
      ['bea@x.example', 'carl@x.example', 'dora@x.example', 'eve@x.example'],
    ],
    ['bea@x.example carl@x.example', ['bea@x.example', 'carl@x.example']],
    ['Bea Brown <bea@x.example>, "Carl" <carl@x.example>', ['bea@x.example', 'carl@x.example']],
    ['<bea@x.example>', ['bea@x.example']],
    ['mailto:bea@x.example', ['bea@x.example']],
    ['bea@x.example, BEA@x.example', ['bea@x.example']],
    ['jürgen@müller.example', ['jürgen@müller.example']],
    [' \n , ; ', []],
  ])('%j', (typed, found) => {
    const { addresses, bad } = readAddresses(typed)
    expect(addresses.map(({ address }) => address)).toEqual(found)
    expect(bad).toEqual([])
  })

  test('keep the name beside them', () => {
    expect(readAddresses('"Bea Brown" <bea@x.example>').addresses).toEqual([
      { name: 'Bea Brown', address: 'bea@x.example' },
    ])
  })

  test('what is none is named as typed, beside those that are', () => {
    expect(readAddresses('bea@x.example, carl@, @x.example, Dora <dora>')).toEqual({
      addresses: [{ name: '', address: 'bea@x.example' }],
      bad: ['carl@', '@x.example', 'dora'],
    })
  })
})

test.each([
  'a@b',
  'a@b..example',
  'a@-b.example',
  'a@b.example.',
  '.a@b.example',
  'a..b@c.example',
  'a@b@c.example',
  'a b@c.example',
  'a@c.example\nBcc: x@y.example',
  'a\u0000@b.example',
  `${'a'.repeat(65)}@b.example`,
  `a@${'b'.repeat(64)}.example`,
  'a@[127.0.0.1]',
])('%j is no mail address', (text) => {
  expect(isMailAddress(text)).toBe(false)
})

test('a hundred thousand of one character is judged at once', () => {
  const startedAt = performance.now()
  for (const sign of ['a', '.', '@', '<', '"', ' ', 'é']) readAddresses(sign.repeat(100_000))
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})
