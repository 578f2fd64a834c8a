import { expect, test } from 'vitest'
import {
  baseSubject,
  canonicalId,
  idsIn,
  isForwardSubject,
  isReplySubject,
  replyAddress,
  tokenIn,
  withoutSubaddress,
} from '../../src/mail/threading.ts'

const TOKEN = 'abcdefghijklmnopqrstuvwx23'

test('an identifier is canonical without its brackets', () => {
  expect(canonicalId(' <a@b> ')).toBe('a@b')
  expect(canonicalId('a@b')).toBe('a@b')
  expect(canonicalId('<a@b> <c@d>')).toBe('a@b')
  expect(canonicalId('no id')).toBeNull()
  expect(canonicalId('<a\n b@c>')).toBe('ab@c')
  expect(idsIn('<a@b>,<c@d><a@b> (x) <e@f>')).toEqual(['a@b', 'c@d', 'e@f'])
})

test('a reply address names one ticket, in any case, at our own address only', () => {
  const address = replyAddress('support@desk.example', TOKEN)
  expect(address).toBe(`support+${TOKEN}@desk.example`)
  expect(tokenIn(address.toUpperCase(), ['Support@desk.example'])).toBe(TOKEN)
  expect(tokenIn(address, ['support@other.example'])).toBeNull()
  expect(tokenIn(address, [])).toBeNull()
  for (const wrong of [
    'support+1042@desk.example',
    `support+${TOKEN}a@desk.example`,
    `support+${TOKEN.slice(1)}@desk.example`,
    `support+%_@desk.example`,
    'support@desk.example',
    `+${TOKEN}@desk.example`,
  ])
    expect(tokenIn(wrong, ['support@desk.example'])).toBeNull()
  expect(() => replyAddress('support@desk.example', '1042')).toThrow(TypeError)
  expect(withoutSubaddress('Support+X@Desk.example')).toBe('support@desk.example')
})

test.each([
  ['Re: Fwd: Printer', 'Printer'],
  ['RE: AW: WG: Printer', 'Printer'],
  ['Re[2]: Printer', 'Printer'],
  ['回复：转发：打印机', '打印机'],
  ['RV: Impresora', 'Impresora'],
  ['[help] Re: [help] Printer', '[help] Printer'],
  ['Re: [ABC-1] broken', '[ABC-1] broken'],
  ['[Fwd: Printer]', 'Printer'],
  ['Printer (fwd)', 'Printer'],
  ['Request: printer', 'Request: printer'],
  ['Rechnung: 10', 'Rechnung: 10'],
  ['  Printer   on\tfire ', 'Printer on fire'],
  ['Re:', ''],
])('the base subject of %j is %j', (subject, base) => {
  expect(baseSubject(subject)).toBe(base)
})

test('marks say whether a mail answers or passes on', () => {
  expect(isForwardSubject('FW: x')).toBe(true)
  expect(isForwardSubject('[list] WG: x')).toBe(true)
  expect(isForwardSubject('Re: Fwd: x')).toBe(false)
  expect(isForwardSubject('Forward planning')).toBe(false)
  expect(isReplySubject('Aw: x')).toBe(true)
  expect(isReplySubject('Award: x')).toBe(false)
})

test('a subject made to hurt takes no time', () => {
  const start = performance.now()
  for (const unit of ['Re: ', '[a] ', ' ', '[', 'Fwd:', '(fwd) ']) baseSubject(unit.repeat(250_000))
  expect(performance.now() - start).toBeLessThan(1_000)
})
