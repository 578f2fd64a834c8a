import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { articlesCommand } from '../../src/cli/articles.ts'
import type { View } from '../../src/sandbox/slack/types.ts'
import { fillIn, modalOf, openForm, technical } from '../slack/scenes.ts'
import { ADA, BRUNO, eventually, GENERAL, KOFI, LUCIA, startWorld, TRIAGE, type World } from '../support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld({ mode: 'socket', articles: true })
})
afterAll(() => world?.stop())

const people = [
  {
    name: 'Ada',
    user: ADA,
    account: 'acme-berlin',
    text: 'Our chekout hangs',
    article: 'The checkout hangs or refuses a payment',
  },
  {
    name: 'Lucía',
    user: LUCIA,
    account: 'unlisted',
    text: 'olvide mi contraseña',
    article: 'Restablecer tu contraseña o tu segundo factor',
  },
  {
    name: 'Bruno',
    user: BRUNO,
    account: 'acme-berlin',
    text: 'nao recebi o boleto',
    article: 'Uma fatura ou boleto não chegou ou não confere',
  },
]
const said: Record<string, { solved: string; follow: string; unfollow: string; go: string }> = {
  [ADA]: { solved: 'This solved it', follow: 'Follow', unfollow: 'Unfollow', go: 'Continue' },
  [LUCIA]: { solved: 'Esto lo resolvió', follow: 'Seguir artículo', unfollow: 'Dejar de seguir', go: 'Seguir' },
  [BRUNO]: { solved: 'Isso resolveu', follow: 'Seguir artigo', unfollow: 'Deixar de seguir', go: 'Continuar' },
}

const wordsIn = (view: View) => JSON.stringify(view.blocks)
const press = (user: string, view: View, actionId: string, blockId?: string) =>
  world.slack.people.click(user, { viewId: view.id }, actionId, blockId ? { blockId } : {})
const counts = async (table: string, where = 'true') =>
  Number((await world.db.query(`select count(*) from ${table} where ${where}`)).rows[0].count)

/** What the operator is told of an article by `npm run -s articles -- stats`. */
async function told(article: string): Promise<{ offered: number; read: number; solved: number }> {
  let out = ''
  const env = { DATABASE_URL: world.db.options.connectionString ?? '' }
  const write = (text: string) => (out += text)
  expect(await articlesCommand(['stats'], { env, out: { write }, err: { write } })).toBe(0)
  const line = out.split('\n').find((each) => each.includes(article)) ?? ''
  const [offered, read, solved] = line.trim().split(/\s+/).map(Number)
  return { offered: offered!, read: read!, solved: solved! }
}

/** The form up to its subject, and what comes after that. */
async function suggested(user: string, account: string, text: string): Promise<View> {
  const { view } = await openForm(world, user)
  const [, ...pages] = technical(text)
  await fillIn(world, user, view.id, [{ account }, ...pages.slice(0, 2)])
  return (await modalOf(world, user, 'articles.page')).view
}

/** Presses a button of a modal; the modal as it is drawn then. */
async function pressed(user: string, view: View, actionId: string, blockId?: string): Promise<View> {
  const { hash } = view
  expect(await press(user, view, actionId, blockId)).toEqual({ ok: true })
  return eventually(() => {
    const open = world.slack.state.modal(user)!
    expect(open.view.hash).not.toBe(hash)
    expect(open.view.callbackId).not.toBe('intake.loading')
    return open.view
  })
}

/** The row of buttons of the first article in a list. */
const firstOf = (view: View) => view.blocks.find(({ block_id }) => block_id?.endsWith('.press'))!.block_id

async function endOf(user: string): Promise<void> {
  const open = world.slack.state.modal(user)
  if (open) await world.slack.people.close(user, open.view.id, 'all')
  await world.db.query('delete from drafts where ticket_id is null')
  await world.settle()
}

describe.each(people)('$name, in their language', ({ user, account, text, article }) => {
  test('TEC-03: the subject brings up to three articles with a line of text each, the best first', async () => {
    const view = await suggested(user, account, text)
    const lines = view.blocks.filter(({ block_id }) => block_id?.endsWith('.line'))
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.length).toBeLessThanOrEqual(3)
    expect((lines[0]!.text as unknown as { text: string }).text).toMatch(new RegExp(`^\\*${article}\\*\\n.{20,}`))
    for (const { text } of lines as unknown as { text: { text: string } }[]) expect(text.text).not.toMatch(/\n\p{Ll}/u)
    expect(wordsIn(view)).toContain(said[user]!.solved)
    expect(view.submit?.text).toBe(said[user]!.go)
    expect(world.slack.state.modal(user)!.depth).toBe(1)
  })

  test('TEC-04: Continue leads to the next page, whatever was read before, and to a ticket', async () => {
    const view = world.slack.state.modal(user)!.view
    const reading = await pressed(user, view, 'article.read', firstOf(view))
    expect(wordsIn(reading)).toContain(article)
    expect(wordsIn(reading)).toContain('rich_text_list')
    const again = await pressed(user, reading, 'article.back')
    expect(wordsIn(again)).toContain(article)
    await pressed(user, again, 'article.read', firstOf(again))
    await fillIn(world, user, view.id, [{}])
    const [, , , ...rest] = technical(text)
    await modalOf(world, user)
    await fillIn(world, user, view.id, rest)
    await modalOf(world, user, 'intake.sent')
    await world.settle()
    const { rows } = await world.db.query('select subject from tickets order by id desc limit 1')
    expect(rows).toEqual([{ subject: text }])
    await endOf(user)
  })

  test('TEC-04: Back leads from the suggestions to the page before, with what was typed', async () => {
    const view = await suggested(user, account, text)
    await pressed(user, view, 'intake.back')
    const page = await modalOf(world, user)
    expect(page.view.values.subject?.subject?.value).toBe(text)
    await endOf(user)
  })

  test('TEC-03: "This solved it" ends the draft without a ticket and is counted once, however often it is said', async () => {
    const [tickets, settled] = [await counts('tickets'), await counts('deflections')]
    const view = await suggested(user, account, text)
    const button = firstOf(view)
    await Promise.all([press(user, view, 'article.solved', button), press(user, view, 'article.solved', button)])
    const settledView = (await modalOf(world, user, 'articles.settled')).view
    expect(wordsIn(settledView)).toContain(article)
    await world.settle()
    expect(await counts('tickets')).toBe(tickets)
    expect(await counts('deflections')).toBe(settled + 1)
    expect(await told(article)).toMatchObject({ solved: 1 })
    expect(await counts('drafts', 'ticket_id is null')).toBe(0)
    const { rows } = await world.db.query(
      'select words, locale, resumed_at from deflections order by at desc, draft_id limit 1',
    )
    expect(rows[0]).toMatchObject({ words: text, resumed_at: null })
  })

  test('TEC-04: who wants a request anyway goes on where they were, and then nothing was settled', async () => {
    const settled = await counts('deflections', 'resumed_at is null')
    const view = (await modalOf(world, user, 'articles.settled')).view
    await pressed(user, view, 'article.anyway')
    const [, , , ...rest] = technical(text)
    await modalOf(world, user)
    await fillIn(world, user, view.id, rest)
    await modalOf(world, user, 'intake.sent')
    expect(await counts('deflections', 'resumed_at is null')).toBe(settled - 1)
    expect(await told(article)).toMatchObject({ solved: 0 })
    await endOf(user)
  })

  test('ART-01, ART-02: an article is followed at its top right, and the App Home lists it', async () => {
    const view = await suggested(user, account, text)
    const reading = await pressed(user, view, 'article.read', firstOf(view))
    expect(reading.blocks[0]).toMatchObject({
      accessory: { action_id: 'article.follow', text: { text: said[user]!.follow } },
    })
    const followed = await pressed(user, reading, 'article.follow')
    expect(followed.blocks[0]).toMatchObject({
      accessory: { action_id: 'article.unfollow', text: { text: said[user]!.unfollow } },
    })
    await world.settle()
    const home = await eventually(() => {
      expect(wordsIn(world.slack.state.home(user)!)).toContain(article)
      return world.slack.state.home(user)!
    })
    await world.slack.people.close(user, followed.id, 'all')
    const block = home.blocks.find(({ block_id }) => block_id?.startsWith('home.article.'))!.block_id
    expect(await press(user, home, 'article.read', block)).toEqual({ ok: true })
    const opened = (await modalOf(world, user, 'articles.article')).view
    expect(wordsIn(opened)).toContain(article)
    await pressed(user, opened, 'article.unfollow')
    await world.settle()
    await eventually(() => expect(wordsIn(world.slack.state.home(user)!)).not.toContain(article))
    await endOf(user)
  })
})

test('TEC-04: who wants a request anyway goes on with what came along from Slack too, and an agent with whom it was for', async () => {
  const channelId = TRIAGE
  const { ts } = (await world.slack.people.post(KOFI, channelId, { text: 'A note of mine' })) as { ts: string }
  await world.slack.people.messageShortcut(KOFI, 'ticket_from_message', { channelId, ts })
  const asked = await modalOf(world, KOFI, 'intake.requester')
  await world.slack.people.submit(KOFI, asked.view.id, { requester: ADA })
  const { view } = await modalOf(world, KOFI)
  const [, ...pages] = technical('The checkout hangs')
  await fillIn(world, KOFI, view.id, [{ account: 'acme-berlin' }, ...pages.slice(0, 2)])
  const begun = `select d.id, d.talk_id, c.name from drafts d left join contacts c on c.id = d.requester_id
    where d.user_id = '${KOFI}' and d.ticket_id is null`
  const before = (await world.db.query(begun)).rows
  expect(before).toEqual([{ id: expect.any(String), talk_id: expect.any(String), name: 'Ada Lovelace' }])
  const offered = (await modalOf(world, KOFI, 'articles.page')).view
  await pressed(KOFI, offered, 'article.solved', firstOf(offered))
  const settled = (await modalOf(world, KOFI, 'articles.settled')).view
  expect((await world.db.query(begun)).rows).toEqual([])
  await pressed(KOFI, settled, 'article.anyway')
  expect((await world.db.query(begun)).rows).toEqual(before)
  await endOf(KOFI)
})

test('TEC-04: "This solved it" on one device while Send is on its way from another: there is a ticket, and nothing was settled', async () => {
  const [tickets, settled] = [await counts('tickets'), await counts('deflections', 'resumed_at is null')]
  const offered = await suggested(ADA, 'acme-berlin', 'The checkout hangs')
  await fillIn(world, ADA, offered.id, [{}, { impact: 'critical', users: 'all' }])
  const { view } = await modalOf(world, ADA)
  const { draft } = JSON.parse(view.privateMetadata)
  const other = await world.db.connect()
  await other.query('begin')
  await other.query('select from drafts where id = $1 for update', [draft])
  const sent = world.slack.people.submit(ADA, view.id, { experience: '2', description: 'It hangs.' })
  await eventually(async () => {
    const { rows } = await world.db.query(`select from pg_stat_activity where wait_event_type = 'Lock'`)
    expect(rows.length).toBeGreaterThan(0)
  })
  await other.query('delete from drafts where id = $1', [draft])
  await other.query(
    `insert into deflections (draft_id, article_id, contact_id, words, page, answers, at)
     select $1, (select min(id) from articles), (select contact_id from contact_slack_users where user_id = $2), 'x', 'x', '{}', now()`,
    [draft, ADA],
  )
  await other.query('commit')
  other.release()
  await sent
  await world.settle()
  expect(await counts('tickets')).toBe(tickets + 1)
  expect(await counts('deflections', 'resumed_at is null')).toBe(settled)
  await endOf(ADA)
})

test('TEC-04: "This solved it" while Send is about to end from another device: it shows the ticket, and nothing was settled', async () => {
  const settled = await counts('deflections')
  const view = await suggested(ADA, 'acme-berlin', 'The checkout hangs')
  const { draft } = JSON.parse(view.privateMetadata)
  const other = await world.db.connect()
  await other.query('begin')
  const { rows } = await other.query(
    'update drafts set ticket_id = (select max(id) from tickets) where id = $1 returning ticket_id as id',
    [draft],
  )
  const solved = press(ADA, view, 'article.solved', firstOf(view))
  await eventually(async () => {
    const waiting = await world.db.query(`select from pg_stat_activity where wait_event_type = 'Lock'`)
    expect(waiting.rows.length).toBeGreaterThan(0)
  })
  await other.query('commit')
  other.release()
  await solved
  expect(wordsIn((await modalOf(world, ADA, 'intake.sent')).view)).toContain(`#${rows[0].id}`)
  expect(await counts('deflections')).toBe(settled)
  await endOf(ADA)
})

test('KBS-01: articles are looked for from the App Home, read there, and Back leads to what was found', async () => {
  await world.slack.people.openHome(ADA)
  const home = await eventually(() => {
    expect(wordsIn(world.slack.state.home(ADA) ?? ({ blocks: [] } as never))).toContain('home.articles')
    return world.slack.state.home(ADA)!
  })
  expect(await press(ADA, home, 'home.articles')).toEqual({ ok: true })
  const { view } = await modalOf(world, ADA, 'articles.search')
  expect(await world.slack.people.submit(ADA, view.id, { words: 'trade polices' })).toEqual({
    ok: true,
    next: 'updated',
  })
  const found = (await modalOf(world, ADA, 'articles.search')).view
  expect(wordsIn(found)).toContain('Trade policies: when you need another one')
  const reading = await pressed(ADA, found, 'article.read', firstOf(found))
  expect(wordsIn(reading)).not.toContain('article.solved')
  expect(wordsIn(await pressed(ADA, reading, 'article.back'))).toContain('Trade policies: when you need another one')
  expect(await world.slack.people.submit(ADA, view.id, { words: 'zebra <!subteam^S1>' })).toEqual({
    ok: true,
    next: 'updated',
  })
  expect(wordsIn(world.slack.state.modal(ADA)!.view)).toContain('No article fits *zebra &lt;!subteam^S1&gt;*')
  await endOf(ADA)
})

describe.each([
  { user: ADA, typed: 'help chekout hangs', article: 'The checkout hangs or refuses a payment' },
  { user: LUCIA, typed: 'ayuda olvidé mi contraseña', article: 'Restablecer tu contraseña o tu segundo factor' },
  { user: BRUNO, typed: 'ajuda meu boleto', article: 'Uma fatura ou boleto não chegou ou não confere' },
])('KBS-01: /ticket $typed', ({ user, typed, article }) => {
  const type = async (text: string) => {
    const before = world.slack.state.ephemerals(user).length
    expect(await world.slack.people.slash(user, GENERAL, '/ticket', text)).toMatchObject({ ok: true })
    return eventually(() => {
      expect(world.slack.state.ephemerals(user)).toHaveLength(before + 1)
      return world.slack.state.ephemerals(user).at(-1)!
    })
  }
  const clicked = (message: { channel: string; ts: string }, actionId: string, blockId: string) =>
    world.slack.people.click(user, { channelId: message.channel, ts: message.ts }, actionId, { blockId })

  test('shows the articles about it, each to be read, and the way to a request about it', async () => {
    const said = await type(typed)
    expect(JSON.stringify(said.blocks)).toContain(article)
    const row = said.blocks!.find(({ block_id }) => block_id?.endsWith('.press'))!.block_id!
    expect(await clicked(said, 'article.read', row)).toMatchObject({ ok: true })
    expect(wordsIn((await modalOf(world, user, 'articles.article')).view)).toContain('rich_text_list')
    await endOf(user)
    expect(await clicked(said, 'command.open_form', 'command.buttons')).toMatchObject({ ok: true })
    await modalOf(world, user)
    const { rows } = await world.db.query('select answers from drafts where user_id = $1', [user])
    expect(JSON.stringify(rows)).toContain(typed)
    await endOf(user)
  })

  test('and the button there and under mere help opens the window in which articles are looked for', async () => {
    const [found, help] = [await type(typed), await type(typed.split(' ')[0]!)]
    expect(await clicked(found, 'home.articles', 'command.buttons')).toMatchObject({ ok: true })
    expect(wordsIn((await modalOf(world, user, 'articles.search')).view)).toContain(article)
    await endOf(user)
    expect(help.text).toContain(`/ticket ${typed.split(' ')[0]} `)
    expect(await clicked(help, 'home.articles', 'command.buttons')).toMatchObject({ ok: true })
    const { view } = await modalOf(world, user, 'articles.search')
    expect(wordsIn(view)).not.toContain('article.read')
    await endOf(user)
  })

  test('opens the form with all of it where no article fits', async () => {
    const text = `${typed.split(' ')[0]} zebra quantum`
    expect(await world.slack.people.slash(user, GENERAL, '/ticket', text)).toMatchObject({ ok: true })
    await modalOf(world, user)
    const { rows } = await world.db.query('select answers from drafts where user_id = $1', [user])
    expect(JSON.stringify(rows)).toContain(text)
    await endOf(user)
  })
})

test('TEC-04: articles that the database does not give in time hold no page up', async () => {
  const { view } = await openForm(world, ADA)
  const [, ...pages] = technical('The checkout hangs')
  await fillIn(world, ADA, view.id, [{ account: 'acme-berlin' }, ...pages.slice(0, 1)])
  const client = await world.db.connect()
  try {
    await client.query('begin')
    await client.query('lock table articles in access exclusive mode')
    await fillIn(world, ADA, view.id, pages.slice(1, 2))
    expect(JSON.stringify((await modalOf(world, ADA)).view.blocks)).toContain('impact')
  } finally {
    await client.query('rollback')
    client.release()
  }
  await endOf(ADA)
})

test('TEC-04: a subject that fits nothing goes on at once', async () => {
  const { view } = await openForm(world, ADA)
  const [, ...pages] = technical('Zebra quantum')
  await fillIn(world, ADA, view.id, [{ account: 'acme-berlin' }, ...pages.slice(0, 2)])
  expect(JSON.stringify((await modalOf(world, ADA)).view.blocks)).toContain('impact')
  await endOf(ADA)
})
