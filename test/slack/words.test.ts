import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import english from '../../templates/en/slack.json' with { type: 'json' }

const source = new URL('../../src/slack/', import.meta.url)
const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(new URL(name, source), 'utf8'))
  .join('\n')
// Keys as written, and as patterns where a part of them is only known when they are said.
const keysInCode = /'(slack\.[^']+)'|`(slack\.(?:\$\{[^}]*\}|[^`$])+)`/g
const said = [...code.matchAll(keysInCode)]
  .map((match) => match[1] ?? match[2]!)
  .filter((key) => !/^slack\.com(\/|$)/.test(key))
const patterns = said.map(
  (key) =>
    new RegExp(
      `^${key
        .replace(/\$\{[^}]*\}/g, '\0')
        .replaceAll('.', '\\.')
        .replaceAll('\0', '.+')}$`,
    ),
)

describe('the words of views', () => {
  it('are all there, and all said', () => {
    const keys = Object.keys(english)
    expect(keys.filter((key) => !patterns.some((pattern) => pattern.test(key)))).toEqual([])
    expect(said.filter((_, index) => !keys.some((key) => patterns[index]!.test(key)))).toEqual([])
  })

  it('never call a ticket so to its requester, or speak in the words of the code', () => {
    const toClients = Object.entries(english).filter(([key]) =>
      /^slack\.(notice|request|survey|modal|next\.requester)\./.test(key),
    )
    for (const [key, text] of toClients) {
      expect(text, key).not.toMatch(/ticket|pending|triage|assignee|agentId|null|undefined/i)
    }
  })

  it('fit where Slack cuts', () => {
    for (const locale of ['en', 'es', 'pt']) {
      const words: Record<string, string> = JSON.parse(
        readFileSync(new URL(`../../templates/${locale}/slack.json`, import.meta.url), 'utf8'),
      )
      const most = (key: string) => {
        if (key === 'slack.button.reopen-until' || /form\.no-account|reply\.wait|survey\.spoken/.test(key)) return 75
        if (/^slack\.button\.(send|cancel|close)$|-title$|^slack\.modal\.title$/.test(key)) return 24
        if (key === 'slack.reply.title') return 24
        if (/^slack\.button\./.test(key)) return 30
        return 3000
      }
      for (const [key, text] of Object.entries(words)) {
        const length = text.replace('{number}', '123456').replace('{until}', '').length
        expect(length, `${locale} ${key}`).toBeLessThanOrEqual(most(key))
      }
    }
  })
})
