import { beforeAll, describe, expect, test } from 'vitest'
import { type Labels, labelFiles, readLabels } from '../src/templates/labels.ts'
import { elementsOf, type MessageElement, pluralsOf } from '../src/templates/plurals.ts'
import { loadTemplates, type Params, type Templates } from '../src/templates.ts'

const dir = new URL('../templates', import.meta.url).pathname
const locales = ['en', 'es', 'pt']
let templates: Templates
beforeAll(async () => {
  templates = await loadTemplates(dir)
})

const labelsOf = (locale: string): Labels =>
  new Map(labelFiles(dir, locale).flatMap((file) => [...readLabels(dir, locale, file)]))
const counted = locales.flatMap((locale) =>
  [...labelsOf(locale)].flatMap(([key, text]) =>
    [...new Set(pluralsOf(elementsOf(text)).map(({ name }) => name))].map((count) => ({ locale, key, text, count })),
  ),
)

// "and 3 more" is said of one as of three.
const invariant = new Set(['articles.followed.more', 'articles.news-more'])

describe('every label that counts', () => {
  test('is found, in every language alike', () => {
    const keys = (locale: string) => counted.filter((each) => each.locale === locale).map(({ key }) => key)
    expect(keys('en').length).toBeGreaterThan(25)
    expect(keys('es')).toEqual(keys('en'))
    expect(keys('pt')).toEqual(keys('en'))
  })

  test.each(counted)(
    'says one and several apart, and none as several: $locale $key {$count}',
    ({ locale, key, text, count }) => {
      const saying = (n: number) => templates.words(locale)(key, { ...anything(elementsOf(text)), [count]: n })
      const shape = (n: number) => saying(n).replaceAll(new RegExp(`(?<!\\d)${n}(?!\\d)`, 'g'), '#')
      expect(shape(5)).toBe(shape(2))
      expect(shape(21)).toBe(shape(2))
      if (!invariant.has(key)) expect(shape(1)).not.toBe(shape(2))
      // What is said of none is either as of several, or words of its own, without a number.
      if (shape(0) !== shape(2)) expect(saying(0)).not.toMatch(/(?<![\d#])0/)
    },
  )
})

test('what is counted somewhere is counted everywhere: no number stands before words that do not follow it', () => {
  // A request's number, and how many more names there are ("and 3 more").
  const names = new Set(counted.map(({ count }) => count).filter((name) => name !== 'number'))
  const bare = locales.flatMap((locale) =>
    [...labelsOf(locale)]
      .filter(([, text]) => plain(elementsOf(text)).some((name) => names.has(name)))
      .map(([key]) => key),
  )
  expect(new Set(bare)).toEqual(new Set(['slack.people.more']))
  const literal = locales.flatMap((locale) =>
    [...labelsOf(locale)].filter(([, text]) => /(?<![\d#.,])1 \p{L}{3,}s\b/u.test(text)).map(([key]) => key),
  )
  expect(literal).toEqual([])
})

const table: [
  key: string,
  params: Params,
  said: Record<string, [none: string, one: string, two: string, five: string]>,
][] = [
  [
    'command.found',
    { search: 'ink' },
    {
      en: [
        '*0 requests* with “ink”:',
        '*1 request* with “ink”:',
        '*2 requests* with “ink”:',
        '*5 requests* with “ink”:',
      ],
      es: [
        '*0 solicitudes* con «ink»:',
        '*1 solicitud* con «ink»:',
        '*2 solicitudes* con «ink»:',
        '*5 solicitudes* con «ink»:',
      ],
      pt: ['*0 chamados* com “ink”:', '*1 chamado* com “ink”:', '*2 chamados* com “ink”:', '*5 chamados* com “ink”:'],
    },
  ],
  [
    'articles.search.found',
    { asked: 'ink' },
    {
      en: ['0 articles for *ink*:', '1 article for *ink*:', '2 articles for *ink*:', '5 articles for *ink*:'],
      es: ['0 artículos para *ink*:', '1 artículo para *ink*:', '2 artículos para *ink*:', '5 artículos para *ink*:'],
      pt: ['0 artigos para *ink*:', '1 artigo para *ink*:', '2 artigos para *ink*:', '5 artigos para *ink*:'],
    },
  ],
  [
    'history.modal.earlier',
    {},
    {
      en: ['Show 0 earlier messages', 'Show 1 earlier message', 'Show 2 earlier messages', 'Show 5 earlier messages'],
      es: [
        'Ver 0 mensajes anteriores',
        'Ver 1 mensaje anterior',
        'Ver 2 mensajes anteriores',
        'Ver 5 mensajes anteriores',
      ],
      pt: [
        'Ver 0 mensagens anteriores',
        'Ver 1 mensagem anterior',
        'Ver 2 mensagens anteriores',
        'Ver 5 mensagens anteriores',
      ],
    },
  ],
  [
    'join.joined',
    { address: 'a@b.example' },
    {
      en: [
        'Done: a@b.example is yours now, too.',
        'Done: a@b.example is yours now, too, and so is 1 request from there.',
        'Done: a@b.example is yours now, too, and so are 2 requests from there.',
        'Done: a@b.example is yours now, too, and so are 5 requests from there.',
      ],
      es: [
        'Listo: a@b.example ahora también es tuya.',
        'Listo: a@b.example ahora también es tuya, igual que 1 solicitud enviada desde ahí.',
        'Listo: a@b.example ahora también es tuya, igual que 2 solicitudes enviadas desde ahí.',
        'Listo: a@b.example ahora también es tuya, igual que 5 solicitudes enviadas desde ahí.',
      ],
      pt: [
        'Pronto: a@b.example agora também é seu.',
        'Pronto: a@b.example agora também é seu, assim como 1 chamado enviado de lá.',
        'Pronto: a@b.example agora também é seu, assim como 2 chamados enviados de lá.',
        'Pronto: a@b.example agora também é seu, assim como 5 chamados enviados de lá.',
      ],
    },
  ],
  [
    'history.reply.files-hint',
    { limit: 20 },
    {
      en: [
        'Up to 0 files of at most 20 MB each: screenshots, recordings, documents.',
        'One file of at most 20 MB: screenshots, recordings, documents.',
        'Up to 2 files of at most 20 MB each: screenshots, recordings, documents.',
        'Up to 5 files of at most 20 MB each: screenshots, recordings, documents.',
      ],
      es: [
        'Hasta 0 archivos de 20 MB como máximo cada uno: capturas, grabaciones, documentos.',
        'Un archivo de 20 MB como máximo: capturas, grabaciones, documentos.',
        'Hasta 2 archivos de 20 MB como máximo cada uno: capturas, grabaciones, documentos.',
        'Hasta 5 archivos de 20 MB como máximo cada uno: capturas, grabaciones, documentos.',
      ],
      pt: [
        'Até 0 arquivos de no máximo 20 MB cada: capturas, gravações, documentos.',
        'Um arquivo de no máximo 20 MB: capturas, gravações, documentos.',
        'Até 2 arquivos de no máximo 20 MB cada: capturas, gravações, documentos.',
        'Até 5 arquivos de no máximo 20 MB cada: capturas, gravações, documentos.',
      ],
    },
  ],
]

test.each(table)('%s says none, one, two and five as one would', (key, params, said) => {
  for (const locale of locales)
    expect([0, 1, 2, 5].map((count) => templates.words(locale)(key, { ...params, count }))).toEqual(said[locale])
})

test('of a list that is empty its own words are said, not the number 0', () => {
  for (const locale of locales)
    for (const key of ['history.empty.mine', 'history.empty.cc', 'history.empty.search', 'command.nothing-found'])
      expect(templates.words(locale)(key, { search: 'ink' })).not.toMatch(/\d/)
})

/** Something for each parameter of a label: the first case of a choice, seven of what is counted, a word for all else. */
function anything(elements: MessageElement[]): Params {
  return Object.assign(
    {},
    ...elements.map(({ type, value, options = {} }) => ({
      ...(type === 0 || type === 7
        ? {}
        : { [String(value)]: type === 5 ? Object.keys(options)[0]! : type === 6 ? 7 : 'x' }),
      ...Object.assign({}, ...Object.values(options).map((option) => anything(option.value))),
    })),
  )
}

/** The parameters that stand in a label as they are, outside of its plurals' and choices' conditions. */
function plain(elements: MessageElement[]): string[] {
  return elements.flatMap(({ type, value, options = {} }) => [
    ...(type === 0 || type === 5 || type === 6 || type === 7 ? [] : [String(value)]),
    ...Object.values(options).flatMap((option) => plain(option.value)),
  ])
}
