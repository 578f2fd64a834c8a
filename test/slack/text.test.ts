import { describe, expect, it } from 'vitest'
import { escapeText, momentToken, mrkdwn, oneLine, pieces, plain } from '../../src/slack/text.ts'

describe('text for Slack', () => {
  it('is escaped once, and only in & < >', () => {
    expect(escapeText('<!channel> & "you" *bold*')).toBe('&lt;!channel&gt; &amp; "you" *bold*')
  })

  it('is cut after escaping, never inside an entity', () => {
    for (let max = 1; max < 40; max++) {
      const text = mrkdwn('a&b<c>d&&&&<<<<', max)
      expect(text.length).toBeLessThanOrEqual(max)
      expect(text.replace(/&(amp|lt|gt);/g, '')).not.toMatch(/[&;]/)
    }
  })

  it('keeps an emoji whole at the cut', () => {
    for (let max = 1; max < 12; max++) {
      const text = plain('😀😀😀😀😀', max)
      expect(text.isWellFormed()).toBe(true)
      expect(text.length).toBeLessThanOrEqual(max)
    }
  })

  it('that fits stays as it is', () => {
    expect(plain('12345', 5)).toBe('12345')
    expect(plain('123456', 5)).toBe('1234…')
    expect(mrkdwn('&', 5)).toBe('&amp;')
    expect(mrkdwn('&', 4)).toBe('…')
  })

  it('reads the way it is written: no bidi override survives', () => {
    expect(plain('invoice\u202Efdp.exe \u2066x\u2069', 100)).toBe('invoicefdp.exe x')
  })

  it('holds no NUL, no lone surrogate and no second kind of line end', () => {
    expect(plain('a\0b\ud800c\r\nd\re', 100)).toBe('ab\ufffdc\nd\ne')
  })

  it('of a name is one line', () => {
    expect(oneLine('  Ada\n✅ Solved\tby\u2028Kofi ')).toBe('Ada ✅ Solved by Kofi')
  })

  it('in pieces is the whole text again', () => {
    const long = 'the printer 😀 eats '.repeat(500).trim()
    const cut = pieces(long, 100)
    expect(cut.join('')).toBe(long)
    expect(cut.every((piece) => piece.length <= 100 && piece.isWellFormed())).toBe(true)
    expect(pieces('😀'.repeat(50), 7).join('')).toBe('😀'.repeat(50))
    expect(pieces('x'.repeat(25), 10)).toEqual(['x'.repeat(10), 'x'.repeat(10), 'xxxxx'])
  })
})

describe('a moment', () => {
  it('is shown in the reader’s zone, with a fallback that cannot end the token', () => {
    const token = momentToken(new Date('2026-11-24T19:00:00.900Z'), 'Tuesday | 20:00 > now')
    expect(token).toBe('<!date^1795546800^{date_short_pretty} {time}|Tuesday / 20:00 &gt; now>')
  })
})
