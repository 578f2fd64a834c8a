import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SeenMessage } from '../../src/sandbox/slack/types.ts'
import type { WrittenArticle } from '../../src/ticket/article.ts'
import { bring, written } from '../articles/shelf.ts'
import { buttonIn, dmOf } from '../support/acting.ts'
import { ADA, BRUNO, eventually, startWorld, type World, wordsOf } from '../support/world.ts'

let world: World
let contacts: Record<string, number>

beforeAll(async () => {
  world = await startWorld()
  for (const user of [ADA, BRUNO]) await world.slack.people.openHome(user)
  await world.settle()
  const { rows } = await world.db.query('select user_id, contact_id::int from contact_slack_users')
  contacts = Object.fromEntries(rows.map(({ user_id, contact_id }) => [user_id, contact_id]))
})
afterAll(() => world?.stop())
beforeEach(async () => {
  for (const table of ['article_news', 'article_follows', 'article_words', 'articles'])
    await world.db.query(`delete from ${table}`)
  await shelve(printer)
})

const printer = written({ key: 'printer', title: 'The printer eats invoices', text: 'Turn it off and on.' })
const saying = (text: string, changes: Partial<WrittenArticle> = {}) => ({
  ...printer,
  ...changes,
  parts: written({ text }).parts,
})

/** What the folder has now, all of it; then whatever follows from that. */
async function shelve(...articles: WrittenArticle[]) {
  const { database } = world.product.forSamples
  const imported = await bring(database, { articles }, { removesMissing: true, at: world.clock.now() })
  await world.settle()
  return imported
}

async function follow(user: string): Promise<void> {
  await world.db.query(
    'insert into article_follows (contact_id, article_id, at) select $1, id, now() from articles where removed_at is null',
    [contacts[user]],
  )
  await world.slack.people.openHome(user)
  await world.settle()
}

/** The messages with news since the last look. */
const looked: Record<string, number> = {}
function news(user: string): SeenMessage[] {
  const all = world.slack.state
    .messages(dmOf(world, user), { viewer: user })
    .filter(({ metadata }) => String(metadata?.event_payload.slot).startsWith('article-news/'))
  const fresh = all.slice(looked[user] ?? 0)
  looked[user] = all.length
  return fresh
}
const homeOf = (user: string) => JSON.stringify(world.slack.state.home(user)!.blocks)
const follows = async () => (await world.db.query('select article_id from article_follows')).rows.length

describe('ART-02: a followed article', () => {
  test('that changes is told of, and its text is the new one there and in the App Home', async () => {
    await follow(ADA)
    await shelve(saying('Buy another printer altogether.'))
    const [told, ...others] = news(ADA)
    expect(others).toEqual([])
    expect(wordsOf(told!)).toContain('Buy another printer altogether.')
    expect(homeOf(ADA)).toContain('The printer eats invoices')
  })

  test('that changes again within the hour is told of once, with the newest words; later once more', async () => {
    await follow(ADA)
    await shelve(saying('Buy another printer altogether.'))
    await world.push(10 * 60_000)
    await shelve(saying('Buy a better printer, we meant to say.'))
    const told = news(ADA)
    expect(told).toHaveLength(1)
    expect(wordsOf(told[0]!)).toContain('Buy a better printer, we meant to say.')
    expect(wordsOf(told[0]!)).toContain('An article you follow has changed')
    await world.push(51 * 60_000)
    await shelve(saying('Do without a printer from now on.'))
    expect(news(ADA)).toHaveLength(1)
  })

  test('that changes twice before anything was sent is told of once', async () => {
    await follow(ADA)
    const { database } = world.product.forSamples
    for (const text of ['Buy another printer altogether.', 'Do without a printer from now on.'])
      await bring(database, { articles: [saying(text)] }, { at: world.clock.now() })
    await world.settle()
    const told = news(ADA)
    expect(told).toHaveLength(1)
    expect(wordsOf(told[0]!)).toContain('Do without a printer')
  })

  test('followed again within the hour after it was not told of, is told of', async () => {
    await follow(ADA)
    const { database } = world.product.forSamples
    await bring(database, { articles: [saying('Buy another printer altogether.')] }, { at: world.clock.now() })
    await world.db.query('delete from article_follows')
    await world.settle()
    expect(news(ADA)).toEqual([])
    await follow(ADA)
    await shelve(saying('Do without a printer from now on.'))
    expect(news(ADA)).toHaveLength(1)
  })

  test('that is removed is out of the App Home at once and told of by nothing; back again it is still followed', async () => {
    await follow(ADA)
    await eventually(() => expect(homeOf(ADA)).toContain('eats invoices'))
    expect(await shelve()).toMatchObject({ removed: 1 })
    await eventually(() => expect(homeOf(ADA)).not.toContain('eats invoices'))
    expect(news(ADA)).toEqual([])
    await shelve(printer)
    expect(news(ADA)).toEqual([])
    expect(await follows()).toBe(1)
    await shelve()
    await shelve(saying('Buy another printer altogether.'))
    expect(news(ADA)).toHaveLength(1)
    expect(homeOf(ADA)).toContain('eats invoices')
  })

  test('that changed and was removed before the message left is told of by nothing', async () => {
    await follow(ADA)
    const { database } = world.product.forSamples
    await bring(database, { articles: [saying('Buy another printer.')] }, { at: world.clock.now() })
    await shelve()
    expect(news(ADA)).toEqual([])
  })

  test.each<[string, Partial<WrittenArticle>]>([
    ['its file was renamed', { key: 'office/printers' }],
    ['its locale is written another way', { locale: 'en-GB' }],
    ['it moved, and into another section', { key: 'office/printers', section: 'Office' }],
  ])('is the same one when %s: still followed, and nobody is told of that', async (_, changes) => {
    await follow(ADA)
    expect(await shelve({ ...printer, ...changes })).toEqual({ added: 0, changed: 1, unchanged: 0, removed: 0 })
    expect(news(ADA)).toEqual([])
    expect(await follows()).toBe(1)
    await shelve(saying('Buy another printer altogether.', changes))
    expect(news(ADA)).toHaveLength(1)
  })

  test('is the same one when it was renamed and rewritten at once under its title, and that is told', async () => {
    await follow(ADA)
    await shelve(saying('Buy another printer altogether.', { key: 'office/printers' }))
    expect(news(ADA)).toHaveLength(1)
    expect(homeOf(ADA)).toContain('eats invoices')
  })

  test('is no other one: not in another language, not one of two that may be it', async () => {
    await follow(ADA)
    await shelve({ ...printer, locale: 'es' })
    expect(homeOf(ADA)).not.toContain('eats invoices')
    await shelve(printer)
    await shelve({ ...printer, key: 'a' }, { ...printer, key: 'b' })
    expect(homeOf(ADA)).not.toContain('eats invoices')
    expect(news(ADA)).toEqual([])
  })

  test('is told of in the language of its reader, whatever its own, also after they chose another one', async () => {
    await follow(BRUNO)
    await shelve(saying('Buy another printer altogether.'))
    const [inPortuguese] = news(BRUNO)
    expect(wordsOf(inPortuguese!)).toContain('Um artigo que você segue mudou')
    expect(wordsOf(inPortuguese!)).toContain('Em inglês')
    await world.db.query(`update contacts set language = 'es' where id = $1`, [contacts[BRUNO]])
    await world.push(61 * 60_000)
    await shelve(saying('Do without a printer from now on.'))
    const [inSpanish] = news(BRUNO)
    expect(wordsOf(inSpanish!)).toContain('En inglés')
  })

  test('is unfollowed from the news: said there, gone from the App Home, and no news after that', async () => {
    await follow(ADA)
    await shelve(saying('Buy another printer altogether.'))
    const [told] = news(ADA)
    const block = told!.blocks!.find((each) => JSON.stringify(each).includes('article.unfollow'))!.block_id!
    const target = { channelId: told!.channel, ts: told!.ts }
    expect(await world.slack.people.click(ADA, target, 'article.unfollow', { blockId: block })).toMatchObject({
      ok: true,
    })
    await world.settle()
    const now = world.slack.state.messages(told!.channel, { viewer: ADA }).find(({ ts }) => ts === told!.ts)!
    expect(buttonIn(now, 'article.follow')).toBe(true)
    await eventually(() => expect(homeOf(ADA)).not.toContain('eats invoices'))
    await world.push(61 * 60_000)
    await shelve(saying('Do without a printer from now on.'))
    expect(news(ADA)).toEqual([])
  })
})
