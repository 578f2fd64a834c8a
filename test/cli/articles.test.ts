import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { articlesCommand } from '../../src/cli/articles.ts'
import type { SeenMessage } from '../../src/sandbox/slack/types.ts'
import { modalOf, toldTo } from '../slack/scenes.ts'
import { buttonIn, dmOf } from '../support/acting.ts'
import { ADA, BRUNO, eventually, startWorld, type World, wordsOf } from '../support/world.ts'

let world: World
let folder: string

beforeAll(async () => {
  world = await startWorld({ mode: 'socket', articles: true })
  folder = await mkdtemp(join(tmpdir(), 'articles-'))
  await put('printer', 'The printer eats invoices', 'Turn it off and on.')
  await put('scanner', 'The scanner hums', 'Let it hum.')
})
afterAll(async () => {
  await world?.stop()
  await rm(folder, { recursive: true, force: true })
})

const put = (key: string, title: string, text: string) =>
  writeFile(join(folder, `${key}.md`), `---\ntitle: ${title}\n---\n${text}\n`)

describe('npm run -s articles', () => {
  test('says what it can do, and what it did not understand', async () => {
    const { code, out } = await articles()
    expect(code).toBe(2)
    for (const word of ['import FOLDER', 'import FILE.json', '--remove-missing', 'search WORDS', 'stats'])
      expect(out).toContain(word)
    expect((await articles('--help')).code).toBe(0)
    expect(await articles('imprt')).toMatchObject({ code: 1, err: expect.stringContaining('no command imprt') })
    expect(await articles('list', '--lcale', 'x')).toMatchObject({ code: 2 })
    expect(await articles('import')).toMatchObject({ code: 1, err: expect.stringContaining('Say what to import') })
    expect(await articles('import', '/nowhere')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no file or folder'),
    })
    expect(await articles('import', 'package-lock.json', folder)).toMatchObject({
      code: 1,
      err: expect.stringContaining('one after the other'),
    })
    expect(await articles('import', 'LICENSE')).toMatchObject({
      code: 1,
      err: expect.stringContaining('neither a folder'),
    })
    expect(await articles('stats', '--days', 'x')).toMatchObject({ code: 1, err: expect.stringContaining('no number') })
  })

  test('KBS-01: import says how many are new, changed, unchanged and removed, and is a program of its own', async () => {
    const env = { ...process.env, DATABASE_URL: world.db.options.connectionString ?? '' }
    const child = spawn(process.execPath, ['src/cli/articles.ts', 'import', folder], { env })
    let out = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
    expect(out).toBe('2 new, 0 changed, 0 unchanged, 0 removed.\n')
    expect((await articles('import', folder)).out).toBe('0 new, 0 changed, 2 unchanged, 0 removed.\n')
  })

  test('a broken file is named with its reason, stops no other, and makes the exit code 1', async () => {
    await writeFile(join(folder, 'broken.md'), 'no front matter \u001b[31m')
    await put('scanner', 'The scanner hums', 'Let it hum on.')
    const { code, out, err } = await articles('import', folder, '--remove-missing')
    expect({ code, out }).toEqual({ code: 1, out: '0 new, 1 changed, 1 unchanged, 0 removed.\n' })
    expect(err).toContain(`${join(folder, 'broken.md')}: it does not begin with front matter`)
    expect(err).toContain('Nothing was removed')
    await rm(join(folder, 'broken.md'))
  })

  test('list, search and stats tell what there is, what somebody would be shown and what it was good for', async () => {
    expect((await articles('list')).out).toMatch(/ en +printer +The printer eats invoices\n/)
    expect((await articles('list', '--locale', 'es')).out).toMatch(/ es +reset-password +Restablecer/)
    expect((await articles('list', '--locale', 'es')).out).not.toContain('printer')
    expect((await articles('search', 'contrasena', '--locale', 'es')).out).toMatch(
      /^ +\d+ {2}es .*Restablecer tu contraseña/,
    )
    expect((await articles('search', 'contrasena', '--locale', 'es')).out).toContain(' 100%  Restablecer')
    expect((await articles('search', 'zebra')).out).toContain('Nothing fits.')
    expect((await articles('search', 'contract')).out).not.toContain('Nothing fits.')
    expect((await articles('search', 'contract', '--suggest')).out).toContain('Nothing fits.')
    expect((await articles('stats')).out).toContain('No article was offered or read')
    const { rows } = await world.db.query(`select id from articles where key = 'printer'`)
    const { rows: contacts } = await world.db.query(
      `insert into contacts (name, created_at) values ('Kim', now()) returning id`,
    )
    for (const [kind, occasion] of [
      ['offered', 'draft/1'],
      ['offered', 'draft/2'],
      ['read', 'draft/1'],
    ])
      await world.db.query(
        'insert into article_uses (article_id, kind, occasion, contact_id, at) values ($1, $2, $3, $4, now())',
        [rows[0].id, kind, occasion, contacts[0].id],
      )
    await world.db.query(
      `insert into deflections (draft_id, article_id, contact_id, words, page, answers, at) values (gen_random_uuid(), $1, $2, 'x', 'y', '{}', now())`,
      [rows[0].id, contacts[0].id],
    )
    expect((await articles('stats')).out).toMatch(
      / +2 +1 +1 +50% {2}The printer eats invoices \(en\)\n +2 +1 +1 +50% {2}all\n/,
    )
  })

  test('says what to do where there is no database', async () => {
    const nowhere = await articlesWith({ DATABASE_URL: '', DATA_DIR: '/nowhere' }, 'list')
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('Start Deskhand') })
  })
})

describe('ART-02: followers are told when an article changes', () => {
  const news = (user: string): SeenMessage[] =>
    world.slack.state
      .messages(dmOf(world, user), { viewer: user })
      .filter(({ metadata }) => String(metadata?.event_payload.slot).startsWith('article-news/'))
  const pressIn = (user: string, message: SeenMessage, actionId: string, blockId: string) =>
    world.slack.people.click(user, { channelId: message.channel, ts: message.ts }, actionId, { blockId })
  const idOf = async (key: string) =>
    Number((await world.db.query('select id from articles where key = $1', [key])).rows[0].id)

  /** The command takes the time of the machine. */
  const anHourPasses = () => world.db.query(`update article_imports set at = at - interval '61 minutes'`)

  /** Looks for an article in the App Home's window and follows it. */
  async function followed(user: string, words: string): Promise<void> {
    await world.slack.people.openHome(user)
    const home = await eventually(() => {
      expect(world.slack.state.home(user)).not.toBeNull()
      return world.slack.state.home(user)!
    })
    await world.slack.people.click(user, { viewId: home.id }, 'home.articles')
    const { view } = await modalOf(world, user, 'articles.search')
    await world.slack.people.submit(user, view.id, { words })
    const found = world.slack.state.modal(user)!.view
    await world.slack.people.click(user, { viewId: view.id }, 'article.read', {
      blockId: found.blocks.find(({ block_id }) => block_id?.endsWith('.press'))!.block_id!,
    })
    await modalOf(world, user, 'articles.article')
    await world.slack.people.click(user, { viewId: view.id }, 'article.follow')
    await eventually(() =>
      expect(JSON.stringify(world.slack.state.modal(user)!.view.blocks)).toContain('article.unfollow'),
    )
    await world.slack.people.close(user, view.id, 'all')
    await world.settle()
  }

  test('once, in one message for all that changed together, in the reader’s language, with Read and Unfollow', async () => {
    for (const user of [ADA, BRUNO]) await followed(user, 'printer eats')
    await followed(ADA, 'scanner hums')
    await put('printer', 'The printer eats invoices', 'Turn it off, <!channel> and on.')
    await put('scanner', 'The scanner *hums* <@U0KOFI>', 'Let it hum again.')
    expect((await articles('import', folder)).out).toContain('2 changed')
    await world.settle()
    const [toAda] = news(ADA)
    expect(news(ADA)).toHaveLength(1)
    expect(wordsOf(toAda!)).toContain('2 articles you follow have changed')
    expect(wordsOf(toAda!)).toContain('The printer eats invoices')
    expect(wordsOf(toAda!)).toContain('hums')
    const parsed = [
      toAda!.text,
      ...(toAda!.blocks ?? []).map(({ text }) => (text as { text?: string } | undefined)?.text ?? ''),
    ]
    expect(parsed.join('\n')).toContain('&lt;!channel&gt;')
    expect(parsed.join('\n')).not.toMatch(/<[!@]/)
    expect(buttonIn(toAda!, 'article.read') && buttonIn(toAda!, 'article.unfollow')).toBe(true)
    expect(news(BRUNO)).toHaveLength(1)
    expect(wordsOf(news(BRUNO)[0]!)).toContain('Um artigo que você segue mudou')
    expect(wordsOf(news(BRUNO)[0]!)).not.toContain('scanner')
  })

  test('never twice: not by the same import again, not by a restart, not for another section', async () => {
    await articles('import', folder)
    await writeFile(
      join(folder, 'printer.md'),
      '---\ntitle: The printer eats invoices\nsection: Office\n---\nTurn it off, <!channel> and on.\n',
    )
    expect((await articles('import', folder)).out).toContain('1 changed')
    await world.restart()
    await world.settle()
    expect([news(ADA).length, news(BRUNO).length]).toEqual([1, 1])
  })

  test('Read opens the article from the message; Unfollow there is shown there and ends it', async () => {
    const [message] = news(ADA)
    const block = `article.${await idOf('printer')}.press`
    expect(await pressIn(ADA, message!, 'article.read', block)).toEqual({ ok: true })
    const { view } = await modalOf(world, ADA, 'articles.article')
    expect(JSON.stringify(view.blocks)).toContain('Turn it off')
    await world.slack.people.close(ADA, view.id, 'all')
    expect(await pressIn(ADA, message!, 'article.unfollow', block)).toEqual({ ok: true })
    await world.settle()
    expect(toldTo(world, ADA).at(-1)).toContain('do not follow this article any more')
    await eventually(() => expect(buttonIn(news(ADA)[0]!, 'article.follow')).toBe(true))
    await put('printer', 'The printer eats invoices', 'Buy another one.')
    await anHourPasses()
    await articles('import', folder)
    await world.settle()
    expect([news(ADA).length, news(BRUNO).length]).toEqual([1, 2])
  })

  test('who unfollows before the message leaves is not told', async () => {
    await put('printer', 'The printer eats invoices', 'Buy no other one.')
    await anHourPasses()
    await articles('import', folder)
    await world.db.query('delete from article_follows')
    await world.settle()
    expect(news(BRUNO)).toHaveLength(2)
    const { rows } = await world.db.query(
      `select state from outbox where key like 'article-news/%' order by id desc limit 2`,
    )
    expect(rows.map(({ state }) => state)).toEqual(['done', 'done'])
  })
})

function articles(...args: string[]) {
  return articlesWith({ DATABASE_URL: world.db.options.connectionString ?? '' }, ...args)
}

async function articlesWith(env: Record<string, string>, ...args: string[]) {
  let [out, err] = ['', '']
  const code = await articlesCommand(args, {
    env,
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
  })
  return { code, out, err }
}
