import { expect, test } from 'vitest'
import { languageOf } from '../../src/mail/language.ts'

test.each([
  ['Where is my order? It was sent last week.', 'en'],
  ['Olá, não consigo acessar o painel, podem ajudar?', 'pt'],
  ['Hola, no puedo entrar al panel. ¿Me ayudan por favor?', 'es'],
  ['Guten Tag, die Rechnung ist doppelt. Können Sie helfen?', null],
  ['Help', null],
  ['', null],
])('%s is written in %s', (text, locale) => {
  expect(languageOf(text)).toBe(locale)
})
