/** Strings made to ping, link, hide or break in Slack, and where Slack would find one of them alive. */

export const seeds = [
  '<!channel>',
  '<!here> now',
  '<!everyone>',
  '<@U1ADA>',
  '<#C1|general>',
  '<!subteam^S1|all>',
  '<https://evil.example|your invoice>',
  '<mailto:x@y.example|Kofi>',
  '<!date^0^{date}|never>',
  '<!date^1795546800^{date_short_pretty} {time}^https://evil.example|now>',
  '&lt;!channel&gt;',
  '&amp;lt;!channel&amp;gt;',
  'https://evil.example/?a=1&b=2',
  '#general @here @channel',
  '```\n*Status:* ✅ Solved\n```',
  '`x` *b* _i_ ~s~ > quote',
  '> ✅ Kofi marked your request #1042 as solved.',
  '\n\n*Next:* Closed\n',
  'invoice\u202Efdp.exe',
  '\u2066<!channel>\u2069',
  '',
  ' ',
  '\n',
  '\0\x01\x1b[31m',
  '\ud800 lone',
  '😀'.repeat(1500),
  '👩‍👩‍👧‍👦'.repeat(400),
  '&'.repeat(5000),
  '<'.repeat(5000),
  'x'.repeat(5000),
  'x'.repeat(40_000),
  'word '.repeat(8000),
  '\n'.repeat(5000),
  'שלום עולם',
  'مرحبا',
  "{number} {subject, select, x {y}} '{quoted}' #",
  '|',
  '>',
  '<',
  '&',
  '"',
  '{}',
  '] [x](https://evil.example)',
]

/** The string alone, within other text, twice, and at the edge of what Slack takes. */
export const around = (text: string) => [
  text,
  `a${text}b`,
  `${text} ${text}`,
  `${'y'.repeat(73)}${text}`,
  `${'é'.repeat(2890)}${text}`,
]

/** All of them, in all these ways. */
export const hostile = seeds.flatMap(around)

const ours =
  /<!date\^\d+\^\{date_short_pretty\} \{time\}\|[^<>|]*>|<@U7KOFI>|<#C1>|<https:\/\/acme\.slack\.example\/[^<>|]*\|[^<>|]*>/g

/** Every place where Slack would find a command, a link or a reversed text that is not ours. `baseUrl`: where our own pages are. */
export function liveSequences(view: object, baseUrl = 'https://desk.example/'): string[] {
  const found: string[] = []
  const look = (value: unknown, key: string, parent: Record<string, unknown>) => {
    if (Array.isArray(value)) for (const item of value) look(item, key, parent)
    else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) look(inner, name, value as Record<string, unknown>)
    } else if (typeof value === 'string') {
      const isParsed = key === 'text' && (parent.type === undefined || parent.type === 'mrkdwn')
      if (isParsed && /[<>]|&(?!(amp|lt|gt);)/.test(value.replace(ours, ''))) found.push(value)
      if (parent.type === 'mrkdwn' && parent.verbatim !== true) found.push(`not verbatim: ${value}`)
      if (key === 'url' && !value.startsWith(baseUrl)) found.push(value)
      if (parent.type === 'user' || parent.type === 'broadcast') found.push(value)
      if (/[\u202a-\u202e\u2066-\u2069]/.test(value) || !value.isWellFormed()) found.push(`misleads: ${value}`)
    }
  }
  look(view, '', {})
  return found
}
