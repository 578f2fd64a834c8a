import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createArticleDesk } from '../../src/articles/article-desk.ts'
import { MovableClock } from '../../src/clock.ts'
import { searchArticles } from '../../src/store/articles/search.ts'
import { prepareTypoIndex } from '../../src/store/articles/typo-index.ts'
import { openDatabase } from '../../src/store/database.ts'
import { freshDatabase } from '../support/database.ts'
import { bring, startShelf, written } from './shelf.ts'

let shelf: Awaited<ReturnType<typeof startShelf>>

beforeAll(async () => {
  shelf = await startShelf()
})
afterAll(() => shelf?.end())

async function keysFor(text: string, locale: string | null, limit = 3): Promise<string[]> {
  const found = await searchArticles(shelf.database, { text, locale, limit, timeoutMs: 10_000 })
  const { rows } = await shelf.database.query<{ id: number; key: string }>('select id, key from articles')
  return found.map(({ id, language }) => `${rows.find((row) => row.id === id)!.key} ${language}`)
}

describe('TEC-03: the articles that fit what was typed come first', () => {
  test.each([
    ['en-US', 'The checkout hangs', 'checkout-issues en'],
    ['en-US', 'we cannot log in, admin blocked', 'admin-blocked en'],
    ['en-US', 'products are missing in the catalogue index', 'catalog-indexing en'],
    ['en-US', 'How do I reopen a solved request?', 'reply-and-reopen en'],
    ['en-US', 'forgot passwords', 'reset-password en'],
    ['en-US', 'our master admin has left', 'master-admin en'],
    ['es-ES', 'No me llegó la factura', 'invoices-and-boleto es'],
    ['es-419', 'olvidé mi contraseña', 'reset-password es'],
    ['es-MX', 'mi administrador está bloqueado', 'admin-blocked es'],
    ['es-MX', 'quiero crear políticas comerciales nuevas', 'trade-policies es'],
    ['pt-BR', 'meu boleto venceu', 'invoices-and-boleto pt'],
    ['pt-BR', 'esqueci a senha', 'reset-password pt'],
    ['pt-BR', 'pagamentos recusados no checkout', 'checkout-issues pt'],
    ['pt-BR', 'produtos não aparecem', 'catalog-indexing pt'],
  ])('%s: %s', async (locale, text, first) => {
    expect((await keysFor(text, locale))[0]).toBe(first)
  })

  test.each([
    ['accents left out', 'es', 'contrasena olvidada', 'reset-password es'],
    ['accents left out', 'pt', 'indexacao do catalogo', 'catalog-indexing pt'],
    ['accents too many', 'es', 'fácturá', 'invoices-and-boleto es'],
    ['all in capitals', 'pt', 'SENHA', 'reset-password pt'],
    ['a letter missing', 'en', 'chekout', 'checkout-issues en'],
    ['two letters swapped', 'en', 'bolteo', 'invoices-and-boleto en'],
    ['a letter doubled', 'en', 'passsword', 'reset-password en'],
    ['two slips in a long word', 'es', 'contracena', 'reset-password es'],
    ['a wrong letter', 'pt', 'catalago', 'catalog-indexing pt'],
    ['another ending', 'en', 'blocking', 'admin-blocked en'],
    ['another ending', 'es', 'bloqueada', 'admin-blocked es'],
  ])('%s (%s: %s)', async (_, locale, text, first) => {
    expect((await keysFor(text, locale))[0]).toBe(first)
  })

  test('what fits nothing finds nothing, and so do stop words, signs and nothing', async () => {
    for (const text of [
      'zebra quantum',
      'The label printer prints blank labels',
      'the and of',
      'xxxxxxxxx',
      '?!',
      '',
      ' ',
      "'; vacuum; --",
      'a:* & !b',
    ])
      expect(await keysFor(text, 'en'), text).toEqual([])
  })

  test('what nobody asked for is shown only when it most likely fits; who looks for a word sees all that say it', async () => {
    const ask = (isUnasked: boolean) =>
      searchArticles(shelf.database, { text: 'contract', locale: 'en', limit: 9, timeoutMs: 10_000, isUnasked })
    expect((await ask(false)).length).toBeGreaterThan(2)
    expect(await ask(true)).toEqual([])
  })

  test('a word in the labels counts as one in the title', async () => {
    expect((await keysFor('suspended', 'en'))[0]).toBe('admin-blocked en')
    const [{ score } = { score: 0 }] = await searchArticles(shelf.database, {
      text: 'suspended',
      locale: 'en',
      limit: 1,
      timeoutMs: 10_000,
    })
    expect(score).toBe(1)
  })

  test('a word that some article has in another ending is no slip of another word', async () => {
    const bills = written({ key: 'locking', title: 'Locking the warehouse', locale: 'en' })
    await bring(shelf.database, { articles: [bills] }, { source: 'endings' })
    expect((await keysFor('blocking', 'en'))[0]).toBe('admin-blocked en')
    await bring(shelf.database, {}, { source: 'endings', removesMissing: true })
  })

  test('a word of its own is no slip of another word that articles have', async () => {
    const shops = written({ key: 'shops', title: 'Opening shops', locale: 'en' })
    await bring(shelf.database, { articles: [shops] }, { source: 'slips' })
    expect(await keysFor('shoes', 'en')).toEqual([])
    expect((await keysFor('shosp', 'en'))[0]).toBe('shops en')
    await bring(shelf.database, {}, { source: 'slips', removesMissing: true })
  })

  test('at most as many as asked for', async () => {
    expect(await keysFor('account', 'en', 2)).toHaveLength(2)
  })
})

describe('TEC-03: the language of who asks', () => {
  test('an English word in a Spanish question finds the Spanish article, not the English one', async () => {
    expect(await keysFor('checkout', 'es')).toEqual(['checkout-issues es'])
    const [first, ...rest] = await keysFor('password', 'es')
    expect(first).toBe('reset-password es')
    expect(rest.filter((found) => !found.endsWith(' es'))).toEqual([])
  })

  test('where there is none in their language, English comes next, then any other', async () => {
    await bring(
      shelf.database,
      {
        articles: [
          written({ key: 'gift', title: 'Gift cards' }),
          written({ key: 'pix', locale: 'pt-BR', title: 'Pix não confirma' }),
          written({ key: 'entrada', locale: 'es', title: 'Tarjetas regalo y gift' }),
        ],
      },
      { source: 'other' },
    )
    expect(await keysFor('gift', 'pt')).toEqual(['gift en'])
    expect(await keysFor('gift', 'es')).toEqual(['entrada es', 'gift en'])
    expect(await keysFor('pix', 'es')).toEqual(['pix pt'])
    expect(await keysFor('pix', null)).toEqual(['pix pt'])
  })
})

test('TEC-03: of five that fit as well, three are suggested, and a search lists all', async () => {
  const articles = [1, 2, 3, 4, 5].map((n) => written({ key: `lute${n}`, title: `Tuning the lute, part ${n}` }))
  await bring(shelf.database, { articles }, { source: 'lutes' })
  const [queue, log] = [{ wakeLane: async () => {} }, { warn: () => {} }]
  const desk = createArticleDesk({
    database: shelf.database,
    clock: new MovableClock(),
    queue,
    log,
    patienceMs: 10_000,
  })
  const { rows } = await shelf.database.query<{ id: number }>(
    "insert into contacts (name, created_at) values ('Ada', now()) returning id",
  )
  const reader = { id: rows[0]!.id, locale: 'en' }
  const asked = 'How do I tune a lute?'
  expect(await desk.suggest(reader, '00000000-0000-4000-8000-000000000001', asked)).toHaveLength(3)
  expect(await desk.search(reader, asked)).toHaveLength(5)
  await bring(shelf.database, {}, { source: 'lutes', removesMissing: true })
})

test('KBS-01: what only staff may read, drafts and removed articles are found by nobody', async () => {
  const secret = written({ key: 'secret', title: 'Xylophone margins', audience: 'staff' })
  const gone = written({ key: 'gone', title: 'Xylophone lessons' })
  await bring(shelf.database, { articles: [secret, gone] }, { source: 'mixed' })
  expect(await keysFor('xylophone', 'en')).toEqual(['gone en'])
  await bring(shelf.database, { articles: [secret] }, { source: 'mixed', removesMissing: true })
  expect(await keysFor('xylophone', 'en')).toEqual([])
})

test('a database without pg_trgm finds what is spelt right, and the start says what to run', async () => {
  const fresh = await freshDatabase()
  const database = openDatabase(fresh.url)
  try {
    // An owner may make a trusted extension; a role that may create nothing in the database may not.
    await database.query('drop extension if exists pg_trgm cascade')
    await database.query(
      `do $$ begin execute format('revoke create on database %I from current_user', current_database()); end $$`,
    )
    expect(await prepareTypoIndex(database)).toContain('create extension pg_trgm')
    await bring(database, { articles: [written()] })
    const ask = (text: string) => searchArticles(database, { text, locale: 'en', limit: 3, timeoutMs: 10_000 })
    expect(await ask('invoices')).toHaveLength(1)
    expect(await ask('invocies')).toEqual([])
  } finally {
    await database.close()
    await fresh.drop()
  }
})
