import { expect, test } from 'vitest'
import { loadTemplates } from '../../src/templates.ts'

const templates = await loadTemplates('templates')

test.each(['en', 'es', 'pt'])(
  'the mail with a code says in %s the code, until when, and what if it was not you',
  (locale) => {
    const params = {
      company: 'Acme & <Sons>',
      purpose: 'address',
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

test.each(['en', 'es', 'pt'])(
  'the code for a store says in %s that a store is asked for, not an address (AUT-03)',
  (locale) => {
    const params = { company: 'Acme', code: '012 345', until: new Date('2026-11-23T10:15:00Z'), number: null, name: '' }
    const more = { history: [], historyCut: false, isCopied: false }
    const texts = ['store', 'address'].map(
      (purpose) => templates.render('linking-code', locale, { ...params, ...more, purpose }).text,
    )
    expect(texts[0]).toMatch(/store|tienda|loja/)
    expect(texts[1]).not.toMatch(/store|tienda|loja/)
  },
)

test.each([
  ['en', /one (list|history)/, /faster/],
  ['es', /un(a|o solo| solo) (lista|historial)/, /antes/],
  ['pt', /(uma lista|um só histórico)/, /rápido/],
])(
  'whoever is asked to link an address reads in %s what it is good for: history together, faster help (AUT-15)',
  (locale, together, faster) => {
    const words = templates.words(locale)
    for (const key of ['people.addresses.why', 'mail.opened.join']) {
      expect(words(key)).toMatch(together)
      expect(words(key)).toMatch(faster)
    }
    expect(words('access.store.why')).toMatch(faster)
  },
)
