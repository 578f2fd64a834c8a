import { describe, expect, test } from 'vitest'
import { slackDate } from '../../src/sandbox/page/moment.ts'
import { mrkdwn } from '../../src/sandbox/page/slack/mrkdwn.ts'
import type { Reader } from '../../src/sandbox/page/slack/reader.ts'

const ada = { tz: 'Europe/Berlin', locale: 'en-GB' }
const kofi = { tz: 'America/New_York', locale: 'en-US' }
const now = new Date('2026-11-23T12:00:00Z')
const reader = {
  me: 'U0ADA',
  viewer: ada,
  now,
  nameOf: (id: string) => ({ U0ADA: 'Ada Lovelace', U0KOFI: 'Kofi Mensah' })[id] ?? null,
  channelName: () => 'triage',
} as unknown as Reader

/** What was drawn, as markup one can compare; attributes that only style are left out. */
function drawn(node: unknown): string {
  if (Array.isArray(node)) return node.map(drawn).join('')
  if (typeof node === 'string' || typeof node === 'number') return String(node).replace(/</g, '&lt;')
  if (!node || typeof node !== 'object') return ''
  const { type, props } = node as { type: string; props: { children?: unknown; href?: string } }
  const href = props.href ? ` ${props.href}` : ''
  return `<${type}${href}>${drawn(props.children)}</${type}>`
}
const show = (text: string) => drawn(mrkdwn(text, reader))

describe('mrkdwn is shown as Slack shows it', () => {
  test.each([
    ['*bold* _it_ ~no~ `code`', '<strong>bold</strong> <em>it</em> <s>no</s> <code>code</code>'],
    ['2*3*4 and snake_case_name', '2*3*4 and snake_case_name'],
    ['* not bold *', '* not bold *'],
    ['*bold _and_ more*', '<strong>bold <em>and</em> more</strong>'],
    ['one\ntwo', 'one<br></br>two'],
    ['&gt; quoted\n&gt; twice\nend', '<blockquote>quoted<br></br>twice</blockquote>end'],
    ['```\na *b*\n```', '<pre>a *b*</pre>'],
    ['<https://a.example/x?y=1&amp;z=2|here>', '<a https://a.example/x?y=1&z=2>here</a>'],
    ['see https://a.example/x.', 'see <a https://a.example/x>https://a.example/x</a>.'],
    ['<@U0KOFI> and <@U0NOBODY|somebody>', '<span>@Kofi Mensah</span> and <span>@somebody</span>'],
    ['<#C0TRIAGE>', '<span>#triage</span>'],
    [':tada: :no_such_emoji:', '🎉 :no_such_emoji:'],
  ])('%j', (text, expected) => expect(show(text)).toBe(expected))

  test('what somebody typed stays text', () => {
    expect(show('&lt;b&gt; &amp;amp; &lt;!channel&gt;')).toBe('&lt;b> &amp; &lt;!channel>')
    expect(show('<javascript:alert(1)|press>')).toBe('press')
  })
})

describe('dates are shown in the zone of the reader', () => {
  const at = Date.parse('2026-11-24T23:30:00Z') / 1000
  test.each([
    ['{date_short_pretty} {time}', ada, '25 Nov 2026 0:30'],
    ['{date_short_pretty} {time}', kofi, 'tomorrow 6:30 PM'],
    ['{date_num}', ada, '2026-11-25'],
    ['{date}', kofi, 'November 24'],
    ['{date_long}', kofi, 'Tuesday, November 24, 2026'],
  ])('%s', (pattern, viewer, expected) => {
    expect(slackDate(at, pattern, now, viewer).replace(/\s/g, ' ')).toBe(expected)
  })
})
