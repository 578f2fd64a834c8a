import { expect, test } from 'vitest'
import { mailNoticeView } from '../../src/slack/views/mail-notice.ts'
import { everyNotice, staffContext } from './tickets.ts'

const notices = everyNotice('We had the same problem.').map((mail) => ({
  mail,
  text: mailNoticeView(mail, staffContext()).text,
  buttons: JSON.stringify(mailNoticeView(mail, staffContext()).blocks).match(/mail\.(accept|open|discard)/g) ?? [],
}))

test('a held mail can be accepted, any can become a ticket or be discarded, and none once that is decided', () => {
  for (const { mail, buttons } of notices) {
    const choices = mail.kind === 'held' ? ['mail.accept', 'mail.open', 'mail.discard'] : ['mail.open', 'mail.discard']
    expect(buttons).toEqual(mail.decided ? [] : choices)
  }
})

test('while it waits it says why and what to do; after that, who did what', () => {
  for (const { mail, text } of notices) {
    expect(text.includes('Reason: No sender.')).toBe(mail.decided === null)
    expect(/wait|as spam|could not be read/.test(text.split('\n')[0]!)).toBe(mail.decided === null)
    if (mail.decided && mail.decided.what !== 'replayed') expect(text).toMatch(/^\S+ We had the same problem\. \w+/)
  }
})

test('what it says is in it, waiting and decided', () => {
  for (const { text } of notices) expect(text).toContain('\nWe had the same problem.')
})

test('a sender who failed the check of mail servers is shown as such', () => {
  for (const { mail, text } of notices) expect(text.includes('Not sent by whom it names')).toBe(mail.proof === 'failed')
})
