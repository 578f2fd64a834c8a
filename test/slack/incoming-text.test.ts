import { expect, test } from 'vitest'
import { incomingText } from '../../src/slack/incoming-text.ts'

test.each([
  ['Thanks :+1:', 'Thanks 👍'],
  ['Thanks :+1::skin-tone-3: Ada', 'Thanks 👍🏼 Ada'],
  [':woman-shrugging::skin-tone-6:', '🤷🏿‍♀️'],
  [':point_up::skin-tone-2:', '☝🏻'],
  ['I :heart: it :warning:', 'I ❤️ it ⚠️'],
  [':flag-de: :us: :melting_face: :100:', '🇩🇪 🇺🇸 🫠 💯'],
  [':tada::tada:', '🎉🎉'],
  ['done:white_check_mark:', 'done✅'],
])('the emoji of %s are characters', (arrived, text) => {
  expect(incomingText(arrived)).toBe(text)
})

test.each([
  ':partyparrot:', // the workspace's own
  'at 12:30:45 sharp',
  'from 10:100:20',
  'a::b :c',
  '`run :tada: now`',
  '```\nkey:fire:value\n```',
  ':constructor: :__proto__:',
])('%s stays as it was written', (arrived) => {
  expect(incomingText(arrived)).toBe(arrived)
})

test.each([
  ['12:30:+1:', '12:30👍'],
  ['<https://a.example/:fire:/x?a=1&amp;b=2>', 'https://a.example/:fire:/x?a=1&b=2'],
  ['<https://a.example|here> and <mailto:a@b.example|a@b.example>', 'here (https://a.example) and a@b.example'],
  ['<@U0KOFI> <#C0GENERAL|general> <!channel>', '@U0KOFI #general @channel'],
  ['&lt;!channel&gt; &amp;amp; `&lt;b&gt;`', '<!channel> &amp; `<b>`'],
])('%s is undone exactly once', (arrived, text) => {
  expect(incomingText(arrived)).toBe(text)
})
