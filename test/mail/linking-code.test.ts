import { expect, test } from 'vitest'
import { loadTemplates } from '../../src/templates.ts'

const templates = await loadTemplates('templates')

test.each(['en', 'es', 'pt'])(
  'the mail with a code says in %s the code, until when, and what if it was not you',
  (locale) => {
    const params = {
      company: 'Acme & <Sons>',
      code: '012 345',
      until: new Date('2026-11-23T10:15:00Z'),
      ...{ number: null, name: '', history: [], historyCut: false, isCopied: false },
    }
    const { subject, text, html } = templates.render('linking-code', locale, params, { timeZone: 'Europe/Berlin' })
    expect(subject).toContain('Acme & <Sons>')
    expect(text).toMatch(/^ {4}012 345$/m)
    expect(text.replaceAll('\n', ' ')).toMatch(/2026,? 11:15 \(CET\)/)
    expect(html).toContain('012 345')
    expect(html).toContain('Acme &amp; &lt;Sons&gt;')
    expect(text + html).not.toMatch(/#null|undefined|\{\w+\}/)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(78)
  },
)
