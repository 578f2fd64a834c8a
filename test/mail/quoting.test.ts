import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseMail } from '../../src/mail/mail.ts'
import { visibleText } from '../../src/mail/quoting.ts'

const folder = new URL('./fixtures/replies/', import.meta.url)
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => name.slice(0, -4))

/** Direction marks are invisible; blanks at line ends too. */
const seen = (text: string) =>
  text
    .replace(/[\u200e\u200f\u202a-\u202e]/g, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

describe('the visible reply of every mail program and language', () => {
  test.each(names)('%s', async (name) => {
    const mail = await parseMail(readFileSync(new URL(`${name}.eml`, folder)))
    expect(seen(visibleText(mail).text)).toBe(seen(readFileSync(new URL(`${name}.txt`, folder), 'utf8')))
    // The text part alone says the same.
    if (mail.text && mail.html)
      expect(seen(visibleText({ ...mail, html: null }).text).replace(/^ /gm, '')).toBe(
        seen(readFileSync(new URL(`${name}.txt`, folder), 'utf8')),
      )
  })
})
