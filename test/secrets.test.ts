import { expect, test } from 'vitest'
import { createSecrets, hashOf } from '../src/secrets.ts'

const secrets = createSecrets('one installation')

test('every secret is 130 bits that survive an address: 26 small letters and digits', () => {
  for (const token of [secrets.replyToken(1042), secrets.surveyToken(1042), secrets.messageIdPart('41/mail/reply/1')])
    expect(token).toMatch(/^[a-z2-7]{26}$/)
})

test('no two tickets, purposes, files, effects or installations share one', () => {
  const other = createSecrets('another installation')
  const all = [secrets, other].flatMap((each) =>
    [1, 2, 12, 21].flatMap((id) => [
      each.replyToken(id),
      each.surveyToken(id),
      each.fileToken(id),
      each.messageIdPart(String(id)),
      each.pageToken(String(id)),
    ]),
  )
  expect(new Set(all).size).toBe(all.length)
})

test('a repeated effect carries the same Message-ID, also after a restart', () => {
  expect(createSecrets('one installation').messageIdPart('41/mail/reply/1')).toBe(
    secrets.messageIdPart('41/mail/reply/1'),
  )
})

test('a file opens to its own token alone', () => {
  expect(secrets.opensFile(7, secrets.fileToken(7))).toBe(true)
  const wrong = [
    secrets.fileToken(8),
    secrets.replyToken(7),
    '',
    'a'.repeat(10_000),
    secrets.fileToken(7).toUpperCase(),
  ]
  for (const token of wrong) expect(secrets.opensFile(7, token)).toBe(false)
})

test('a page’s token counts for what the page was about alone', () => {
  expect(secrets.isPageToken('survey/7', secrets.pageToken('survey/7'))).toBe(true)
  for (const token of [secrets.pageToken('survey/8'), '', secrets.surveyToken(7)])
    expect(secrets.isPageToken('survey/7', token)).toBe(false)
})

test('what the database keeps says nothing about the secret', () => {
  const token = secrets.replyToken(1042)
  expect(hashOf(token)).toHaveLength(32)
  expect(hashOf(token).toString('latin1')).not.toContain(token)
})
